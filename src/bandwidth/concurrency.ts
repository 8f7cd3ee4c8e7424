import { setImmediate as breath } from 'node:timers/promises';

/** Works on all items, so many at once, and gives the results in their order. Begins nothing more once one fails. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const waiting = [...items.entries()];
  const done: [number, Result][] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, item] = next;
      try {
        done.push([at, await work(item)]);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done.sort(([one], [other]) => one - other).map(([, result]) => result);
}

/** How many rows are worked on before others get their turn. */
const ROWS_A_TURN = 500;

/** Works on thousands of items, one after the other, without keeping everybody else waiting. */
export async function inTurns<Item>(items: readonly Item[], work: (item: Item) => void): Promise<void> {
  let worked = 0;
  for (const item of items) {
    work(item);
    worked += 1;
    if (worked % ROWS_A_TURN === 0) await breath();
  }
}
