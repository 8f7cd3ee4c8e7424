import type { Approval, Decider, RequiredApproval, Resubmission, Voided } from './approval.js';
import type { CarrierOrder, CarrierRefusal, CarrierReport, UnclearResponse } from './carrier-report.js';
import type { Unheld } from './hold.js';
import type { PhoneNumber } from './phone-number.js';
import type { Reason } from './reason.js';
import type { OrderRequest, Person, Timestamp } from './request.js';
import type { ServiceCheck } from './service-states.js';

/** An event about held numbers. None of them changes the status of the order. */
export type HoldEvent =
  /**
   * The requests to Bandwidth are about to be sent: the first ones, or further ones after the previous ones had no
   * effect.
   */
  | {
      readonly what: 'holding';
      readonly numbers: readonly PhoneNumber[];
      /** When they are sent, by Bandwidth's clock; absent in old records, which have our own time. */
      readonly sentAt?: Timestamp;
    }
  | { readonly what: 'held'; readonly holds: readonly HeldNumber[] }
  /** Someone else has the numbers: Bandwidth said so when we tried to hold them, or a later check found it. */
  | { readonly what: 'gone'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'not-held'; readonly numbers: readonly PhoneNumber[]; readonly because: Unheld }
  | { readonly what: 'lapsed'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'released'; readonly numbers: readonly PhoneNumber[] };

export interface HeldNumber {
  readonly number: PhoneNumber;
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** A decision or action as it is recorded permanently: who or what, when, what they saw, what Bandwidth answered. */
export type OrderEvent = {
  readonly at: Timestamp;
  /** Which of several lines it happened to, from 1; absent for what concerns the whole order. */
  readonly line?: number;
} & Happening;

/** The name of an event that a person causes. */
export type PersonsEvent = Extract<OrderEvent, { readonly by: Person }>['what'];

type Happening =
  | HoldEvent
  | {
      readonly what: 'requested';
      readonly by: Person;
      readonly channelId: string;
      readonly workspaceId?: string;
      readonly request: OrderRequest;
      readonly expiresAt: Timestamp;
      readonly needs: RequiredApproval;
    }
  /** The request was edited and waits for approval again. */
  | {
      readonly what: 'edited';
      readonly by: Person;
      readonly request: OrderRequest;
      readonly expiresAt: Timestamp;
      readonly needs: RequiredApproval;
    }
  /** The policy changed at a restart, and so did what this order needs. */
  | { readonly what: 'policy-changed'; readonly needs: RequiredApproval }
  /** One of several approvals, but not the last. */
  | ({
      readonly what: 'approval-given';
      readonly seen: string;
      readonly needs: RequiredApproval;
      /** See {@link Approval.voids}. */
      readonly voids?: readonly Voided[];
    } & Decider)
  /** A policy rule approved it; no person needs to. */
  | { readonly what: 'approved-by-rule'; readonly rule: string; readonly actAt: Timestamp }
  /** No one decided in time. */
  | { readonly what: 'expired' }
  | ({
      readonly what: 'approved';
      /** The digest of what the card showed (`requestDigest`). */
      readonly seen: string;
      /** The order isn't placed before this time; until then it can be undone. */
      readonly actAt: Timestamp;
      readonly voids?: readonly Voided[];
    } & Decider)
  | ({ readonly what: 'declined'; readonly why: string } & Decider)
  | { readonly what: 'cancelled'; readonly by: Person }
  /** The request to Bandwidth is about to be sent. */
  | { readonly what: 'placing' }
  /** The request is about to be sent a second time. */
  | { readonly what: 'placing-again'; readonly again: Resubmission }
  /** Bandwidth certainly didn't accept the request. */
  | { readonly what: 'not-taken'; readonly advice: Reason }
  /** It can't be placed for now; `advice` says why. */
  | {
      readonly what: 'held-back';
      readonly advice: Reason;
      /** For an order to be resubmitted: how many failed lookups count so far. */
      readonly looks?: number;
    }
  /**
   * It isn't sent again, and people decide: the policy, the limits or the accounts don't allow it now, or Bandwidth
   * refused the second request while the first may still turn up.
   */
  | { readonly what: 'not-sent-again'; readonly advice: Reason }
  /** When it was about to be sent, it turned out to need more approvals than it has. */
  | {
      readonly what: 'reopened';
      readonly needs: RequiredApproval;
      readonly expiresAt: Timestamp;
      /** People whose approvals no longer count. They can't approve this order again. */
      readonly voids?: readonly Voided[];
      /** The rule that had approved it. */
      readonly rule?: string;
      /** Rules approve only full members' orders, and the requester isn't known to be one now. */
      readonly requesterNotMember?: true;
    }
  | ({ readonly what: 'answer-unknown' } & UnclearResponse)
  | { readonly what: 'not-found'; readonly looks: number }
  /** The record had lost that the order was sent, and its approval, because the database went back in time. */
  | {
      readonly what: 'sent-before';
      readonly approval: Approval;
      readonly sentAt: Timestamp;
      /** What was sent, if the record had a different request. */
      readonly request?: OrderRequest;
    }
  /** A lookup before sending found that Bandwidth already has the order. */
  | { readonly what: 'found-before'; readonly carrierOrderId: string }
  /** Half a minute after it was sent, Bandwidth still can't be asked about it. */
  | { readonly what: 'not-known' }
  | ({ readonly what: 'wanted-again' } & Decider)
  | {
      readonly what: 'given-up';
      readonly by: Person;
      readonly noTrace: boolean;
      readonly soughtUntil: Timestamp;
    }
  /** Given up and never found, it is no longer looked up. */
  | { readonly what: 'sought-out' }
  | ({ readonly what: 'refused' } & CarrierRefusal)
  /** Bandwidth rejected the second request; the first may have arrived anyway. */
  | ({ readonly what: 'second-refused' } & CarrierRefusal)
  | {
      readonly what: 'placed';
      readonly carrierOrderId: string;
      /** Found by exactly its numbers, without our ID: it may be someone else's disconnect. */
      readonly byNumbers?: true;
    }
  /** Bandwidth could not be asked, several times in a row. */
  | { readonly what: 'not-answered'; readonly advice: Reason }
  | {
      readonly what: 'reported';
      readonly report: CarrierReport;
      /** If there are several carrier orders for one request: the one that is the outcome, and the others. */
      readonly carrierOrderId?: string;
      readonly duplicates?: readonly string[];
    }
  /** If there are several carrier orders for one request: one that hasn't ended yet and decides the outcome. */
  | { readonly what: 'followed'; readonly carrierOrder: Omit<CarrierOrder, 'placedAt'> }
  | { readonly what: 'close-wanted'; readonly by: Person }
  /** Bandwidth refused to close the back-order. */
  | ({ readonly what: 'not-closed' } & CarrierRefusal)
  /** Bandwidth was asked what works on the delivered numbers. */
  | { readonly what: 'services-checked'; readonly check: ServiceCheck };

/**
 * Returns an event under its current field names. The journal can't be rewritten, so it keeps the earlier names for
 * good; orders are upgraded when they are read.
 */
export function upgradeEvent(stored: OrderEvent | EarlierEvent): OrderEvent {
  if (!('twins' in stored)) return stored;
  const { twins, ...event } = stored;
  return { ...event, duplicates: twins };
}

/** As it was written up to schema 1 of orders. */
type EarlierEvent = Extract<OrderEvent, { what: 'reported' }> & { readonly twins: readonly string[] };
