import { createHash } from 'node:crypto';
import { nationalDigits, type PhoneNumber } from './phone-number.js';
import { isTollFreePrefix, type Search } from './search.js';

/** Milliseconds since 1970. */
export type Timestamp = number;

/** A UUID; Bandwidth gets it as CustomerOrderId (≤ 40 letters, digits, dashes), so a lost answer can be looked up. */
export type OrderId = string;

/** A Slack user. The team tells colleagues from guests of a shared channel. */
export interface Person {
  readonly teamId: string;
  readonly userId: string;
}

/** A Bandwidth sub-account (SiteId), with its name as it was when the requester chose it. */
export interface Site {
  readonly id: string;
  readonly name: string;
}

/** A Bandwidth SIP peer (PeerId), shown to people as Location. */
export interface Location {
  readonly id: string;
  readonly name: string;
}

/** What a purchase is to buy: numbers somebody picked, or the first ones that match. */
export type Wanted =
  | { readonly by: 'numbers'; readonly numbers: readonly PhoneNumber[] }
  | { readonly by: 'search'; readonly search: Search };

export interface PurchaseRequest {
  readonly kind: 'purchase';
  readonly name: string;
  readonly wanted: Wanted;
  readonly site: Site;
  /** Left out, Bandwidth uses the sub-account's default location. */
  readonly location?: Location;
  readonly reason: string;
  readonly partialAllowed: boolean;
  readonly backOrder: boolean;
  readonly protected: boolean;
}

/**
 * How thoroughly Bandwidth lets go of a number (DisconnectMode). `normal` is what nearly everybody wants; the others
 * need privileges (5084, 5085).
 */
export const disconnectModes = ['normal', 'soft-remove', 'purge'] as const;
export type DisconnectMode = (typeof disconnectModes)[number];
/** What becomes of a number's Protected mark (5108). */
export const protectedChanges = ['UNCHANGED', 'TRUE', 'FALSE'] as const;
export type ProtectedChange = (typeof protectedChanges)[number];

/** What Bandwidth says of a number that works on our account, as far as it was asked. */
export interface NumberInService {
  readonly number: PhoneNumber;
  readonly city?: string;
  readonly state?: string;
  readonly site?: Site;
  readonly location?: Location;
  /** When it was put into service, in Bandwidth's own spelling of dates. */
  readonly since?: string;
  /** The carrier order that put it into service. */
  readonly byOrder?: string;
  /** What else would be cut off with it; absent when nobody looked. */
  readonly hanging?: { readonly e911: boolean; readonly messaging: boolean };
}

export interface DisconnectRequest {
  readonly kind: 'disconnect';
  readonly name: string;
  /** Each looked up on the account when the request was made. */
  readonly inService: readonly NumberInService[];
  readonly reason: string;
  readonly mode: DisconnectMode;
  readonly protected: ProtectedChange;
}

export type OrderRequest = PurchaseRequest | DisconnectRequest;

/** Bandwidth's own code and words, never ours. */
export interface CarrierFault {
  readonly code: string;
  readonly description: string;
  readonly numbers: readonly PhoneNumber[];
}

/** The states Bandwidth can still move on from. */
export type OpenCarrierStatus = 'received' | 'processing' | 'backordered';
/** The states that end an order at Bandwidth. */
export type FinalCarrierStatus = 'complete' | 'partial' | 'failed';

/** What Bandwidth says of one carrier order at one moment. */
export interface CarrierReport {
  readonly status: OpenCarrierStatus | FinalCarrierStatus;
  readonly completed: readonly PhoneNumber[];
  /** How many Bandwidth says it delivered, when it says so; a finished order need not list its numbers. */
  readonly completedQuantity?: number;
  readonly failed: readonly PhoneNumber[];
  readonly faults: readonly CarrierFault[];
  readonly summary?: string;
}

export interface Approval {
  readonly by: Person;
  readonly at: Timestamp;
  /** On whose word it was sent a second time, after the first had left no trace at Bandwidth. */
  readonly again?: SecondWord;
}

export interface SecondWord {
  readonly by: Person;
  readonly at: Timestamp;
}

/** The carrier order as last reported. */
export interface CarrierOrder {
  readonly id: string;
  readonly status: OpenCarrierStatus;
  readonly placedAt: Timestamp;
  readonly completed: readonly PhoneNumber[];
}

