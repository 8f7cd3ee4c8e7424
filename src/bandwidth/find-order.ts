import type { OrderId } from '../orders/order.js';
import type { Log } from '../orders/ports.js';
import type { ListedOrder, OrderList } from './decode.js';
import { idsByDate, isSameId, readList } from './read-list.js';

/**
 * Looks through the orders of an account for those with this CustomerOrderId; oldest first. "There is none" is said
 * only of a list read to its end; otherwise it throws CarrierError.
 */
export async function findOrder(
  orderId: OrderId,
  readPage: (page: string) => Promise<OrderList>,
  log: Log,
): Promise<readonly string[]> {
  const isOurs = (row: ListedOrder) => isSameId(row.customerOrderId, orderId);
  const rows = await readList('the list of orders', readPage, isOurs);
  const ours = rows.filter(isOurs);
  if (ours.length < rows.length) {
    log.warn({ orderId, rows: rows.length }, 'Bandwidth lists orders that were not asked for');
  }
  return idsByDate(ours);
}
