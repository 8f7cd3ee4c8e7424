import { isDeepStrictEqual } from 'node:util';
import { changeOrder } from '../change-order.js';
import { isFinal, type Order } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import type { OrderId } from '../domain/request.js';
import { journaled } from '../domain/transitions.js';
import type { Journal } from '../ports/journal.js';
import type { OrderStore } from '../ports/order-store.js';

export interface JournalWriter {
  /** Whether the journal may lack some of its events. */
  isBehind(order: Order): boolean;
  /** Brings the journal up to date with this order. Throws StoreError. */
  work(id: OrderId): Promise<void>;
}

/**
 * Copies events of orders into the journal. An order records its progress only when it is final; until then this
 * process remembers it, and a process that just started asks the journal.
 */
export function makeJournalWriter(deps: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  journal: Pick<Journal, 'append'>;
  /** Called when the journal has this many events of the order. */
  onCopied?: (id: OrderId, events: number) => void;
}): JournalWriter {
  const { orders, journal, onCopied } = deps;
  const copied = new Map<OrderId, { readonly events: number; readonly last: OrderEvent | undefined }>();

  /** How many events this process has copied; zero if the store has gone back in time since. */
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
        onCopied?.(id, length);
      }
      if (!isFinal(order)) return;
      if (order.journaled < length) {
        await changeOrder(orders, id, (now) => (now.journaled < length ? journaled(now, length) : now));
      }
      copied.delete(id);
    },
  };
}
