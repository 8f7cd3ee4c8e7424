import type { CarrierFault, OrderId, PurchaseRequest } from '../orders/order.js';
import { type Carrier, CarrierError, type Clock, type Log, type Placement } from '../orders/ports.js';
import type { Credentials } from './credentials.js';
import {
  decodeFaults,
  decodeLocations,
  decodeOrderAnswer,
  decodeOrderList,
  decodeReport,
  decodeSearch,
  decodeSites,
  type OrderList,
} from './decode.js';
import { encodeOrder, encodeQuery, encodeSearch, writeNumberFor } from './encode.js';
import { type Asked, refusal, statusError, unreachable, unreadable } from './errors.js';
import { findOrders } from './find.js';
import { type HttpAnswer, type HttpRequest, makeHttp, NoAnswer, type Timeouts } from './http.js';
import { answeredPlacement, unansweredPlacement, unknownPlacement } from './placement.js';
import { MalformedXml, parseXml, type XmlDocument } from './xml.js';

/** "A maximum of 1,000 orders can be retrieved per request": GET orders. */
const ORDERS_A_PAGE = 1000;

/** A POST, the token before it and the one repeat after a 401 included. */
const PLACE_WITHIN_MS = 20_000;

/**
 * Bandwidth's Phone Number API for one account. `apiUrl` is everything before `/accounts`; when it ends in /v2,
 * numbers are sent as E.164. `close` ends all connections, also those a call still waits on.
 */
