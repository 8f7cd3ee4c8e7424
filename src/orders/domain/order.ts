import type { AnnouncementKind, DirectAnnouncement } from './announcement.js';
import type { Approval, Decider, FirstApproval, PersonsRequest, RequiredApproval } from './approval.js';
import type { CarrierOrder, CarrierRefusal, FinalCarrierStatus, Outcome } from './carrier-report.js';
import type { Hold } from './hold.js';
import type { OrderEvent } from './order-event.js';
import type { Reason } from './reason.js';
import type { OrderId, OrderRequest, Person, Timestamp } from './request.js';

/** A request to close a back-order that Bandwidth refused. */
export interface NotClosed extends CarrierRefusal {
  readonly wanted: PersonsRequest;
}

/** The state of polling while we wait for Bandwidth. */
export interface LookupState {
  readonly times: number;
  readonly nextAt: Timestamp;
  /** Set after several failures in a row. */
  readonly trouble?: Reason;
  readonly failures: number;
}

export type Progress =
  | {
      readonly status: 'awaiting-approval';
      readonly expiresAt: Timestamp;
      /** Approvals so far; fewer {@link validApprovals} than required, unless the policy has required more before. */
      readonly approvals: readonly Approval[];
      readonly needs: RequiredApproval;
    }
  | ({ readonly status: 'declined'; readonly at: Timestamp; readonly why: string } & Decider)
  /** No one decided in time. */
  | { readonly status: 'expired'; readonly at: Timestamp }
  | {
      readonly status: 'cancelled';
      readonly by: Person;
      readonly at: Timestamp;
      /** Set when it was canceled after someone had approved it. */
      readonly approval?: FirstApproval;
    }
  /** Nothing of it is at Bandwidth: an order that was sent and may have arrived never returns to this status. */
  | { readonly status: 'approved'; readonly approval: FirstApproval; readonly asking: LookupState }
  | {
      readonly status: 'placing';
      readonly approval: Approval;
      readonly sentAt: Timestamp;
      /** `sent`: the request may still be under way. `unknown`: it ended without a reliable answer. */
      readonly answer: 'sent' | 'unknown';
      /** How many lookups since then found no such order. */
      readonly failedLookups: number;
      /** Set when Bandwidth couldn't be asked for half a minute, so people were asked what to do. */
      readonly notKnown?: true;
      /** Someone wants it resubmitted, unless one last lookup finds it. */
      readonly sendAgain?: PersonsRequest;
      /**
       * Bandwidth didn't accept the second request, but the first may have arrived, so it is looked up before sending
       * again.
       */
      readonly secondNotTaken?: true;
      /** It is to be resubmitted once Slack can say whether that is allowed. */
      readonly heldBack?: true;
      /** It isn't sent again by itself: people are asked, and told why. */
      readonly notSentAgain?: { readonly advice: Reason };
      /**
       * Why the second request was rejected, perhaps only because the first took the numbers; the first is looked up.
       */
      readonly secondRefused?: CarrierRefusal;
      readonly asking: LookupState;
    }
  /** No one wants it anymore, but it may have arrived, so it is looked up for a while longer. */
  | {
      readonly status: 'given-up';
      readonly approval: Approval;
      readonly by: Person;
      readonly at: Timestamp;
      /** When its first request was sent. */
      readonly sentAt: Timestamp;
      /** True if Bandwidth said that it has no such order, false if it couldn't be asked. */
      readonly noTrace: boolean;
      readonly soughtUntil: Timestamp;
      /** Set once it is no longer looked up. */
      readonly endedAt?: Timestamp;
      readonly asking: LookupState;
    }
  | ({ readonly status: 'refused'; readonly approval: Approval; readonly at: Timestamp } & CarrierRefusal)
  | {
      readonly status: 'placed';
      readonly approval: Approval;
      readonly carrierOrder: CarrierOrder;
      /** Someone asked to close the back-order. */
      readonly closing?: PersonsRequest;
      /** The last request to close it that Bandwidth refused. */
      readonly notClosed?: NotClosed;
      readonly asking: LookupState;
    }
  | {
      readonly status: FinalCarrierStatus;
      readonly approval: Approval;
      readonly carrierOrderId: string;
      readonly at: Timestamp;
      readonly outcome: Outcome;
      /**
       * The other carrier orders with our id, when the order was resubmitted and the first request turned up after all.
       */
      readonly duplicates?: readonly string[];
      /** Who had the back-order closed. */
      readonly closed?: PersonsRequest;
    }
  /** An order of several lines, at least one of which was sent and at least one of which has yet to end. */
  | { readonly status: 'ordering'; readonly approval: Approval };

