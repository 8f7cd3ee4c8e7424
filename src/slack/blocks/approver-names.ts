import { type Approval, type Voided, type VoidReason, validApprovals } from '../../orders/domain/approval.js';
import type { OrderIn } from '../../orders/domain/order.js';
import type { Approvers } from '../../orders/policy/policy.js';
import { theirBarWords } from './bar-words.js';
import { figure, mention, mentionGroup, typed } from './vocabulary.js';

/** A longer list would be hard to read. */
const APPROVERS_NAMED = 10;

/** Mentions the groups and people who may approve. The mentions notify them unless the message is private. */
export function nameApprovers({ anyone, users, groups }: Approvers): string {
  if (anyone) return 'anybody here but the requester';
  const names = [...groups.map(mentionGroup), ...users.map((userId) => mention({ userId }))];
  const more = names.length - APPROVERS_NAMED;
  const named = names.slice(0, APPROVERS_NAMED).join(', ');
  return more > 0 ? `${named} and ${figure(more)} more` : named;
}

/** Names everyone who approved, or the rule that required no approval. */
export const nameApproval = ({ also = [], ...last }: Approval): string =>
  validApprovals([...also, last])
    .map(nameGiver)
    .join(' and ');

const nameGiver = (approval: Approval): string =>
  approval.by === undefined ? `the rule “${typed(approval.rule, 200)}”` : mention(approval.by);

/** Names the people whose approvals are no longer valid, if there are any. */
export const voidedSentence = ({ voids = [] }: Approval): string =>
  voids.map((person) => ` ${voidedApproval(person, 'earlier approval')}`).join('');

/** Says whose approval it was and why it is no longer valid. */
export const voidedApproval = (person: Voided, approval = 'approval'): string =>
  `${mention(person)}'s ${approval} no longer counts: ${person.why === undefined ? "they can't approve this order now" : voidWords[person.why]}.`;

const voidWords: Readonly<Record<VoidReason, string>> = {
  'not-an-approver': "they aren't an approver of this order now",
  'own-request': 'the order is their own, and somebody else has to approve it now',
  'member-unverified':
    "I can't tell whether they are a full member, because I'm missing a permission (`users:read`)",
  outsider: theirBarWords.outsider,
  bot: theirBarWords.bot,
  deactivated: theirBarWords.deactivated,
  guest: theirBarWords.guest,
  colleague: theirBarWords.colleague,
};

/** "1 of 2 approvals". */
export const approvalsSoFar = ({ approvals, needs }: OrderIn<'awaiting-approval'>): string =>
  `${figure(validApprovals(approvals).length)} of ${figure(needs.required)} approval${needs.required === 1 ? '' : 's'}`;
