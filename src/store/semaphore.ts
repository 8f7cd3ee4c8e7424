import { NotWritten } from './not-written.js';

/** Limits how much work runs at once; the rest waits in order of arrival. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
}

/** How many steps the wait for a stuck queue is counted in. */
const STEPS = 10;

/**
 * A queue for the few connections of a database. A long queue isn't an outage as long as it moves. If no work succeeds
 * for `stuckAfterMs`, everyone who has waited that long is rejected, and no one waits longer than `longestMs`. Queue
 * libraries can't tell a moving queue from a stuck one.
 *
 * Both are counted in steps, so that a process that was busy doesn't blame the database: however long it was, that is
 * one step.
 */
export function makeSemaphore(deps: { permits: number; stuckAfterMs: number; longestMs: number }): Semaphore {
  const { permits, stuckAfterMs, longestMs } = deps;
  const stepMs = stuckAfterMs / STEPS;
  let taken = 0;
  /** Counts while someone waits. */
  let countedMs = 0;
  let movedAt = Number.NEGATIVE_INFINITY;
  let line: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const refusedAt = ({ since }: Waiting) =>
    Math.min(Math.max(since, movedAt) + stuckAfterMs, since + longestMs);

  function watch(): void {
    if (line.length > 0) timer ??= setInterval(refuseLate, stepMs);
    else {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function refuseLate(): void {
    countedMs += stepMs;
    // Those who came first are late first.
    const late = line.filter((each) => refusedAt(each) <= countedMs);
    line = line.slice(late.length);
    const error = new NotWritten('no connection to the database came free in time');
    for (const { giveUp } of late) giveUp(error);
    watch();
  }

  function next(): void {
    const first = line.shift();
    if (first === undefined) taken -= 1;
    else first.begin();
    watch();
  }

  async function inPlace<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      movedAt = countedMs;
      return result;
    } finally {
      next();
    }
  }

  return async (work) => {
    if (taken < permits) taken += 1;
    else
      await new Promise<void>((begin, giveUp) => {
        // Of a step that is running already, some is over.
        line.push({ since: countedMs + (timer === undefined ? 0 : stepMs), begin, giveUp });
        watch();
      });
    return inPlace(work);
  };
}
