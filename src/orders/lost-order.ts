import { isDue, nextFindAt } from './advance.js';
import { type OrderIn, type SecondSending, type Timestamp, VAIN_LOOKS } from './order.js';

/* What follows where a request may or may not have arrived at Bandwidth, decided without touching anything. */

/**
 * How long a request counts as perhaps only not listed yet, however often it was looked for. Looks are planned to take
 * as long, but a notice or a person may have them come sooner.
 */
const LOST_AFTER = 30_000;

/** How many vain looks there are with the one that was just made. Before its time the last that it takes does not count. */
export function vainLooks(
  { sentAt, soughtInVain }: Pick<OrderIn<'placing'>, 'sentAt' | 'soughtInVain'>,
  now: Timestamp,
): number {
  const early = !isDue(sentAt + LOST_AFTER, now) && soughtInVain + 1 >= VAIN_LOOKS;
  return early ? soughtInVain : soughtInVain + 1;
}

/** When to look next for one that was just looked for in vain: at the latest when that would settle whether it is lost. */
export function nextSearchAt({ sentAt, asking }: OrderIn<'placing'>, now: Timestamp): Timestamp {
  const planned = nextFindAt(asking.times + 1, now);
  const lostAt = sentAt + LOST_AFTER;
  return lostAt > now ? Math.min(planned, lostAt) : planned;
}

/**
 * Whether it is to be sent a second time, now that one more look was in vain, and on whose word. On nobody's once, and
 * only a purchase of numbers that somebody picked: each can be bought once. A search would find other numbers the
 * second time, and of a disconnect people shall know what they do.
 */
export function sendingAgain(order: OrderIn<'placing'>, now: Timestamp): SecondSending | undefined {
  const { request, answer, approval, sendAgain, secondNotTaken } = order;
  if (sendAgain !== undefined) return sendAgain;
  if (secondNotTaken) return approval.again;
  const byItself =
    request.kind === 'purchase' &&
    request.wanted.by === 'numbers' &&
    answer === 'unknown' &&
    vainLooks(order, now) >= VAIN_LOOKS &&
    approval.again === undefined;
  return byItself ? { at: now } : undefined;
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
