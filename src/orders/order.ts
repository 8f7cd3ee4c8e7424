import { createHash } from 'node:crypto';
import { criterionRules, givenCriteria } from './criteria.js';
import { type Hold, lostNumbers } from './holds.js';
import type { OrderEvent } from './order-events.js';
import { nationalDigits, type PhoneNumber } from './phone-number.js';
import { isTollFreePrefix, type Search } from './search.js';

/** Milliseconds since 1970. */
export type Timestamp = number;

/** A UUID; Bandwidth gets it as CustomerOrderId (≤ 40 letters, digits, dashes), so a lost answer can be looked up. */
export type OrderId = string;

/** A Slack user. Two with one user id are one person, whatever team Slack names with it. */
export interface Person {
  /** The installation they acted in: its workspace, or its organization where the app belongs to that. */
  readonly teamId: string;
  readonly userId: string;
  /** They aren't known to belong to `teamId`: let in to decide, or named by somebody else. Grants no more than that. */
  readonly unplaced?: true;
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
  /** How many numbers Bandwidth lists as delivered that can't be read. */
  readonly unread?: number;
  readonly failed: readonly PhoneNumber[];
  readonly faults: readonly CarrierFault[];
  readonly summary?: string;
  /**
   * Bandwidth's own word where it is none we know, or empty where it names no status at all; the order counts as
   * processing, because only a known word ends one.
   */
  readonly unknownStatus?: string;
}

/** What an order came to at Bandwidth. */
export type Outcome = Omit<CarrierReport, 'status' | 'unknownStatus'>;

/**
 * How many numbers were delivered (or disconnected), as far as Bandwidth says so: it may list more than it counts, and
 * count more than it lists. Undefined where it says nothing, or says that it is complete and delivered none.
 */
export function deliveredQuantity(
  status: FinalCarrierStatus,
  { completed, completedQuantity, unread = 0 }: Outcome,
): number | undefined {
  const listed = completed.length + unread;
  const quantity = Math.max(listed, completedQuantity ?? 0);
  if (quantity > 0) return quantity;
  return status === 'failed' ? 0 : undefined;
}

/** Whether every delivered number is in the list: only then does the list tell which ones were not delivered. */
export function listsAll({ completed, completedQuantity = 0, unread = 0 }: Outcome): boolean {
  return unread === 0 && completedQuantity <= completed.length;
}

/** Somebody whose approval was found to count no more. */
export interface Voided extends Person {
  /** Absent in old records. */
  readonly why?: VoidReason;
}

/** `own-request`: it is their own, and that doesn't suffice. The last four are of their account. */
export type VoidReason =
  | 'not-an-approver'
  | 'own-request'
  | 'member-unverified'
  | 'outsider'
  | 'bot'
  | 'deactivated'
  | 'guest'
  | 'colleague';

/** A person's word; or a rule of the policy, which then stands in no person's name. */
export type Approval = Approver & {
  readonly at: Timestamp;
  /** Who had approved before, where several had to; not all of them need count, see {@link counting}. */
  readonly also?: readonly Approval[];
  /** Whose earlier approvals were found to count no more when this one was given: they may not approve any more. */
  readonly voids?: readonly Voided[];
  /** Set when it was sent a second time, because the first had left no trace at Bandwidth. */
  readonly again?: SecondSending;
};

export type Approver =
  | { readonly by: Person; readonly rule?: undefined }
  | { readonly by?: undefined; readonly rule: string };

/** Of an order that was sent once at most. */
export type FirstApproval = Approval & { readonly again?: undefined };

/** Where an order brings the limits that there are. */
export interface LimitStanding {
  readonly day?: { readonly after: number; readonly most: number };
  readonly month?: { readonly after: number; readonly most: number };
}

/** What a waiting request needs, as the policy said when it was last asked. */
export interface ApprovalNeeds {
  /** How many different people must approve. */
  readonly required: number;
  readonly standing: LimitStanding;
}

