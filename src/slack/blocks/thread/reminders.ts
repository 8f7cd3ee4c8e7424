import type { OrderIn, Reminder } from '../../../orders/domain/order.js';
import type { Policy } from '../../../orders/policy/policy.js';
import { approversOf } from '../../../orders/policy/ruling.js';
import { nameApprovers } from '../approver-names.js';
import { actionOf } from '../subject.js';
import { moment, typed } from '../vocabulary.js';

/** The requester is the only approver and may not approve their own request. */
const NOBODY = 'Nobody else can decide:';

export function whoCanDecide(order: OrderIn<'awaiting-approval'>, policy: Policy): string {
  const approvers = approversOf(order, policy);
  return approvers.anyone ? 'Anybody here but the requester can decide:' : nameApprovers(approvers) || NOBODY;
}

/** Mentions the people who can decide. When anyone can, it mentions nobody. */
export function reminder(order: OrderIn<'awaiting-approval'>, kind: Reminder, policy: Policy): string {
  const who = whoCanDecide(order, policy);
  const request = typed(actionOf(order.request), 300);
  const until = moment(order.expiresAt);
  return kind === 'reminder-half'
    ? `${who} this ${request} is still waiting for approval. It expires ${until}.`
    : `${who} this ${request} expires ${until} unless it's approved by then.`;
}
