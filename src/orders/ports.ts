import type { CarrierFault, CarrierReport, Heard } from './domain/carrier-report.js';
import type { DamagedEntry, JournalEntry } from './domain/journal-entry.js';
import type { FoundNumber, KeptSearch } from './domain/kept-search.js';
import type { OpenQuestion } from './domain/open-facts.js';
import type { AnnouncementKind, CardPlace, DirectAnnouncement, Order, OrderIn } from './domain/order.js';
import type { PhoneNumber } from './domain/phone-number.js';
import type { Location, NumberInService, OrderId, OrderRequest, Site, Timestamp } from './domain/request.js';
import type { Search } from './domain/search.js';
import type { Age, Circumstances, Standing } from './domain/standing.js';
import type { CountedNumbers, Tally, TallyScope } from './domain/tally.js';

/** A list of Bandwidth's; `unread`: how many more entries it has, at least, that can't be read. */
export type PartlyRead<Entry> = readonly Entry[] & { readonly unread?: number };

/** `unread` isn't enumerable: such a list is compared and stored as its entries. */
export function partlyRead<Entry>(entries: readonly Entry[], unread: number): PartlyRead<Entry> {
  return unread > 0 ? Object.defineProperty([...entries], 'unread', { value: unread }) : entries;
}

/** Bandwidth's own name for a rate center, and the longer one that people know it by. */
export interface RateCenter {
  readonly abbreviation: string;
  readonly name?: string;
}

/** What became of one attempt to place an order. All four are ordinary; none is thrown. */
export type Placement =
  | { readonly outcome: 'taken'; readonly carrierOrderId: string }
  /** Bandwidth said no; nothing was ordered and asking again would not help. */
  | { readonly outcome: 'refused'; readonly advice: string; readonly faults: readonly CarrierFault[] }
  /** Certainly not taken, worth another try (rate limit, no connection). `retryAt` if Bandwidth named a time. */
  | { readonly outcome: 'not-taken'; readonly advice: string; readonly retryAt?: Timestamp }
  /** It may or may not exist now. Never send again before looking. */
  | ({ readonly outcome: 'unknown'; readonly advice: string } & Heard);

/** An order that may or may not have reached Bandwidth. */
export type SentOrder = Pick<OrderIn<'placing'>, 'id' | 'request' | 'sentAt'>;

/** The carrier orders that may be one of our orders; the likeliest first. */
export interface FoundBefore {
  /** They carry its id. */
  readonly ours: readonly string[];
  /** Where none does: disconnects without an id, for exactly its numbers. */
  readonly sameNumbers: readonly string[];
}

/** Whether a number works on our account, matched as a whole and exactly. */
export type NumberStanding =
  | { readonly standing: 'in-service'; readonly record: NumberInService }
  /** On our account, but not working; `status` is Bandwidth's word, e.g. Aging, if it has one. */
  | { readonly standing: 'not-in-service'; readonly number: PhoneNumber; readonly status?: string }
  /** Somebody else's, or nobody's. */
  | { readonly standing: 'not-ours'; readonly number: PhoneNumber };