export function makeBandwidth(needs: {
  accountId: string;
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  log: Log;
  timeouts?: Partial<Timeouts>;
  /** After this long `place` has ended, and nothing of it is under way any more. */
  placeWithinMs?: number;
}): Carrier & { close(): void } {
  const { credentials, clock, log } = needs;
  const http = makeHttp(needs.timeouts);
  const account = `${needs.apiUrl.replace(/\/+$/, '')}/accounts/${encodeURIComponent(needs.accountId)}`;
  const writeNumber = writeNumberFor(needs.apiUrl);

  /** Sends with our credentials. After a 401 nothing was done, so any call may be sent once more with a new token. */
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    { body, deadline }: Pick<HttpRequest, 'body' | 'deadline'> = {},
  ): Promise<HttpAnswer> => {
    const attempt = async (authorization: string) => {
      const startedAt = clock.now();
      const answer = await http.send({
        method,
        url: account + path,
        headers: {
          Authorization: authorization,
          Accept: 'application/xml',
          ...(body === undefined ? {} : { 'Content-Type': 'application/xml; charset=utf-8' }),
        },
        ...(body === undefined ? {} : { body }),
        ...(deadline === undefined ? {} : { deadline }),
      });
      log.debug(
        { method, path, status: answer.status, milliseconds: clock.now() - startedAt },
        'Bandwidth answered',
      );
      return answer;
    };
    const authorization = await credentials.authorization();
    const answer = await attempt(authorization);
    if (answer.status !== 401 || !(await credentials.renew(authorization))) return answer;
    return attempt(await credentials.authorization());
  };

  const faultsIn = async (answer: HttpAnswer): Promise<readonly CarrierFault[]> => {
    const document = await documentIn(answer);
    return document instanceof MalformedXml ? [] : decodeFaults(document, log);
  };

  const ask = async (path: string, asked: Asked): Promise<HttpAnswer> => {
    try {
      return await send('GET', path);
    } catch (error) {
      throw error instanceof NoAnswer ? unreachable(asked, error) : error;
    }
  };

  /** The document of that root in a successful answer; anything else is thrown as what it is. */
  const expect = async (answer: HttpAnswer, asked: Asked, root: string): Promise<XmlDocument> => {
    if (answer.status !== 200) throw statusError(answer, asked, await faultsIn(answer), clock.now());
    const document = await documentIn(answer);
    if (document instanceof MalformedXml) throw unreadable(asked, document.message);
    if (document.root === root) return document;
    const faults = decodeFaults(document, log);
    throw faults.length > 0 ? refusal(asked, faults) : unreadable(asked, `a document <${document.root}>`);
  };

  /** A document, or undefined for "no content". */
  const get = async (path: string, asked: Asked, root: string): Promise<XmlDocument | undefined> => {
    const answer = await ask(path, asked);
    return answer.status === 204 ? undefined : expect(answer, asked, root);
  };

  /** What `decode` finds in a document that holds a list. A list with nothing but complaints in it is a refusal. */
  const list = async <T>(
    path: string,
    asked: Asked,
    root: string,
    decode: (document: XmlDocument, log: Log) => readonly T[],
  ): Promise<readonly T[]> => {
    const document = await get(path, asked, root);
    if (document === undefined) return [];
    const found = decode(document, log);
    const faults = found.length > 0 ? [] : decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    return found;
  };

  /** One page of the orders with this CustomerOrderId. */
  const ordersPage = async (customerOrderId: string, page: string): Promise<OrderList> => {
    const asked = 'the list of orders';
    const query = encodeQuery([
      ['customerOrderId', customerOrderId],
      ['page', page],
      ['size', ORDERS_A_PAGE],
    ]);
    const answer = await ask(`/orders?${query}`, asked);
    if (answer.status === 204) return noOrders;
    if (answer.status === 404) {
      const document = await documentIn(answer);
      // "None" is spelled as a 404 that holds only links. Any other 404 is a wrong address, and proves nothing.
      if (!(document instanceof MalformedXml) && document.root === 'links') return noOrders;
    }
    const document = await expect(answer, asked, 'responseselectwrapper');
    const orders = decodeOrderList(document);
    if (orders.rows.length === 0 && orders.total === undefined) {
      const faults = decodeFaults(document, log);
      throw faults.length > 0
        ? refusal(asked, faults)
        : unreadable(asked, 'a list without orders or a count');
    }
    return orders;
  };

  const placed = async (orderId: OrderId, request: PurchaseRequest): Promise<Placement> => {
    try {
      const answer = await send('POST', '/orders', {
        body: encodeOrder(orderId, request, writeNumber),
        deadline: AbortSignal.timeout(needs.placeWithinMs ?? PLACE_WITHIN_MS),
      });
      const document = await documentIn(answer);
      const isOrder = !(document instanceof MalformedXml) && document.root === 'orderresponse';
      return answeredPlacement(answer, isOrder ? decodeOrderAnswer(document, log) : undefined, clock.now());
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof CarrierError) return unansweredPlacement(error);
      // A mistake of ours, perhaps after the order left: throwing would lose it.
      log.error({ orderId, error }, 'Placing an order went wrong in an unexpected way');
      return unknownPlacement;
    }
  };

  return {
    search: (search) =>
      list(`/availableNumbers?${encodeSearch(search)}`, 'this search', 'searchresult', decodeSearch),

    async place(orderId, request) {
      const placement = await placed(orderId, request);
      log.info({ orderId, ...placement }, 'An order was sent to Bandwidth');
      return placement;
    },

    find: (orderId) => findOrders(orderId, (page) => ordersPage(orderId, page), log),

    async report(carrierOrderId) {
      const asked = 'this order';
      const document = await get(`/orders/${encodeURIComponent(carrierOrderId)}`, asked, 'orderresponse');
      if (document === undefined) throw unreadable(asked, 'no content');
      const report = decodeReport(document, log);
      if (report !== undefined) return report;
      const faults = decodeFaults(document, log);
      throw faults.length > 0 ? refusal(asked, faults) : unreadable(asked, 'a report that says nothing');
    },

    sites: () => list('/sites', 'the list of sub-accounts', 'sitesresponse', decodeSites),

    locations: (siteId) =>
      list(
        `/sites/${encodeURIComponent(siteId)}/sippeers`,
        'the locations of this sub-account',
        'tnsippeersresponse',
        decodeLocations,
      ),

    close: http.close,
  };
}

const noOrders: OrderList = { rows: [], total: 0 };

/** The document of an answer, or why it has none. */
async function documentIn(answer: HttpAnswer): Promise<XmlDocument | MalformedXml> {
  try {
    return await parseXml(answer.body);
  } catch (error) {
    if (error instanceof MalformedXml) return error;
    throw error;
  }
}
