import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import pMap from 'p-map';
import type { OrderId } from '../domain/request.js';
import type { KeyedQueue } from './keyed-queue.js';

/** How many orders are worked on at a time. */
const CONCURRENCY = 8;
/** A store that answers at once would block the event loop for thousands of orders. */
const YIELD_EVERY = 5;

/** Queues many orders, a few at a time. Resolves when all are done, or soon after `stopped`. Never rejects. */
export type Sweep = (ids: readonly OrderId[], queue: Pick<KeyedQueue, 'enqueue'>) => Promise<void>;

export function makeSweep(stopped: () => boolean): Sweep {
  return async (ids, queue) => {
    const work = async (id: OrderId, index: number) => {
      if (stopped()) return;
      await queue.enqueue(id);
      if ((index + 1) % YIELD_EVERY === 0) await yieldToEventLoop();
    };
    await pMap(ids, work, { concurrency: CONCURRENCY });
  };
}
