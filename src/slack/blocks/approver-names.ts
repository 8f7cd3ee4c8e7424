import { type Approval, counting, type OrderIn } from '../../orders/order.js';
import type { Approvers } from '../../orders/policy.js';
import { figure, mention, mentionGroup, typed } from './vocabulary.js';

/** A person reads a sentence, not a list of everybody. */
const APPROVERS_NAMED = 10;

/** The groups and people who may approve. The mentions call them, unless the message is for one person alone. */
export function nameApprovers({ anyone, users, groups }: Approvers): string {
  if (anyone) return 'anybody here but the requester';
  const names = [...groups.map(mentionGroup), ...users.map((userId) => mention({ userId }))];
  const more = names.length - APPROVERS_NAMED;
  const named = names.slice(0, APPROVERS_NAMED).join(', ');
  return more > 0 ? `${named} and ${figure(more)} more` : named;
}

/** Everybody whose word an approval is, or the rule that needed nobody's. */
export const nameApproval = ({ also = [], ...last }: Approval): string =>
  counting([...also, last])
    .map(nameGiver)
    .join(' and ');

const nameGiver = (approval: Approval): string =>
  approval.by === undefined ? `the rule “${typed(approval.rule, 200)}”` : mention(approval.by);

/** What is to be said of those whose approvals were found to count no more, if there are any. */
export const voidedSentence = ({ voids = [] }: Approval): string =>
  voids.length === 0
    ? ''
    : ` What ${voids.map(mention).join(', ')} approved before does not count any more: they may not approve this now.`;

/** "1 of 2 approvals". */
export const approvalsSoFar = ({ approvals, needs }: OrderIn<'awaiting-approval'>): string =>
  `${figure(counting(approvals).length)} of ${figure(needs.required)} approval${needs.required === 1 ? '' : 's'}`;