export interface SecondSending {
  /** On whose word; absent where none was needed, see `sendingAgain`. */
  readonly by?: Person;
  readonly at: Timestamp;
}

export interface SecondWord extends SecondSending {
  readonly by: Person;
}

/** A wish to close a back-order that Bandwidth refused. */
export interface NotClosed extends CarrierRefusal {
  readonly wanted: SecondWord;
}

/** Bandwidth said no to a request. */
export interface CarrierRefusal {
  readonly advice: string;
  readonly faults: readonly CarrierFault[];
}

/** The carrier order as last reported. */
export interface CarrierOrder {
  readonly id: string;
  readonly status: OpenCarrierStatus;
  readonly placedAt: Timestamp;
  readonly completed: readonly PhoneNumber[];
  /** How many have come, where Bandwidth says more than it lists. */
  readonly completedQuantity?: number;
  /** As in a {@link CarrierReport}. */
  readonly unread?: number;
  readonly unknownStatus?: string;
}

/**
 * What came back for a request that may or may not have been taken: nothing, or an HTTP status that settles nothing.
 */
export type UnclearAnswer = 'nothing' | number;

/** What came back for a request whose fate it leaves open. */
export interface Heard {
  /** Absent where we were interrupted before we could know, and in old records. */
  readonly heard?: UnclearAnswer;
  /** What Bandwidth complained of in that answer. Absent where it complained of nothing, and in old records. */
  readonly faults?: readonly CarrierFault[];
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
  | {
      readonly status: 'awaiting-approval';
      readonly expiresAt: Timestamp;
      /** Given so far; fewer {@link counting} than are required. */
      readonly approvals: readonly Approval[];
      readonly needs: ApprovalNeeds;
    }
  | { readonly status: 'declined'; readonly by: Person; readonly at: Timestamp; readonly why: string }
  /** Nobody decided in time. */
  | { readonly status: 'expired'; readonly at: Timestamp }
  | {
      readonly status: 'cancelled';
      readonly by: Person;
      readonly at: Timestamp;
      /** Set when it was called off after somebody had approved it. */
      readonly approval?: FirstApproval;
    }
  /** Nothing of it is at Bandwidth: one that was sent and may have arrived never becomes this again. */
  | { readonly status: 'approved'; readonly approval: FirstApproval; readonly asking: Asking }
  | {
      readonly status: 'placing';
      readonly approval: Approval;
      readonly sentAt: Timestamp;
      /** `sent`: the request may still be under way. `unknown`: it ended without an answer we can trust. */
      readonly answer: 'sent' | 'unknown';
      /** How often Bandwidth, asked for it since, knew of no such order. */
      readonly soughtInVain: number;
      /** Half a minute after it was sent Bandwidth could not be asked for it, so people were. */
      readonly notKnown?: true;
      /** Somebody wants it sent again, unless one last look finds it. */
      readonly sendAgain?: SecondWord;
      /** Bandwidth did not take the second request, but the first may have arrived: that one is looked for before another. */
      readonly secondNotTaken?: true;
      /** It is to be sent again, as soon as Slack can say whether it may. */
      readonly heldBack?: true;
      /** It was to be sent again and must not be: people are asked, and told why. */
      readonly notSentAgain?: { readonly advice: string };
      /** What the second request met with, perhaps only because the first took the numbers: that one is looked for. */
      readonly secondRefused?: CarrierRefusal;
      readonly asking: Asking;
    }
  /** Nobody wants it any more, though it may have arrived: it is looked for a while longer. */
  | {
      readonly status: 'given-up';
      readonly approval: Approval;
      readonly by: Person;
      readonly at: Timestamp;
      /** When its first request was sent. */
      readonly sentAt: Timestamp;
      /** Bandwidth has said that it has no such order; otherwise it could not be asked. */
      readonly noTrace: boolean;
      readonly soughtUntil: Timestamp;
      /** Set once it is not looked for any more. */
      readonly endedAt?: Timestamp;
      readonly asking: Asking;
    }
  | ({ readonly status: 'refused'; readonly approval: Approval; readonly at: Timestamp } & CarrierRefusal)
  | {
      readonly status: 'placed';
      readonly approval: Approval;
      readonly carrierOrder: CarrierOrder;
      /** Somebody wants Bandwidth to look for no more numbers. */
      readonly closing?: SecondWord;
      /** Bandwidth would not: the last such wish. */
      readonly notClosed?: NotClosed;
      readonly asking: Asking;
    }
  | {
      readonly status: FinalCarrierStatus;
      readonly approval: Approval;
      readonly carrierOrderId: string;
      readonly at: Timestamp;
      readonly outcome: Outcome;
      /** Sent a second time, and then the first turned up after all: the other carrier orders with our id. */
      readonly twins?: readonly string[];
      /** Who had the back-order closed. */
      readonly closed?: SecondWord;
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
  /** What the requester was told in direct messages, because it could not be posted. */
  readonly toldDirectly?: readonly DirectNews[];
}

export interface Facts {
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
  /** The workspace it was requested in, where that is not the whole installation. */
  readonly workspaceId?: string;
  /** What became of keeping its numbers aside while it waits; a number nobody has tried to hold yet is not in it. */
  readonly holds: readonly Hold[];
  /** Everything that was decided or done, oldest first; replayed, they give the order (see `rebuild`). */
  readonly events: readonly OrderEvent[];
  /** How many of them are known to be in the journal. Counted when the order is over: it is not settled before. */
  readonly journaled: number;
  readonly card: Card;
  /** Announcements already posted in the thread. */
  readonly told: readonly AnnouncementKind[];
}

/** One request of a person, from asking to its end. Impossible combinations do not compile. */
export type Order = Facts & Progress;

/** An order known to be in one of these states. */
export type OrderIn<S extends OrderStatus> = Order & { readonly status: S };

export type EditNews = `edited-${number}`;
/** The first, second … approval of an order that needs more than one; the last is `approved`. */
export type ApprovalNews = `approval-${number}`;

/** Half of the time to decide is over; the last hour of it has begun. */
export type Reminder = 'reminder-half' | 'reminder-hour';

/** What the thread of an order hears. */
export type AnnouncementKind = News | Reminder;

/** What only the card says, and the requester hears directly where there is none. */
export type DirectNews = News | 'held-back';

/** What follows from the state of an order, whatever the time. */
export type News =
  /** All numbers of an order too long for its card, as a file. */
  | 'numbers'
  /** The requester changed the request, which made it this edition. */
  | EditNews
  | ApprovalNews
  | 'approved'
  /** Its approval does not suffice any more. */
  | 'reopened'
  | 'declined'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'unknown'
  /** It left no trace at Bandwidth; people have to say what to do. */
  | 'nowhere'
  /** Bandwidth could not be asked what became of it; people have to say what to do. */
  | 'not-known'
  /** Somebody gave it up. */
  | 'given-up'
  /** Given up, it turned up at Bandwidth after all. */
  | 'turned-up'
  /** It was sent again. */
  | 'again'
  | 'backordered'
  /** Somebody closed the back-order. */
  | 'closing'
  /** Bandwidth would not close it. */
  | 'not-closed'
  | 'outcome';

/** Those that count, of all approvals of one request: one of each person, and none that a later one has voided. */
export function counting(approvals: readonly Approval[]): readonly Approval[] {
  return approvals.filter(
    ({ by }, index) =>
      !approvals
        .slice(index + 1)
        .some((later) => [later.by, ...(later.voids ?? [])].some((person) => person?.userId === by?.userId)),
  );
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
  return givenCriteria(wanted.search.criteria).every((name) => criterionRules[name].takes.protected);
}

/**
 * May Bandwidth be asked to keep looking for numbers it has not got? Not for named numbers, for an exchange, nor for
 * vanity numbers: "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity
 * orders" (error 5522).
 */
export function takesBackOrder(wanted: Wanted): boolean {
  if (wanted.by === 'numbers') return false;
  return givenCriteria(wanted.search.criteria).every((name) => criterionRules[name].backOrder);
}

/**
 * A short fingerprint of everything a card shows for approval. The approve button carries it, so what was approved is
 * what is ordered.
 */
export function requestDigest(order: Pick<Facts, 'request' | 'requester' | 'edition' | 'holds'>): string {
  const lost = (['gone', 'lapsed'] as const).map((state) => lostNumbers(order, state));
  return createHash('sha256')
    .update(JSON.stringify([order.request, order.requester, order.edition, lost]))
    .digest('base64url')
    .slice(0, 22);
}

/** Nothing will change about it at Bandwidth any more. */
export function isFinalReport(status: CarrierReport['status']): status is FinalCarrierStatus {
  return status === 'complete' || status === 'partial' || status === 'failed';
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
    case 'given-up':
      return order.endedAt !== undefined;
    case 'awaiting-approval':
    case 'approved':
    case 'placing':
    case 'placed':
      return false;
  }
}

