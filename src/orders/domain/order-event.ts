import type { Approval, RequiredApproval, SecondSending, Voided } from './approval.js';
import type { CarrierOrder, CarrierRefusal, CarrierReport, Heard } from './carrier-report.js';
import type { Unheld } from './hold.js';
import type { PhoneNumber } from './phone-number.js';
import type { OrderRequest, Person, Timestamp } from './request.js';

/** What happens to the numbers an order keeps aside. None of it changes where the order itself stands. */
export type HoldEvent =
  /** The requests to Bandwidth are about to leave: the first ones, or more, after the ones before had no effect. */
  | {
      readonly what: 'holding';
      readonly numbers: readonly PhoneNumber[];
      /** When that is by Bandwidth's clock; absent in old records, which have our own. */
      readonly sentAt?: Timestamp;
    }
  | { readonly what: 'held'; readonly holds: readonly HeldNumber[] }
  /** Somebody else has them: said by Bandwidth when they were to be held, or when they were looked for again. */
  | { readonly what: 'gone'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'not-held'; readonly numbers: readonly PhoneNumber[]; readonly because: Unheld }
  | { readonly what: 'lapsed'; readonly numbers: readonly PhoneNumber[] }
  | { readonly what: 'released'; readonly numbers: readonly PhoneNumber[] };

export interface HeldNumber {
  readonly number: PhoneNumber;
  readonly reservationId: string;
  readonly until: Timestamp;
}

/** One decision or act, as it is kept for good: who or what, when, what they saw, what Bandwidth answered. */
export type OrderEvent = { readonly at: Timestamp } & Happening;

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
  /** Another request took its place, which waits for approval anew. */
  | {
      readonly what: 'edited';
      readonly by: Person;
      readonly request: OrderRequest;
      readonly expiresAt: Timestamp;
      readonly needs: RequiredApproval;
    }
  /** One of several approvals, and not the last. */
  | {
      readonly what: 'approval-given';
      readonly by: Person;
      readonly seen: string;
      readonly needs: RequiredApproval;
      /** See {@link Approval.voids}. */
      readonly voids?: readonly Voided[];
    }
  /** A rule of the policy needs no person for this. */
  | { readonly what: 'approved-by-rule'; readonly rule: string; readonly actAt: Timestamp }
  /** Nobody decided in time. */
  | { readonly what: 'expired' }
  | {
      readonly what: 'approved';
      readonly by: Person;
      /** The digest of what the card showed (`requestDigest`). */
      readonly seen: string;
      /** Not before this time is it placed; until then it can be undone. */
      readonly actAt: Timestamp;
      readonly voids?: readonly Voided[];
    }
  | { readonly what: 'declined'; readonly by: Person; readonly why: string }
  | { readonly what: 'cancelled'; readonly by: Person }
  /** The request to Bandwidth is about to leave. */
  | { readonly what: 'placing' }
  /** It is about to leave a second time. */
  | { readonly what: 'placing-again'; readonly again: SecondSending }
  /** Bandwidth certainly did not take it. */
  | { readonly what: 'not-taken'; readonly advice: string }
  /** It must not be placed for now: `advice` says why. */
  | {
      readonly what: 'held-back';
      readonly advice: string;
      /** Of one that is to be sent again: how many vain looks count by now. */
      readonly looks?: number;
    }
  /**
   * It isn't sent again, and people decide: the policy, the limits or the accounts don't allow it now, or Bandwidth
   * refused the second request while the first may still turn up.
   */
  | { readonly what: 'not-sent-again'; readonly advice: string }
  /** About to be sent, it was found to need more approval than it has. */
  | {
      readonly what: 'reopened';
      readonly needs: RequiredApproval;
      readonly expiresAt: Timestamp;
      /** Whose approvals count no more: they may not approve it any more. */
      readonly voids?: readonly Voided[];
      /** The rule that had let it pass. */
      readonly rule?: string;
      /** Rules let only full members' orders pass, and the requester isn't known to be one now. */
      readonly requesterNotMember?: true;
    }
  | ({ readonly what: 'answer-unknown' } & Heard)
  | { readonly what: 'not-found'; readonly looks: number }
  /** The record had forgotten that it was sent, and with whose approval: the database went back in time. */
  | {
      readonly what: 'sent-before';
      readonly approval: Approval;
      readonly sentAt: Timestamp;
      /** What was sent, where the record had another request. */
      readonly request?: OrderRequest;
    }
  /** Looked for before it was to be sent: Bandwidth has it already. */
  | { readonly what: 'found-before'; readonly carrierOrderId: string }
  /** Half a minute after it was sent Bandwidth cannot be asked for it. */
  | { readonly what: 'not-known' }
  | { readonly what: 'wanted-again'; readonly by: Person }
  | {
      readonly what: 'given-up';
      readonly by: Person;
      readonly noTrace: boolean;
      readonly soughtUntil: Timestamp;
    }
  /** Given up and never found, it is not looked for any more. */
  | { readonly what: 'sought-out' }
  | ({ readonly what: 'refused' } & CarrierRefusal)
  /** Bandwidth said no the second time; the first may have arrived all the same. */
  | ({ readonly what: 'second-refused' } & CarrierRefusal)
  | {
      readonly what: 'placed';
      readonly carrierOrderId: string;
      /** Found by exactly its numbers, without our ID: it may be somebody else's disconnect. */
      readonly byNumbers?: true;
    }
  /** Bandwidth could not be asked, several times in a row. */
  | { readonly what: 'not-answered'; readonly advice: string }
  | {
      readonly what: 'reported';
      readonly report: CarrierReport;
      /** Of several carrier orders for one request, the one that is the outcome, and the others. */
      readonly carrierOrderId?: string;
      readonly twins?: readonly string[];
    }
  /** Of several carrier orders for one request, this one has not ended yet: what became of it hangs on this one. */
  | { readonly what: 'followed'; readonly carrierOrder: Omit<CarrierOrder, 'placedAt'> }
  | { readonly what: 'close-wanted'; readonly by: Person }
  /** Bandwidth would not close the back-order. */
  | ({ readonly what: 'not-closed' } & CarrierRefusal);
