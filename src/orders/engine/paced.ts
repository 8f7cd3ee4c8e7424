/** Work that nobody waits for, begun a little at a time so that whoever does wait is answered in between. */
export type Paced = (work: () => Promise<unknown>) => void;

/**
 * Begins at most `width` at once, and while more keeps coming, one after the other: those who bring it are waiting.
 * `quietMs` without more is the end of that, and nothing is put off for longer than `heldMs`. What takes longer than
 * `longestMs` makes room for the next all the same: it waits for something, and must not hold up others. What has not
 * begun when `stopped` says so never does. Queue libraries have one width, however much comes.
 */
export function makePaced(deps: {
  width: number;
  quietMs: number;
  heldMs: number;
  longestMs: number;
  stopped: () => boolean;
}): Paced {
  const { width, quietMs, heldMs, longestMs, stopped } = deps;
  const waiting: { readonly work: () => Promise<unknown>; readonly since: number }[] = [];
  let begun = 0;
  let lastCameAt = 0;
  let alarm: NodeJS.Timeout | undefined;

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
    if (waiting.length === 0 || alarm !== undefined) return;
    alarm = setTimeout(
      () => {
        alarm = undefined;
        beginMore();
      },
      Math.min(quietMs, heldMs),
    );
    alarm.unref();
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
