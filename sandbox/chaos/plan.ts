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

export interface Story {
  readonly wanted: 'numbers' | 'search' | 'lines';
  /** For `lines`: how many. */
  readonly lines?: number;
  readonly decision: Decision;
  readonly ending: Ending;
}

/** When the app is killed: the nth time something happens, or after this many crossings of one process. */
export type Cut =
  | { readonly when: string; readonly nth: number }
  | { readonly afterCrossings: number; readonly laterMs: number };

export interface Plan {
  readonly story: Story;
  readonly cuts: readonly Cut[];
  /** How long the app stays down each time, in milliseconds. */
  readonly restartAfterMs: number;
  readonly troubles: readonly Trouble[];
  /** Start after this many crossings, counted from the beginning. */
  readonly surprises: readonly { readonly afterCrossings: number; readonly trouble: Trouble }[];
}

export const plainStory: Story = { wanted: 'numbers', decision: 'approves', ending: 'complete' };

/** A plan with only these cuts. */
export const plainPlan = (story: Story, cuts: readonly Cut[]): Plan => ({
  story,
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

/** A whole story has about this many crossings; starting the app about twenty. */
const STORY_CROSSINGS = 110;

/** Returns the same plan for the same seed. */
export function planOf(seed: number): Plan {
  const random = makeRandom(seed);
  const wanted = random.pick(['numbers', 'search']);
  const decision = random.chance(0.6) ? random.pick(['approves', 'clicks twice']) : random.pick(decisions);
  const ending = random.chance(0.4) ? 'complete' : random.pick(endings);
  const cutCount = random.pick([0, 1, 1, 1, 2, 2, 3]);
  return {
    // Named numbers are never back-ordered.
    story: { wanted: ending === 'back-ordered' ? 'search' : wanted, decision, ending },
    cuts: Array.from({ length: cutCount }, () => ({
      afterCrossings: random.between(1, STORY_CROSSINGS),
      laterMs: random.pick([0, 0, 0, 1, 3, 10]),
    })),
    restartAfterMs: random.pick([0, 50, 400, 1_500]),
    troubles: random.some(random.pick([0, 1, 1, 2, 3]), presetTroubles),
    surprises: random.some(random.pick([0, 0, 0, 1, 2]), suddenTroubles).map((trouble) => ({
      trouble,
      afterCrossings: random.between(20, STORY_CROSSINGS),
    })),
  };
}

/** The same story of an order with so many lines, each of which has as many crossings as an order alone. */
export function planOfLines(seed: number, lines: number): Plan {
  const { story, ...plan } = planOf(seed);
  const random = makeRandom(seed + 1);
  const decision = random.pick(['approves', 'clicks twice', 'two approvers at once'] as const);
  return {
    ...plan,
    // A killed app has more to do at its next start, so more cuts hit the lines than the form.
    cuts: Array.from({ length: random.between(1, 3) }, () => ({
      afterCrossings: random.between(20, STORY_CROSSINGS + lines * CROSSINGS_OF_A_LINE),
      laterMs: random.pick([0, 0, 1, 5]),
    })),
    story: { ...story, wanted: 'lines', lines, decision },
  };
}

const CROSSINGS_OF_A_LINE = 8;

export function describePlan({ story, cuts, restartAfterMs, troubles, surprises }: Plan): string {
  return [
    `${story.lines === undefined ? '' : `${story.lines} `}${story.wanted}, ${story.decision}, ${story.ending}`,
    ...cuts.map((cut) =>
      'when' in cut
        ? `killed at “${cut.when}”, time ${cut.nth}`
        : `killed ${cut.laterMs} ms after crossing ${cut.afterCrossings} of a process`,
    ),
    ...(cuts.length > 0 ? [`dead for ${restartAfterMs} ms`] : []),
    ...troubles.map(({ name }) => name),
    ...surprises.map(({ trouble, afterCrossings }) => `after ${afterCrossings} crossings ${trouble.name}`),
  ].join('; ');
}
