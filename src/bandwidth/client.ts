import type { ListedKind } from '../orders/domain/order-kinds.js';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { Timestamp } from '../orders/domain/request.js';
import type { NumberHistory } from '../orders/drift-ports.js';
import { ROWS_A_PAGE } from '../orders/engine/tracking/plan-lookups.js';
import type { InventorySource } from '../orders/inventory-ports.js';
import { type Carrier, CarrierError, type Clock, type Log, type PartlyRead } from '../orders/ports.js';
import { makeActivations } from './activations.js';
import { apiVersionAt } from './api-version.js';
import { type Calls, documentIn, makeCalls, saysThereIsNone } from './calls.js';
import { makeCampaigns } from './campaigns.js';
import { notOffered } from './check-availability.js';
import { makeAskChecker, makeCheckServices } from './check-services.js';
import { makeCloseBackOrder } from './close-back-order.js';
import type { Credentials } from './credentials.js';
import { decodeSearch, isOnlyLinks } from './decode.js';
import { complaintsOf, decodeFaults } from './decode-faults.js';
import {
  decodeLastOrder,
  decodeNumberDetails,
  decodeNumberList,
  type LastOrder,
  namesUnknownNumbers,
} from './decode-numbers.js';
import { decodeOrderList, decodeOrderStatuses, type OrderList } from './decode-order-list.js';
import { decodeLocations, decodeSites } from './decode-places.js';
import { encodeDay, encodeNumberList, encodeQuery } from './encode.js';
import { type RequestName, refusal, statusError, unreadable } from './errors.js';
import { makeFindLike } from './find-like.js';
import { makeHolds } from './holds.js';
import { type MakeHttpsAgent, NoAnswer, type Timeouts } from './http.js';
import { makeInventorySource } from './inventory-source.js';
import { makeLocationFacts } from './location-facts.js';
import { about, makeLogOnce } from './log-once.js';
import { lookUpNumbers, type NumberSources } from './look-up.js';
import type { LookupLimit } from './lookup-limit.js';
import type { CallMeasurements } from './measure-call.js';
import { makeNumberDetails } from './number-details.js';
import { makeNumberHistory } from './number-history.js';
import { kindsAtBandwidth, type XmlKind } from './order-kinds.js';
import { makePlaceLists } from './place-lists.js';
import { answeredPlacement, unansweredPlacement, unknownPlacement } from './placement.js';
import { searchNumbers } from './search-numbers.js';
import { MalformedXml, type XmlDocument } from './xml.js';

/**
 * The longest time placing an order may take before the attempt is abandoned. Includes getting a token, the POST and
 * one repeat after a 401.
 */
export const PLACE_WITHIN_MS = 20_000;

const DAY_MS = 24 * 60 * 60_000;

const NUMBERS: RequestName = 'the details of these numbers';
/** "Telephone number … is not valid": GET tns/{tn}/tndetails. */
const INVALID_NUMBER = '12512';

/**
 * Connects to Bandwidth's Phone Number API for one account. `apiUrl` is everything before `/accounts`; its end says
 * which version of the API is spoken. `close` ends all connections, including those with a call in progress.
 */