/** May it still be closed? Bandwidth closes what is back-ordered (5060), and only orders for numbers. */
export function isCloseable({ request, carrierOrder, closing }: OrderIn<'placed'>): boolean {
  return request.kind === 'purchase' && carrierOrder.status === 'backordered' && closing === undefined;
}

/** Who wanted the back-order closed, whether or not Bandwidth did. */
export function wishToClose(order: Order): SecondWord | undefined {
  if (order.status === 'placed') return order.closing ?? order.notClosed?.wanted;
  return 'closed' in order ? order.closed : undefined;
}

/** How many numbers have come so far. */
export function cameSoFar({ completed, completedQuantity = 0, unread = 0 }: CarrierOrder): number {
  return Math.max(completed.length + unread, completedQuantity);
}

/** How many Bandwidth still owes. */
export function awaitedQuantity({ request, carrierOrder }: OrderIn<'placed'>): number {
  return Math.max(0, askedQuantity(request) - cameSoFar(carrierOrder));
}

/** After this many vain looks, half a minute's worth, an order counts as lost on its way. */
export const VAIN_LOOKS = 5;

/** Sent, unanswered and not to be found: very likely it never arrived, but only people may act on "very likely". */
export function isNowhere(order: OrderIn<'placing'>): boolean {
  return leavesNoTrace(order) && isLeftAlone(order);
}

