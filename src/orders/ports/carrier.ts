import type { CarrierFault, CarrierReport, UnclearResponse } from '../domain/carrier-report.js';
import type { FoundNumber } from '../domain/kept-search.js';
import type { NumberDetails } from '../domain/number-details.js';
import type { OrderIn } from '../domain/order.js';
import type { ListedKind, OrderKind } from '../domain/order-kinds.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type {
  ListedCampaign,
  Location,
  NumberInService,
  OrderId,
  OrderRequest,
  Site,
  Timestamp,
} from '../domain/request.js';
import type { Search } from '../domain/search/search.js';
import type { ServiceCheck } from '../domain/service-states.js';

/** A list from Bandwidth; `unread` is how many more entries, at least, couldn't be parsed. */
export type PartlyRead<Entry> = readonly Entry[] & { readonly unread?: number };

/** Attaches `unread` as a non-enumerable property, so that the list compares and serializes as its entries. */
export function partlyRead<Entry>(entries: readonly Entry[], unread: number): PartlyRead<Entry> {
  return unread > 0 ? Object.defineProperty([...entries], 'unread', { value: unread }) : entries;
}

/** Bandwidth's name for a rate center, and the longer one that people use. */
export interface RateCenter {
  readonly abbreviation: string;
  readonly name?: string;
}

/** The result of one attempt to place an order. All four are expected; none is thrown. */
export type Placement =
  | { readonly outcome: 'taken'; readonly carrierOrderId: string }
  /** Bandwidth rejected it; nothing was ordered, and trying again wouldn't help. */
  | { readonly outcome: 'refused'; readonly advice: string; readonly faults: readonly CarrierFault[] }
  /**
   * Certainly not accepted, and worth another try (rate limit, no connection). `retryAt` is set if Bandwidth named a
   * time.
   */
  | { readonly outcome: 'not-taken'; readonly advice: string; readonly retryAt?: Timestamp }
  /** It may or may not exist now. Look it up before sending it again. `advice` is for the log. */
  | ({ readonly outcome: 'unknown'; readonly advice?: string } & UnclearResponse);

/** An order that may or may not have reached Bandwidth. */
export type SentOrder = Pick<OrderIn<'placing'>, 'id' | 'request' | 'sentAt'>;

/** The carrier orders that may be one of our orders; the likeliest first. */
export interface FoundBefore {
  /** Carrier orders with its id. */
  readonly ours: readonly string[];
  /** If there are none: disconnects without an id for exactly its numbers. */
  readonly sameNumbers: readonly string[];
}

/** Whether a number is in service on our account. The whole number has to match exactly. */
export type NumberStanding =
  | { readonly standing: 'in-service'; readonly record: NumberInService }
  /** On our account, but not in service; `status` is Bandwidth's status, e.g. Aging, if it has one. */
  | { readonly standing: 'not-in-service'; readonly number: PhoneNumber; readonly status?: string }
  /** On another account, or none. */
  | { readonly standing: 'not-ours'; readonly number: PhoneNumber };

