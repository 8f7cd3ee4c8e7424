import type { ListedKind, OrderKind } from '../orders/domain/order-kinds.js';
import type { Timestamp } from '../orders/domain/request.js';
import { ROWS_A_PAGE } from '../orders/engine/tracking/plan-lookups.js';
import type { Carrier } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { type Calls, documentIn } from './calls.js';
import { isOnlyLinks } from './decode/decode.js';
import { complaintsOf, decodeFaults } from './decode/decode-faults.js';
import { decodeOrderList, decodeOrderStatuses, type OrderList } from './decode/decode-order-list.js';
import { encodeDay, encodeQuery } from './encode.js';
import { refusal, unreadable } from './errors.js';
import { about } from './log-once.js';
import { kindsAtBandwidth, type XmlKind } from './order-kinds.js';
import { MalformedXml, type XmlDocument } from './xml.js';

const DAY_MS = 24 * 60 * 60_000;
/** In characters. An answer about an order is only longer than this when it lists many numbers. */
const SHORT_ANSWER = 2_000;
const noOrders = { rows: [], total: 0 } as const;

export type OrderListFilter = readonly (readonly [string, string])[];

/** Reading the account's orders of all kinds that XML describes. Everything async throws CarrierError. */
export interface ReadOrders {
  /** Reads one page of the orders, or disconnects, that match the filter. */
  listPage(kind: ListedKind, page: string, filter: OrderListFilter): Promise<OrderList>;
  listOrders: Carrier['listOrders'];
  /** Reads the list of such orders that have this CustomerOrderId. It isn't paged, and its root isn't certain. */
  readChanges(
    kind: XmlKind,
    customerOrderId: string,
    decode: (document: XmlDocument) => OrderList,
  ): Promise<OrderList>;
  readOrder(kind: XmlKind, carrierOrderId: string): Promise<XmlDocument>;
  report(kind: Exclude<OrderKind, 'activation'>, carrierOrderId: string): ReturnType<Carrier['report']>;
  /** Whole days. Bandwidth doesn't document the time zone, so this adds a day on either side. */
  daysSince(at: Timestamp): OrderListFilter;
}

export function makeReadOrders(deps: {
  /** The path of the account. */
  account: string;
  calls: Calls;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Writes the same warning only once. */
  logOnce: Log;
}): ReadOrders {
  const { account, calls, clock, log, logOnce } = deps;
  const { ask, expect, get } = calls;

  /** Reads one page of the account's orders or disconnects. */
  const readPage = async <List extends { readonly rows: readonly unknown[]; readonly total?: number }>(
    { ask, expect }: Pick<Calls, 'ask' | 'expect'>,
    kind: ListedKind,
    page: string,
    filter: OrderListFilter,
    decode: (document: XmlDocument) => List,
  ): Promise<List | typeof noOrders> => {
    const { path, list: asked } = kindsAtBandwidth[kind];
    const query = encodeQuery([...filter, ['page', page], ['size', ROWS_A_PAGE]]);
    const answer = await ask(`${account}${path}?${query}`, asked);
    if (answer.status === 204) return noOrders;
    if (answer.status === 404) {
      const document = await documentIn(answer);
      // Any other 404 is a wrong address or an error, and proves nothing.
      if (!(document instanceof MalformedXml) && isOnlyLinks(document)) return noOrders;
    }
    const document = await expect(answer, asked, 'responseselectwrapper');
    const orders = decode(document);
    if (orders.rows.length > 0) return orders;
    // An error can come with a count of zero, and must not become "there is no such order".
    const faults = decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    if (orders.total === undefined) throw unreadable(asked, 'a list without rows or a count');
    return orders;
  };

  const readOrder: ReadOrders['readOrder'] = async (kind, carrierOrderId) => {
    const { path, reportRoot, asked } = kindsAtBandwidth[kind];
    const document = await get(`${account}${path}/${encodeURIComponent(carrierOrderId)}`, asked, reportRoot);
    if (document === undefined) throw unreadable(asked, 'no content');
    return document;
  };

  const readChanges: ReadOrders['readChanges'] = async (kind, orderId, decode) => {
    const { path, list: asked } = kindsAtBandwidth[kind];
    const answer = await ask(`${account}${path}?${encodeQuery([['customerOrderId', orderId]])}`, asked);
    if (answer.status === 204) return noOrders;
    const document = await documentIn(answer);
    if (document instanceof MalformedXml) return expect(answer, asked, '').then(decode);
    if (answer.status === 404 && isOnlyLinks(document)) return noOrders;
    const orders = decode(await expect(answer, asked, document.root));
    const faults = orders.rows.length > 0 ? [] : decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    return orders;
  };

  const daysSince: ReadOrders['daysSince'] = (at) => [
    ['startdate', encodeDay(at - DAY_MS)],
    ['enddate', encodeDay(clock.now() + DAY_MS)],
  ];

  return {
    listPage: (kind, page, filter) => readPage(calls, kind, page, filter, decodeOrderList),
    listOrders: (kind, { since, page = '1' }) =>
      readPage(calls.background, kind, page, daysSince(since), decodeOrderStatuses),
    readChanges,
    readOrder,
    daysSince,

    async report(kind, carrierOrderId) {
      const { path, reportRoot: root, asked, decode } = kindsAtBandwidth[kind];
      const where = `${account}${path}/${encodeURIComponent(carrierOrderId)}`;
      const answer = await calls.background.ask(where, asked);
      // An answer that only says "pending" may have any status and any root.
      const isShort = answer.body.length < SHORT_ANSWER;
      const told = about(logOnce, { carrierOrderId });
      const { pending } = isShort ? await complaintsOf(answer, told) : { pending: false };
      const document = await documentIn(answer);
      const isReport = !(document instanceof MalformedXml) && document.root === root && answer.status === 200;
      const report = isReport ? decode(document, told) : undefined;
      if (report !== undefined) return report;
      if (pending) return { status: 'received', completed: [], failed: [], faults: [] };
      const faults = decodeFaults(await expect(answer, asked, root), log);
      throw faults.length > 0 ? refusal(asked, faults) : unreadable(asked, 'a report that says nothing');
    },
  };
}
