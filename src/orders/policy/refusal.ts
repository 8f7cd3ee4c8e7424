import type { Order } from '../domain/order.js';
import type { Bar } from '../domain/standing.js';
import type { Limit, ReviewRefusal } from './ruling.js';

/** Why an action was refused. Each has its sentence in `slack/blocks/answers/refusals.ts`. */
export type RefusalCode =
  | ReviewRefusal
  | 'approved-before'
  /** Their delegate has, while they were away. */
  | 'approved-for-you'
  /** The stages of approval that they can approve in have their approvals already. */
  | 'stage-complete'
  | 'not-yours'
  | 'not-the-requester'
  | 'already-decided'
  | 'changed-since'
  | 'edited-too-often'
  | 'no-such-order'
  /** It ended so long ago that it was removed. */
  | 'no-longer-kept'
  /** It may be at Bandwidth, which can't be asked, or may not list it yet. */
  | 'perhaps-sent'
  | 'sent-before'
  | 'nothing-left'
  /** An activation of the same numbers waits, or is at Bandwidth. */
  | 'activation-under-way'
  /** None of the numbers is ready for all of the chosen services. */
  | 'nothing-to-activate'
  | 'disconnected-since'
  | 'too-many'
  /** See {@link Refusal.approvals}. */
  | 'too-few-approvals'
  /** Slack doesn't say whether the requester and the approvers are still allowed. */
  | 'approval-unknown'
  /** See {@link Refusal.bar}. */
  | 'barred'
  /** Like `barred`, for an order on record: its requester may no longer order. */
  | 'requester-barred';

/** Why an action wasn't carried out: a value, not an error. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** The current order, if there is one, so that the person can be told what happened instead. */
  readonly order?: Order;
  /** The order that stands in the way, for `activation-under-way`. */
  readonly other?: Order;
  /** The exceeded limit, for `too-many`. */
  readonly over?: Limit;
  /** Required and given approvals, for `too-few-approvals`. */
  readonly approvals?: { readonly required: number; readonly given: number };
  /** What keeps the requester from ordering, for `barred` or `requester-barred`. */
  readonly bar?: Bar;
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
