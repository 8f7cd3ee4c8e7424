import type { Approval, OrderIn } from '../../orders/order.js';
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
export function nameApproval({ also = [], ...approval }: Approval): string {
  const last = approval.by === undefined ? `the rule “${typed(approval.rule, 200)}”` : mention(approval.by);
  return [...also.map(nameApproval), last].join(' and ');
}

/** "1 of 2 approvals". */
export const approvalsSoFar = ({ approvals, needs }: OrderIn<'awaiting-approval'>): string =>
  `${figure(approvals.length)} of ${figure(needs.required)} approval${needs.required === 1 ? '' : 's'}`;
