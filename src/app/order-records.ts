import type { Order } from '../orders/domain/order.js';
import type { OrderId, Timestamp } from '../orders/domain/request.js';
import { confirmWrites } from '../orders/engine/confirm-writes.js';
import { loggingChanges } from '../orders/engine/log-changes.js';
import { makeSentOrders } from '../orders/engine/placing/sent-orders.js';
import { learnCarrierOrderIds } from '../orders/engine/tracking/carrier-order-ids.js';
import { notingWrites } from '../orders/engine/tracking/noting-writes.js';
import { makeOpenOrders } from '../orders/engine/tracking/open-orders.js';
import { makeOpenTally } from '../orders/engine/tracking/open-tally.js';
import { notingDeliveries } from '../orders/inventory/note-deliveries.js';
import { makeRecordUpdates } from '../orders/inventory/record-updates.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { Store } from '../store/open-store.js';

/**
 * Builds the record of orders: the store, and everything that has to hear of each write or to restore what the store
 * lost. Reads nothing yet.
 */
export function buildOrderRecords(deps: {
  store: Pick<Store, 'orders' | 'oldOrders' | 'inventory' | 'leases'>;
  /** When an order is due for its next step. */
  due: { readonly lookupAfterMs: number; readonly maxHeld: number };
  /** The time by Bandwidth's clock, as far as it is known. */
  carrierNow: () => Timestamp | undefined;
  /** Asks for an order to be settled after a write whose outcome was unknown. */
  settle: (id: OrderId) => void;
  /** Counts an order against the limits that the store forgot was sent. */
  countSent: (order: Order) => Promise<void>;
  clock: Clock;
  log: Log;
}) {
  const { store, due, carrierNow, settle, countSent, clock, log } = deps;
  const { alone } = store.leases;
  const tally = makeOpenTally({ now: clock.now, alone });
  const open = makeOpenOrders({ now: clock.now, carrierNow, tally, ...due });
  const { orders: learning, orderOf } = learnCarrierOrderIds(store.orders);
  const sure = confirmWrites({ orders: learning, settle, clock, log });
  const updates = makeRecordUpdates({ store: store.inventory, clock, log });
  const noting = notingWrites(notingDeliveries(sure, updates.note), open);
  const sent = makeSentOrders({
    alone,
    open,
    count: countSent,
    removed: store.oldOrders.removed,
    clock,
    log,
  });
  return {
    /** For everything that decides about orders. */
    orders: loggingChanges(sent.remembering(noting), log),
    /** For the limits only. */
    forLimits: sent.rememberingForLimits(noting),
    /** Call it on every pass, also if another instance is the leader. Never rejects. */
    restoreLost: () => sent.restoreLost(noting),
    orderOf,
    open,
    tally,
    sent,
    updates,
  };
}
