import { isDeepStrictEqual } from 'node:util';
import { isSettled } from '../../orders/domain/due-announcements.js';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderArchive, OrderStore } from '../../orders/ports/order-store.js';
import { type Namespace, UnreadableEntry } from '../namespace.js';
import { makeOpenIndex } from './open-index.js';
import { readOrder, toStore } from './order-format.js';
import type { OrderListing } from './order-listing.js';

/** Keeps orders in one namespace and an index of those that aren't settled in another. */
export function makeOrderStore(deps: {
  orders: Namespace;
  index: Namespace;
  listing: OrderListing;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): OrderStore & OrderArchive {
  const { orders, index, listing, clock, log } = deps;
  const get = async (id: OrderId): Promise<Order | undefined> => {
    try {
      const stored = await orders.get(id);
      return stored === undefined ? undefined : readOrder(id, stored);
    } catch (error) {
      // So that `open` leaves this order out.
      if (error instanceof UnreadableEntry) openIndex.doubt(id);
      throw error;
    }
  };

  const openIndex = makeOpenIndex({ index, get, clock, log });

  return {
    open: openIndex.open,
    openAbout: openIndex.openAbout,
    async insert(order) {
      await Promise.all([isSettled(order) || openIndex.enter(order), listing.enter(order)]);
      return orders.insertIfAbsent(order.id, toStore(order));
    },
    get,
    async replace(current, next) {
      const { id } = current;
      const stored = await orders.get(id);
      // The two may differ in key order, and in `undefined` values that JSON omits.
      if (stored === undefined || !isDeepStrictEqual(readOrder(id, stored), plain(current))) return false;
      await listing.enterChange(current, next);
      if (isSettled(next)) {
        const entry = await openIndex.readableEntry(id);
        const replaced = await orders.replace(id, stored, toStore(next));
        if (replaced && entry !== undefined) await openIndex.leave(id, entry);
        if (replaced) await listing.leave(current, next);
        if (replaced) openIndex.noteWritten(next);
        return replaced;
      }
      const isEdited = next.edition !== current.edition;
      const isPutBack = !isEdited && !isSameRequest(current, next);
      if (isPutBack) await openIndex.enterUncached(id);
      else if (isSettled(current) || isEdited) await openIndex.enter(next);
      const replaced = await orders.replace(id, stored, toStore(next));
      if (replaced) await listing.leave(current, next);
      if (replaced && !isEdited && !isPutBack) openIndex.noteWritten(next);
      return replaced;
    },
    async *all() {
      for await (const [id, stored] of orders.walk()) yield { id, order: readOrWhyNot(id, stored) };
    },
  };
}

/** Whether the request is unchanged. Putting back the request of an order that was sent changes it without an edit. */
const isSameRequest = (current: Order, next: Order): boolean =>
  next.request === current.request || isDeepStrictEqual(plain(next.request), plain(current.request));

/** As it is after a round trip through JSON. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

function readOrWhyNot(id: OrderId, stored: unknown): Order | UnreadableEntry {
  try {
    return readOrder(id, stored);
  } catch (error) {
    if (error instanceof UnreadableEntry) return error;
    throw error;
  }
}
