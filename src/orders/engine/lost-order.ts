import type { SecondSending } from '../domain/approval.js';
import { type OrderIn, VAIN_LOOKS } from '../domain/order.js';
import type { Timestamp } from '../domain/request.js';
import { isDue, LOST_AFTER_MS, nextFindAt, nextTryAt } from './next-step.js';

/* What follows where a request may or may not have arrived at Bandwidth, decided without touching anything. */

/** How many vain looks there are with the one that was just made. Before its time the last that it takes does not count. */
export function failedLookups(
  { sentAt, soughtInVain }: Pick<OrderIn<'placing'>, 'sentAt' | 'soughtInVain'>,
  now: Timestamp,
): number {
  const early = !isDue(sentAt + LOST_AFTER_MS, now) && soughtInVain + 1 >= VAIN_LOOKS;
  return early ? soughtInVain : soughtInVain + 1;
}

/** However little time is left, two looks are this far apart. */
const LOOKS_APART_MS = 1_000;

/**
 * When to look next for one that was just looked for in vain: so that half a minute after it was sent the looks have
 * settled whether it is lost, whatever became of the ones before.
 */
export function nextSearchAt(order: OrderIn<'placing'>, now: Timestamp): Timestamp {
  const planned = nextFindAt(order.asking.times + 1, now);
  const lacking = VAIN_LOOKS - failedLookups(order, now);
  if (lacking <= 0) return planned;
  const left = Math.max(0, order.sentAt + LOST_AFTER_MS - now);
  return Math.min(planned, now + Math.max(LOOKS_APART_MS, left / lacking));
}

/**
 * When to look again where Bandwidth could not be asked: not long after half a minute is over, unless it named a time.
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
 * Whether it is to be sent a second time, now that one more look was in vain, and on whose word. On nobody's once, and
 * only a purchase of numbers that somebody picked: each can be bought once. A search would find other numbers the
 * second time, and of a disconnect people shall know what they do.
 */
export function sendingAgain(order: OrderIn<'placing'>, now: Timestamp): SecondSending | undefined {
  const { request, answer, approval, sendAgain, secondNotTaken, notSentAgain } = order;
  // Where people were asked because Bandwidth could not be, it has yet to say so often enough that it has none.
  if (sendAgain !== undefined) return failedLookups(order, now) >= VAIN_LOOKS ? sendAgain : undefined;
  if (secondNotTaken) return approval.again;
  const byItself =
    request.kind === 'purchase' &&
    request.wanted.by === 'numbers' &&
    answer === 'unknown' &&
    failedLookups(order, now) >= VAIN_LOOKS &&
    approval.again === undefined &&
    notSentAgain === undefined;
  return byItself ? { at: now } : undefined;
}

/** How long an order that was given up is looked for: whatever Bandwidth is late with, it shows within a day. */
const SOUGHT_MS = 24 * 60 * 60_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const soughtUntil = (now: Timestamp): Timestamp => now + SOUGHT_MS;

/** When to look next for one that was given up: ever more rarely, and once more at the end. */
export function nextLookForGivenUp(
  { at, soughtUntil }: Pick<OrderIn<'given-up'>, 'at' | 'soughtUntil'>,
  now: Timestamp,
): Timestamp {
  const planned = now + Math.min(Math.max((now - at) / 4, MINUTE), HOUR);
  return now < soughtUntil ? Math.min(planned, soughtUntil) : planned;
}

/**
 * How long after the second request the first may yet turn up. Bandwidth's list leaves out orders it has only just
 * received, so until then a bad end of the second proves nothing: the first may have the numbers.
 */
const FIRST_TURNS_UP_WITHIN = 60_000;

/** Whether this order was sent twice, and the first request may still turn up. */
export function firstMayTurnUp(
  { approval: { again } }: OrderIn<'placing' | 'placed'>,
  now: Timestamp,
): boolean {
  return again !== undefined && !isDue(again.at + FIRST_TURNS_UP_WITHIN, now);
}
