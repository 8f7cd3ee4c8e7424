import type { Order } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';

/** What is left of an order that was removed. */
export interface RemovedOrder {
  readonly id: OrderId;
  readonly requestedAt: Timestamp;
  /** How many events it had; the journal has them all. */
  readonly events: number;
}

/** Finds and removes orders that are old. Every method throws StoreError when the store can't be reached. */
export interface OldOrders {
  /**
   * Returns orders requested before `at`, newest first; some may not exist anymore. The cost doesn't depend on how many
   * orders there are.
   *
   * @param after `next` of the page before; absent at the end.
   */
  requestedBefore(
    at: Timestamp,
    size: number,
    after?: string,
  ): Promise<{ readonly ids: readonly OrderId[]; readonly next?: string }>;
  /** Removes the order if it is still what is stored, and remembers that. Returns false if someone else wrote. */
  remove(order: Order): Promise<boolean>;
  /** Returns the removed order with this id, or with a carrier order of this id; the first eight characters suffice. */
  removed(id: string): Promise<RemovedOrder | undefined>;
  allRemoved(): AsyncIterable<RemovedOrder>;
}