export type OrderStatus = Progress['status'];

/** Where one of several lines is, from the approval on. */
export type LineProgress = Exclude<
  Progress,
  { readonly status: 'awaiting-approval' | 'declined' | 'expired' | 'ordering' }
>;

/** The location of a message in Slack. */
export interface CardPlace {
  readonly channelId: string;
  readonly ts: string;
}

/** A message that shows an order. */
export interface Card {
  readonly channelId: string;
  /** Absent until the card is posted. */
  readonly place?: CardPlace;
  /** A link to the message at `place`, once somebody needed it; `ts` is that message's. */
  readonly link?: { readonly ts: string; readonly url: string };
  /** The revision that the card last showed; 0 before it was posted. */
  readonly renderedRevision: number;
  /** Slack's error code, once people were told that the card can't be posted; cleared when it can. */
  readonly unreachable?: string;
  /**
   * When posting it was begun; absent once that is recorded as done. Until then it may or may not have been posted.
   * Also marks the message in Slack.
   */
  readonly begunAt?: Timestamp;
}

export interface Facts {
  readonly id: OrderId;
  /** Counts every write; the store's conditional write compares it. */
  readonly version: number;
  /** Counts visible changes; a card is due for a redraw while its `renderedRevision` is behind. */
  readonly revision: number;
  readonly request: OrderRequest;
  /** 1 for the original request, plus 1 for each edit. */
  readonly edition: number;
  readonly requester: Person;
  readonly requestedAt: Timestamp;
  /** The workspace of the request, if the installation has several. */
  readonly workspaceId?: string;
  /** The holds of its numbers; a number we haven't tried to hold yet isn't included. */
  readonly holds: readonly Hold[];
  /** Every decision and action, oldest first. Replaying them gives the order (see `rebuild`). */
  readonly events: readonly OrderEvent[];
  /** How many events are known to be in the journal. Updated only when the order is final; it isn't settled before. */
  readonly journaled: number;
  /**
   * The lines of an approved order that has several; absent for any other. The order's own status follows from them.
   */
  readonly lines?: readonly LineProgress[];
  /** Set if this is one line of such an order, seen as an order of its own; never stored. See `lineOf`. */
  readonly part?: { readonly of: Order; readonly line: number };
  /** The channel of the request. */
  readonly channelId: string;
  /** The card in the channel of the request, which has the thread, and perhaps copies in channels for approvals. */
  readonly cards: readonly [Card, ...Card[]];
  /** Announcements that were posted in the thread. */
  readonly announced: readonly AnnouncementKind[];
  /** The lines that each was about; absent for older announcements, which were about all lines. */
  readonly announcedLines?: readonly AnnouncedLines[];
  /** Announcements that may have been posted: posting began, and isn't recorded as done. */
  readonly begun?: readonly BegunPost[];
  /** What the requester was told in direct messages because it couldn't be posted. */
  readonly announcedDirectly?: readonly DirectAnnouncement[];
  /** User ids of the people who were asked in a direct message to decide on the request as it is now. */
  readonly notified?: readonly string[];
}

/** The lines that an announcement in the thread was about, and when it was last posted. */
export interface AnnouncedLines {
  readonly kind: AnnouncementKind;
  readonly lines: readonly number[];
  readonly at: Timestamp;
}

/** A message that is posted only once, so it is on record before it is posted. */
export interface BegunPost {
  readonly kind: AnnouncementKind;
  /** Also marks the message in Slack, so that it can be found there. */
  readonly at: Timestamp;
}

/** One request of a person, from submission to its end. Impossible combinations don't compile. */
export type Order = Facts & Progress;

/** An order known to be in one of these statuses. */
export type OrderIn<S extends OrderStatus> = Order & { readonly status: S };

/** How many numbers a card lists; a longer list is a file in its thread. */
export const NUMBERS_ON_A_CARD = 10;

/** Whether the order, or one of its lines, has ended and needs nothing more from Bandwidth. */
export function isFinal(order: Progress): boolean {
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
    case 'ordering':
      return false;
  }
}
