import { NotWritten } from './not-written.js';

/** Limits how much work runs at once; the rest waits in order of arrival. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
}

/**
 * A queue for the few connections of a database. A long queue isn't an outage as long as it moves. If no work succeeds
 * for `stuckAfterMs`, everyone who has waited that long is rejected, and no one waits longer than `longestMs`. Queue
 * libraries can't tell a moving queue from a stuck one.
 */
export function makeSemaphore(deps: { places: number; stuckAfterMs: number; longestMs: number }): Semaphore {
  const { places, stuckAfterMs, longestMs } = deps;
  let taken = 0;
  /** Monotonic, so clock changes don't matter. */
  let movedAt = Number.NEGATIVE_INFINITY;
  let line: Waiting[] = [];
  let alarm: NodeJS.Timeout | undefined;

  const refusedAt = ({ since }: Waiting) =>
    Math.min(Math.max(since, movedAt) + stuckAfterMs, since + longestMs);

  /** Watches only the first in the queue: it came first, so it is rejected first. */
  function watch(): void {
    const [first] = line;
    if (first === undefined || alarm !== undefined) return;
    alarm = setTimeout(refuse, Math.max(0, refusedAt(first) - performance.now()));
  }

  function refuse(): void {
    alarm = undefined;
    const now = performance.now();
    const late = line.filter((each) => refusedAt(each) <= now);
    line = line.slice(late.length);
    const error = new NotWritten('no connection to the database came free in time');
    for (const { giveUp } of late) giveUp(error);
    watch();
  }

  function next(): void {
    const first = line.shift();
    if (first === undefined) taken -= 1;
    else first.begin();
    if (line.length > 0) return;
    clearTimeout(alarm);
    alarm = undefined;
  }

  async function inPlace<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      movedAt = performance.now();
      return result;
    } finally {
      next();
    }
  }

  return async (work) => {
    if (taken < places) taken += 1;
    else
      await new Promise<void>((begin, giveUp) => {
        line.push({ since: performance.now(), begin, giveUp });
        watch();
      });
    return inPlace(work);
  };
}