/** How the asking goes while we wait for Bandwidth. */
export interface Asking {
  readonly times: number;
  readonly nextAt: Timestamp;
  /** Advice for people, once Bandwidth could not be asked several times in a row. */
  readonly trouble?: string;
  readonly failures: number;
}

export type Progress =
  | { readonly status: 'awaiting-approval'; readonly expiresAt: Timestamp }
  | { readonly status: 'declined'; readonly by: Person; readonly at: Timestamp; readonly why: string }
  /** Nobody decided in time. */
  | { readonly status: 'expired'; readonly at: Timestamp }
  | {
      readonly status: 'cancelled';
      readonly by: Person;
      readonly at: Timestamp;
      /** Set when it was called off after somebody had approved it. */
      readonly approval?: Approval;
    }
  | { readonly status: 'approved'; readonly approval: Approval; readonly asking: Asking }
  | {
      readonly status: 'placing';
      readonly approval: Approval;
      readonly sentAt: Timestamp;
      /** `sent`: the request may still be under way. `unknown`: it ended without an answer we can trust. */
      readonly answer: 'sent' | 'unknown';
      /** How often Bandwidth, asked for it since, knew of no such order. */
      readonly soughtInVain: number;
      /** Somebody wants it sent again, unless one last look finds it. */
      readonly sendAgain?: SecondWord;
      readonly asking: Asking;
    }
  | {
      readonly status: 'refused';
      readonly approval: Approval;
      readonly at: Timestamp;
      readonly advice: string;
      readonly faults: readonly CarrierFault[];
    }
  | {
      readonly status: 'placed';
      readonly approval: Approval;
      readonly carrierOrder: CarrierOrder;
      readonly asking: Asking;
    }
  | {
      readonly status: FinalCarrierStatus;
      readonly approval: Approval;
      readonly carrierOrderId: string;
      readonly at: Timestamp;
      readonly outcome: Omit<CarrierReport, 'status'>;
      /** Sent a second time, and then the first turned up after all: the other carrier orders with our id. */
      readonly twins?: readonly string[];
    };

export type OrderStatus = Progress['status'];

/** Where a message stands in Slack. */
export interface CardPlace {
  readonly channelId: string;
  readonly ts: string;
}

export interface Card {
  /** The channel the requester asked in. */
  readonly channelId: string;
  /** Absent until the card was posted. */
  readonly place?: CardPlace;
  /** The revision the card showed when it was last drawn; 0 before that. */
  readonly drawn: number;
  /** Set once the requester was told that the card cannot be posted, and cleared when it could. */
  readonly unreachable?: string;
}

interface Facts {
  readonly id: OrderId;
  /** Counts every write; the store's conditional write compares it. */
  readonly version: number;
  /** Counts what people can see; the card is due for a redraw while `card.drawn` is behind. */
  readonly revision: number;
  readonly request: OrderRequest;
  /** 1 as it was requested; each edit of the requester counts it up. */
  readonly edition: number;
  readonly requester: Person;
  readonly requestedAt: Timestamp;
  readonly card: Card;
  /** Announcements already posted in the thread. */
  readonly told: readonly AnnouncementKind[];
}

/** One request of a person, from asking to its end. Impossible combinations do not compile. */
export type Order = Facts & Progress;

/** An order known to be in one of these states. */
export type OrderIn<S extends OrderStatus> = Order & { readonly status: S };

export type EditNews = `edited-${number}`;

export type AnnouncementKind =
  /** All numbers of an order too long for its card, as a file. */
  | 'numbers'
  /** The requester changed the request, which made it this edition. */
  | EditNews
  /** Half of the time to decide is over. */
  | 'reminder-half'
  /** The last hour to decide has begun. */
  | 'reminder-hour'
  | 'approved'
  | 'declined'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'unknown'
  /** It left no trace at Bandwidth; people have to say what to do. */
  | 'nowhere'
  /** Somebody had it sent again. */
  | 'again'
  | 'backordered'
  | 'outcome';

export function newOrder(given: {
  id: OrderId;
  request: OrderRequest;
  requester: Person;
  channelId: string;
  now: Timestamp;
}): OrderIn<'awaiting-approval'> {
  return {
    id: given.id,
    version: 1,
    revision: 1,
    request: given.request,
    requester: given.requester,
    requestedAt: given.now,
    card: { channelId: given.channelId, drawn: 0 },
    told: [],
    status: 'awaiting-approval',
  };
}

