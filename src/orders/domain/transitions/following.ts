import { isDeepStrictEqual } from 'node:util';
import type { AnnouncementKind } from '../announcement.js';
import {
  type CarrierOrder,
  type CarrierRefusal,
  type CarrierReport,
  isFinalReport,
} from '../carrier-report.js';
import type { Order, OrderIn } from '../order.js';
import type { Reason } from '../reason.js';
import type { Person, Timestamp } from '../request.js';
import { nextServiceCheckAt, serviceCheckOf } from '../service-check.js';
import type { ServiceCheck } from '../service-states.js';
import { announceAgain, withEvent, withLookupPlan, withoutEvent } from './write.js';

/* What Bandwidth reports about an order it accepted, and closing a back-order. */

/** How many lookups in a row must fail before the card mentions it. */
const FAILURES_WORTH_SAYING = 3;

/**
 * Bandwidth couldn't be asked. The known state stays, and the card mentions it once it lasts. For a lost order this
 * doesn't count as a failed lookup and doesn't postpone the next one.
 */
export function notAnswered(
  order: OrderIn<'placing' | 'placed' | 'given-up'>,
  reason: Reason,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const failures = order.asking.failures + 1;
  // A lookup is made only when no attempt can be under way anymore.
  const lost = order.status === 'placing' && order.answer === 'sent';
  const known = lost ? withEvent(order, { what: 'answer-unknown', at: now }) : order;
  const isNew = failures >= FAILURES_WORTH_SAYING && !isDeepStrictEqual(order.asking.trouble, reason);
  const told = isNew ? withEvent(known, { what: 'not-answered', at: now, advice: reason }) : known;
  const times = order.status === 'placed' ? order.asking.times + 1 : order.asking.times;
  return withLookupPlan({ ...told, version: order.version + 1 }, { times, nextAt, failures });
}

/** Schedules the next lookup for this time, replacing any plan: now for **Check again** and for a notice. */
export function scheduleLookup(order: OrderIn<'placing' | 'placed' | 'given-up'>, at: Timestamp): Order {
  return withLookupPlan(withoutEvent(order, {}), { nextAt: at });
}

/**
 * Bandwidth reported on the order.
 *
 * @param joint for an order with several carrier orders: which one is the outcome, and the others.
 */
export function reported(
  order: OrderIn<'placed'>,
  report: CarrierReport,
  now: Timestamp,
  nextAt: Timestamp,
  joint: { readonly carrierOrderId?: string; readonly duplicates?: readonly string[] } = {},
): Order {
  const times = order.asking.times + 1;
  if (saysNothingNew(order, report))
    return withLookupPlan(withoutEvent(order, {}), { times, nextAt, failures: 0 });
  return withLookupPlan(withEvent(order, { what: 'reported', at: now, report, ...joint }), { times, nextAt });
}

/** Of several carrier orders for one request, this one hasn't ended yet. */
export function followed(
  order: OrderIn<'placed'>,
  carrierOrder: Omit<CarrierOrder, 'placedAt'>,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const times = order.asking.times + 1;
  return withLookupPlan(withEvent(order, { what: 'followed', at: now, carrierOrder }), { times, nextAt });
}

/**
 * It failed, but the first request may yet turn up with the numbers, so nothing is concluded and it is polled again.
 */
export function notConcluded(order: OrderIn<'placed'>, nextAt: Timestamp): Order {
  return withLookupPlan(withoutEvent(order, {}), { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** Bandwidth may list the numbers in a different order each time. */
function saysNothingNew(order: OrderIn<'placed'>, report: CarrierReport): boolean {
  const { status, completed } = order.carrierOrder;
  return (
    !isFinalReport(report.status) &&
    report.status === status &&
    isDeepStrictEqual(new Set(report.completed), new Set(completed)) &&
    report.completedQuantity === order.carrierOrder.completedQuantity &&
    report.unread === order.carrierOrder.unread &&
    report.unknownStatus === order.carrierOrder.unknownStatus &&
    order.asking.trouble === undefined
  );
}

/** Bandwidth was asked what works on the delivered numbers, or couldn't be. */
export function servicesChecked(order: Order, check: ServiceCheck, now: Timestamp): Order {
  return nextServiceCheckAt(order) === undefined
    ? order
    : withEvent(order, { what: 'services-checked', at: now, check });
}

/** An activation of some of its numbers has ended; this is what works on all of them now. */
export function servicesSeen(order: Order, check: ServiceCheck, now: Timestamp): Order {
  const before = serviceCheckOf(order);
  if (before === undefined || isDeepStrictEqual(before.groups, check.groups)) return order;
  const seen = withEvent(order, { what: 'services-checked', at: now, check });
  return announceAgain(seen, ['services']);
}

/** **Close back-order**: Bandwidth is to stop looking for numbers. */
export function closeWanted(order: OrderIn<'placed'>, by: Person, now: Timestamp): Order {
  const kinds: readonly AnnouncementKind[] = ['closing', 'not-closed'];
  const next = withEvent(order, { what: 'close-wanted', at: now, by });
  return withLookupPlan(announceAgain(next, kinds), { nextAt: now });
}

/** Bandwidth refused to close it, so it stays as it is. */
export function notClosed(order: OrderIn<'placed'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return order.closing === undefined
    ? order
    : withEvent(order, { what: 'not-closed', at: now, advice, faults });
}
