import { setTimeout as wait } from 'node:timers/promises';
import type { Tally, TallyScope } from '../domain/tally.js';
import { type GroupQueue, makeGroupQueue } from '../group-queue.js';
import { StoreError } from '../ports/store-errors.js';
import type { MonthlyTallies } from './monthly-tallies.js';
import type { Ruling } from './ruling.js';

/** Work on a month's tally: gives an answer and, if needed, the next tally. */
export interface TallyJob {
  readonly scope: TallyScope;
  decide(tally: Tally): readonly [answer: Ruling | undefined, next: Tally];
}

/** The maximum number of conflicts with other writers in a row. */
const MAX_CONFLICTS = 20;
const PAUSE_MS = { first: 4, longest: 200 };

/**
 * Answers all jobs that wait for a month's tally at once, each judged by what those before it counted, and writes the
 * tally once. Before anyone is refused, the tally is compared with the orders. The queue throws StoreError.
 */
export function makeTallyQueue(
  tallies: MonthlyTallies,
  pause: (ms: number) => Promise<unknown> = wait,
): GroupQueue<TallyJob, Ruling | undefined> {
  async function work(month: string, jobs: readonly TallyJob[]): Promise<readonly (Ruling | undefined)[]> {
    const scope: TallyScope = {
      orders: jobs.flatMap((job) => job.scope.orders),
      days: jobs.flatMap((job) => job.scope.days),
    };
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      if (losses > 0) await pause(Math.random() * Math.min(PAUSE_MS.first * 2 ** losses, PAUSE_MS.longest));
      const before = await tallies.read(month, scope);
      let [answers, next] = decided(jobs, before);
      if (answers.some(isOverUsedUp)) {
        const corrected = await tallies.corrected(before);
        if (corrected === 'rebuilt') continue;
        [answers, next] = decided(jobs, corrected);
      }
      if (next === before || (await tallies.replace(before, next))) return answers;
    }
    throw new StoreError(
      `the tally of ${month} was changed by others before each of ${MAX_CONFLICTS} writes in a row`,
    );
  }

  return makeGroupQueue({ work, idle: tallies.tidy });
}

function decided(
  jobs: readonly TallyJob[],
  before: Tally,
): [answers: readonly (Ruling | undefined)[], next: Tally] {
  let tally = before;
  const answers = jobs.map((job) => {
    const [answer, next] = job.decide(tally);
    tally = next;
    return answer;
  });
  return [answers, tally];
}

/** Whether it was refused because of what others used, not because of its own size. */
const isOverUsedUp = (answer: Ruling | undefined): boolean =>
  answer?.verdict === 'refused' && answer.because.limit !== 'order';
