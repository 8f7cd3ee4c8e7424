import { areaCodeOf } from './area-code-of.js';
import { deliveredQuantity, listsAll, type Order } from './order.js';
import { kindRules } from './order-kinds.js';
import type { PhoneNumber } from './phone-number.js';
import { askedQuantity, type PurchaseRequest, type Wanted } from './request.js';
import { checkSearch } from './search.js';

// What people may want next when an order has ended.

/** Whether the same request can be made again: it ended, and nothing of it was done. */
export function canBeAskedAgain(order: Order): boolean {
  // The order that bought the numbers still has the button for it.
  if (kindRules[order.request.kind].follows) return false;
  switch (order.status) {
    case 'expired':
    case 'declined':
    case 'refused':
      return true;
    case 'failed':
      return deliveredQuantity(order.status, order.outcome) === 0 && order.duplicates === undefined;
    default:
      return false;
  }
}

/**
 * Returns a request for what a purchase didn't deliver; undefined if it delivered everything, or if Bandwidth doesn't
 * say how many numbers it delivered. Named numbers that weren't delivered are most likely gone, so others in their area
 * code are requested; if they have no common one, the same numbers again.
 */
export function stillMissing(order: Order): PurchaseRequest | undefined {
  if (order.status !== 'partial' || order.request.kind !== 'purchase') return undefined;
  const { request, outcome, duplicates } = order;
  const delivered = deliveredQuantity(order.status, outcome);
  if (delivered === undefined || duplicates !== undefined || outcome.unread !== undefined) return undefined;
  const quantity = askedQuantity(request) - delivered;
  if (quantity <= 0) return undefined;
  const { wanted } = request;
  if (wanted.by === 'search') {
    return { ...request, wanted: { by: 'search', search: { ...wanted.search, quantity } } };
  }
  if (!listsAll(outcome)) return undefined;
  const missing = wanted.numbers.filter((number) => !outcome.completed.includes(number));
  return missing.length === quantity ? { ...request, wanted: insteadOf(missing) } : undefined;
}

function insteadOf(numbers: readonly PhoneNumber[]): Wanted {
  const areaCode = areaCodeOf(numbers);
  const search =
    areaCode === undefined ? [] : checkSearch({ criteria: { areaCode }, quantity: numbers.length });
  return 'kind' in search ? { by: 'search', search } : { by: 'numbers', numbers };
}

/** Returns the numbers that a finished purchase delivered; none for any other order. */
export function deliveredNumbers(order: Order): readonly PhoneNumber[] {
  return order.request.kind === 'purchase' && (order.status === 'complete' || order.status === 'partial')
    ? order.outcome.completed
    : [];
}
