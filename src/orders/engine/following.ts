import { type CarrierReport, isFinalReport, type OpenCarrierStatus } from '../domain/carrier-report.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import {
  answerUnknown,
  followed,
  lookupsEnded,
  notAnswered,
  notClosed,
  notConcluded,
  notFound,
  notSentAgain,
  notTurnedUp,
  placed,
  reported,
} from '../domain/transitions.js';
import type { Carrier, FoundBefore } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';
import { makeAwaitProvisioning } from './await-provisioning.js';
import { readFailure } from './carrier-failure.js';
import {
  failedLookups,
  firstMayTurnUp,
  nextLookupAfterGivingUp,
  nextSearchAfterFailure,
  nextSearchAt,
  sendingAgain,
} from './lost-order.js';
import type { OrderChanges } from './order-changes.js';
import { type DuplicateOrders, jointOutcome, stillOpen } from './placing/duplicate-orders.js';
import type { SendAgain } from './placing/send-again.js';
import { nextFindAt, nextLookupAt, nextTryAt } from './schedule.js';

/** Follows orders that were sent to Bandwidth. Every method throws StoreError. */
export interface Following {
  /** Looks up an order whose POST got no answer. */
  find(order: OrderIn<'placing'>): Promise<void>;
  /** Looks up an order that was given up. If it arrived after all, its numbers are billed and people must know. */
  findGivenUp(order: OrderIn<'given-up'>): Promise<void>;
  /** Asks Bandwidth for the order's status. */
  lookUpStatus(order: OrderIn<'placed'>): Promise<void>;
  /** Has Bandwidth close the back-order. */
  close(order: OrderIn<'placed'>): Promise<void>;
  /** Saves the status that a list of orders shows. A list says nothing else, so the rest stays as it was. */
  statusChanged(id: OrderId, status: OpenCarrierStatus): Promise<void>;
}

