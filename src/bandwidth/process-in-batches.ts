import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** How many items are processed before yielding to the event loop. */
const BATCH_SIZE = 500;

/** Processes thousands of items in sequence without blocking the event loop. */
export async function processInBatches<Item>(
  items: readonly Item[],
  work: (item: Item) => void,
): Promise<void> {
  let worked = 0;
  for (const item of items) {
    work(item);
    worked += 1;
    if (worked % BATCH_SIZE === 0) await yieldToEventLoop();
  }
}
