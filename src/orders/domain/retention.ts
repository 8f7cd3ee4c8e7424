import { deliveredQuantity, listsAll } from './carrier-report.js';
import { isSettled } from './due-announcements.js';
import { listedNumbers, outcomeOfNumber } from './number-outcome.js';
import type { Order } from './order.js';
import { kindRules } from './order-kinds.js';
import type { PhoneNumber } from './phone-number.js';
import type { Timestamp } from './request.js';
import { refusalOfSecond } from './unanswered.js';

/** The limits look at the orders of a month, and people at those of a quarter. */
export const MIN_RETENTION_MS = 90 * 24 * 60 * 60_000;

/**
 * Whether nothing has happened to an order for `keepMs`, and nothing will. An order whose card or journal is behind
 * isn't settled, and one whose outcome was never learned may still explain a number on the account.
 */
export function isOutdated(order: Order, now: Timestamp, keepMs: number): boolean {
  const lastAt = Math.max(order.requestedAt, ...order.events.map(({ at }) => at));
  return isSettled(order) && isOutcomeKnown(order) && lastAt <= now - keepMs;
}

function isOutcomeKnown(order: Order): boolean {
  if (order.status === 'given-up' || refusalOfSecond(order) !== undefined) return false;
  if (!('outcome' in order)) return true;
  if (order.duplicates !== undefined) return false;
  return listsAll(order.outcome) && deliveredQuantity(order.status, order.outcome) !== undefined;
}

/**
 * Whether the order says why a number is in service, or why it no longer is: a purchase until its numbers are
 * disconnected, and a disconnect as long as the purchase is on record.
 *
 * @param others the other orders that name each number.
 */
export function explainsNumbers(order: Order, others: (number: PhoneNumber) => readonly Order[]): boolean {
  if (kindRules[order.request.kind].effect === 'changes') return false;
  return listedNumbers(order).some((number) =>
    order.request.kind === 'purchase'
      ? !others(number).some((other) => isDisconnectedBy(other, order, number))
      : others(number).some(
          (other) => other.request.kind === 'purchase' && outcomeOfNumber(other, number) !== 'not-done',
        ),
  );
}

/** Whether another order disconnected a number that a purchase delivered. */
export const isDisconnectedBy = (other: Order, purchase: Order, number: PhoneNumber): boolean =>
  kindRules[other.request.kind].effect === 'removes' &&
  other.requestedAt > purchase.requestedAt &&
  outcomeOfNumber(other, number) === 'done';