/** The numbers a request names; none for a search-and-order. */
export function namedNumbers(request: OrderRequest): readonly PhoneNumber[] {
  if (request.kind === 'disconnect') return request.inService.map(({ number }) => number);
  return request.wanted.by === 'numbers' ? request.wanted.numbers : [];
}

/** How many numbers a card names one by one; a longer list is a file in its thread. */
export const NUMBERS_ON_A_CARD = 10;

/** How many numbers the request asks for. */
export function askedQuantity(request: OrderRequest): number {
  if (request.kind === 'disconnect') return request.inService.length;
  const { wanted } = request;
  return wanted.by === 'numbers' ? wanted.numbers.length : wanted.search.quantity;
}

/** Toll-free numbers cannot be marked as protected (errors 5100 and 5101). */
export function takesProtected(wanted: Wanted): boolean {
  if (wanted.by === 'numbers') {
    return !wanted.numbers.some((number) => isTollFreePrefix(nationalDigits(number).slice(0, 3)));
  }
  const { tollFreeVanity, tollFreeWildCardPattern } = wanted.search.criteria;
  return tollFreeVanity === undefined && tollFreeWildCardPattern === undefined;
}

/**
 * May Bandwidth be asked to keep looking for numbers it has not got? Not for named numbers, for an exchange, nor for
 * vanity numbers: "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity
 * orders" (error 5522).
 */
export function takesBackOrder(wanted: Wanted): boolean {
  if (wanted.by === 'numbers') return false;
  const { npaNxx, npaNxxx, localVanity, tollFreeVanity } = wanted.search.criteria;
  return [npaNxx, npaNxxx, localVanity, tollFreeVanity].every((criterion) => criterion === undefined);
}

/**
 * A short fingerprint of everything a card shows for approval. The approve button carries it, so what was approved is
 * what is ordered.
 */
export function requestDigest(order: Pick<Facts, 'request' | 'requester' | 'edition'>): string {
  return createHash('sha256')
    .update(JSON.stringify([order.request, order.requester, order.edition]))
    .digest('base64url')
    .slice(0, 22);
}

/** Over for good: nothing will be asked of Bandwidth any more. */
export function isFinal(order: Order): boolean {
  switch (order.status) {
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'refused':
    case 'complete':
    case 'partial':
    case 'failed':
      return true;
    case 'awaiting-approval':
    case 'approved':
    case 'placing':
    case 'placed':
      return false;
  }
}

/** Over for good, and everybody has been told. */
export function isSettled(order: Order): boolean {
  return isFinal(order) && order.card.drawn === order.revision && dueAnnouncements(order).length === 0;
}

/** What the thread still has to hear, oldest first. */
export function dueAnnouncements(order: Order): readonly AnnouncementKind[] {
  return announcements(order).filter((kind) => !order.told.includes(kind));
}

function announcements(order: Order): readonly AnnouncementKind[] {
  const { request } = order;
  // The approver must be able to read every number that would stop working.
  const list = request.kind === 'disconnect' && request.inService.length > NUMBERS_ON_A_CARD;
  return [...(list ? ['numbers' as const] : []), ...announcementsOfStatus(order)];
}

function announcementsOfStatus(order: Order): readonly AnnouncementKind[] {
  switch (order.status) {
    case 'awaiting-approval':
      return [];
    case 'declined':
      return ['declined'];
    case 'cancelled':
      return ['cancelled'];
    case 'approved':
      return afterApproval(order.approval);
    case 'placing':
      return [
        ...afterApproval(order.approval),
        ...(order.answer === 'unknown' ? ['unknown' as const] : []),
        ...(isNowhere(order) ? ['nowhere' as const] : []),
      ];
    case 'refused':
      return [...afterApproval(order.approval), 'refused'];
    case 'placed':
      return order.carrierOrder.status === 'backordered'
        ? [...afterApproval(order.approval), 'backordered']
        : afterApproval(order.approval);
    case 'complete':
    case 'partial':
    case 'failed':
      return [...afterApproval(order.approval), 'outcome'];
  }
}

const afterApproval = ({ again }: Approval): readonly AnnouncementKind[] =>
  again === undefined ? ['approved'] : ['approved', 'again'];

/** The next version of an order that people see differently. */
function visibly(order: Order, progress: Progress): Order {
  return { ...factsOf(order), revision: order.revision + 1, version: order.version + 1, ...progress };
}

