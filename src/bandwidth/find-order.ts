import pMap from 'p-map';
import type { OrderId, Timestamp } from '../orders/domain/request.js';
import type { Log } from '../orders/ports.js';
import type { ListedOrder, OrderList } from './decode.js';
import { type RequestName, unreadable } from './errors.js';
import { idsByDate, isRecent, isSameId, MOST_CANDIDATES, OPENED_AT_ONCE, readList } from './read-list.js';

const LIST: RequestName = 'the list of orders';

/** What Bandwidth can be asked about orders. Each throws CarrierError when it does not answer. */
export interface OrderSources {
  /** One page of the orders with this CustomerOrderId. */
  readPage(page: string): Promise<OrderList>;
  /** Undefined where the answer tells of no order. */
  open(carrierOrderId: string): Promise<{ readonly customerOrderId?: string } | undefined>;
}

/**
 * Looks through the orders of an account for those with this CustomerOrderId; oldest first. Where the list leaves it out
 * altogether, each may be ours and is opened. "There is none" is said only of a list read to its end; otherwise it throws CarrierError.
 */
export async function findOrder(
  sent: { readonly id: OrderId; readonly sentAt: Timestamp },
  { readPage, open }: OrderSources,
  log: Log,
): Promise<readonly string[]> {
  const isOurs = (row: ListedOrder) => isSameId(row.customerOrderId, sent.id);
  const rows = await readList(LIST, readPage, isOurs);
  const ours = rows.filter(isOurs);
  if (ours.length < rows.length) {
    log.warn({ orderId: sent.id, rows: rows.length }, 'Bandwidth lists orders that were not asked for');
  }
  if (ours.length > 0) return idsByDate(ours);
  // A list that tells it of one order tells it of all that have one.
  const tellsIt = rows.some((row) => row.customerOrderId !== undefined);
  const nameless = tellsIt ? [] : rows.filter((row) => isRecent(row, sent));
  if (nameless.length > MOST_CANDIDATES) {
    throw unreadable(LIST, `${nameless.length} of them could be ours, too many to open`);
  }
  const opened = await pMap(
    nameless,
    async (row) => ({
      row,
      order: await open(row.id),
    }),
    { concurrency: OPENED_AT_ONCE },
  );
  if (opened.some(({ order }) => order === undefined))
    throw unreadable(LIST, 'one that may be ours says nothing');
  return idsByDate(
    opened.filter(({ order }) => isSameId(order?.customerOrderId, sent.id)).map(({ row }) => row),
  );
}
