/** Work on one record, answered together with any other work waiting for it. */
export type GroupQueue<Job, Answer> = (key: string, job: Job) => Promise<Answer>;

/**
 * Queues work per key. Everything that arrives while one group is being handled forms the next group, so that
 * simultaneous jobs don't conflict with each other. `idle` runs after a group when nothing waits, or after a few
 * groups.
 */
export function makeGroupQueue<Job, Answer>(deps: {
  /** Answers every job, in order. */
  work: (key: string, jobs: readonly Job[]) => Promise<readonly Answer[]>;
  /** Must not reject. */
  idle?: (key: string) => Promise<void>;
}): GroupQueue<Job, Answer> {
  interface Waiting {
    readonly job: Job;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  const queues = new Map<string, Waiting[]>();

  async function run(key: string, queue: Waiting[]): Promise<void> {
    let sinceIdle = 0;
    // Jobs of the same event-loop turn join the group.
    await Promise.resolve();
    while (queue.length > 0) {
      const group = queue.splice(0, MAX_BATCH_SIZE);
      try {
        const answers = await deps.work(
          key,
          group.map(({ job }) => job),
        );
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      sinceIdle += 1;
      if (queue.length > 0 && sinceIdle < IDLE_AFTER) continue;
      sinceIdle = 0;
      await deps.idle?.(key);
    }
    queues.delete(key);
  }

  return (key, job) =>
    new Promise<Answer>((resolve, reject) => {
      const waiting = queues.get(key);
      if (waiting !== undefined) return void waiting.push({ job, resolve, reject });
      const queue = [{ job, resolve, reject }];
      queues.set(key, queue);
      void run(key, queue);
    });
}

/** A group is judged synchronously, in the thread that people wait for. */
const MAX_BATCH_SIZE = 200;
/** The maximum number of groups between two idle runs. */
const IDLE_AFTER = 4;