/** A number Bandwidth keeps aside for this account; `until` is a time of Bandwidth's clock. */
export interface Reservation {
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** What became of asking Bandwidth to keep a number aside. All three are ordinary. */
export type HoldAnswer =
  | ({ readonly outcome: 'held' } & Reservation)
  /** Somebody else has it, or nobody knows it. */
  | { readonly outcome: 'gone' }
  /** This account may not reserve any number. */
  | { readonly outcome: 'unavailable-for-account' };

/** What became of asking Bandwidth to look for no more numbers. */
export type Closing =
  /** It will, or has: what became of the order is for its next report to say. */
  | { readonly outcome: 'closed' }
  /** It is not back-ordered any more, so there is nothing to close. */
  | { readonly outcome: 'not-backordered' }
  | { readonly outcome: 'refused'; readonly advice: string; readonly faults: readonly CarrierFault[] };

/** Some of the orders of the account, whoever made them. In which order, and whether each is among them, is not known. */
export interface ListedOrders {
  /** The ids are carrier orders'; the numbers of an order are not told. */
  readonly rows: ReadonlyArray<{ readonly id: string; readonly status?: CarrierReport['status'] }>;
  /** How many rows all pages together have. */
  readonly total?: number;
  readonly nextPage?: string;
}

/** Bandwidth. Every method but `place`, `looks` and `now` throws {@link CarrierError} when Bandwidth cannot be asked or says no. */
export interface Carrier {
  search(search: Search): Promise<PartlyRead<FoundNumber>>;
  /** `reservationIds`: what keeps the numbers aside for it. */
  place(orderId: OrderId, request: OrderRequest, reservationIds?: readonly string[]): Promise<Placement>;
  /** The carrier orders that are this order: by its id as CustomerOrderId, or, for a disconnect, by exactly its numbers. */
  find(order: SentOrder): Promise<readonly string[]>;
  /** The same, but keeps apart the disconnects of the same numbers, which can be somebody else's. */
  findUnsent(order: SentOrder): Promise<FoundBefore>;
  report(kind: OrderRequest['kind'], carrierOrderId: string): Promise<CarrierReport>;
  /** A page of the orders, or disconnects, made since then: the first one, or the one an answer named. */
  listOrders(
    kind: OrderRequest['kind'],
    from: { readonly since: Timestamp; readonly page?: string },
  ): Promise<ListedOrders>;
  /** How many look-ups that nobody waits for would be let through now, and how many are in a minute. */
  lookups(): { readonly left: number; readonly perMinute: number };
  /** Keeps one number aside for a while. May be asked again: nobody can reserve a number twice. */
  hold(number: PhoneNumber): Promise<HoldAnswer>;
  /** The reservation that keeps this number aside for this account, whoever made it. */
  findHold(number: PhoneNumber): Promise<Reservation | undefined>;
  /**
   * What Bandwidth's clock says, which nobody on our side can set. Undefined until an answer has told it, and again when
   * our own clock was set since, or the machine slept: then the next answer tells it.
   */
  now(): Timestamp | undefined;
  /** Ends a reservation. One that has ended already is no error. */
  release(reservationId: string): Promise<void>;
  /** Of these numbers, the ones Bandwidth does not offer just now, as far as it can be asked. */
  notOffered(numbers: readonly PhoneNumber[]): Promise<readonly PhoneNumber[]>;
  /** Has Bandwidth look for no more numbers for a back-ordered order. May be said twice. */
  closeBackOrder(
    carrierOrderId: string,
    order: { readonly id: OrderId; readonly request: OrderRequest },
  ): Promise<Closing>;
  /** What Bandwidth knows of each of these numbers; see {@link NumberStanding}. */
  lookUpNumbers(numbers: readonly PhoneNumber[]): Promise<readonly NumberStanding[]>;
  /** The cities of a state (two letters) by name, each once. */
  cities(state: string): Promise<readonly string[]>;
  rateCenters(state: string): Promise<readonly RateCenter[]>;
  sites(): Promise<PartlyRead<Site>>;
  /** The locations of one sub-account. */
  locations(siteId: string): Promise<PartlyRead<Location>>;
}

export type CarrierTrouble =
  /** No answer, or only half of one. */
  | 'unreachable'
  /** 5xx, or something that is not the document asked for. */
  | 'broken'
  /** 429. */
  | 'throttled'
  /** 401, also after a new token. */
  | 'credentials'
  /** 403: the credentials lack a role. */
  | 'forbidden'
  /** 404. */
  | 'missing'
  /** Bandwidth's own error codes. */
  | 'refused';

/** Bandwidth could not be asked, or refused. `message` is for the log, `advice` is a sentence for people. */
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

/** Orders on disk. Every method throws {@link StoreError} when the store cannot be reached; none ever pretends. */
export interface OrderStore {
  /** False when an order with this id exists already. Durable once it resolves. */
  insert(order: Order): Promise<boolean>;
  get(id: OrderId): Promise<Order | undefined>;
  /** Writes `next` only if `current` is still what is stored; false when somebody else wrote first. */
  replace(current: Order, next: Order): Promise<boolean>;
  /**
   * The ids of all orders that are not settled (see `isSettled`), and for some minutes perhaps of one that is, where the
   * instance that settled it died just then.
   */
  open(): Promise<readonly OrderId[]>;
  /**
   * Those of the open orders that a question is about: too many perhaps, but each that any instance has put on record by
   * now. Reads an order once, and again only after it was edited.
   */
  openAbout(question: OpenQuestion): Promise<readonly OrderId[]>;
}

/** Every order there is, for somebody who checks them all. */
export interface OrderArchive {
  /** In no order to rely on. One that cannot be read is an error in its place, and stops no other. */
  all(): AsyncIterable<{ readonly id: OrderId; readonly order: Order | StoreError }>;
}

/**
 * What was decided and done, one hash-chained list of events for each workspace (the requester's team), which only ever
 * grows. Every method throws {@link StoreError} when it cannot be reached.
 */
export interface Journal {
  /**
   * Appends those of the order's events that are not there yet. However often, from how many processes at once and
   * after whatever crash it is asked: each event is one entry. Durable once it resolves.
   */
  append(order: Pick<Order, 'id' | 'requester' | 'events'>): Promise<void>;
  /** The entries written since then, oldest first; and those that can't be read, each in its place. */
  since(teamId: string, writtenAt: Timestamp): AsyncIterable<JournalEntry | DamagedEntry>;
}

/** The journal as it lies in the store, for somebody who does not take its word for anything. */
export interface JournalArchive {
  /** What is stored where entries belong, without reading it. */
  survey(): Promise<{
    /** The workspaces that have a journal, each with the numbers of the entries that are there, from the lowest. */
    readonly chains: ReadonlyMap<string, readonly number[]>;
    /** The keys of what lies there and can be nobody's entry. */
    readonly strays: readonly string[];
  }>;
  /** Whatever is stored as this entry, be it an error to read; undefined when there is none. */
  entry(teamId: string, sequence: number): Promise<unknown>;
}

/**
 * Who is at work on what, where several instances share the store. It keeps them from getting into each other's way;
 * what must never happen twice is guarded by the conditional write alone, because a lease can be lost unnoticed.
 */
export interface Leases {
  /** No other instance can be at work: then nothing is ever taken by anybody else, and nothing written. */
  readonly alone: boolean;
  /** Undefined while somebody has it. It stays taken until it is given back, or its holder has died. */
  take(what: string): Promise<Lease | undefined>;
}

export interface Lease {
  /** True once it may have passed to somebody else, because the store was out of reach for too long. */
  readonly lost: boolean;
  /** Never rejects. */
  giveBack(): Promise<void>;
}

/** What one instance makes known of its look-ups at Bandwidth. Of spans, and no times: the clocks of two may differ. */
export interface LookupsMade {
  /** Since it started. */
  readonly total: number;
  /** In its last minute. */
  readonly lately: number;
  /** That many more it may make, of those nobody waits for, before it tells again. */
  readonly reserved: number;
  /** How often Bandwidth has told it that it had enough, and for how long the last time. */
  readonly refusals: number;
  readonly refusedForMs: number;
}

/** Where instances that share the store make their look-ups known. Throws {@link StoreError} when it cannot be reached. */
export interface QuotaStore {
  /** Forgotten a while after the last time. */
  tell(mine: LookupsMade): Promise<void>;
  /** What each of the others told last. */
  others(): Promise<ReadonlyMap<string, LookupsMade>>;
}

/** Searches people may still page through and pick from; forgotten after a day. */
export interface SearchStore {
  get(id: string): Promise<KeptSearch | undefined>;
  put(search: KeptSearch): Promise<void>;
}

/**
 * What is counted against the limits, month by month. What it costs to read or write some of it does not depend on how
 * much there is. Every method throws {@link StoreError} when it cannot be reached, or was written by a newer version.
 */
export interface Ledger {
  /** As much of the tally of a month, e.g. `2026-11`, as is asked for, and what was counted last. */
  read(month: string, scope: TallyScope): Promise<Tally | NoTally>;
  /** Writes `next` only if the tally is still the one that `current` was read from; false when somebody else wrote first. */
  replace(current: Tally, next: Tally): Promise<boolean>;
  /**
   * Puts a whole new tally in the place of what was read there; false when somebody else wrote first. `isLast`: none of
   * a later month can have been begun.
   */
  begin(
    instead: Tally | NoTally,
    counted: ReadonlyMap<OrderId, CountedNumbers>,
    isLast: boolean,
  ): Promise<boolean>;
  /** True when the tally of the month before shows that there was never one of this month. It shows so only once. */
  isNew(month: string): Promise<boolean>;
  /** To be called now and then, while nobody waits: moves what has piled up to where it costs nothing. */
  tidy(month: string): Promise<void>;
}

/** There is no tally of this month, or none that can be read; that is not the same as an empty one. */
export interface NoTally {
  readonly month: string;
  readonly none: 'absent' | 'unreadable';
}

/** All that is counted, for somebody who checks it. */
export interface LedgerArchive {
  /** Undefined in place of a tally that cannot be read. */
  months(): Promise<ReadonlyMap<string, Tally | undefined>>;
}

/** The store could not be asked. Where it was to write, it certainly did not, unless this is an {@link OutcomeUnknown}. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly advice: string =
    "I can't reach my database right now, so nothing was changed. Please try again in a minute.";
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

/** The Slack side of an order: one card, and its thread. */
export interface OrderBoard {
  /** Draws the card as the order stands: posts it the first time, updates it after that, replaces it if deleted. */
  show(order: Order): Promise<CardPlace>;
  /** Posts one announcement in the card's thread. */
  tell(order: Order, kind: AnnouncementKind): Promise<void>;
  /** Tells the requester alone, in a direct message, that the card cannot be posted and how to mend it. */
  tellUnreachable(order: Order, why: string): Promise<void>;
  /** Tells the requester alone, in a direct message, what cannot be posted. */
  tellDirectly(order: Order, kind: DirectAnnouncement): Promise<void>;
}

/** The card's channel cannot be written to until a person changes something (bot not invited, archived). */
export class BoardUnreachable extends Error {
  override readonly name = 'BoardUnreachable';
  /** Slack's error code, e.g. `not_in_channel`. */
  readonly why: string;

