import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { InventoryNumber } from '../domain/number-record.js';

/** Numbers sort like their texts: North American ones are all equally long. */
export const byNumber = (one: InventoryNumber, other: InventoryNumber): number =>
  one.number < other.number ? -1 : one.number > other.number ? 1 : 0;

/** How many numbers a chunk has at most. Reading one takes a fraction of a millisecond. */
export const NUMBERS_A_CHUNK = 500;

/** Divides sorted numbers into chunks, yielding to the event loop between them. Only the last one may be short. */
export async function* inChunks(
  sorted: AsyncIterable<readonly InventoryNumber[]>,
): AsyncIterable<readonly InventoryNumber[]> {
  let rest: readonly InventoryNumber[] = [];
  for await (const numbers of sorted) {
    const all = rest.length === 0 ? numbers : [...rest, ...numbers];
    let from = 0;
    for (; from + NUMBERS_A_CHUNK <= all.length; from += NUMBERS_A_CHUNK) {
      yield all.slice(from, from + NUMBERS_A_CHUNK);
      await yieldToEventLoop();
    }
    rest = all.slice(from);
  }
  if (rest.length > 0) yield rest;
}
