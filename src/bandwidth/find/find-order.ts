import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import type { OrderId, Timestamp } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderList, OrderRow } from '../decode/decode-order-list.js';
import { type RequestName, unreadable } from '../errors.js';
import { idsByDate, isRecent, isSameId, MAX_CANDIDATES, OPENED_AT_ONCE, readList } from './read-list.js';

const LIST: RequestName = 'the list of orders';

/** The lookups needed to find an order. Each throws CarrierError when Bandwidth doesn't answer. */
export interface OrderSources {
  /** Reads one page of the orders with this CustomerOrderId. */
  readPage(page: string, customerOrderId: string): Promise<OrderList>;
  /** Undefined when the answer isn't about an order. */
  open(carrierOrderId: string): Promise<{ readonly customerOrderId?: string } | undefined>;
}

/**
 * Returns the account's orders with this CustomerOrderId, oldest first. When the list omits that field, each listed
 * order is opened. When an order omits it too, the list itself is the proof, if it lists nothing for an id that nobody
 * has. Returns "none" only after reading the whole list; otherwise throws CarrierError.
 */
export async function findOrder(
  sent: { readonly id: OrderId; readonly sentAt: Timestamp },
  { readPage, open }: OrderSources,
  log: Log,
): Promise<readonly string[]> {
  const isOurs = (row: OrderRow) => isSameId(row.customerOrderId, sent.id);
  const rows = await readList(LIST, (page) => readPage(page, sent.id), isOurs);
  const ours = rows.filter(isOurs);
  if (ours.length < rows.length) {
    log.warn({ orderId: sent.id, rows: rows.length }, 'bandwidth list includes other orders');
  }
  if (ours.length > 0) return idsByDate(ours);
  // If the list shows the id of one order, it shows the id of every order that has one.
  const showsIds = rows.some((row) => row.customerOrderId !== undefined);
  const nameless = showsIds ? [] : rows.filter((row) => isRecent(row, sent));
  if (nameless.length > MAX_CANDIDATES) {
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
  const certain = opened.filter(({ order }) => isSameId(order?.customerOrderId, sent.id));
  if (certain.length > 0) return idsByDate(certain.map(({ row }) => row));
  const unnamed = opened.filter(({ order }) => order?.customerOrderId === undefined);
  if (unnamed.length === 0) return [];
  const unfiltered = await readPage('1', randomUUID());
  if (unfiltered.rows.length > 0 || unfiltered.unread !== undefined) {
    throw unreadable(LIST, `${unnamed.length} of them could be ours, and none says whose it is`);
  }
  log.warn(
    { orderId: sent.id, orders: unnamed.length },
    'bandwidth order found only by the filter of the list',
  );
  return idsByDate(unnamed.map(({ row }) => row));
}
