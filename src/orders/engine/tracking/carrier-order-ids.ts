import { LRUCache } from 'lru-cache';
import { isFinal, type Order } from '../../domain/order.js';
import type { OrderId } from '../../domain/request.js';
import type { OrderStore } from '../../ports.js';

/** More than this many open orders are not kept in mind; a notice about another is then left to polling. */
const MOST_REMEMBERED = 50_000;

/**
 * Learns from what is read and written anyway which carrier order is which order of ours, for a notice that names only
 * the former. Nothing depends on it: after a restart the first pass reads every open order.
 */
export function learnCarrierOrderIds(orders: OrderStore): {
  readonly orders: OrderStore;
  orderOf(carrierOrderId: string): OrderId | undefined;
} {
  const known = new LRUCache<string, OrderId>({ max: MOST_REMEMBERED });

  const learn = (order: Order): void => {
    if (order.status === 'placed') {
      known.set(order.carrierOrder.id.toLowerCase(), order.id);
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
