import { deliveredQuantity } from './carrier-report.js';
import { isFinal, type Order, type Progress } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import { namedNumbers } from './request.js';

/**
 * What an order did to one number: `done` if Bandwidth delivered or disconnected it; `pending` while it may still;
 * `not-known` if Bandwidth didn't say.
 */
export type NumberOutcome = 'done' | 'not-done' | 'pending' | 'not-known';

/** Whether an order names a number, or Bandwidth listed the number for it. */
export function isAbout(order: Order, number: PhoneNumber): boolean {
  return namedNumbers(order.request).includes(number) || listedNumbers(order).includes(number);
}

export function outcomeOfNumber(order: Order, number: PhoneNumber): NumberOutcome {
  if (listedNumbers(order).includes(number)) return 'done';
  if (!isFinal(order)) return 'pending';
  switch (order.status) {
    case 'complete':
    case 'partial':
    case 'failed':
      if (order.outcome.failed.includes(number)) return 'not-done';
      return isWhole(order) ? 'not-done' : 'not-known';
    case 'given-up':
      return 'not-known';
    default:
      return 'not-done';
  }
}

/** The numbers that Bandwidth says it delivered or disconnected. */
export function listedNumbers(order: Progress & Pick<Order, 'lines'>): readonly PhoneNumber[] {
  if (order.status === 'ordering') return (order.lines ?? []).flatMap(listedNumbers);
  if (order.status === 'placed') return order.carrierOrder.completed;
  return 'outcome' in order ? order.outcome.completed : [];
}

/** Whether the list of numbers that were done leaves none out. */
function isWhole(order: Extract<Order, { outcome: unknown }>): boolean {
  return deliveredQuantity(order.status, order.outcome) === order.outcome.completed.length;
}
