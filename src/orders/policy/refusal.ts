import type { Order } from '../domain/order.js';
import type { Bar } from '../domain/standing.js';
import type { Limit, ReviewRefusal } from './ruling.js';

/** Why a person's wish was not carried out. Each has its sentence in `slack/blocks/answers/refusals.ts`. */
export type RefusalCode =
  | ReviewRefusal
  | 'approved-before'
  | 'not-yours'
  | 'not-the-requester'
  | 'already-decided'
  | 'changed-since'
  | 'edited-too-often'
  | 'no-such-order'
  /** It may be at Bandwidth, which cannot be asked, or may not list it yet. */
  | 'perhaps-sent'
  | 'sent-before'
  | 'nothing-left'
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