/** The next version of an order that looks the same. */
function quietly(order: Order, change: Partial<Facts>): Order {
  return { ...order, ...change, version: order.version + 1 };
}

function factsOf(order: Order): Facts {
  const { id, version, revision, request, requester, requestedAt, card, told } = order;
  return { id, version, revision, request, requester, requestedAt, card, told };
}

const neverAsked = (now: Timestamp): Asking => ({ times: 0, nextAt: now, failures: 0 });

/** @param actAt not before this time is it placed; until then it can be undone. */
export function approved(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  now: Timestamp,
  actAt: Timestamp = now,
): Order {
  return visibly(order, { status: 'approved', approval: { by, at: now }, asking: neverAsked(actAt) });
}

export function declined(
  order: OrderIn<'awaiting-approval'>,
  by: Person,
  why: string,
  now: Timestamp,
): Order {
  return visibly(order, { status: 'declined', by, why, at: now });
}

export function cancelled(
  order: OrderIn<'awaiting-approval' | 'approved'>,
  by: Person,
  now: Timestamp,
): Order {
  const approval = order.status === 'approved' ? { approval: order.approval } : {};
  return visibly(order, { status: 'cancelled', by, at: now, ...approval });
}

/** Saved before the POST leaves: from here on the order may exist at Bandwidth. */
export function placing(order: OrderIn<'approved'>, now: Timestamp): Order {
  const next: Progress = {
    status: 'placing',
    approval: order.approval,
    sentAt: now,
    answer: 'sent',
    soughtInVain: 0,
    asking: neverAsked(now),
  };
  // "Ordering…" is what an approved card says already, unless it told of trouble or offered to undo.
  return order.asking.trouble === undefined && order.request.kind === 'purchase'
    ? { ...factsOf(order), version: order.version + 1, ...next }
    : visibly(order, next);
}

/** Bandwidth certainly did not take the order, and trying again later is safe. */
export function notTaken(
  order: OrderIn<'placing'>,
  trouble: string,
  nextAt: Timestamp,
  failures: number,
): Order {
  return visibly(order, {
    status: 'approved',
    approval: order.approval,
    asking: { times: 0, nextAt, failures, trouble },
  });
}

/** The POST ended without an answer we can trust. */
export function answerUnknown(order: OrderIn<'placing'>, nextAt: Timestamp): Order {
  return visibly(order, {
    status: 'placing',
    approval: order.approval,
    sentAt: order.sentAt,
    answer: 'unknown',
    soughtInVain: order.soughtInVain,
    asking: { times: order.asking.times, nextAt, failures: 0 },
  });
}

export function refused(
  order: OrderIn<'placing'>,
  refusal: { readonly advice: string; readonly faults: readonly CarrierFault[] },
  now: Timestamp,
): Order {
  return visibly(order, {
    status: 'refused',
    approval: order.approval,
    at: now,
    advice: refusal.advice,
    faults: refusal.faults,
  });
}

export function placed(
  order: OrderIn<'placing'>,
  carrierOrderId: string,
  now: Timestamp,
  nextAt: Timestamp,
): Order {
  return visibly(order, {
    status: 'placed',
    approval: order.approval,
    carrierOrder: { id: carrierOrderId, status: 'received', placedAt: now, completed: [] },
    asking: { times: 0, nextAt, failures: 0 },
  });
}

/** Bandwidth answered a question about the order. */
export function reported(
  order: OrderIn<'placed'>,
  report: CarrierReport,
  now: Timestamp,
  nextAt: Timestamp,
  twins: readonly string[] = [],
): Order {
  const { status, ...outcome } = understood(order.request, report);
  if (status === 'complete' || status === 'partial' || status === 'failed') {
    return visibly(order, {
      status,
      approval: order.approval,
      carrierOrderId: order.carrierOrder.id,
      at: now,
      outcome,
      ...(twins.length > 0 ? { twins } : {}),
    });
  }
  const next: Progress = {
    status: 'placed',
    approval: order.approval,
    carrierOrder: { ...order.carrierOrder, status, completed: report.completed },
    asking: { times: order.asking.times + 1, nextAt, failures: 0 },
  };
  const looksTheSame =
    status === order.carrierOrder.status &&
    report.completed.length === order.carrierOrder.completed.length &&
    order.asking.trouble === undefined;
  return looksTheSame ? { ...factsOf(order), version: order.version + 1, ...next } : visibly(order, next);
}

