import { deliveredQuantity, type FinalCarrierStatus, listsAll } from './carrier-report.js';
import { destinationOf, purchaseOfLines } from './destinations.js';
import { linesOf } from './lines.js';
import type { Order, OrderIn } from './order.js';
import { kindRules } from './order-kinds.js';
import type { PhoneNumber } from './phone-number.js';
import { linesWanted, type PurchaseRequest, requestedQuantity, type WantedLine } from './request.js';
import { areaCodeOf } from './search/area-code-of.js';
import { checkSearch } from './search/check-search.js';

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
  const { request } = order;
  const lines = linesOf(order).flatMap((line) =>
    missingIn(line).map((wanted) => ({ ...wanted, ...whereTo(line) })),
  );
  return lines.length === 0 ? undefined : purchaseOfLines(request, lines);
}

const whereTo = ({ request }: Order) => (request.kind === 'purchase' ? { to: destinationOf(request) } : {});

/** Returns what is missing of one line; nothing if Bandwidth doesn't say. */
function missingIn(line: Order): readonly WantedLine[] {
  const { request } = line;
  if (request.kind !== 'purchase') return [];
  switch (line.status) {
    case 'partial':
      return restOf(line, request);
    case 'failed':
    case 'refused':
      return canBeAskedAgain(line) ? linesWanted(request.wanted).map(instead) : [];
    case 'cancelled':
      return linesWanted(request.wanted);
    default:
      return [];
  }
}

function restOf(
  { status, outcome, duplicates }: OrderIn<FinalCarrierStatus>,
  request: PurchaseRequest,
): readonly WantedLine[] {
  const delivered = deliveredQuantity(status, outcome);
  if (delivered === undefined || duplicates !== undefined || outcome.unread !== undefined) return [];
  const quantity = requestedQuantity(request) - delivered;
  if (quantity <= 0) return [];
  return linesWanted(request.wanted).flatMap((wanted): readonly WantedLine[] => {
    if (wanted.by === 'search') return [{ by: 'search', search: { ...wanted.search, quantity } }];
    if (!listsAll(outcome)) return [];
    const missing = wanted.numbers.filter((number) => !outcome.completed.includes(number));
    return missing.length === quantity ? [insteadOf(missing)] : [];
  });
}

/** Numbers that Bandwidth didn't deliver are most likely gone. */
const instead = (wanted: WantedLine): WantedLine =>
  wanted.by === 'numbers' ? insteadOf(wanted.numbers) : wanted;

function insteadOf(numbers: readonly PhoneNumber[]): WantedLine {
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
