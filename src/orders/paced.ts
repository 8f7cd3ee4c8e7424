/** Work that nobody waits for, begun a little at a time so that whoever does wait is answered in between. */
export type Paced = (work: () => Promise<unknown>) => void;

/**
 * Begins at most `width` at once. One that takes longer than `longestMs` makes room for the next all the same: it waits
 * for something, and must not hold up others. What has not begun when `stopped` says so never does.
 */
export function makePaced(needs: { width: number; longestMs: number; stopped: () => boolean }): Paced {
  const waiting: (() => Promise<unknown>)[] = [];
  let begun = 0;

  function begin(work: () => Promise<unknown>): void {
    begun += 1;
    let isOver = false;
    const over = () => {
      clearTimeout(timer);
      if (isOver) return;
      isOver = true;
      begun -= 1;
      const next = waiting.shift();
      if (next !== undefined && !needs.stopped()) begin(next);
    };
    const timer = setTimeout(over, needs.longestMs);
    timer.unref();
    work().then(over, over);
  }

  return (work) => {
    if (begun < needs.width) begin(work);
    else waiting.push(work);
  };
}
