import type { Reminder } from './announcement.js';
import type { Order } from './order.js';
import type { Timestamp } from './request.js';
import { expired } from './transitions.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** By then no one remembers the request. */
export const MAX_APPROVAL_TTL_MS = 14 * 24 * HOUR;
/** Clock differences and adjustments smaller than this expire nothing. */
const CLOCKS_APART = HOUR;

/** When a request started to wait for approval, and its deadline. */
export interface WaitingTime {
  readonly since: Timestamp;
  readonly expiresAt: Timestamp;
  /** When the first of its numbers stops being held, if any is held. */
  readonly heldUntil?: Timestamp | undefined;
}

/**
 * Whether a request has waited long enough. A deadline further away than any request may wait was set by a clock that
 * has since been corrected, so it counts as passed.
 */
export function isOver(expiresAt: Timestamp, now: Timestamp): boolean {
  return expiresAt <= now || expiresAt > now + MAX_APPROVAL_TTL_MS + CLOCKS_APART;
}

/** Returns the order as expired from its deadline on, even before a pass has recorded it. */
export function withExpiry(order: Order, now: Timestamp): Order {
  return order.status === 'awaiting-approval' && isOver(order.expiresAt, now) ? expired(order, now) : order;
}

/** A request that expires sooner was posted too recently to need a reminder. */
const WORTH_REMINDING = 30 * MINUTE;

interface PlannedReminder {
  readonly reminder: Reminder;
  readonly at: Timestamp;
}

/**
 * Plans the reminders, in order: one hour before its numbers stop being held, at half time and one hour before the
 * deadline. If two would come close together, only one is kept.
 */
function remindersOf(waiting: WaitingTime): readonly PlannedReminder[] {
  const { since, expiresAt, heldUntil } = waiting;
  if (expiresAt - since < WORTH_REMINDING) return [];
  const usual = usualReminders(waiting);
  const at = heldUntil === undefined ? Number.POSITIVE_INFINITY : heldUntil - HOUR;
  if (at < since + WORTH_REMINDING || at > expiresAt - HOUR - WORTH_REMINDING) return usual;
  const others = usual.filter((other) => Math.abs(other.at - at) >= WORTH_REMINDING);
  return [{ reminder: 'reminder-holds', at } as const, ...others].sort((one, other) => one.at - other.at);
}

function usualReminders({ since, expiresAt }: WaitingTime): readonly PlannedReminder[] {
  const half = { reminder: 'reminder-half', at: since + (expiresAt - since) / 2 } as const;
  const hour = { reminder: 'reminder-hour', at: expiresAt - HOUR } as const;
  if (hour.at < half.at) return [half];
  return hour.at - half.at < WORTH_REMINDING ? [hour] : [half, hour];
}

/**
 * Returns the latest reminder that is due; undefined before the first and after the deadline. After downtime, earlier
 * reminders are skipped.
 */
export function dueReminder(waiting: WaitingTime, now: Timestamp): Reminder | undefined {
  if (isOver(waiting.expiresAt, now)) return undefined;
  return remindersOf(waiting).findLast(({ at }) => at <= now)?.reminder;
}

/** Returns undefined when no reminder is left. */
export function nextReminderAt(waiting: WaitingTime, now: Timestamp): Timestamp | undefined {
  return remindersOf(waiting).find(({ at }) => at > now)?.at;
}
