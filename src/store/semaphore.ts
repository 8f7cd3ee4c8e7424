import { NotWritten } from './not-written.js';

/** Work that takes its turn: so many at a time, the others wait in the order they came. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
}

/**
 * A line before the few connections of a database. Waiting in it is no outage as long as the line moves: so many people
 * at once are served one after the other. Where nothing comes to a good end for `stuckAfterMs`, everybody who has
 * waited that long is refused, and nobody waits for longer than `longestMs`. Queue libraries can't tell a line that
 * moves from one that is stuck.
 */
export function makeSemaphore(deps: { places: number; stuckAfterMs: number; longestMs: number }): Semaphore {
  const { places, stuckAfterMs, longestMs } = deps;
  let taken = 0;
  /** By a clock that nobody can set. */
  let movedAt = Number.NEGATIVE_INFINITY;
  let line: Waiting[] = [];
  let alarm: NodeJS.Timeout | undefined;

  const refusedAt = ({ since }: Waiting) =>
    Math.min(Math.max(since, movedAt) + stuckAfterMs, since + longestMs);

  /** Whoever stands first came first, so nobody behind is refused before. */
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
