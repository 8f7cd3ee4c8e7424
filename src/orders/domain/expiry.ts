import type { Order, Reminder } from './order.js';
import type { Timestamp } from './request.js';
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
export function withExpiry(order: Order, now: Timestamp): Order {
  return order.status === 'awaiting-approval' && isOver(order.expiresAt, now) ? expired(order, now) : order;
}

/** A request that is over sooner needs no reminder: it has only just been posted. */
const WORTH_REMINDING = 30 * MINUTE;

/**
 * What approvers are reminded by, and when: at half time and an hour before the end. Where the two would fall together
 * only one is left.
 */
function remindersOf({
  since,
  expiresAt,
}: WaitingTime): ReadonlyArray<{ reminder: Reminder; at: Timestamp }> {
  if (expiresAt - since < WORTH_REMINDING) return [];
  const half = { reminder: 'reminder-half', at: since + (expiresAt - since) / 2 } as const;
  const hour = { reminder: 'reminder-hour', at: expiresAt - HOUR } as const;
  if (hour.at < half.at) return [half];
  return hour.at - half.at < WORTH_REMINDING ? [hour] : [half, hour];
}

/**
 * What approvers should have been reminded by. Undefined before that, and when it is over; after a time in which the app
 * was down, the latest says it all.
 */
export function dueReminder(waiting: WaitingTime, now: Timestamp): Reminder | undefined {
  if (isOver(waiting.expiresAt, now)) return undefined;
  return remindersOf(waiting).findLast(({ at }) => at <= now)?.reminder;
}

/** Undefined when there is none to come. */
export function nextReminderAt(waiting: WaitingTime, now: Timestamp): Timestamp | undefined {
  return remindersOf(waiting).find(({ at }) => at > now)?.at;
}
