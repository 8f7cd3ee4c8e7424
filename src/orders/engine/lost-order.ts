import type { Resubmission } from '../domain/approval.js';
import type { OrderIn } from '../domain/order.js';
import { kindRules } from '../domain/order-kinds.js';
import type { OrderRequest, Timestamp } from '../domain/request.js';
import { MAX_FAILED_LOOKUPS } from '../domain/unanswered.js';
import { isDue, nextFindAt, nextTryAt } from './schedule.js';

/* Decides what to do when a request may or may not have arrived at Bandwidth. No side effects. */

/**
 * How long a request may simply not be listed yet, however often it was looked up. Lookups are planned to take as long,
 * but a notice or a person may trigger them sooner.
 */
export const LOST_AFTER_MS = 30_000;

/**
 * Returns the number of failed lookups, including the one just made. The last lookup counts only once half a minute has
 * passed.
 */
export function failedLookups(
  { sentAt, failedLookups }: Pick<OrderIn<'placing'>, 'sentAt' | 'failedLookups'>,
  now: Timestamp,
): number {
  const early = !isDue(sentAt + LOST_AFTER_MS, now) && failedLookups + 1 >= MAX_FAILED_LOOKUPS;
  return early ? failedLookups : failedLookups + 1;
}

/** The minimum pause between two lookups, however little time is left. */
const LOOKUPS_APART_MS = 1_000;

/**
 * Schedules the next lookup after a failed one, so that half a minute after sending the lookups have settled whether
 * the order is lost.
 */
export function nextSearchAt(order: OrderIn<'placing'>, now: Timestamp): Timestamp {
  const planned = nextFindAt(order.asking.times + 1, now);
  const lacking = MAX_FAILED_LOOKUPS - failedLookups(order, now);
  if (lacking <= 0) return planned;
  const left = Math.max(0, order.sentAt + LOST_AFTER_MS - now);
  return Math.min(planned, now + Math.max(LOOKUPS_APART_MS, left / lacking));
}

/**
 * Schedules the next lookup when Bandwidth couldn't be asked: soon after half a minute has passed, unless it named a
 * time.
 */
export function nextSearchAfterFailure(
  { sentAt, asking }: OrderIn<'placing'>,
  now: Timestamp,
  named: Timestamp | undefined,
): Timestamp {
  const planned = nextTryAt(asking.failures + 1, now, named);
  const lostAt = sentAt + LOST_AFTER_MS;
  return named === undefined && lostAt > now ? Math.min(planned, lostAt) : planned;
}

/**
 * Decides whether to resubmit the order after one more failed lookup, and who is responsible. Without a person it
 * happens once, and only for a purchase of picked numbers, because each can be bought only once, and for an activation,
 * which does nothing to a number that is active. A search would find other numbers the second time, and for a disconnect
 * a person must decide.
 */
export function sendingAgain(order: OrderIn<'placing'>, now: Timestamp): Resubmission | undefined {
  const { request, answer, approval, sendAgain, secondNotTaken, notSentAgain } = order;
  // People were asked because Bandwidth couldn't be, so it has yet to say often enough that it has no such order.
  if (sendAgain !== undefined) return failedLookups(order, now) >= MAX_FAILED_LOOKUPS ? sendAgain : undefined;
  if (secondNotTaken) return approval.again;
  const byItself =
    isHarmlessTwice(request) &&
    answer === 'unknown' &&
    failedLookups(order, now) >= MAX_FAILED_LOOKUPS &&
    approval.again === undefined &&
    notSentAgain === undefined;
  return byItself ? { at: now } : undefined;
}

const isHarmlessTwice = (request: OrderRequest): boolean =>
  kindRules[request.kind].harmlessTwice === true ||
  (request.kind === 'purchase' && request.wanted.by === 'numbers');

/** How long an order that was given up is looked up: even a late order shows within a day. */
const LOOKED_UP_FOR_MS = 24 * 60 * 60_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const lookupUntil = (now: Timestamp): Timestamp => now + LOOKED_UP_FOR_MS;

/** Schedules the next lookup of an order that was given up: with growing pauses, and once more at the end. */
export function nextLookupAfterGivingUp(
  { at, soughtUntil }: Pick<OrderIn<'given-up'>, 'at' | 'soughtUntil'>,
  now: Timestamp,
): Timestamp {
  const planned = now + Math.min(Math.max((now - at) / 4, MINUTE), HOUR);
  return now < soughtUntil ? Math.min(planned, soughtUntil) : planned;
}

/**
 * How long after the second request the first may still turn up. Bandwidth's list omits orders it has only just
 * received, so a failure of the second proves nothing until then: the first may have the numbers.
 */
const FIRST_TURNS_UP_WITHIN = 60_000;

/** Whether this order was sent twice and the first request may still turn up. */
export function firstMayTurnUp(
  { approval: { again } }: OrderIn<'placing' | 'placed'>,
  now: Timestamp,
): boolean {
  return again !== undefined && !isDue(again.at + FIRST_TURNS_UP_WITHIN, now);
}
