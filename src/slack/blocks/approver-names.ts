import {
  type Approval,
  type Decider,
  type Resubmission,
  type StageState,
  type Voided,
  type VoidReason,
  validApprovals,
} from '../../orders/domain/approval.js';
import type { OrderIn } from '../../orders/domain/order.js';
import type { StandIn } from '../../orders/domain/who-decides.js';
import type { Approvers } from '../../orders/policy/policy.js';
import { theirBarWords } from './bar-words.js';
import { figure, mention, mentionGroup, typed } from './format.js';

/** A longer list would be hard to read. */
const APPROVERS_NAMED = 10;

/** Mentions the groups and people who may approve. The mentions notify them unless the message is private. */
export function nameApprovers({ anyone, users, groups }: Approvers): string {
  if (anyone) return 'anyone here but the requester';
  return listNames(callNames({ users, groups }, []));
}

/** Cuts a long list of names. */
export function listNames(names: readonly string[]): string {
  const more = names.length - APPROVERS_NAMED;
  const named = names.slice(0, APPROVERS_NAMED).join(', ');
  return more > 0 ? `${named} and ${figure(more)} more` : named;
}

/**
 * Mentions those who can decide now. A delegate is mentioned instead of the person who is away, because a mention
 * notifies. Mentioning a group notifies its members.
 */
export function callNames(
  { users, groups }: Pick<Approvers, 'users' | 'groups'>,
  standIns: readonly StandIn[],
): readonly string[] {
  const away = new Set(standIns.map((each) => each.away));
  const delegates = new Set(standIns.map(({ delegate }) => delegate));
  const present = users.filter((userId) => !away.has(userId));
  return [
    ...groups.map(mentionGroup),
    ...present.map((userId) => mention({ userId })),
    ...[...delegates]
      .filter((userId) => !present.includes(userId))
      .map((userId) => `${mention({ userId })} (for an approver who is away)`),
  ];
}

/** Names everyone who approved, or the rule that required no approval. */
export const nameApproval = ({ also = [], ...last }: Approval): string =>
  validApprovals([...also, last])
    .map(nameGiver)
    .join(' and ');

const nameGiver = (approval: Approval): string =>
  approval.by === undefined ? `the rule “${typed(approval.rule, 200)}”` : nameDecider(approval);

/** "@ben", or "@cleo for @ben". */
export const nameDecider = ({ by, for: away }: Decider): string =>
  away === undefined ? mention(by) : `${mention(by)} for ${mention(away)}`;

/** Names the people whose approvals are no longer valid, if there are any. */
export const voidedSentence = ({ voids = [] }: Approval): string =>
  voids.map((person) => ` ${voidedApproval(person, 'earlier approval')}`).join('');

/** Says whose approval it was and why it is no longer valid. */
export const voidedApproval = (person: Voided, approval = 'approval'): string =>
  `${mention(person)}'s ${approval}${person.for === undefined ? '' : ` for ${mention(person.for)}`} no longer counts: ${person.why === undefined ? "they can't approve this order now" : voidWords[person.why]}.`;

const voidWords: Readonly<Record<VoidReason, string>> = {
  'not-an-approver': "they aren't an approver of this order now",
  'own-request': 'the order is their own, and someone else has to approve it now',
  'member-unverified':
    "I can't tell whether they are a full member, because I'm missing a permission (`users:read`)",
  'delegate-not-member':
    "they aren't known to be a full member now, and only full members can stand in for others",
  'away-not-approver': "the person they stood in for isn't an approver of this order now",
  outsider: theirBarWords.outsider,
  bot: theirBarWords.bot,
  deactivated: theirBarWords.deactivated,
  guest: theirBarWords.guest,
  colleague: theirBarWords.colleague,
};

/** Names who resubmitted an order; empty if the app did so by itself. */
export const nameResubmitter = ({ by, for: away }: Resubmission): string =>
  by === undefined ? '' : nameDecider({ by, ...(away === undefined ? {} : { for: away }) });

/** "1 of 2 approvals". */
export const approvalsSoFar = ({ approvals, needs }: OrderIn<'awaiting-approval'>): string => {
  const given = needs.stages?.reduce((sum, stage) => sum + stage.given.length, 0);
  return `${figure(given ?? validApprovals(approvals).length)} of ${figure(needs.required)} approval${needs.required === 1 ? '' : 's'}`;
};

/** "2 of @telecom and 1 of @finance": what is still missing in several stages; empty if there is only one. */
export const stillNeeded = ({ needs }: OrderIn<'awaiting-approval'>): string =>
  (needs.stages ?? [])
    .filter(({ count, given }) => given.length < count)
    .map(({ approvers, count, given }) => `${figure(count - given.length)} of ${nameApprovers(approvers)}`)
    .join(' and ');

/** "1 of 2: @ben": the progress of a stage. */
export const stageProgress = ({ count, given }: StageState): string =>
  [
    `${figure(given.length)} of ${figure(count)}`,
    ...(given.length === 0 ? [] : [given.map(nameDecider).join(', ')]),
  ].join(': ');
