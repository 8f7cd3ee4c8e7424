/** Starts background work a little at a time, so that people are answered in between. */
export type BackgroundQueue = (work: () => Promise<unknown>) => void;

/**
 * Limits background work: at most `width` at once, and one at a time while interactive calls keep coming, until
 * `quietMs` without one or `heldMs` in all. Work that runs longer than `longestMs` frees its place, because it is
 * waiting for something. Nothing new starts once `stopped` returns true. Queue libraries have one fixed width.
 */
export function makeBackgroundQueue(deps: {
  width: number;
  quietMs: number;
  heldMs: number;
  longestMs: number;
  stopped: () => boolean;
}): BackgroundQueue {
  const { width, quietMs, heldMs, longestMs, stopped } = deps;
  const waiting: { readonly work: () => Promise<unknown>; readonly since: number }[] = [];
  let begun = 0;
  let lastCameAt = 0;
  let nextTry: NodeJS.Timeout | undefined;

  function begin(work: () => Promise<unknown>): void {
    begun += 1;
    let isOver = false;
    const over = () => {
      clearTimeout(timer);
      if (isOver) return;
      isOver = true;
      begun -= 1;
      beginMore();
    };
    const timer = setTimeout(over, longestMs);
    timer.unref();
    work().then(over, over);
  }

  function beginMore(): void {
    for (let [next] = waiting; next !== undefined && begun < room(next.since); [next] = waiting) {
      waiting.shift();
      if (!stopped()) begin(next.work);
    }
    if (waiting.length === 0 || nextTry !== undefined) return;
    nextTry = setTimeout(
      () => {
        nextTry = undefined;
        beginMore();
      },
      Math.min(quietMs, heldMs),
    );
    nextTry.unref();
  }

  function room(since: number): number {
    const now = performance.now();
    return now - lastCameAt >= quietMs || now - since >= heldMs ? width : 1;
  }

  return (work) => {
    lastCameAt = performance.now();
    if (waiting.length === 0 && begun < width) return begin(work);
    waiting.push({ work, since: lastCameAt });
    beginMore();
  };
}
