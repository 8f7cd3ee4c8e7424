import { changeOrder } from '../change-order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { lookAt } from '../domain/transitions.js';
import type { Engine } from '../engine/engine.js';
import type { Clock, Log, OrderStore } from '../ports.js';

/** Bandwidth says that something happened to an order. Nothing else it says is listened to. */
export interface Notice {
  /** The CustomerOrderId, which is one of ours only perhaps: others may order on the same account. */
  readonly orderId?: OrderId;
  readonly carrierOrderId?: string;
}

/**
 * A notice is a hint to look now, and nothing more: never the truth, because anybody may have captured or forged it;
 * never enough, because Bandwidth sends it once and it may be lost. So the time of the next look is brought forward,
 * and the look is the one the engine would have taken anyway.
 */
export type HandleNotice = (notice: Notice) => Promise<void>;

/** However many notices come: an order is looked at no more often than this. */
const PAUSE_BETWEEN_LOOKS_MS = 1_000;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Never rejects. */
export function makeHandleNotice(deps: {
  orders: OrderStore;
  /** Our order of this carrier order, where it has been seen. */
  orderOf: (carrierOrderId: string) => OrderId | undefined;
  engine: Pick<Engine, 'ask'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): HandleNotice {
  const { orders, engine, clock, log } = deps;
  /** When each order is, or was, looked at because of a notice; oldest first. */
  const looks = new Map<OrderId, Timestamp>();

  /** When to look at this order; undefined when a look is to come already. */
  function nextLook(id: OrderId): Timestamp | undefined {
    const now = clock.now();
    for (const [each, at] of looks) {
      if (at > now - PAUSE_BETWEEN_LOOKS_MS && at <= now + PAUSE_BETWEEN_LOOKS_MS) break;
      looks.delete(each);
    }
    const last = looks.get(id);
    if (last !== undefined && last > now) return undefined;
    const at = last === undefined ? now : last + PAUSE_BETWEEN_LOOKS_MS;
    looks.delete(id);
    looks.set(id, at);
    return at;
  }

  /** False when there is no such order. */
  async function look(id: OrderId): Promise<boolean> {
    if ((await orders.get(id)) === undefined) return false;
    const at = nextLook(id);
    if (at === undefined) return true;
    await changeOrder(orders, id, (order) =>
      order.status === 'placed' || order.status === 'placing' || order.status === 'given-up'
        ? lookAt(order, at)
        : order,
    );
    engine.ask(id);
    return true;
  }

  return async (notice) => {
    const named = notice.orderId?.toLowerCase();
    const known = notice.carrierOrderId === undefined ? undefined : deps.orderOf(notice.carrierOrderId);
    const ids = new Set([named, known].filter((id) => id !== undefined && uuid.test(id)));
    try {
      for (const id of ids) if (id !== undefined && (await look(id))) return;
      log.debug({ ...notice }, 'Bandwidth sent a notice about an order that is not ours');
    } catch (err) {
      log.warn({ err, ...notice }, 'a notice of Bandwidth’s went unheeded; polling will tell');
    }
  };
}