  constructor(why: string, cause?: unknown) {
    super(`the card cannot be posted: ${why}`, cause === undefined ? undefined : { cause });
    this.why = why;
  }
}

/** Who is in the approver groups. */
export interface ApproverGroups {
  /** Throws when Slack must be asked and doesn't answer. `recent` allows for an answer some minutes old. */
  includesAny(groupIds: readonly string[], userId: string, age?: Age): Promise<boolean>;
}

/** A person, with what Slack's payload says of where they belong. */
export interface Claim {
  readonly userId: string;
  /** Their home workspace, or the installation once they were let in. */
  readonly teamId?: string;
  /** `teamId` doesn't tell where they belong; see {@link Person.unplaced}. */
  readonly unplaced?: true;
  /** They typed a command in the installation, which outsiders can't. */
  readonly typedHere?: boolean;
}

/** Who people are, as Slack says. */
export interface Accounts {
  /** Never rejects. `recent` allows for an answer up to an hour old. */
  standingOf(claim: Claim, age: Age): Promise<Standing>;
  /** False where the app lacks the permission to ask: then nobody is known to be a full member. */
  canAsk(): Promise<boolean>;
}

/** What Slack knows of channels. */
export interface Channels {
  /** Never rejects. @param sharing whether the answer must say who can read the channel. */
  about(
    channelId: string,
    sharing: boolean,
  ): Promise<Pick<Circumstances, 'sharing' | 'workspaceId' | 'workspaceUnknown'>>;
}

export interface Clock {
  now(): Timestamp;
  /** Calls back once at (or just after) that time; the returned function calls it off. */
  wakeAt(at: Timestamp, wake: () => void): () => void;
}

/** Facts first, then a sentence; never a credential. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}