/**
 * A complete disconnect need not list its numbers, but then all that were named are disconnected, except those that
 * Bandwidth finds fault with. A purchase is left as it is: which numbers a search found only Bandwidth can say, and
 * none is ever made up.
 */
function understood(request: OrderRequest, report: CarrierReport): CarrierReport {
  const silent = report.status === 'complete' && report.completed.length === 0;
  if (!silent || request.kind !== 'disconnect') return report;
  const kept = new Set([...report.failed, ...report.faults.flatMap(({ numbers }) => numbers)]);
  return { ...report, completed: namedNumbers(request).filter((number) => !kept.has(number)) };
}

/** How many questions in a row must fail before the card speaks of it. */
const FAILURES_WORTH_SAYING = 3;

/** Bandwidth could not be asked. What we know stays; the card says so once it lasts. */
export function notAnswered<S extends 'placing' | 'placed'>(
  order: OrderIn<S>,
  trouble: string,
  nextAt: Timestamp,
): Order {
  const failures = order.asking.failures + 1;
  const worthSaying = failures >= FAILURES_WORTH_SAYING;
  const { trouble: before, ...asking } = order.asking;
  const shown = worthSaying ? trouble : before;
  const next = {
    ...order,
    asking: {
      ...asking,
      failures,
      nextAt,
      times: asking.times + 1,
      ...(shown === undefined ? {} : { trouble: shown }),
    },
    version: order.version + 1,
  } as Order;
  return shown === before ? next : { ...next, revision: order.revision + 1 };
}

/** Looked for by CustomerOrderId, not there (yet). */
export function notFound(order: OrderIn<'placing'>, nextAt: Timestamp): Order {
  const next: OrderIn<'placing'> = {
    ...order,
    soughtInVain: order.soughtInVain + 1,
    asking: { times: order.asking.times + 1, nextAt, failures: 0 },
    version: order.version + 1,
  };
  const looksTheSame = order.asking.trouble === undefined && isNowhere(next) === isNowhere(order);
  return looksTheSame ? next : { ...next, revision: order.revision + 1 };
}

/** After this many vain looks, half a minute's worth, a person is asked. Nothing is ever sent again without one. */
const LOOKS_BEFORE_ASKING = 5;

/** Sent, unanswered and not to be found: very likely it never arrived, but only people may act on "very likely". */
export function isNowhere(order: OrderIn<'placing'>): boolean {
  return (
    order.answer === 'unknown' && order.soughtInVain >= LOOKS_BEFORE_ASKING && order.sendAgain === undefined
  );
}

/** **Check again**: look for it now. */
export function lookAtOnce(order: OrderIn<'placing'>, now: Timestamp): Order {
  return { ...order, asking: { ...order.asking, nextAt: now }, version: order.version + 1 };
}

/** **Order again**: look for it once more, and if it still is not there, send it again. */
export function wantedAgain(order: OrderIn<'placing'>, by: Person, now: Timestamp): Order {
  return {
    ...order,
    sendAgain: { by, at: now },
    asking: { ...order.asking, nextAt: now },
    version: order.version + 1,
    revision: order.revision + 1,
  };
}

/** Saved before the second POST leaves, as {@link placing} is before the first. */
export function placingAgain(order: OrderIn<'placing'>, again: SecondWord, now: Timestamp): Order {
  const news: readonly AnnouncementKind[] = ['unknown', 'nowhere', 'again'];
  const next = visibly(order, {
    status: 'placing',
    approval: { ...order.approval, again },
    sentAt: now,
    answer: 'sent',
    soughtInVain: 0,
    asking: neverAsked(now),
  });
  return { ...next, told: order.told.filter((kind) => !news.includes(kind)) };
}

/** The card at this place now shows this revision. */
export function drawn(order: Order, place: CardPlace, revision: number): Order {
  return quietly(order, { card: { channelId: order.card.channelId, place, drawn: revision } });
}

/** The card could not be posted, and the requester was told why. */
export function cardUnreachable(order: Order, why: string): Order {
  return quietly(order, { card: { ...order.card, unreachable: why } });
}

/**
 * Whatever the card shows, draw it again: somebody pressed a button it should not have had. A new revision, because a
 * drawing that is under way just now may be the one they saw.
 */
export function mistrusted(order: Order): Order {
  return quietly(order, { revision: order.revision + 1 });
}

export function told(order: Order, kind: AnnouncementKind): Order {
  return quietly(order, { told: [...order.told, kind] });
}
