/**
 * Why something isn't done, or isn't known. A sentence is what Bandwidth's adapter said; in older records it may be one
 * of our own.
 */
export type Reason = string | OwnReason;

/**
 * A reason of our own, which has its sentence in `slack/blocks/reason-words.ts`. The app's earlier versions can't read
 * it, so an order with one is stored in a newer format; a new code needs a new one again (`store/order-format.ts`).
 */
export type OwnReason =
  /** Saving the intent to send it took so long that others may have taken this process for dead. */
  | { readonly why: 'saved-too-slowly' }
  /** Slack can't say whether the people who requested and approved it still may. */
  | { readonly why: 'people-not-known' }
  | { readonly why: 'requester-barred' }
  | {
      readonly why: 'over-limit';
      readonly limit: LimitName;
      readonly most: number;
      /** How many numbers are left of it; absent for the limit of one order. */
      readonly left?: number;
      readonly quantity: number;
    }
  /** Some lines were sent, so the order can't wait for approval again. */
  | { readonly why: 'lines-lack-approval' }
  /** Someone may have made this disconnect in Bandwidth already. */
  | {
      readonly why: 'same-disconnect';
      readonly carrierOrderId: string;
      /** How many more there are. */
      readonly others: number;
    }
  /** Before it is sent, Bandwidth has to say that it doesn't have it already, and couldn't. */
  | { readonly why: 'looked-up-first'; readonly because: Reason }
  /** Bandwidth refused the second request, and the first left no trace. */
  | { readonly why: 'second-refused' }
  /** The person who wants it resubmitted can't approve it. */
  | { readonly why: 'resubmitter-not-approver' }
  | { readonly why: 'resubmission-lacks-approvals'; readonly required: number; readonly given: number }
  | { readonly why: 'resubmission-over-limit'; readonly limit: LimitName; readonly most: number }
  | { readonly why: 'resubmission-barred' }
  | { readonly why: 'answer-not-understood' }
  | { readonly why: 'no-answer-yet' }
  | { readonly why: 'lookups-used-up' };

export type LimitName = 'order' | 'day' | 'month';
