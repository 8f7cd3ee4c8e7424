import type { Order } from '../../orders/domain/order.js';
import type { OrderId } from '../../orders/domain/request.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { UnreadableEntry } from '../namespace.js';

/** How many orders, or ranges of keys, are read in parallel. */
export const READS_AT_ONCE = 8;

/** Returns an order's reader that also says when the entry is there but can't be read. */
export const ifReadable =
  (get: (id: OrderId) => Promise<Order | undefined>) =>
  async (id: OrderId): Promise<Order | undefined | 'unreadable'> => {
    try {
      return await get(id);
    } catch (error) {
      if (error instanceof UnreadableEntry) return 'unreadable';
      throw error;
    }
  };

/** Reads keys of the index. Throws StoreError. */
export async function readingIndex<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw cause instanceof StoreError
      ? cause
      : new StoreError('could not read the index of orders', { cause });
  }
}
