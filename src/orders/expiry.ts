import type { Order, Reminder, Timestamp } from './order.js';
import { expired } from './transitions.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Nobody remembers for longer what they asked for. */
export const LONGEST_APPROVAL_TTL = 14 * 24 * HOUR;
/** Clocks that differ by less, or are set back by less, end nothing. */
const CLOCKS_APART = HOUR;

/** From when a request waits for approval, and until when. */
export interface WaitingTime {
  readonly since: Timestamp;
  readonly expiresAt: Timestamp;
}

/**
 * Whether a request has waited long enough. One that would wait for longer than any may was asked for by a clock that
 * has been set back since: it shall not wait until that time is reached again.
 */
export function isOver(expiresAt: Timestamp, now: Timestamp): boolean {
  return expiresAt <= now || expiresAt > now + LONGEST_APPROVAL_TTL + CLOCKS_APART;
}

/** A request that is over counts as expired from that moment on, also while no pass has put it on record yet. */
export function asItStands(order: Order, now: Timestamp): Order {
  return order.status === 'awaiting-approval' && isOver(order.expiresAt, now) ? expired(order, now) : order;
}

/** A request that is over sooner needs no reminder: it has only just been posted. */
const WORTH_REMINDING = 30 * MINUTE;

/**
 * What approvers should have been reminded by: at half time and an hour before the end. Undefined before that, and when
 * it is over. Where the two would fall together only one is left; and after a time in which the app was down, the
 * latest says it all.
 */
export function dueReminder({ since, expiresAt }: WaitingTime, now: Timestamp): Reminder | undefined {
  if (isOver(expiresAt, now) || expiresAt - since < WORTH_REMINDING) return undefined;
  const halfTime = since + (expiresAt - since) / 2;
  const hourBefore = expiresAt - HOUR;
  const hourCounts = hourBefore >= halfTime;
  if (hourCounts && now >= hourBefore) return 'reminder-hour';
  const halfCounts = !hourCounts || hourBefore - halfTime >= WORTH_REMINDING;
  return halfCounts && now >= halfTime ? 'reminder-half' : undefined;
}
