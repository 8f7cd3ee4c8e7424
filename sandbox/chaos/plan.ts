import { makeRandom } from './random.js';
import { presetTroubles, suddenTroubles, type Trouble } from './trouble.js';

const decisions = [
  'approves',
  'clicks twice',
  'two approvers at once',
  'one approves, one declines',
  'approves while the requester cancels',
  'declines',
  'the requester cancels',
] as const;
export type Decision = (typeof decisions)[number];

const endings = ['complete', 'partial', 'failed', 'late', 'long in processing', 'back-ordered'] as const;
type Ending = (typeof endings)[number];

export interface Scenario {
  readonly wanted: 'numbers' | 'search' | 'lines';
  /** For `lines`: how many. */
  readonly lines?: number;
  readonly decision: Decision;
  readonly ending: Ending;
}

/** When the app is killed: the nth time something happens, or after this many events of one process. */
export type Cut =
  | { readonly when: string; readonly nth: number }
  | { readonly afterEvents: number; readonly laterMs: number };

export interface Plan {
  readonly scenario: Scenario;
  readonly cuts: readonly Cut[];
  /** How long the app stays down each time, in milliseconds. */
  readonly restartAfterMs: number;
  readonly troubles: readonly Trouble[];
  /** Start after this many events, counted from the beginning. */
  readonly surprises: readonly { readonly afterEvents: number; readonly trouble: Trouble }[];
}

export const plainScenario: Scenario = { wanted: 'numbers', decision: 'approves', ending: 'complete' };

/** A plan with only these cuts. */
export const plainPlan = (scenario: Scenario, cuts: readonly Cut[]): Plan => ({
  scenario,
  cuts,
  restartAfterMs: 0,
  troubles: [],
  surprises: [],
});

/** Returns one cut for each thing that happened in a run. */
export function cutsAt(
  happened: readonly string[],
): readonly { readonly when: string; readonly nth: number }[] {
  const times = new Map<string, number>();
  return happened.map((when) => {
    const nth = (times.get(when) ?? 0) + 1;
    times.set(when, nth);
    return { when, nth };
  });
}

/** A whole scenario has about this many events; starting the app about twenty. */
const EVENTS_OF_A_SCENARIO = 110;

/** Returns the same plan for the same seed. */
export function planOf(seed: number): Plan {
  const random = makeRandom(seed);
  const wanted = random.pick(['numbers', 'search']);
  const decision = random.chance(0.6) ? random.pick(['approves', 'clicks twice']) : random.pick(decisions);
  const ending = random.chance(0.4) ? 'complete' : random.pick(endings);
  const cutCount = random.pick([0, 1, 1, 1, 2, 2, 3]);
  return {
    // Named numbers are never back-ordered.
    scenario: { wanted: ending === 'back-ordered' ? 'search' : wanted, decision, ending },
    cuts: Array.from({ length: cutCount }, () => ({
      afterEvents: random.between(1, EVENTS_OF_A_SCENARIO),
      laterMs: random.pick([0, 0, 0, 1, 3, 10]),
    })),
    restartAfterMs: random.pick([0, 50, 400, 1_500]),
    troubles: random.some(random.pick([0, 1, 1, 2, 3]), presetTroubles),
    surprises: random.some(random.pick([0, 0, 0, 1, 2]), suddenTroubles).map((trouble) => ({
      trouble,
      afterEvents: random.between(20, EVENTS_OF_A_SCENARIO),
    })),
  };
}

/** The same scenario of an order with so many lines, each of which has as many events as an order alone. */
export function planOfLines(seed: number, lines: number): Plan {
  const { scenario, ...plan } = planOf(seed);
  const random = makeRandom(seed + 1);
  const decision = random.pick(['approves', 'clicks twice', 'two approvers at once'] as const);
  return {
    ...plan,
    // A killed app has more to do at its next start, so more cuts hit the lines than the form.
    cuts: Array.from({ length: random.between(1, 3) }, () => ({
      afterEvents: random.between(20, EVENTS_OF_A_SCENARIO + lines * EVENTS_OF_A_LINE),
      laterMs: random.pick([0, 0, 1, 5]),
    })),
    scenario: { ...scenario, wanted: 'lines', lines, decision },
  };
}

const EVENTS_OF_A_LINE = 8;

export function describePlan({ scenario, cuts, restartAfterMs, troubles, surprises }: Plan): string {
  return [
    `${scenario.lines === undefined ? '' : `${scenario.lines} `}${scenario.wanted}, ${scenario.decision}, ${scenario.ending}`,
    ...cuts.map((cut) =>
      'when' in cut
        ? `killed at “${cut.when}”, time ${cut.nth}`
        : `killed ${cut.laterMs} ms after event ${cut.afterEvents} of a process`,
    ),
    ...(cuts.length > 0 ? [`dead for ${restartAfterMs} ms`] : []),
    ...troubles.map(({ name }) => name),
    ...surprises.map(({ trouble, afterEvents }) => `after ${afterEvents} events ${trouble.name}`),
  ].join('; ');
}
