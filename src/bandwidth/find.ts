import type { OrderId } from '../orders/order.js';
import type { Log } from '../orders/ports.js';
import type { OrderList } from './decode.js';
import { unreadable } from './errors.js';

/** How many pages are read when Bandwidth lists more than was asked for. */
const MAX_PAGES = 20;

/**
 * Looks through the orders of an account, page by page, for those with this CustomerOrderId; oldest first.
 *
 * "There is none" may lead to a second order, so it is said only of a list read to its end; otherwise it throws.
 */
export async function findOrders(
  orderId: OrderId,
  readPage: (page: string) => Promise<OrderList>,
  log: Log,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  let listed = 0;
  let counted: number | undefined;
  let next: string | undefined = '1';
  while (next !== undefined && seen.size < MAX_PAGES) {
    seen.add(next);
    const { rows, total, nextPage } = await readPage(next);
    listed += rows.length;
    if (total !== undefined) counted = Math.max(counted ?? 0, total);
    // Bandwidth may list other orders too; what is not ours is not counted.
    const ours = rows.filter(({ customerOrderId }) => isSame(customerOrderId, orderId));
    if (ours.length < rows.length) {
      log.warn({ orderId, rows: rows.length }, 'Bandwidth lists orders that were not asked for');
    }
    if (ours.length > 0) return idsByDate(ours);
    const more = nextPage !== undefined && !seen.has(nextPage) && rows.length > 0;
    if (counted !== undefined && listed >= counted) return [];
    if (counted !== undefined && !more) throw notRead(listed);
    next = more ? nextPage : undefined;
  }
  if (next !== undefined) throw notRead(listed);
  return [];
}

function notRead(listed: number) {
  return unreadable('the list of orders', `not among the ${listed} orders listed, and not all were listed`);
}

function idsByDate(rows: OrderList['rows']): readonly string[] {
  const sorted = rows.toSorted((one, other) => Number(one.date > other.date) - Number(one.date < other.date));
  return [...new Set(sorted.map(({ id }) => id))];
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
