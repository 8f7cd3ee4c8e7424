import type { AnnouncementKind, DirectAnnouncement } from './domain/announcement.js';
import type { CarrierFault, CarrierReport, Heard } from './domain/carrier-report.js';
import type { DelegationRecord } from './domain/delegation.js';
import type { DamagedEntry, JournalEntry, JournalEvent } from './domain/journal-entry.js';
import type { FoundNumber, KeptSearch } from './domain/kept-search.js';
import type { NumberDetails } from './domain/number-details.js';
import type { OpenQuestion } from './domain/open-facts.js';
import type { BegunPost, Card, CardPlace, Order, OrderIn } from './domain/order.js';
import type { ListedKind, OrderKind } from './domain/order-kinds.js';
import type { PhoneNumber } from './domain/phone-number.js';
import type {
  ListedCampaign,
  Location,
  NumberInService,
  OrderId,
  OrderRequest,
  Person,
  Site,
  Timestamp,
} from './domain/request.js';
import type { Search } from './domain/search/search.js';
import type { ServiceCheck } from './domain/service-states.js';
import type { Age, Circumstances, Standing } from './domain/standing.js';
import type { CountedNumbers, Tally, TallyScope } from './domain/tally.js';

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
  /** It may or may not exist now. Look it up before sending it again. */
  | ({ readonly outcome: 'unknown'; readonly advice: string } & Heard);

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
  /** Returns what Bandwidth knows about each of these numbers; see {@link NumberStanding}. */
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

/** Stored orders. Every method throws {@link StoreError} when the store can't be reached. */
export interface OrderStore {
  /** Returns false if an order with this id exists. Durable once it resolves. */
  insert(order: Order): Promise<boolean>;
  get(id: OrderId): Promise<Order | undefined>;
  /** Writes `next` only if `current` is still what is stored; returns false if someone else wrote first. */
  replace(current: Order, next: Order): Promise<boolean>;
  /**
   * Returns the ids of all orders that aren't settled (see `isSettled`). It may include a settled order for some
   * minutes if the instance that settled it died at that moment.
   */
  open(): Promise<readonly OrderId[]>;
  /**
   * Returns the open orders that a question is about: maybe too many, but every one that any instance has recorded by
   * now. Reads an order once, and again only after an edit.
   */
  openAbout(question: OpenQuestion): Promise<readonly OrderId[]>;
}

/** Every order there is, for verification. */
export interface OrderArchive {
  /**
   * Iterates in no particular order. An unreadable order yields an error in its place and doesn't stop the iteration.
   */
  all(): AsyncIterable<{ readonly id: OrderId; readonly order: Order | StoreError }>;
}

/** An order, a person's delegations, or an explanation of drift, as far as the journal is concerned. */
export interface JournaledRecord {
  readonly id: string;
  readonly requester: Person;
  readonly events: readonly JournalEvent[];
}

/**
 * What was decided and done: one append-only, hash-chained list of events per workspace (the requester's team). Every
 * method throws {@link StoreError} when it can't be reached.
 */
export interface Journal {
  /**
   * Appends the events that are missing. Each event becomes one entry, no matter how often, from how many
   * processes or after which crash this is called. Durable once it resolves.
   */
  append(record: JournaledRecord): Promise<void>;
  /** Returns the entries written since then, oldest first, with unreadable ones in their places. */
  since(teamId: string, writtenAt: Timestamp): AsyncIterable<JournalEntry | DamagedEntry>;
}

/** The journal as stored, for verification. */
export interface JournalArchive {
  /** Lists what is stored in the journal without reading it. */
  survey(): Promise<{
    /** For each workspace with a journal, the numbers of its entries in ascending order. */
    readonly chains: ReadonlyMap<string, readonly number[]>;
    /** Keys stored in the journal that can't belong to an entry. */
    readonly strays: readonly string[];
  }>;
  /** Returns the stored value of this entry, or the error of reading it; undefined if there is none. */
  entry(teamId: string, sequence: number): Promise<unknown>;
}

/**
 * Leases on work among instances that share the store. They only keep instances out of each other's way: a lease can be
 * lost unnoticed, so what must never happen twice is guarded by conditional writes.
 */
export interface Leases {
  /** True if no other instance can exist; then leases are always granted and nothing is written. */
  readonly alone: boolean;
  /** Returns undefined while someone else has it. It is held until it is given back or its holder dies. */
  take(what: string): Promise<Lease | undefined>;
}

export interface Lease {
  /** True once it may have passed to someone else, because the store was unreachable for too long. */
  readonly lost: boolean;
  /** Never rejects. */
  giveBack(): Promise<void>;
}

