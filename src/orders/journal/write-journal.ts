import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from '../change-order.js';
import { isFinal, type Order } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import type { OrderId } from '../domain/request.js';
import { journaled } from '../domain/transitions.js';
import type { Journal, OrderStore } from '../ports.js';

export interface JournalWriter {
  /** Whether there may be events that the journal lacks. */
  isBehind(order: Order): boolean;
  /** Brings the journal up to date with this order. Throws StoreError. */
  work(id: OrderId): Promise<void>;
}

/**
 * Copies the events of orders into the journal. An order is only marked when it is over: until then this process
 * remembers how far it has come, and one that has just started asks the journal.
 */
export function makeJournalWriter(deps: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  journal: Pick<Journal, 'append'>;
}): JournalWriter {
  const { orders, journal } = deps;
  const copied = new Map<OrderId, { readonly events: number; readonly last: OrderEvent | undefined }>();

  /** How far this process has come with the order; nowhere, where the store has since gone back in time. */
  function copiedOf({ id, events }: Order): number {
    const known = copied.get(id);
    if (known === undefined || isDeepStrictEqual(events[known.events - 1], known.last))
      return known?.events ?? 0;
    copied.delete(id);
    return 0;
  }

  const isBehind = (order: Order) => Math.max(copiedOf(order), order.journaled) < order.events.length;

  return {
    isBehind: (order) => isBehind(order) || (isFinal(order) && order.journaled < order.events.length),
    async work(id) {
      const order = await orders.get(id);
      if (order === undefined) return;
      const { length } = order.events;
      if (isBehind(order)) {
        await journal.append(order);
        copied.set(id, { events: length, last: order.events.at(-1) });
      }
      if (!isFinal(order)) return;
      if (order.journaled < length) {
        await changeOrder(orders, id, (now) => (now.journaled < length ? journaled(now, length) : now));
      }
      copied.delete(id);
    },
  };
}
