import type { Approval, Decider } from '../approval.js';
import type { Order, OrderIn } from '../order.js';
import type { OrderRequest, Person, Timestamp } from '../request.js';
import { leavesNoTrace, MAX_FAILED_LOOKUPS } from '../unanswered.js';
import { withEvent, withLookupPlan, withoutEvent } from './write.js';

/* An order whose answer was lost: lookups, and what people decide about it. */

/**
 * The record had lost that the order, or one of its lines, was sent. It is looked up like any other without an answer.
 */
export function sentBefore(
  order: Order,
  sent: {
    readonly approval: Approval;
    readonly sentAt: Timestamp;
    readonly request: OrderRequest | undefined;
  },
  now: Timestamp,
  line?: number,
): Order {
  const { approval, sentAt, request } = sent;
  return withEvent(order, {
    what: 'sent-before',
    at: now,
    ...(line === undefined ? {} : { line }),
    approval,
    sentAt,
    ...(request === undefined ? {} : { request }),
  });
}

/** Half a minute has passed and no one can say where the order is, so people are asked. */
export function notKnown(order: OrderIn<'placing'>, now: Timestamp): Order {
  const { times, nextAt, failures } = order.asking;
  return withLookupPlan(withEvent(order, { what: 'not-known', at: now }), { times, nextAt, failures });
}

/** **Order again**: look it up once more, and if it still isn't found, resubmit it. */
export function wantedAgain(order: OrderIn<'placing'>, decider: Decider, now: Timestamp): Order {
  return withLookupPlan(withEvent(order, { what: 'wanted-again', at: now, ...decider }), { nextAt: now });
}

/**
 * Looked up by CustomerOrderId and not found (yet).
 *
 * @param failedLookups how many failed lookups count so far.
 */
export function notFound(
  order: OrderIn<'placing'>,
  now: Timestamp,
  nextAt: Timestamp,
  failedLookups = order.failedLookups + 1,
): Order {
  const missing: OrderIn<'placing'> = { ...order, failedLookups };
  const isNew = order.asking.trouble !== undefined || leavesNoTrace(missing) !== leavesNoTrace(order);
  const next = isNew
    ? withEvent(order, { what: 'not-found', at: now, looks: failedLookups })
    : withoutEvent(missing, {});
  return withLookupPlan(next, { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** **Give up**: no one wants it resubmitted. It may have arrived anyway, so it is looked up for a while longer. */
export function givenUp(
  order: OrderIn<'placing'>,
  by: Person,
  now: Timestamp,
  soughtUntil: Timestamp,
  nextAt: Timestamp,
): Order {
  const noTrace = leavesNoTrace(order);
  return withLookupPlan(withEvent(order, { what: 'given-up', at: now, by, noTrace, soughtUntil }), {
    nextAt,
  });
}

/** Given up, and not found (yet). */
export function notTurnedUp(order: OrderIn<'given-up'>, now: Timestamp, nextAt: Timestamp): Order {
  const isNew = order.asking.trouble !== undefined || !order.noTrace;
  const next = isNew
    ? withEvent(order, { what: 'not-found', at: now, looks: MAX_FAILED_LOOKUPS })
    : withoutEvent(order, {});
  return withLookupPlan(next, { times: order.asking.times + 1, nextAt, failures: 0 });
}

/** Given up, looked up long enough, and not found. */
export function lookupsEnded(order: OrderIn<'given-up'>, now: Timestamp): Order {
  return withEvent(order, { what: 'sought-out', at: now });
}