/**
 * One instance's lookups at Bandwidth, as it reports them. Durations instead of times, because the clocks of two
 * instances may differ.
 */
export interface LookupsMade {
  /** Since it started. */
  readonly total: number;
  /** In its last minute. */
  readonly lately: number;
  /** How many more background lookups it may make before its next report. */
  readonly reserved: number;
  /** How often Bandwidth has rate-limited it, and for how long the last time. */
  readonly refusals: number;
  readonly refusedForMs: number;
}

/** Where instances that share the store report their lookups. Throws {@link StoreError} when it can't be reached. */
export interface QuotaStore {
  /** Reports this instance's lookups. The report expires after a while. */
  tell(mine: LookupsMade): Promise<void>;
  /** Returns the latest report of each other instance. */
  others(): Promise<ReadonlyMap<string, LookupsMade>>;
}

/** Searches that people may still page through and pick from; kept for a day. */
export interface SearchStore {
  get(id: string): Promise<KeptSearch | undefined>;
  put(search: KeptSearch): Promise<void>;
}

/**
 * What is counted against the limits, by month. The cost of reading or writing a part doesn't depend on the total.
 * Every method throws {@link StoreError} when it can't be reached, or was written by a newer version.
 */
export interface Ledger {
  /** Reads the requested part of a month's tally, e.g. of `2026-11`, plus what was counted last. */
  read(month: string, scope: TallyScope): Promise<Tally | NoTally>;
  /**
   * Writes `next` only if the tally is still the one that `current` was read from; returns false if someone else wrote
   * first.
   */
  replace(current: Tally, next: Tally): Promise<boolean>;
  /**
   * Replaces what was read with a whole new tally; returns false if someone else wrote first. `isLast`: no later month
   * can have a tally.
   */
  begin(
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
    isLast: boolean,
  ): Promise<boolean>;
  /** Returns true if the previous month's tally shows that this month never had one. It shows that only once. */
  isNew(month: string): Promise<boolean>;
  /** Moves accumulated entries to where they cost nothing. Call it now and then, when no one is waiting. */
  tidy(month: string): Promise<void>;
}

/** The tally of this month is missing or unreadable, which isn't the same as an empty one. */
export interface NoTally {
  readonly month: string;
  readonly none: 'absent' | 'unreadable';
}

/** Everything that is counted, for verification. */
export interface LedgerArchive {
  /** Returns every month's tally; undefined for an unreadable one. */
  months(): Promise<ReadonlyMap<string, Tally | undefined>>;
}

/** The store couldn't be asked. If it was to write, it certainly didn't, unless this is an {@link OutcomeUnknown}. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly advice: string =
    "I can't reach my database right now, so nothing was changed. Try again in a minute.";
}

/** A write was sent and its answer was lost: it may or may not be in the store. */
export class OutcomeUnknown extends StoreError {
  override readonly name = 'OutcomeUnknown';
  override readonly advice: string;
  /** What was to be saved, in words for people: `your approval`. */
  readonly saving: string;
  /** Whether it was saved after all, once that is known; undefined if it never will be. Never rejects. */
  readonly becomes: Promise<boolean | undefined>;

  constructor(
    message: string,
    given: {
      readonly cause?: unknown;
      readonly saving?: string;
      readonly becomes?: Promise<boolean | undefined>;
    } = {},
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.saving = given.saving ?? 'that';
    this.becomes = given.becomes ?? Promise.resolve(undefined);
    this.advice = `I don't know whether ${this.saving} was saved: my database didn't confirm it. Don't press again. I'll check.`;
  }
}

/** Who is away and who decides for them. Every method throws {@link StoreError} when it can't be reached. */
export interface DelegationStore {
  all(): Promise<readonly DelegationRecord[]>;
  of(userId: string): Promise<DelegationRecord | undefined>;
  /** Returns false if the person has a record already. */
  insert(record: DelegationRecord): Promise<boolean>;
  /** Writes only if the record is still the one that `current` is; returns false if someone else wrote first. */
  replace(current: DelegationRecord, next: DelegationRecord): Promise<boolean>;
}

/** Where a card is now. */
export interface ShownCard {
  readonly place: CardPlace;
  /** It was posted just now. It doesn't name the people who can approve, because a post would notify them. */
  readonly isNew?: true;
  /** An earlier attempt had posted it. Which revision it shows isn't known. */
  readonly isFound?: true;
}

/** A card that is about to be posted: `at` marks it, and `place` is set if an earlier attempt has posted it. */
export interface BegunCard {
  readonly at: Timestamp;
  readonly place?: CardPlace;
}