export function makeBandwidth(deps: {
  accountId: string;
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  /** A monotonic clock in milliseconds. Defaults to the real one; tests pass a fixed one. */
  stopwatch?: () => number;
  log: Log;
  timeouts?: Partial<Timeouts>;
  httpsAgent?: MakeHttpsAgent | undefined;
  /** After this many milliseconds `place` has ended and none of its requests are still running. */
  placeWithinMs?: number;
  /** The rate limit for lookups. Without one, there is no limit. */
  lookLimit?: LookupLimit;
  measure?: CallMeasurements;
}): Carrier & { readonly history: NumberHistory; readonly inventory: InventorySource; close(): void } {
  const { accountId, clock, log } = deps;
  const calls = makeCalls(deps);
  const logOnce = makeLogOnce(log);
  const { send, ask, expect, get, faultsIn, close } = calls;
  const account = `/accounts/${encodeURIComponent(accountId)}`;
  const version = apiVersionAt(deps.apiUrl);
  const { writeNumber } = version;

  /** Decodes a document that holds a list. A list with nothing but errors in it is a refusal. */
  const list = async <T>(
    path: string,
    asked: RequestName,
    root: string,
    decode: (document: XmlDocument, log: Log) => PartlyRead<T> | Promise<PartlyRead<T>>,
  ): Promise<PartlyRead<T>> => {
    const document = await get(account + path, asked, root);
    if (document === undefined) return [];
    const found = await decode(document, log);
    const faults = found.length > 0 ? [] : decodeFaults(document, log);
    if (faults.length > 0) throw refusal(asked, faults);
    if (found.length === 0 && found.unread !== undefined) {
      throw unreadable(asked, 'entries that cannot be read');
    }
    return found;
  };

  /** Reads one page of the account's orders or disconnects. */
  const readPage = async <List extends { readonly rows: readonly unknown[]; readonly total?: number }>(
    { ask, expect }: Pick<Calls, 'ask' | 'expect'>,
    kind: ListedKind,
    page: string,
    filter: readonly (readonly [string, string])[],
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

  const listPage = (
    kind: ListedKind,
    page: string,
    filter: readonly (readonly [string, string])[],
  ): Promise<OrderList> => readPage(calls, kind, page, filter, decodeOrderList);

  const readOrder = async (
    kind: XmlKind,
    carrierOrderId: string,
    { get }: Pick<Calls, 'get'> = calls,
  ): Promise<XmlDocument> => {
    const { path, reportRoot, asked } = kindsAtBandwidth[kind];
    const document = await get(`${account}${path}/${encodeURIComponent(carrierOrderId)}`, asked, reportRoot);
    if (document === undefined) throw unreadable(asked, 'no content');
    return document;
  };

  /** Reads the orders of a kind whose list isn't paged, and whose root isn't certain. */
  const readChanges: Parameters<typeof makeFindLike>[0]['readChanges'] = async (kind, orderId, decode) => {
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
  const askingChecker = { account, hasChecker: version.activatesServices, now: clock.now, logOnce };
  const askCheckerLater = makeAskChecker({ ...askingChecker, calls: calls.unhurried });
  const activations = makeActivations({
    account,
    isSupported: version.activatesServices,
    calls,
    askChecker: askCheckerLater,
    clock,
  });

  const place: Carrier['place'] = async (orderId, request, reservationIds = []) => {
    const deadline = AbortSignal.timeout(deps.placeWithinMs ?? PLACE_WITHIN_MS);
    if (request.kind === 'activation') return activations.place(orderId, request, deadline);
    const { path, root, asked, encode } = kindsAtBandwidth[request.kind];
    try {
      const answer = await send('POST', account + path, {
        body: encode(orderId, request, writeNumber, reservationIds),
        deadline,
      });
      return await answeredPlacement({ asked, root, now: clock.now(), log }, answer);
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof CarrierError)
        return unansweredPlacement(asked, error);
      // This is a bug in our code, perhaps after the order was sent: throwing would lose the order.
      log.error({ orderId, error }, 'placing an order failed unexpectedly');
      return unknownPlacement(asked);
    }
  };

  const numberPath = (number: PhoneNumber) => `/tns/${encodeURIComponent(writeNumber(number))}`;

  /** Undefined too when Bandwidth has no record of the number. */
  const lastOrder = async (number: PhoneNumber): Promise<LastOrder | undefined> => {
    const answer = await ask(numberPath(number), NUMBERS);
    if (saysThereIsNone(answer)) return undefined;
    const order = decodeLastOrder(await expect(answer, NUMBERS, 'telephonenumberresponse'), number);
    if (order === 'unreadable') throw unreadable(NUMBERS, 'no number, or an order of no known kind');
    return order;
  };

  /** Whole days. Bandwidth doesn't document the time zone, so this adds a day on either side. */
  const daysSince = (at: Timestamp) =>
    [
      ['startdate', encodeDay(at - DAY_MS)],
      ['enddate', encodeDay(clock.now() + DAY_MS)],
    ] as const;

  const findLike = makeFindLike({
    listPage,
    readChanges,
    readOrder,
    lastOrder,
    daysSince,
    activations,
    log,
  });

  const numbers: NumberSources = {
    lastOrder,

    async details(number) {
      const answer = await ask(`${numberPath(number)}/tndetails`, NUMBERS);
      if (saysThereIsNone(answer)) return undefined;
      if (answer.status === 400 && (await faultsIn(answer)).some(({ code }) => code === INVALID_NUMBER)) {
        return undefined;
      }
      const document = await expect(answer, NUMBERS, 'telephonenumberresponse');
      const record = decodeNumberDetails(document);
      if (record?.facts.number === number) return record;
      const faults = decodeFaults(document, log);
      throw faults.length > 0
        ? refusal(NUMBERS, faults)
        : unreadable(NUMBERS, 'another number than asked for');
    },

    async list(asked) {
      const answer = await ask('/tns', NUMBERS, {
        method: 'POST',
        body: encodeNumberList(asked, writeNumber),
      });
      const faults = await faultsIn(answer);
      // The list may come with a 400 when some of the numbers are unknown.
      const ordinary = faults.length > 0 && faults.every(namesUnknownNumbers);
      const read = ordinary && answer.status === 400 ? { ...answer, status: 200 } : answer;
      const document = await expect(read, NUMBERS, 'telephonenumbersresponse');
      if (faults.length > 0 && !ordinary) throw refusal(NUMBERS, faults);
      return {
        records: decodeNumberList(document),
        unknown: faults.flatMap((fault) => fault.numbers),
      };
    },

    async isInService(number) {
      const path = `${account}/inserviceNumbers/${encodeURIComponent(writeNumber(number))}`;
      const answer = await ask(path, NUMBERS);
      if (saysThereIsNone(answer)) return false;
      // "Yes" has an empty body. A web page from a proxy says nothing about the number.
      const isEmpty = answer.body.trim() === '' && answer.unreadable === undefined;
      if (answer.status === 200 && isEmpty) return true;
      if (answer.status === 200) throw unreadable(NUMBERS, 'a body where none is expected');
      throw statusError(answer, NUMBERS, await faultsIn(answer), clock.now());
    },
  };

  const search = (query: string) =>
    list(`/availableNumbers?${query}`, 'this search', 'searchresult', decodeSearch);

  const lookups: Carrier['lookups'] = () => {
    const { lookLimit } = deps;
    return { left: lookLimit?.left() ?? UNLIMITED, perMinute: lookLimit?.perMinute ?? UNLIMITED };
  };
  const sites: Carrier['sites'] = () =>
    list('/sites', 'the list of sub-accounts', 'sitesresponse', decodeSites);
  const locations: Carrier['locations'] = (siteId) =>
    list(
      `/sites/${encodeURIComponent(siteId)}/sippeers`,
      'the locations of this sub-account',
      'tnsippeersresponse',
      decodeLocations,
    );

  return {
    search: (wanted) => searchNumbers(wanted, version, search),

    place,

    async find(sent) {
      const { ours, sameNumbers } = await findLike(sent);
      return ours.length > 0 ? ours : sameNumbers;
    },

    findLike,

    async report(kind, carrierOrderId) {
      if (kind === 'activation') return activations.report(carrierOrderId);
      const { path, reportRoot: root, asked, decode } = kindsAtBandwidth[kind];
      const where = `${account}${path}/${encodeURIComponent(carrierOrderId)}`;
      const answer = await calls.unhurried.ask(where, asked);
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

    history: makeNumberHistory({ account, calls, writeNumber }),

    ...makeHolds({ accountId, calls, clock, log, writeNumber }),

    now: calls.now,

    notOffered: (wanted) => notOffered(wanted, search),

    ...makePlaceLists({ calls, log }),

    ...makeLocationFacts({ account, calls, writeNumber, log }),

    ...makeCampaigns({ account, calls, numberPath, log }),

    closeBackOrder: makeCloseBackOrder({ account, calls, clock, log }),

    listOrders: (kind, { since, page = '1' }) =>
      readPage(calls.unhurried, kind, page, daysSince(since), decodeOrderStatuses),

    lookups,

    numberDetails: makeNumberDetails({
      accountId,
      calls,
      numberPath,
      isInService: numbers.isInService,
      askChecker: makeAskChecker({ ...askingChecker, calls }),
      log,
    }),

    checkServices: makeCheckServices({
      accountId,
      askChecker: askCheckerLater,
      calls: calls.unhurried,
      numberPath,
      log,
    }),

    lookUpNumbers: (wanted) => lookUpNumbers(wanted, accountId, numbers, log),

    sites,
    locations,

    inventory: {
      ...makeInventorySource({ account, accountId, calls: calls.inventory, version, log }),
      lookups,
      sites,
      locations,
    },

    close,
  };
}

/** In characters. An answer about an order is only longer than this when it lists many numbers. */
const SHORT_ANSWER = 2_000;

const UNLIMITED = Number.MAX_SAFE_INTEGER;
const noOrders = { rows: [], total: 0 } as const;
