import type { Order } from '../../domain/order.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { OldOrders } from '../../ports/old-orders.js';
import type { OrderStore } from '../../ports/order-store.js';
import { makeEndedOrders } from '../ended-orders.js';
import type { OpenOrders } from '../tracking/open-orders.js';
import { type EarlierAttempts, makeEarlierAttempts } from './earlier-attempts.js';
import { makeRestoreLost } from './restore-lost.js';
import { type ChangedLine, changedLines } from './sent-lines.js';
import { makeSentRecords } from './sent-records.js';

/**
 * Remembers what this process requested, approved, sent and saw end. A store can go back in time: Redis after a power
 * cut, a lagging replica that took over, a restored backup. Orders that were sent, or canceled, then wait to be sent.
 */
export interface SentOrders
  extends Pick<EarlierAttempts, 'isUntriedByOthers' | 'isCertainlyUnsent' | 'mayBeAtBandwidth'> {
  /**
   * Wraps the store for everything that decides about orders. Reading an order first restores what the store lost of
   * it: that it was sent (which is also counted against the limits again), or that it was canceled, declined or expired.
   * `open` includes open orders that the store lost entirely, so that reading them brings them back.
   */
  remembering(orders: OrderStore): OrderStore;
  /** Restores what the store lost. Call it on every pass, also if another instance is the leader. Never rejects. */
  restoreLost(orders: OrderStore): Promise<void>;
  /**
   * Like {@link remembering}, for the limits themselves. A restored order is counted after their current work, because
   * that work would otherwise wait for itself.
   */
  rememberingForLimits(orders: OrderStore): OrdersToCount;
}

/** The orders as the limits need them. */
export interface OrdersToCount extends Pick<OrderStore, 'get'> {
  /**
   * Restores and counts what the store lost; a single read if it lost nothing. Never rejects. Code that counting waits
   * for must not call it.
   */
  restoreLost(): Promise<void>;
}

export function makeSentOrders(deps: {
  /** Whether no other instance writes to the store. */
  alone: boolean;
  /** What is known about the open orders may be more recent than the store. */
  open: Pick<OpenOrders, 'forget' | 'doubt'>;
  /** Counts an order that was already sent against the limits; idempotent. */
  count: (order: Order) => Promise<void>;
  /** Whether an order was removed because it is old, so that it isn't lost. */
  removed?: OldOrders['removed'];
  clock: Pick<Clock, 'now'>;
  log: Log;
}): SentOrders {
  const { alone, open, count, removed, clock, log } = deps;
  const sent = makeSentRecords();
  const ended = makeEndedOrders(sent.has);
  const attempts = makeEarlierAttempts({ alone, isSent: sent.has, clock });
  const note = (
    current: Order | undefined,
    next: Order,
    changed: readonly ChangedLine[] = changedLines(current, next),
  ): void => {
    attempts.note(current, next, changed);
    sent.note(next, changed);
    ended.note(next, changed);
  };
  const lost = makeRestoreLost({ sent, ended, note, open, count, removed, clock, log });

  return {
    isUntriedByOthers: attempts.isUntriedByOthers,
    isCertainlyUnsent: attempts.isCertainlyUnsent,
    mayBeAtBandwidth: attempts.mayBeAtBandwidth,
    remembering: (orders) => ({
      ...orders,
      get: (id) => lost.read(orders, id),
      async open() {
        const unsettled = sent.unsettled();
        return [...new Set([...(await orders.open()), ...unsettled])];
      },
      async insert(order) {
        const isNew = await orders.insert(order);
        if (isNew) note(undefined, order);
        return isNew;
      },
      async replace(current, next) {
        const changed = changedLines(current, next);
        sent.forgetNotTaken(changed);
        // It was read before the store lost its end.
        if (changed.some(ended.isSentAfterItsEnd)) return false;
        const replaced = await orders.replace(current, next);
        if (replaced) note(current, next, changed);
        return replaced;
      },
    }),
    restoreLost: lost.restore,
    rememberingForLimits: (orders) => ({
      get: (id) => lost.readWhileCounting(orders, id),
      restoreLost: () => lost.restoreBeforeCounting(orders),
    }),
  };
}
