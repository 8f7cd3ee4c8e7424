import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { CheckApproval } from '../policy/check-approval.js';
import type { Limits } from '../policy/limits.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Leases } from '../ports/leases.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import { makeCarrierWork } from './carrier-work.js';
import { makeServiceChecks } from './check-services.js';
import { makeFollowing } from './following.js';
import { makeHoldNumbers } from './holds/hold-numbers.js';
import { type KeyedQueue, makeKeyedQueue } from './keyed-queue.js';
import { underLease } from './lease-guard.js';
import type { OrderChanges } from './order-changes.js';
import { makeDuplicateOrders } from './placing/duplicate-orders.js';
import type { EarlierAttempts } from './placing/earlier-attempts.js';
import { makeLookBeforeSending } from './placing/look-before-sending.js';
import { makeOrderPace } from './placing/order-pace.js';
import { makePlace } from './placing/placing.js';
import { makeSendAgain } from './placing/send-again.js';
import { makeSendOrder } from './placing/send-order.js';
import type { Sweep } from './sweep.js';
import { makeWakeTimers } from './timers.js';
import { makeLookupLoop } from './tracking/lookup-loop.js';
import type { OpenOrders } from './tracking/open-orders.js';

/** The work with Bandwidth, an order or a line at a time, and what starts it. */
export interface CarrierQueue extends Pick<KeyedQueue, 'enqueue'> {
  /** Asks about all placed orders that are due and may be asked about now. Never rejects. */
  lookUpDue(): Promise<void>;
  /** Call it once `stopped` returns true. Resolves when running work has ended. */
  stop(): Promise<void>;
}

export interface CarrierQueueDeps {
  readonly orders: OrderStore;
  readonly open: OpenOrders;
  readonly leases: Leases;
  readonly carrier: Pick<
    Carrier,
    | 'place'
    | 'find'
    | 'findLike'
    | 'report'
    | 'listOrders'
    | 'lookups'
    | 'closeBackOrder'
    | 'isProvisioned'
    | 'checkServices'
    | 'hold'
    | 'findHold'
    | 'release'
    | 'now'
  >;
  readonly changes: OrderChanges;
  readonly limits: Pick<Limits, 'withdraw' | 'giveBack'>;
  /** Whether an order may be sent with the approval it has. */
  readonly checkApproval: CheckApproval;
  /** Learns of every write to `orders`. */
  readonly sent: Pick<EarlierAttempts, 'isUntriedByOthers' | 'isCertainlyUnsent'>;
  /** Has the journal catch up with the order if it is behind. */
  readonly updateJournal: (order: Order) => void;
  readonly sweep: Sweep;
  readonly onInterrupted: (id: OrderId, error: unknown) => void;
  readonly stopped: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after a POST an order without an answer is looked up. The carrier must give up before that. */
  readonly lookupAfterMs: number;
  /** The most purchases that are sent in a minute. */
  readonly ordersPerMinute: number;
  /** The most numbers that one person's orders hold together. */
  readonly maxHeld: number;
}

export function makeCarrierQueue(deps: CarrierQueueDeps): CarrierQueue {
  const { carrier, open, leases, sweep, onInterrupted, clock, log } = deps;
  const lookUpNow = new Set<OrderId>();
  const holds = makeHoldNumbers({
    ...deps,
    requestWithinMs: deps.lookupAfterMs,
    change: deps.changes.change,
  });
  const pace = makeOrderPace({ perMinute: deps.ordersPerMinute, clock });
  const sendOrder = makeSendOrder({ ...deps, pace });
  const place = makePlace({
    ...deps,
    holds,
    pace,
    lookBeforeSending: makeLookBeforeSending(deps),
    sendOrder,
  });
  const following = makeFollowing({
    ...deps,
    duplicates: makeDuplicateOrders({ carrier, log }),
    sendAgain: makeSendAgain({ ...deps, sendOrder }),
  });
  const timers = makeWakeTimers(clock, (id) => void queue.enqueue(id));
  const work = makeCarrierWork({
    ...deps,
    place,
    following,
    holds,
    services: makeServiceChecks(deps),
    lookUpNow,
    lookSoon: () => lookups.soon(),
    wakeAt: timers.set,
  });
  const queue = makeKeyedQueue(underLease(leases, 'carrier', work), onInterrupted);
  const lookups = makeLookupLoop({
    carrier,
    open,
    alone: leases.alone,
    async lookUp(ids) {
      for (const id of ids) lookUpNow.add(id);
      await sweep(ids, queue);
      for (const id of ids) lookUpNow.delete(id);
    },
    statusChanged: (id, status) =>
      following.statusChanged(id, status).catch((error: unknown) => onInterrupted(id, error)),
    clock,
    log,
  });

  return {
    async enqueue(id) {
      await queue.enqueue(id);
      const lines = open.linesOf(id);
      if (lines.length === 0) return;
      await sweep(lines, queue);
      // When all have ended, the order may need something as a whole.
      await queue.enqueue(id);
    },
    lookUpDue: lookups.lookUpDue,
    async stop() {
      timers.clear();
      await Promise.all([lookups.stop(), queue.idle()]);
    },
  };
}