interface FollowingDeps {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly carrier: Pick<Carrier, 'findLike' | 'report' | 'closeBackOrder' | 'isProvisioned'>;
  readonly changes: OrderChanges;
  readonly duplicates: DuplicateOrders;
  readonly sendAgain: SendAgain;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export function makeFollowing(deps: FollowingDeps): Following {
  const { changes, clock } = deps;
  const answerAbout = makeAnswerAbout(deps);
  const lookUpStatus = makeLookUpStatus(deps, answerAbout);
  return {
    find: makeFind(deps, answerAbout),
    findGivenUp: makeFindGivenUp(deps, answerAbout),
    lookUpStatus,
    close: makeClose(deps, answerAbout, lookUpStatus),
    async statusChanged(id, status) {
      const now = clock.now();
      await changes.change(id, (current) => {
        if (current.status !== 'placed') return current;
        const { completed, completedQuantity, unread } = current.carrierOrder;
        const report = {
          status,
          completed,
          ...(completedQuantity === undefined ? {} : { completedQuantity }),
          ...(unread === undefined ? {} : { unread }),
          failed: [],
          faults: [],
        };
        return reported(current, report, now, nextLookupAt(current, status, now));
      });
    },
  };
}

/** An order that Bandwidth can be asked about. */
type SentOrder = OrderIn<'placing' | 'placed' | 'given-up'>;

/** Returns Bandwidth's answer. If Bandwidth couldn't be asked, saves that with the order and returns undefined. */
type AnswerAbout = <T>(order: SentOrder, question: () => Promise<T>) => Promise<T | undefined>;

function makeAnswerAbout({ changes, clock, log }: FollowingDeps): AnswerAbout {
  return async (order, question) => {
    try {
      return await question();
    } catch (error) {
      const { level, reason, retryAt } = readFailure(error);
      log[level]({ orderId: order.id, err: error }, 'order lookup failed');
      const now = clock.now();
      const nextAt =
        order.status === 'placing'
          ? nextSearchAfterFailure(order, now, retryAt)
          : nextTryAt(order.asking.failures + 1, now, retryAt);
      await changes.change(order.id, (current) =>
        current.status === order.status && isSent(current)
          ? notAnswered(current, reason, now, nextAt)
          : current,
      );
      return undefined;
    }
  };
}

const isSent = (order: Order): order is SentOrder =>
  order.status === 'placing' || order.status === 'placed' || order.status === 'given-up';

/**
 * Returns the carrier order to follow. If Bandwidth doesn't return our ID, a disconnect is known only by its numbers,
 * and people have to be told that it may be someone else's.
 */
function bestMatch({ ours, sameNumbers }: FoundBefore) {
  const isOurs = ours.length > 0;
  const [carrierOrderId, ...others] = isOurs ? ours : sameNumbers;
  return { carrierOrderId, others, match: isOurs ? {} : { byNumbers: true as const } };
}

function makeFind(deps: FollowingDeps, answerAbout: AnswerAbout): Following['find'] {
  const { carrier, changes, sendAgain, clock, log } = deps;
  return async (order) => {
    // If it was sent twice, the first request counts too, which may have left long before the second.
    const sought = order.approval.again === undefined ? order : { ...order, sentAt: order.approval.at };
    const found = await answerAbout(order, () => carrier.findLike(sought));
    if (found === undefined) return;
    const now = clock.now();
    const { carrierOrderId, others, match } = bestMatch(found);
    if (others.length > 0) {
      log.error({ orderId: order.id, ...found }, 'bandwidth has several orders with this CustomerOrderId');
    }
    if (carrierOrderId === undefined) {
      const again = sendingAgain(order, now);
      if (again !== undefined) return sendAgain(order, again);
    }
    await changes.changePlacing(order.id, (sent) => {
      if (carrierOrderId !== undefined) return placed(sent, carrierOrderId, now, now, match);
      if (sent.answer === 'sent') return answerUnknown(sent, now, nextFindAt(0, now));
      if (sent.secondRefused !== undefined && !firstMayTurnUp(sent, now)) {
        return notSentAgain(sent, { why: 'second-refused' }, now, nextSearchAt(sent, now));
      }
      return notFound(sent, now, nextSearchAt(sent, now), failedLookups(sent, now));
    });
  };
}

function makeFindGivenUp(deps: FollowingDeps, answerAbout: AnswerAbout): Following['findGivenUp'] {
  const { carrier, changes, clock, log } = deps;
  return async (order) => {
    const found = await answerAbout(order, () => carrier.findLike(order));
    if (found === undefined) return;
    const now = clock.now();
    const { carrierOrderId, match } = bestMatch(found);
    if (carrierOrderId !== undefined) {
      log.warn({ orderId: order.id, ...found }, 'given-up order found at bandwidth');
    }
    await changes.change(order.id, (current) => {
      if (current.status !== 'given-up' || current.endedAt !== undefined) return current;
      if (carrierOrderId !== undefined) return placed(current, carrierOrderId, now, now, match);
      return now >= current.soughtUntil
        ? lookupsEnded(current, now)
        : notTurnedUp(current, now, nextLookupAfterGivingUp(current, now));
    });
  };
}

function makeLookUpStatus(deps: FollowingDeps, answerAbout: AnswerAbout): Following['lookUpStatus'] {
  const { carrier, changes, clock } = deps;
  const conclusion = makeConclusion(deps, answerAbout);
  const awaitProvisioning = makeAwaitProvisioning(deps);
  return async (order) => {
    const { id: carrierOrderId } = order.carrierOrder;
    const report = await answerAbout(order, async () =>
      awaitProvisioning(order, await carrier.report(order.request.kind, carrierOrderId)),
    );
    if (report === undefined) return;
    const conclude = await conclusion(order, report);
    if (conclude === undefined) return;
    const now = clock.now();
    await changes.change(order.id, (current) => {
      if (current.status !== 'placed') return current;
      // A lookup that was requested after ours began must still happen: this report may be older than its reason.
      const wanted = current.asking.nextAt === order.asking.nextAt ? undefined : current.asking.nextAt;
      return conclude(current, now, wanted ?? nextLookupAt(current, report.status, now));
    });
  };
}

/** Applies a report to the order. `nextAt`: when to look again, if it is still open. */
type Conclude = (current: OrderIn<'placed'>, now: Timestamp, nextAt: Timestamp) => Order;

/** Decides what a report means. Returns undefined if another answer is needed first and Bandwidth didn't give it. */
function makeConclusion({ duplicates, log }: FollowingDeps, answerAbout: AnswerAbout) {
  return async (order: OrderIn<'placed'>, report: CarrierReport): Promise<Conclude | undefined> => {
    if (order.approval.again === undefined || !isFinalReport(report.status)) {
      return (current, now, nextAt) => reported(current, report, now, nextAt);
    }
    if (report.status === 'complete') {
      // People must hear of a duplicate, because it may cost money. But if the list can't be read now, they still get
      // the outcome.
      const others = await duplicates.idsOf(order).catch((error: unknown) => {
        log.error({ orderId: order.id, err: error }, 'duplicate check failed, will retry');
        return [];
      });
      return (current, now, nextAt) =>
        reported(current, report, now, nextAt, others.length > 0 ? { duplicates: others } : {});
    }
    // It may have failed only because its duplicate got the numbers.
    const others = await answerAbout(order, () => duplicates.reportsOf(order));
    if (others === undefined) return undefined;
    const open = stillOpen(others);
    if (open !== undefined) return (current, now, nextAt) => followed(current, open, now, nextAt);
    if (others.length > 0) {
      const one = { carrierOrderId: order.carrierOrder.id, report };
      const { report: joint, ...ids } = jointOutcome(order.request, one, others);
      return (current, now, nextAt) => reported(current, joint, now, nextAt, ids);
    }
    return (current, now, nextAt) =>
      firstMayTurnUp(current, now) ? notConcluded(current, nextAt) : reported(current, report, now, nextAt);
  };
}

/**
 * Looks first, because an earlier request may have closed it without our getting the answer. A request that comes too
 * late, or twice, does no harm: Bandwidth closes only what is back-ordered.
 */
function makeClose(
  deps: FollowingDeps,
  answerAbout: AnswerAbout,
  lookUpStatus: Following['lookUpStatus'],
): Following['close'] {
  const { orders, carrier, changes, clock, log } = deps;
  return async (order) => {
    await lookUpStatus(order);
    const seen = await orders.get(order.id);
    if (seen?.status !== 'placed' || seen.asking.failures > 0 || seen.closing === undefined) return;
    if (seen.carrierOrder.status !== 'backordered') return;
    const { by } = seen.closing;
    log.info({ orderId: seen.id, closedBy: by.userId }, 'closing back-order at bandwidth');
    const closing = await answerAbout(seen, () => carrier.closeBackOrder(seen.carrierOrder.id, seen));
    if (closing?.outcome === 'refused') {
      log.warn({ orderId: seen.id, ...closing }, 'bandwidth refused to close the back-order');
      await changes.change(seen.id, (current) =>
        current.status === 'placed' ? notClosed(current, closing, clock.now()) : current,
      );
    } else if (closing !== undefined) await lookUpStatus(seen);
  };
}
