/** Work on one month's tally, answered together with whatever else waits for it. */
export type MonthQueue<Job, Answer> = (month: string, job: Job) => Promise<Answer>;

/**
 * One queue per month: whatever comes while one group is at work goes into the next one together, so that many at once
 * don't lose against each other. `idle` runs after a group
 * when nothing waits, or after a few groups.
 */
export function makeMonthQueue<Job, Answer>(deps: {
  /** Answers every job, in their order. */
  work: (month: string, jobs: readonly Job[]) => Promise<readonly Answer[]>;
  /** Must not reject. */
  idle: (month: string) => Promise<void>;
}): MonthQueue<Job, Answer> {
  interface Waiting {
    readonly job: Job;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  const queues = new Map<string, Waiting[]>();

  async function run(month: string, queue: Waiting[]): Promise<void> {
    let sinceIdle = 0;
    // Whoever comes in the same turn of the event loop goes along.
    await Promise.resolve();
    while (queue.length > 0) {
      const group = queue.splice(0, MOST_AT_ONCE);
      try {
        const answers = await deps.work(
          month,
          group.map(({ job }) => job),
        );
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      sinceIdle += 1;
      if (queue.length > 0 && sinceIdle < IDLE_AFTER) continue;
      sinceIdle = 0;
      await deps.idle(month);
    }
    queues.delete(month);
  }

  return (month, job) =>
    new Promise<Answer>((resolve, reject) => {
      const waiting = queues.get(month);
      if (waiting !== undefined) return void waiting.push({ job, resolve, reject });
      const queue = [{ job, resolve, reject }];
      queues.set(month, queue);
      void run(month, queue);
    });
}

/** They are judged in one go, in the thread where people wait. */
const MOST_AT_ONCE = 200;
/** So many groups may go by without it. */
const IDLE_AFTER = 4;
