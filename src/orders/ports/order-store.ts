import type { OpenQuestion } from '../domain/open-facts.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { StoreError } from './store-errors.js';

/** Stored orders. Every method throws {@link StoreError} when the store can't be reached. */
export interface OrderStore {
  /** Returns false if an order with this id exists. Durable once it resolves. */
  insert(order: Order): Promise<boolean>;
  get(id: OrderId): Promise<Order | undefined>;
  /** Writes `next` only if `current` is still what is stored; returns false if someone else wrote first. */
  replace(current: Order, next: Order): Promise<boolean>;
  /**
   * Returns the ids of all orders that aren't settled (see `isSettled`). It may include a settled order for some
   * minutes if the instance that settled it died at that moment.
   */
  open(): Promise<readonly OrderId[]>;
  /**
   * Returns the open orders that a question is about: maybe too many, but every one that any instance has recorded by
   * now. Reads an order once, and again only after an edit.
   */
  openAbout(question: OpenQuestion): Promise<readonly OrderId[]>;
}

/** Every order there is, for verification. */
export interface OrderArchive {
  /**
   * Iterates in no particular order. An unreadable order yields an error in its place and doesn't stop the iteration.
   */
  all(): AsyncIterable<{ readonly id: OrderId; readonly order: Order | StoreError }>;
}
