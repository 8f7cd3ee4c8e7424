import { isDeepStrictEqual } from 'node:util';
import type { AnnouncementKind } from '../announcement.js';
import type { Resubmission } from '../approval.js';
import type { CarrierRefusal, UnclearResponse } from '../carrier-report.js';
import type { Order, OrderIn } from '../order.js';
import type { Reason } from '../reason.js';
import type { Timestamp } from '../request.js';
import { announceAgain, withEvent, withLookupPlan, withoutEvent } from './write.js';

/* Sending an approved order to Bandwidth, the first time or again, and the answer. */

/** Saved before the POST is sent: from here on the order may exist at Bandwidth. */
export function placing(order: OrderIn<'approved'>, now: Timestamp): Order {
  return withEvent(order, { what: 'placing', at: now });
}

/**
 * Bandwidth certainly didn't accept this request, so trying again is safe; if it was the second, after the first has
 * been looked up.
 */
export function notTaken(
  order: OrderIn<'placing'>,
  reason: Reason,
  now: Timestamp,
  nextAt: Timestamp,
  failures: number,
): Order {
  return withLookupPlan(withEvent(order, { what: 'not-taken', at: now, advice: reason }), {
    nextAt,
    failures,
  });
}

/** Approved, but not to be placed for now; nothing was sent. */
export function heldBack(
  order: OrderIn<'approved'>,
  reason: Reason,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const failures = order.asking.failures + 1;
  const isNew = !isDeepStrictEqual(order.asking.trouble, reason);
  const next = isNew
    ? withEvent(order, { what: 'held-back', at: now, advice: reason })
    : withoutEvent(order, {});
  return withLookupPlan(next, { nextAt, failures });
}

/** Before it was sent, a lookup found that Bandwidth already has it. */
export function foundBefore(
  order: OrderIn<'approved'>,
  carrierOrderId: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  return withLookupPlan(withEvent(order, { what: 'found-before', at: now, carrierOrderId }), { nextAt });
}

/** The POST ended without a reliable answer. */
export function answerUnknown(
  order: OrderIn<'placing'>,
  now: Timestamp,
  nextAt: Timestamp,
  { heard, faults = [] }: UnclearResponse = {},
): Order {
  const { times } = order.asking;
  const known = {
    ...(heard === undefined ? {} : { heard }),
    ...(faults.length === 0 ? {} : { faults }),
  };
  return withLookupPlan(withEvent(order, { what: 'answer-unknown', at: now, ...known }), { times, nextAt });
}

export function refused(order: OrderIn<'placing'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return withEvent(order, { what: 'refused', at: now, advice, faults });
}

/** The second request was refused. That isn't the end: the first may have the numbers. */
export function secondRefused(order: OrderIn<'placing'>, refusal: CarrierRefusal, now: Timestamp): Order {
  const { advice, faults } = refusal;
  return withEvent(order, { what: 'second-refused', at: now, advice, faults });
}

export function placed(
  order: OrderIn<'placing' | 'given-up'>,
  carrierOrderId: string,
  now: Timestamp,
  nextAt: Timestamp,
  match: { readonly byNumbers?: true } = {},
): Order {
  return withLookupPlan(withEvent(order, { what: 'placed', at: now, carrierOrderId, ...match }), { nextAt });
}

/**
 * Saved before the second POST is sent, as {@link placing} is before the first. If Bandwidth didn't accept an earlier
 * one, the thread has already announced the resubmission.
 */
export function placingAgain(order: OrderIn<'placing'>, again: Resubmission, now: Timestamp): Order {
  const kinds: readonly AnnouncementKind[] = ['unknown', 'not-known', 'untraced', 'again'];
  const next = withEvent(order, { what: 'placing-again', at: now, again });
  if (order.secondNotTaken) return next;
  return announceAgain(next, kinds);
}

/**
 * To be resubmitted once Slack can say whether that is allowed; nothing was sent.
 *
 * @param failedLookups how many failed lookups count so far.
 */
export function heldBackAgain(
  order: OrderIn<'placing'>,
  reason: Reason,
  now: Timestamp,
  nextAt: Timestamp,
  failedLookups: number,
): Order {
  const failures = order.asking.failures + 1;
  const isNew = !isDeepStrictEqual(order.asking.trouble, reason) || order.heldBack !== true;
  const next = isNew
    ? withEvent(order, { what: 'held-back', at: now, advice: reason, looks: failedLookups })
    : withoutEvent({ ...order, failedLookups }, {});
  return withLookupPlan(next, { nextAt, failures });
}

/** It isn't resubmitted automatically: people are asked again, and told why. */
export function notSentAgain(
  order: OrderIn<'placing'>,
  reason: Reason,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  const { times } = order.asking;
  const next = withEvent(order, { what: 'not-sent-again', at: now, advice: reason });
  return withLookupPlan(announceAgain(next, ['untraced']), { times: times + 1, nextAt });
}
