import type { Order } from '../domain/order.js';
import type { OrderFilter } from '../domain/order-filter.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderId, Timestamp } from '../domain/request.js';

export interface OrderPage {
  /** At most as many as asked for, newest first; there may be more even if there are fewer, or none. */
  readonly orders: readonly Order[];
  /** Orders in their place that match as far as is known, but can't be read. */
  readonly unreadable: readonly OrderId[];
  /** Continues after this page. Absent at the end. */
  readonly next?: string;
  /**
   * Set if the page ended early because too many orders had to be read for it: everything requested since then was
   * looked at.
   */
  readonly searchedBackTo?: Timestamp;
}

/** All orders, open and finished. The cost of a page doesn't depend on how many there are. Throws StoreError. */
export interface OrderIndex {
  /**
   * Returns one page, newest first by the time of the request.
   *
   * @param after `next` of the page before.
   */
  page(filter: OrderFilter, size: number, after?: string): Promise<OrderPage>;
  /**
   * Returns the orders that name, delivered or disconnected each of these numbers, newest first. A number without any
   * is absent.
   */
  ofNumbers(numbers: readonly PhoneNumber[]): Promise<ReadonlyMap<PhoneNumber, readonly OrderId[]>>;
}
