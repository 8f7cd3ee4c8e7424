import { changeOrder } from '../change-order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { scheduleLookup } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import { makeLineStore } from '../engine/placing/line-store.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';

/** Bandwidth reports that something happened to an order. The rest of the report is ignored. */
export interface Notice {
  /** The CustomerOrderId. It may not be one of ours, because others order on the same account. */
  readonly orderId?: OrderId;
  readonly carrierOrderId?: string;
}

/**
 * Handles a notice, which is only a hint to make the next lookup now. It is never trusted, because anyone may have
 * captured or forged it, and never required, because Bandwidth sends it once and it may be lost.
 */
export type HandleNotice = (notice: Notice) => Promise<void>;

/** The minimum pause between lookups of one order, no matter how many notices arrive. */
const PAUSE_BETWEEN_LOOKUPS_MS = 1_000;

/** The id of an order, or of one of its lines. */
const ourId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:x\d{3})?$/;

/** Never rejects. */
export function makeHandleNotice(deps: {
  orders: OrderStore;
  /** Returns our order, or its line, for this carrier order, if it is known. */
  orderOf: (carrierOrderId: string) => OrderId | undefined;
  engine: Pick<Engine, 'settleSoon'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): HandleNotice {
  const { engine, clock, log } = deps;
  const orders = makeLineStore(deps.orders);
  /** When each order is, or was, looked up because of a notice; oldest first. */
  const lookups = new Map<OrderId, Timestamp>();

  /** Returns when to look up this order; undefined if a lookup is already scheduled. */
  function nextLookupAt(id: OrderId): Timestamp | undefined {
    const now = clock.now();
    for (const [each, at] of lookups) {
      if (at > now - PAUSE_BETWEEN_LOOKUPS_MS && at <= now + PAUSE_BETWEEN_LOOKUPS_MS) break;
      lookups.delete(each);
    }
    const last = lookups.get(id);
    if (last !== undefined && last > now) return undefined;
    const at = last === undefined ? now : last + PAUSE_BETWEEN_LOOKUPS_MS;
    lookups.delete(id);
    lookups.set(id, at);
    return at;
  }

  /** Returns false if there is no such order. */
  async function lookUp(id: OrderId): Promise<boolean> {
    if ((await orders.get(id)) === undefined) return false;
    const at = nextLookupAt(id);
    if (at === undefined) return true;
    await changeOrder(orders, id, (order) =>
      order.status === 'placed' || order.status === 'placing' || order.status === 'given-up'
        ? scheduleLookup(order, at)
        : order,
    );
    engine.settleSoon(id);
    return true;
  }

  return async (notice) => {
    const named = notice.orderId?.toLowerCase();
    const known = notice.carrierOrderId === undefined ? undefined : deps.orderOf(notice.carrierOrderId);
    const ids = new Set([named, known].filter((id) => id !== undefined && ourId.test(id)));
    try {
      for (const id of ids) if (id !== undefined && (await lookUp(id))) return;
      log.debug({ ...notice }, 'bandwidth notice about an unknown order');
    } catch (err) {
      log.warn({ err, ...notice }, 'handling a bandwidth notice failed, relying on polling');
    }
  };
}
