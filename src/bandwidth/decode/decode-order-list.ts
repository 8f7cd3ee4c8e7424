import type { Timestamp } from '../../orders/domain/request.js';
import type { ListedOrders } from '../../orders/ports/carrier.js';
import {
  childOf,
  element,
  holdsMore,
  listOf,
  one,
  readCount,
  rows,
  type Texts,
  text,
  textsIn,
} from '../schema.js';
import type { XmlDocument } from '../xml.js';
import { readDate, statuses } from './decode.js';

/** One order or disconnect of a list. */
export interface OrderRow {
  readonly id: string;
  readonly customerOrderId?: string;
  /** Digits that sort by date. */
  readonly date: string;
  /** Absent unless the date is unambiguous. */
  readonly createdAt?: Timestamp;
}

export interface OrderList {
  readonly rows: readonly OrderRow[];
  /** How many rows can't be read; at least one where the answer holds anything else than the list. */
  readonly unread?: number;
  readonly total?: number;
  /** The `page` of the next call. The list is paged by order id. */
  readonly nextPage?: string;
}

const orderRowNames = ['orderid', 'id', 'customerorderid', 'orderdate'] as const;
const statusRowNames = ['orderid', 'id', 'orderstatus'] as const;

/** Returns only the page from `Link=<https://some-other-host:443/…/orders?page=ID&size=300>;rel="next"`. */
function pageIn(link: string | undefined): string | undefined {
  return /[?&]page=([\w-]+)/.exec(link ?? '')?.[1];
}

const orderListSchema = element({
  listorderiduseriddate: one({
    totalcount: text,
    links: one({ next: text }),
    orderiduseriddate: rows,
  }),
});

/** Anything else may be our order, or an error that keeps it from being listed. */
const besideRows: readonly string[] = ['orderiduseriddate', 'totalcount', 'count', 'links'];

export function decodeOrderList(document: XmlDocument): OrderList {
  const { totalcount, links, orderiduseriddate } = orderListSchema.parse(
    document.content,
  ).listorderiduseriddate;
  const total = readCount(totalcount);
  const nextPage = pageIn(links.next);
  const read = orderiduseriddate.flatMap((row) => orderRow(textsIn(row, orderRowNames)) ?? []);
  const [list, ...otherLists] = listOf(childOf(document.content, 'listorderiduseriddate'));
  const strangers =
    holdsMore(list, besideRows) ||
    holdsMore(otherLists, []) ||
    holdsMore(document.content, ['listorderiduseriddate']);
  const unread = Math.max(orderiduseriddate.length - read.length, strangers ? 1 : 0);
  return {
    rows: read,
    ...(unread === 0 ? {} : { unread }),
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

/** Decodes the same list when only the status of each order is needed. */
export function decodeOrderStatuses(document: XmlDocument): ListedOrders {
  const { totalcount, links, orderiduseriddate } = orderListSchema.parse(
    document.content,
  ).listorderiduseriddate;
  const total = readCount(totalcount);
  const nextPage = pageIn(links.next);
  return {
    rows: orderiduseriddate.flatMap((row) => {
      const { orderid, id: plainId, orderstatus } = textsIn(row, statusRowNames);
      const id = orderid ?? plainId;
      const status = statuses[orderstatus?.toUpperCase() ?? ''];
      return id === undefined ? [] : [status === undefined ? { id } : { id, status }];
    }),
    ...(total === undefined ? {} : { total }),
    ...(nextPage === undefined ? {} : { nextPage }),
  };
}

/** Returns undefined for a row without an id. */
export function orderRow(row: Partial<Texts<(typeof orderRowNames)[number]>>): OrderRow | undefined {
  const id = row.orderid ?? row.id;
  if (id === undefined) return undefined;
  const createdAt = readDate(row.orderdate);
  return {
    id,
    date: sortableDate(row.orderdate),
    ...(row.customerorderid === undefined ? {} : { customerOrderId: row.customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

/**
 * Bandwidth sends dates like `2014-01-10T17-34-15Z` and `2013-12-20T06`. Their digits alone sort correctly without
 * parsing.
 */
function sortableDate(value: string | undefined): string {
  return (value ?? '').replace(/\D/g, '').padEnd(17, '0');
}