/** A number that Bandwidth holds for this account; `until` is by Bandwidth's clock. */
export interface Reservation {
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** The result of asking Bandwidth to hold a number. All three are expected. */
export type HoldAnswer =
  | ({ readonly outcome: 'held' } & Reservation)
  /** Someone else has it, or it doesn't exist. */
  | { readonly outcome: 'gone' }
  /** This account can't reserve numbers. */
  | { readonly outcome: 'unavailable-for-account' };

/** The result of asking Bandwidth to close a back-order. */
export type Closing =
  /** It will be closed, or already is; the next report on the order tells the outcome. */
  | { readonly outcome: 'closed' }
  /** It is no longer back-ordered, so there is nothing to close. */
  | { readonly outcome: 'not-backordered' }
  | { readonly outcome: 'refused'; readonly advice: string; readonly faults: readonly CarrierFault[] };

/**
 * A page of the account's orders, including other people's. Neither their sequence nor their completeness is
 * guaranteed.
 */
export interface ListedOrders {
  /** The ids are those of carrier orders; the numbers of an order aren't included. */
  readonly rows: ReadonlyArray<{ readonly id: string; readonly status?: CarrierReport['status'] }>;
  /** The number of rows on all pages together. */
  readonly total?: number;
  readonly nextPage?: string;
}

/**
 * Bandwidth. Every method except `place`, `lookups` and `now` throws {@link CarrierError} when Bandwidth can't be asked
 * or refuses.
 */
export interface Carrier {
  search(search: Search): Promise<PartlyRead<FoundNumber>>;
  /** `reservationIds` name the holds on its numbers. */
  place(orderId: OrderId, request: OrderRequest, reservationIds?: readonly string[]): Promise<Placement>;
  /**
   * Returns the carrier orders of this order: those with its id as CustomerOrderId or, for a disconnect, with exactly
   * its numbers.
   */
  find(order: SentOrder): Promise<readonly string[]>;
  /** Like `find`, but lists disconnects of the same numbers separately, because they can be someone else's. */
  findLike(order: SentOrder): Promise<FoundBefore>;
  report(kind: OrderKind, carrierOrderId: string): Promise<CarrierReport>;
  /**
   * Returns a page of the orders, or disconnects, created since then: the first page, or the one named in an earlier
   * answer.
   */
  listOrders(
    kind: ListedKind,
    from: { readonly since: Timestamp; readonly page?: string },
  ): Promise<ListedOrders>;
  /** Returns how many background lookups would be allowed now, and how many per minute. */
  lookups(): { readonly left: number; readonly perMinute: number };
  /** Holds one number for a while. Repeating it is safe: a number can't be reserved twice. */
  hold(number: PhoneNumber): Promise<HoldAnswer>;
  /** Returns this account's reservation of this number, by any program or person. */
  findHold(number: PhoneNumber): Promise<Reservation | undefined>;
  /**
   * Returns the time by Bandwidth's clock, which no one on our side can change. Undefined until an answer has told it,
   * and again after our own clock was set or the machine slept, until the next answer.
   */
  now(): Timestamp | undefined;
  /** Ends a reservation. No error if it has already ended. */
  release(reservationId: string): Promise<void>;
  /** Returns which of these numbers Bandwidth doesn't offer right now, as far as it can be asked. */
  notOffered(numbers: readonly PhoneNumber[]): Promise<readonly PhoneNumber[]>;
  /** Closes a back-order, so that Bandwidth stops looking for numbers. May be repeated. */
  closeBackOrder(
    carrierOrderId: string,
    order: { readonly id: OrderId; readonly request: OrderRequest },
  ): Promise<Closing>;
  /** Returns what Bandwidth knows about each of these numbers, leaving none out; see {@link NumberStanding}. */
  lookUpNumbers(numbers: readonly PhoneNumber[]): Promise<readonly NumberStanding[]>;
  /** Returns everything Bandwidth says about one number. What it can't be asked is named in `notRead`. */
  numberDetails(number: PhoneNumber): Promise<NumberDetails>;
  /**
   * Returns which services work on these numbers, as far as Bandwidth says. Asks at background priority: no order waits
   * for it.
   */
  checkServices(numbers: readonly PhoneNumber[]): Promise<ServiceCheck>;
  /** Returns the names of the cities of a state (two letters), each once. */
  cities(state: string): Promise<readonly string[]>;
  rateCenters(state: string): Promise<readonly RateCenter[]>;
  sites(): Promise<PartlyRead<Site>>;
  /** Returns the locations of one sub-account. */
  locations(siteId: string): Promise<PartlyRead<Location>>;
  /** Returns the account's 10DLC campaigns. */
  campaigns(): Promise<PartlyRead<ListedCampaign>>;
  /** Whether Bandwidth calls a number fully provisioned for its campaign. False also if it doesn't say. */
  isProvisioned(number: PhoneNumber): Promise<boolean>;
  /** Whether text messages work at a location; undefined if that can't be found out. Never rejects. */
  takesMessages(siteId: string, locationId: string): Promise<boolean | undefined>;
  /** Whether the calls of each of these numbers are forwarded, as far as that can be found out. Never rejects. */
  forwarded(numbers: readonly NumberInService[]): Promise<ReadonlyMap<PhoneNumber, boolean>>;
}

export type CarrierTrouble =
  /** No answer, or an incomplete one. */
  | 'unreachable'
  /** 5xx, or something other than the requested document. */
  | 'broken'
  /** 429. */
  | 'throttled'
  /** 401, even with a new token. */
  | 'credentials'
  /** 403: the credentials lack a role. */
  | 'forbidden'
  /** 404. */
  | 'missing'
  /** Bandwidth's own error codes. */
  | 'refused';

/** Bandwidth couldn't be asked, or refused. `message` is for the log; `advice` is a sentence for people. */
export class CarrierError extends Error {
  override readonly name = 'CarrierError';
  readonly trouble: CarrierTrouble;
  readonly advice: string;
  readonly retryAt: Timestamp | undefined;
  readonly faults: readonly CarrierFault[];

  constructor(
    trouble: CarrierTrouble,
    message: string,
    given: {
      advice: string;
      retryAt?: Timestamp | undefined;
      faults?: readonly CarrierFault[];
      cause?: unknown;
    },
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.trouble = trouble;
    this.advice = given.advice;
    this.retryAt = given.retryAt;
    this.faults = given.faults ?? [];
  }
}
