import type { OrderStore } from '../../ports/order-store.js';
import type { OpenOrders } from './open-orders.js';

/** Wraps the store for everything that decides about orders: every write is noted at once. */
export function notingWrites(orders: OrderStore, open: OpenOrders): OrderStore {
  /** A write that failed may have been carried out anyway. */
  const doubting = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      open.doubt();
      throw error;
    }
  };
  return {
    async insert(order) {
      const inserted = await doubting(() => orders.insert(order));
      if (inserted) open.note(order);
      return inserted;
    },
    get: (id) => doubting(() => orders.get(id)),
    async replace(current, next) {
      const replaced = await doubting(() => orders.replace(current, next));
      if (replaced) open.note(next);
      return replaced;
    },
    open: () => orders.open(),
    openAbout: (question) => orders.openAbout(question),
  };
}

/**
 * Like {@link notingWrites}, but also notes reads. Only for the code that polls orders: other readers may come across
 * orders that another instance is responsible for.
 */
export function notingReads(orders: OrderStore, open: OpenOrders): OrderStore {
  return {
    ...orders,
    async get(id) {
      const order = await orders.get(id);
      if (order === undefined) open.forget(id);
      else open.note(order);
      return order;
    },
  };
}
