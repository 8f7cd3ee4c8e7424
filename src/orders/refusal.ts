import type { Order } from './order.js';
import type { Limit } from './ruling.js';

/** Why a person's wish was not carried out. Each has its sentence in `slack/blocks/refusals.ts`. */
export type RefusalCode =
  | 'not-an-approver'
  | 'own-request'
  | 'approved-before'
  | 'not-yours'
  | 'not-the-requester'
  | 'already-decided'
  | 'changed-since'
  | 'no-such-order'
  | 'sent-before'
  | 'nothing-left'
  | 'too-many';

/** A refusal is an answer, not an accident. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** The order as it stands, where there is one, so that the person can be told what happened instead. */
  readonly order?: Order;
  /** The limit in the way, where it is `too-many`. */
  readonly over?: Limit;
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
