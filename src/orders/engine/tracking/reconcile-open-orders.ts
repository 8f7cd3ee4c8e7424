import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import pMap from 'p-map';
import type { Order } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OrderStore } from '../../ports/order-store.js';
import type { OpenOrders } from './open-orders.js';
import type { OpenTally } from './open-tally.js';

/**
 * How old the facts about open orders may be when other instances write too. What another instance left undone when it
 * died is resumed within half a minute.
 */
const COMPARED_EVERY_MS = 20_000;
/** If no other instance writes, everything is known unless something failed; this covers the unforeseen. */
const ALONE_COMPARED_EVERY_MS = 10 * 60_000;
const READ_AT_ONCE = 8;
/** After this many reads, a reader yields to others. */
const READ_IN_A_TURN = 5;

/**
 * Reads all open orders from the store and visits each, if the last time is too long ago. `orders` must note what it
 * reads. Throws StoreError when the orders can't be listed.
 */
export function makeReconciliation(deps: {
  orders: OrderStore;
  open: OpenOrders;
  tally?: Pick<OpenTally, 'allNoted'> | undefined;
  /** Whether no other instance writes to the store. */
  alone: boolean;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): (visit: (order: Order) => void) => Promise<void> {
  const { orders, open, tally, alone, clock, log } = deps;
  let comparedAt: Timestamp | undefined;

  async function readAll(ids: readonly OrderId[], visit: (order: Order) => void): Promise<void> {
    const read = async (id: OrderId, index: number) => {
      if ((index + 1) % READ_IN_A_TURN === 0) await yieldToEventLoop();
      try {
        const order = await orders.get(id);
        if (order !== undefined) visit(order);
      } catch (err) {
        log.error({ orderId: id, err }, 'open order unreadable, will retry');
      }
    };
    await pMap(ids, read, { concurrency: READ_AT_ONCE });
  }

  return async (visit) => {
    const now = clock.now();
    const every = alone && !open.doubted ? ALONE_COMPARED_EVERY_MS : COMPARED_EVERY_MS;
    if (comparedAt !== undefined && comparedAt <= now && now - comparedAt < every) return;
    comparedAt = undefined;
    const ids = await orders.open();
    comparedAt = now;
    open.compared(ids, now);
    await readAll(ids, visit);
    tally?.allNoted(now);
  };
}
