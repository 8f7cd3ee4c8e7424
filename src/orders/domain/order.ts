import {
  type Approval,
  type FirstApproval,
  type RequiredApproval,
  type SecondWord,
  validApprovals,
} from './approval.js';
import {
  type CarrierOrder,
  type CarrierRefusal,
  type CarrierReport,
  cameSoFar,
  type FinalCarrierStatus,
} from './carrier-report.js';
import type { Hold } from './hold.js';
import type { OrderEvent } from './order-event.js';
import { askedQuantity, type OrderId, type OrderRequest, type Person, type Timestamp } from './request.js';

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

/** A wish to close a back-order that Bandwidth refused. */
export interface NotClosed extends CarrierRefusal {
  readonly wanted: SecondWord;
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
      /** Given so far; fewer {@link validApprovals} than are required. */
      readonly approvals: readonly Approval[];
      readonly needs: RequiredApproval;
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
      /** It isn't sent again by itself: people are asked, and told why. */
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
  readonly toldDirectly?: readonly DirectAnnouncement[];
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

export type EditAnnouncement = `edited-${number}`;
/** The first, second … approval of an order that needs more than one; the last is `approved`. */
export type ApprovalAnnouncement = `approval-${number}`;

/** Half of the time to decide is over; the last hour of it has begun. */
export type Reminder = 'reminder-half' | 'reminder-hour';

/** What the thread of an order hears. */
export type AnnouncementKind = Announcement | Reminder;

/** What only the card says, and the requester hears directly where there is none. */
export type DirectAnnouncement = Announcement | 'held-back';

/** What follows from the state of an order, whatever the time. */
export type Announcement =
  /** All numbers of an order too long for its card, as a file. */
  | 'numbers'
  /** The requester changed the request, which made it this edition. */
  | EditAnnouncement
  | ApprovalAnnouncement
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
/** How many numbers a card names one by one; a longer list is a file in its thread. */
export const NUMBERS_ON_A_CARD = 10;

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

/** The disconnect at Bandwidth that this one is followed as, if only its numbers speak for it: it carries no ID. */
export function matchedByNumbers(order: Order): string | undefined {
  const current =
    order.status === 'placed' ? order.carrierOrder.id : 'carrierOrderId' in order && order.carrierOrderId;
  const event = order.events.findLast(({ what }) => what === 'placed');
  const matched = event?.what === 'placed' && event.byNumbers === true && event.carrierOrderId === current;
  return matched ? event.carrierOrderId : undefined;
}

/** Bandwidth's refusal of the last request, if that was the second: the first may have arrived all the same. */
export function refusalOfSecond({ events }: Order): CarrierRefusal | undefined {
  const event = events.findLast(({ what }) => what === 'placing-again' || what === 'second-refused');
  return event?.what === 'second-refused' ? event : undefined;
}

/** How the order was given up, if it was; also where it turned up after all. */
export function givingUp(
  order: Order,
): Pick<OrderIn<'given-up'>, 'by' | 'noTrace' | 'soughtUntil'> | undefined {
  if (order.status === 'given-up') return order;
  const event = order.events.findLast(({ what }) => what === 'given-up');
  return event?.what === 'given-up' ? event : undefined;
}
