import type { PhoneNumber } from '../orders/domain/phone-number.js';
import { type Carrier, CarrierError, type PartlyRead } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { NumberHistory } from '../orders/ports/drift.js';
import type { InventorySource } from '../orders/ports/inventory.js';
import type { Log } from '../orders/ports/log.js';
import { makeActivations } from './activations.js';
import { apiVersionAt } from './api-version.js';
import { makeCalls } from './calls.js';
import { makeCampaigns } from './campaigns.js';
import { notOffered } from './check-availability.js';
import { makeAskChecker, makeCheckServices } from './check-services.js';
import { makeCloseRequest } from './close-back-order.js';
import type { Credentials } from './credentials.js';
import { decodeSearch } from './decode/decode.js';
import { decodeFaults } from './decode/decode-faults.js';
import { decodeLocations, decodeSites } from './decode/decode-places.js';
import { type RequestName, refusal, unreadable } from './errors.js';
import { makeFindLike } from './find/find-like.js';
import { makeHolds } from './holds.js';
import { type MakeHttpsAgent, NoAnswer, type Timeouts } from './http.js';
import { makeInventorySource } from './inventory-source.js';
import { makeLocationFacts } from './location-facts.js';
import { makeLogOnce } from './log-once.js';
import { lookUpNumbers } from './look-up.js';
import type { LookupLimit } from './lookup-limit.js';
import type { CallMeasurements } from './measure-call.js';
import { makeNumberDetails } from './number-details.js';
import { makeNumberHistory } from './number-history.js';
import { makeNumberSources } from './number-sources.js';
import { kindsAtBandwidth } from './order-kinds.js';
import { makePlaceLists } from './place-lists.js';
import { answeredPlacement, unansweredPlacement, unknownPlacement } from './placement.js';
import { makeReadOrders } from './read-orders.js';
import { searchNumbers } from './search-numbers.js';
import type { XmlDocument } from './xml.js';

/**
 * The longest time placing an order may take before the attempt is abandoned. Includes getting a token, the POST and
 * one repeat after a 401.
 */
export const PLACE_WITHIN_MS = 20_000;

const UNLIMITED = Number.MAX_SAFE_INTEGER;

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
  lookupLimit?: LookupLimit;
  measure?: CallMeasurements;
}): Carrier & { readonly history: NumberHistory; readonly inventory: InventorySource; close(): void } {
  const { accountId, clock, log } = deps;
  const calls = makeCalls(deps);
  const logOnce = makeLogOnce(log);
  const { send, get, close } = calls;
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

  const askingChecker = { account, hasChecker: version.activatesServices, now: clock.now, logOnce };
  const askCheckerLater = makeAskChecker({ ...askingChecker, calls: calls.background });
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

  const numbers = makeNumberSources({ account, numberPath, calls, clock, log, writeNumber });
  const orders = makeReadOrders({ account, calls, clock, log, logOnce });
  const findLike = makeFindLike({ orders, lastOrder: numbers.lastOrder, activations, log });

  const search = (query: string) =>
    list(`/availableNumbers?${query}`, 'this search', 'searchresult', decodeSearch);

  const lookups: Carrier['lookups'] = () => {
    const { lookupLimit } = deps;
    return { left: lookupLimit?.left() ?? UNLIMITED, perMinute: lookupLimit?.perMinute ?? UNLIMITED };
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

    history: makeNumberHistory({ account, calls, writeNumber }),

    ...makeHolds({ accountId, calls, clock, log, writeNumber }),

    now: calls.now,

    notOffered: (wanted) => notOffered(wanted, search),

    ...makePlaceLists({ calls, log }),

    ...makeLocationFacts({ account, calls, writeNumber, log }),

    ...makeCampaigns({ account, calls, numberPath, log }),

    closeBackOrder: makeCloseRequest({ account, calls, clock, log }),

    listOrders: orders.listOrders,

    report: (kind, carrierOrderId) =>
      kind === 'activation' ? activations.report(carrierOrderId) : orders.report(kind, carrierOrderId),

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
      calls: calls.background,
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