/** Whether people are asked what to do: it is nowhere, or Bandwidth cannot be asked where it is. */
export function asksPeople(order: OrderIn<'placing'>): boolean {
  return (leavesNoTrace(order) || order.notKnown === true) && isLeftAlone(order);
}

/** Whether Bandwidth said often enough that it has no such order. */
export function leavesNoTrace({ answer, soughtInVain }: OrderIn<'placing'>): boolean {
  return answer === 'unknown' && soughtInVain >= VAIN_LOOKS;
}

/** Nothing is about to happen to it by itself. */
const isLeftAlone = (order: OrderIn<'placing'>): boolean =>
  order.answer === 'unknown' &&
  order.sendAgain === undefined &&
  order.secondNotTaken === undefined &&
  order.heldBack === undefined &&
  order.secondRefused === undefined;

/**
 * May somebody give it up? Not while a request may be under way, nor before half a minute's looks: until then it may
 * answer for itself.
 */
export function mayBeGivenUp(order: OrderIn<'placing'>): boolean {
  const { answer, notKnown, sendAgain, secondNotTaken } = order;
  if (answer !== 'unknown') return false;
  return leavesNoTrace(order) || notKnown === true || sendAgain !== undefined || secondNotTaken === true;
}

/** How the order was given up, if it was; also where it turned up after all. */
export function givingUp(
  order: Order,
): Pick<OrderIn<'given-up'>, 'by' | 'noTrace' | 'soughtUntil'> | undefined {
  if (order.status === 'given-up') return order;
  const event = order.events.findLast(({ what }) => what === 'given-up');
  return event?.what === 'given-up' ? event : undefined;
}
