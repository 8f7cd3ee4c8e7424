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
  /** Slack doesn't say whether those who requested and approved it still may. */
  | 'approval-unknown'
  /** See {@link Refusal.bar}. */
  | 'barred'
  /** The same, of an order on record: its requester may not ask any more. */
  | 'requester-barred';

/** A refusal is an answer, not an accident. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** The order as it stands, where there is one, so that the person can be told what happened instead. */
  readonly order?: Order;
  /** The limit in the way, where it is `too-many`. */
  readonly over?: Limit;
  /** How many people must approve, and how many have, where they are `too-few-approvals`. */
  readonly approvals?: { readonly required: number; readonly given: number };
  /** What keeps the requester from asking, where it is `barred` or `requester-barred`. */
  readonly bar?: Bar;
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
