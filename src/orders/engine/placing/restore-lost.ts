import { orderIdOf } from '../../domain/line-ids.js';
import type { Order } from '../../domain/order.js';
import type { OrderId } from '../../domain/request.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OldOrders } from '../../ports/old-orders.js';
import type { OrderStore } from '../../ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../../ports/store-errors.js';
import type { EndedOrders } from '../ended-orders.js';
import type { OpenOrders } from '../tracking/open-orders.js';
import { carrierOrderIdOf, putBack, reinserted, type Sent } from './lost-records.js';
import type { SentRecords } from './sent-records.js';

/** Reads orders from a store that may have gone back in time, and restores what it lost of them. */
export interface RestoreLost {
  /** Reads an order; what the store lost of it is restored, and counted against the limits, before. */
  read(orders: OrderStore, id: OrderId): Promise<Order | undefined>;
  /** The same for code that counting waits for: the restored order is counted after that code has returned. */
  readWhileCounting(orders: OrderStore, id: OrderId): Promise<Order | undefined>;
  /** Restores all that may be lost, and counts what isn't counted yet. Never rejects: what fails is tried again. */
  restore(orders: OrderStore): Promise<void>;
  /** The same before counting, which must be quick: a single read if the order that was sent last isn't lost. */
  restoreBeforeCounting(orders: OrderStore): Promise<void>;
}

/** The maximum number of conflicts with other writers in a row. */
const MAX_CONFLICTS = 20;

interface RestoreDeps {
  readonly sent: SentRecords;
  readonly ended: EndedOrders;
  /** Learns from each order that was restored. */
  readonly note: (current: Order | undefined, next: Order) => void;
  /** What is known about the open orders may be more recent than the store. */
  readonly open: Pick<OpenOrders, 'forget' | 'doubt'>;
  /** Counts an order that was already sent against the limits; idempotent. */
  readonly count: Count;
  /** Whether an order was removed because it is old, so that it isn't lost. */
  readonly removed: OldOrders['removed'] | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export function makeRestoreLost(deps: RestoreDeps): RestoreLost {
  const { sent, ended, open, removed, log } = deps;
  const { uncounted, countIt } = makeCounting(deps);
  /** To be read again, because the store went back in time since they were written. */
  const doubted = new Set<OrderId>();
  const { restoreSent, restoreEnd } = makeWriteBack(deps, doubtOthers);

  /** A store that lost one order may have lost others, so each is read once. */
  function doubtOthers(id: OrderId): void {
    for (const each of [...sent.ids(), ...ended.ids()]) doubted.add(orderIdOf(each));
    doubted.delete(id);
    open.doubt();
  }

  /** Reads the order, and again if someone else writes at the same moment. */
  async function read(orders: OrderStore, id: OrderId, counting: Count): Promise<Order | undefined> {
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      const version = sent.versionOf(id);
      const order = await orders.get(id);
      if (order !== undefined && version !== undefined && order.version < version) {
        sent.noteOlder(order);
        doubtOthers(id);
      }
      const lost = sent.forgottenBy(id, order);
      if (lost.length > 0) {
        if (order === undefined && (await removed?.(id)) !== undefined) {
          sent.forget(id);
          return undefined;
        }
        const restored = await restoreSent(orders, id, order, lost, counting);
        if (restored !== undefined) return restored;
        continue;
      }
      if (order !== undefined && version !== undefined && order.version > version) sent.noteNewer(order);
      if (order !== undefined && uncounted.has(id)) await counting(order);
      const over = order && ended.withEnds(order);
      if (order !== undefined && over !== undefined && over !== order) {
        if (!(await restoreEnd(orders, order, over))) continue;
      }
      doubted.delete(id);
      return over;
    }
    throw new StoreError(
      `order ${id} could not be restored: another writer was faster ${MAX_CONFLICTS} times in a row`,
    );
  }