/** The Slack side of an order: its cards and their threads. */
export interface OrderBoard {
  /**
   * Draws one of its cards: posts it the first time, updates it afterwards, and replaces it if it was deleted; `gone` if
   * that was a copy and there is nothing to decide anymore.
   *
   * @param begin is called before each post, which is made only if it returns no place.
   */
  show(order: Order, card: Card, begin: () => Promise<BegunCard>): Promise<ShownCard | 'gone'>;
  /**
   * Returns where the card of this channel is that was begun at this time; undefined if it isn't there. `unknown` if
   * Slack doesn't let the app look. Throws if Slack doesn't answer.
   */
  findCard(order: Order, channelId: string, begunAt: Timestamp): Promise<CardPlace | undefined | 'unknown'>;
  /**
   * Posts one announcement in the thread of {@link cardFor}.
   *
   * @param begunAt marks the message, so that {@link OrderBoard.isTold} finds it.
   */
  tell(order: Order, kind: AnnouncementKind, begunAt?: Timestamp): Promise<void>;
  /**
   * Whether an announcement that was begun is in the thread. `unknown` if Slack doesn't let the app read it. Throws if
   * Slack doesn't answer.
   */
  isTold(order: Order, post: BegunPost): Promise<boolean | 'unknown'>;
  /** Returns the user ids of everyone who is asked to decide: the members of groups, and delegates, too. */
  peopleToNotify(order: OrderIn<'awaiting-approval'>): Promise<readonly string[]>;
  /** Asks one of them in a direct message; false if Slack delivers none to them. */
  notify(order: OrderIn<'awaiting-approval'>, userId: string, begunAt: Timestamp): Promise<boolean>;
  /** Like {@link OrderBoard.isTold}, for the direct message to this person. */
  isNotified(order: Order, userId: string, begunAt: Timestamp): Promise<boolean | 'unknown'>;
  /** Tells the requester in a direct message that the card can't be posted, and how to fix it. */
  tellUnreachable(order: Order, why: string): Promise<void>;
  /** Tells the requester in a direct message what can't be posted. */
  tellDirectly(order: Order, kind: DirectAnnouncement): Promise<void>;
}

/** The card's channel can't be posted to until a person changes something (bot not invited, archived). */
export class BoardUnreachable extends Error {
  override readonly name = 'BoardUnreachable';
  /** Slack's error code, e.g. `not_in_channel`. */
  readonly why: string;

  constructor(why: string, cause?: unknown) {
    super(`the card cannot be posted: ${why}`, cause === undefined ? undefined : { cause });
    this.why = why;
  }
}

/** Slack limits how often something is posted or updated in this place. Other places aren't affected. */
export class BoardLimited extends Error {
  override readonly name = 'BoardLimited';
  /** How long Slack asks to wait. */
  readonly waitMs: number;

  constructor(waitMs: number, cause: unknown) {
    super(`Slack takes the next one in ${Math.ceil(waitMs / 1000)} seconds`, { cause });
    this.waitMs = waitMs;
  }
}

/** Membership in the approver groups. */
export interface ApproverGroups {
  /** Throws when Slack has to be asked and doesn't answer. `recent` accepts an answer that is some minutes old. */
  includesAny(groupIds: readonly string[], userId: string, age?: Age): Promise<boolean>;
  /** Returns the user ids of everyone in these groups, from an answer that may be some minutes old. Throws likewise. */
  membersOf(groupIds: readonly string[]): Promise<readonly string[]>;
}

/** A person, with what Slack's payload says about where they belong. */
export interface Claim {
  readonly userId: string;
  /** Their home workspace, or the installation once they were let in. */
  readonly teamId?: string;
  /** `teamId` doesn't tell where they belong; see {@link Person.unplaced}. */
  readonly unplaced?: true;
  /** They typed a command in the installation, which outsiders can't. */
  readonly typedHere?: boolean;
}

/** Who people are, according to Slack. */
export interface Accounts {
  /** Never rejects. `recent` accepts an answer up to an hour old. */
  standingOf(claim: Claim, age: Age): Promise<Standing>;
  /** False if the app lacks the permission to ask; then no one is known to be a full member. */
  canAsk(): Promise<boolean>;
}

/** What Slack knows about channels. */
export interface Channels {
  /**
   * Never rejects.
   *
   * @param sharing whether the answer must say who can read the channel.
   */
  about(
    channelId: string,
    sharing: boolean,
  ): Promise<Pick<Circumstances, 'sharing' | 'isDirect' | 'workspaceId' | 'workspaceUnknown'>>;
}

export interface Clock {
  now(): Timestamp;
  /** Calls `wake` once at (or just after) that time; the returned function cancels it. */
  wakeAt(at: Timestamp, wake: () => void): () => void;
}

/** Takes facts first, then a message; never a credential. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}
