import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** How many rows are worked on before others get their turn. */
const ROWS_A_TURN = 500;

/** Works on thousands of items, one after the other, without keeping everybody else waiting. */
export async function inTurns<Item>(items: readonly Item[], work: (item: Item) => void): Promise<void> {
  let worked = 0;
  for (const item of items) {
    work(item);
    worked += 1;
    if (worked % ROWS_A_TURN === 0) await yieldToEventLoop();
  }
}