  /** Never rejects. */
  async function readEach(orders: OrderStore, ids: Iterable<OrderId>): Promise<void> {
    for (const id of new Set(ids)) {
      try {
        await read(orders, id, countIt);
      } catch (err) {
        log.warn({ err, orderId: id }, 'check for a lost record failed, will retry');
      }
    }
  }

  return {
    read: (orders, id) => read(orders, id, countIt),
    readWhileCounting: (orders, id) => read(orders, id, (order) => void countIt(order)),
    async restore(orders) {
      await readEach(orders, [...newest(sent), ...newest(ended), ...uncounted, ...doubted]);
    },
    async restoreBeforeCounting(orders) {
      await readEach(orders, newest(sent));
      // Not empty only if that one was lost.
      await readEach(orders, doubted);
    },
  };
}

type Count = (order: Order) => void | Promise<void>;

/** Counts restored orders against the limits. */
function makeCounting({ count, log }: Pick<RestoreDeps, 'count' | 'log'>) {
  /** Restored, and perhaps not counted yet. */
  const uncounted = new Set<OrderId>();
  return {
    uncounted,
    /** If it fails, the next read of the order tries again. */
    async countIt(order: Order): Promise<void> {
      uncounted.add(order.id);
      try {
        await count(order);
        uncounted.delete(order.id);
      } catch (err) {
        log.error({ err, orderId: order.id }, 'counting a restored order failed, will retry');
      }
    },
  };
}

/**
 * Saves orders with what the store lost of them.
 *
 * @param doubtOthers learns of each order that was lost.
 */
function makeWriteBack({ sent, note, open, clock, log }: RestoreDeps, doubtOthers: (id: OrderId) => void) {
  /**
   * Saves a restored order. Returns false if someone else wrote in the meantime: then only the reading was old. Never
   * throws {@link OutcomeUnknown}: what the caller wanted hasn't begun, so for them its outcome is certain.
   */
  async function write(
    orders: OrderStore,
    current: Order | undefined,
    next: Order,
    was: 'sent' | 'over',
  ): Promise<boolean> {
    const { id } = next;
    try {
      const isWritten = await (current === undefined ? orders.insert(next) : orders.replace(current, next));
      if (!isWritten) return false;
    } catch (err) {
      const carrierOrderId = carrierOrderIdOf(sent.lastOf(id));
      log.error({ err, orderId: id, carrierOrderId, was }, 'restoring an order failed, will retry');
      if (!(err instanceof OutcomeUnknown)) throw err;
      throw new StoreError(`restoring order ${id} has an unknown outcome`, { cause: err });
    }
    note(current, next);
    doubtOthers(id);
    return true;
  }

  /** Returns the order with the record that it was sent; undefined if someone else wrote in the meantime. */
  async function restoreSent(
    orders: OrderStore,
    id: OrderId,
    stored: Order | undefined,
    lost: readonly Sent[],
    counting: Count,
  ): Promise<Order | undefined> {
    open.forget(id);
    const now = clock.now();
    const next = stored === undefined ? reinserted(lost, now) : putBack(stored, lost, now);
    await counting(next);
    if (!(await write(orders, stored, next, 'sent'))) return undefined;
    const [first] = lost;
    log.error(
      { orderId: id, carrierOrderId: carrierOrderIdOf(first?.last), status: stored?.status },
      stored === undefined
        ? 'database lost a sent order, restored'
        : 'database went back in time, order was sent',
    );
    return next;
  }

  /** Saves the order with its end. Returns false if someone else wrote in the meantime. */
  async function restoreEnd(orders: OrderStore, stored: Order, over: Order): Promise<boolean> {
    const { id, status } = stored;
    open.forget(id);
    if (!(await write(orders, stored, over, 'over'))) return false;
    log.error({ orderId: id, status, was: over.status }, 'database went back in time, order was over');
    return true;
  }

  return { restoreSent, restoreEnd };
}

/** Returns the order that was written last, which a store that goes back in time loses first. */
const newest = (known: Pick<SentRecords, 'ids'>): readonly OrderId[] => known.ids().slice(-1).map(orderIdOf);
