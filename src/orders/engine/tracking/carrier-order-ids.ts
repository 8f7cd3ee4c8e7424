import { LRUCache } from 'lru-cache';
import { lineIdOf } from '../../domain/line-ids.js';
import { isFinal, type Order, type Progress } from '../../domain/order.js';
import type { OrderId } from '../../domain/request.js';
import type { OrderStore } from '../../ports/order-store.js';

/** The maximum number of open orders remembered; a notice about any other is left to polling. */
const MAX_ENTRIES = 50_000;

/**
 * Learns from ordinary reads and writes which of our orders, or of their lines, a carrier order is, for notices that
 * name only the carrier order. Nothing depends on it: after a restart the first pass reads every open order.
 */
export function learnCarrierOrderIds(orders: OrderStore): {
  readonly orders: OrderStore;
  orderOf(carrierOrderId: string): OrderId | undefined;
} {
  // With `max`, it would reserve the memory for all of them at once.
  const known = new LRUCache<string, OrderId>({ maxSize: MAX_ENTRIES, sizeCalculation: () => 1 });

  const learn = (order: Order): void => {
    const { id, lines } = order;
    if (lines === undefined) learnLine(id, order);
    for (const [index, line] of (lines ?? []).entries()) learnLine(lineIdOf(id, index + 1), line);
  };

  const learnLine = (id: OrderId, order: Progress): void => {
    if (order.status === 'placed') {
      known.set(order.carrierOrder.id.toLowerCase(), id);
    } else if (isFinal(order) && 'carrierOrderId' in order) {
      known.delete(order.carrierOrderId.toLowerCase());
    }
  };

  return {
    orders: {
      ...orders,
      async get(id) {
        const order = await orders.get(id);
        if (order !== undefined) learn(order);
        return order;
      },
      async replace(current, next) {
        const replaced = await orders.replace(current, next);
        if (replaced) learn(next);
        return replaced;
      },
    },
    orderOf: (carrierOrderId) => known.get(carrierOrderId.toLowerCase()),
  };
}
