import type { Delegation } from '../../../orders/domain/delegation.js';
import type { Person } from '../../../orders/domain/request.js';
import {
  type ApplicableTerms,
  type Condition,
  type OtherRule,
  orderKindOf,
  type RuleKind,
} from '../../../orders/policy/policy.js';
import { tooFewApprovers } from '../../../orders/policy/required-approval.js';
import type { Limit } from '../../../orders/policy/ruling.js';
import type { PolicyExplanation } from '../../../orders/use-cases/explain-policy.js';
import { COMMAND } from '../../commands/command.js';
import type { PolicyWordsProblem } from '../../commands/policy-words.js';
import { codeSpan, cut } from '../../text/escape.js';
import { nameApprovers } from '../approver-names.js';
import { barSentence, theirBarWords } from '../bar-words.js';
import { capitalized, count, figure, mention, mentionChannel, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { limitsAfterOrder, overLimitSentence } from '../limit-words.js';
import { delegationLines } from './away-answer.js';
import { inSections } from './plain-answer.js';
import { type Answer, unknownPerson } from './problems.js';

const kindNames: Readonly<Record<RuleKind, string>> = {
  purchase: 'Order numbers',
  'toll-free': 'Order toll-free numbers',
  disconnect: 'Disconnect numbers',
  move: 'Move numbers',
  messaging: 'Change the messaging of numbers',
  activation: 'Activate numbers',
};

/**
 * Explains what the reader can do here, with one explanation of each kind, for one number.
 *
 * @param delegations those that the reader may know about.
 */
export function ownPolicyAnswer(
  explanations: readonly PolicyExplanation[],
  delegations: readonly Delegation[] = [],
): Answer {
  const lines = explanations.map((explanation) =>
    [`*${kindNames[explanation.asked.kind]}*`, ...ownLines(explanation)].join('\n'),
  );
  const approves = explanations.some(({ requesterApproves }) => requesterApproves);
  const intro = approves
    ? "What you can do here. You're also an approver, so you can approve and decline on cards."
    : 'What you can do here.';
  const ending = `Days and months are in UTC. Try also ${codeSpan(`${COMMAND} policy test @someone order 25 tollfree`)}`;
  const blind = explanations.some(({ canAskAccounts }) => !canAskAccounts) ? [MISSING_PERMISSION] : [];
  return inSections([intro, ...lines, ...delegationLines(delegations), ...blind, ending]);
}

const MISSING_PERMISSION =
  "⚠️ I'm missing a permission (`users:read`), so I can't tell full members from guests. Until an admin reinstalls the app to add it, a person named by id or in a user group has to approve every order.";

function ownLines({ asked, ruling, requesterApproves }: PolicyExplanation): string[] {
  const { terms, room, freeLeft } = ruling;
  if (ruling.verdict === 'barred') return [barSentence(ruling.bar)];
  return [
    `Needs ${whoApproves(ruling)}.${ownApproval(terms.selfApproval, requesterApproves)}`,
    ...stuck(terms, asked.requester),
    ...(terms.autoApproveUpTo > 0
      ? [
          `Up to ${count(terms.autoApproveUpTo, 'number')} a day need no approval: you have ${figure(freeLeft)} left.`,
        ]
      : []),
    `${capitalized(room.map(roomWords).join(', '))}.`,
    ...because(terms.rules),
    ...otherRules(terms.otherRules.filter(({ unmet }) => !unmet.includes('kinds'))),
  ];
}

/** Explains who would have to approve this, and why. */
export function policyTestAnswer(explanation: PolicyExplanation): Answer {
  const { asked, ruling, requesterApproves, sitesLeftOut, canAskAccounts } = explanation;
  const { terms } = ruling;
  const what = kindWords[orderKindOf(asked.kind)].verb;
  const which = asked.kind === 'toll-free' ? 'toll-free number' : 'number';
  const question = `If ${mention(asked.requester)} asked in ${mentionChannel(asked.channelId)} to ${what} ${count(asked.quantity, which)}${inSite(asked.siteIds)}:`;
  const verdict = {
    refused: () => [
      `*It would be refused.* ${ruling.verdict === 'refused' ? overLimitSentence(ruling.because, asked.requester) : ''}`,
    ],
    barred: () => [`*It would be refused:* ${ruling.verdict === 'barred' ? theirBarWords[ruling.bar] : ''}.`],
    automatic: () => [
      `*It wouldn't need approval:* ${ruling.verdict === 'automatic' ? typed(ruling.rule, 200) : ''}.`,
    ],
    'needs-approval': () => [
      `*It would need ${whoApproves(ruling)}.*${theirApproval(terms.selfApproval, requesterApproves)}`,
      ...stuck(terms, asked.requester),
    ],
  }[ruling.verdict]();
  const standing = 'standing' in ruling ? limitsAfterOrder(ruling.standing) : '';
  return inSections([
    [
      question,
      ...verdict,
      ...(standing === '' ? [] : [`Numbers after this order: ${standing}.`]),
      ...(ruling.verdict === 'barred' ? [] : because(terms.rules)),
      ...(ruling.verdict === 'barred' ? [] : otherRules(terms.otherRules)),
      ...(sitesLeftOut
        ? [`To include the rules for a sub-account, add its id, as in ${codeSpan('site 1234')}.`]
        : []),
    ].join('\n'),
    ...(canAskAccounts ? [] : [MISSING_PERMISSION]),
  ]);
}

const inSite = (siteIds: readonly string[] = []): string =>
  siteIds.length === 0 ? '' : ` of sub-account ${siteIds.join(', ')}`;

function whoApproves({ terms }: PolicyExplanation['ruling']): string {
  const { approvalsRequired, stages } = terms;
  const [first] = stages;
  if (stages.length > 1) {
    const parts = stages.map(({ approvers, count }) => `${figure(count)} by ${nameApprovers(approvers)}`);
    return `approvals by ${figure(approvalsRequired)} different people: ${parts.join(', and ')}`;
  }
  const who = first === undefined ? '' : nameApprovers(first.approvers);
  return approvalsRequired === 1
    ? `an approval by ${who}`
    : `approvals by ${figure(approvalsRequired)} different people, of these: ${who}`;
}

/** Warns about requests that no one could approve. */
function stuck(terms: ApplicableTerms, requester: Person): string[] {
  const able = tooFewApprovers(terms, requester);
  if (able === undefined) return [];
  if (terms.stages.length > 1) {
    return [
      `⚠️ Only ${count(able, 'approval')} of that can be given, so it could never be approved. An admin has to name more approvers.`,
    ];
  }
  const few = ['Nobody', 'Only one person'][able] ?? `Only ${figure(able)} people`;
  return [`⚠️ ${few} can give that, so it could never be approved. An admin has to name more approvers.`];
}

const ownApproval = (allowed: boolean, approves: boolean): string => {
  if (!approves) return '';
  return allowed ? ' Your own approval counts.' : " Your own approval doesn't count.";
};

const theirApproval = (allowed: boolean, approves: boolean): string => {
  if (!approves) return '';
  return allowed ? ' Their own approval would count.' : " Their own approval wouldn't count.";
};

function roomWords({ limit, most, left }: Limit): string {
  switch (limit) {
    case 'order':
      return `at most ${figure(most)} at once`;
    case 'day':
      return `${figure(left)} of your ${figure(most)} a day left`;
    case 'month':
      return `${figure(left)} of everyone's ${figure(most)} a month left`;
  }
}

function because(rules: readonly string[]): string[] {
  const names = rules.map((rule) => `“${typed(rule, 100)}”`).join(', ');
  if (rules.length === 0) return ['Why: these are the settings for everyone; no rule applies here.'];
  return [
    rules.length === 1
      ? `Why: the rule ${names} in the policy file, and the settings.`
      : `Why: the rules ${names} in the policy file, the last of them first, and the settings.`,
  ];
}

/** Names the rules that don't apply, and why. A long list is cut. */
const OTHER_RULES_NAMED = 10;

function otherRules(rules: readonly OtherRule[]): string[] {
  if (rules.length === 0) return [];
  const named = rules
    .slice(0, OTHER_RULES_NAMED)
    .map(
      ({ name, unmet }) => `“${typed(name, 100)}” (${unmet.map((each) => conditionWords[each]).join(', ')})`,
    );
  const more = rules.length - OTHER_RULES_NAMED;
  return [
    `${rules.length === 1 ? 'This rule does' : 'These rules do'} not apply: ${named.join(', ')}${more > 0 ? ` and ${figure(more)} more` : ''}.`,
  ];
}

/** Why a rule doesn't apply. */
const conditionWords: Readonly<Record<Condition, string>> = {
  kinds: 'another kind of order',
  channels: 'other channels',
  teams: 'another workspace',
  above: 'larger orders',
  sites: 'other sub-accounts',
  requesters: 'other requesters',
};

const ONE_ACTION = 'Name one action: `order`, `disconnect`, `move` or `messaging`.';

const problemSentences: Readonly<Record<PolicyWordsProblem['why'], (typed: string) => string>> = {
  'no-such-person': unknownPerson,
  'no-such-channel': (name) => `I don't know ${name}. Type # and choose the channel from Slack's list.`,
  'several-people': () => 'You named several people. I can answer for one at a time.',
  'several-sites': () => 'You named several sub-accounts. I can answer for one at a time.',
  'several-channels': () => 'You named several channels. I can answer for one at a time.',
  quantity: (figures) => `The quantity must be a whole number of 1 or more, not ${figures}.`,
  'not-understood': (word) => `I don't understand ${word} here.`,
  'several-verbs': () => ONE_ACTION,
  'no-verb': () => ONE_ACTION,
};

const works = [
  'policy',
  'policy test @someone order 25',
  'policy test @someone disconnect 3 in #channel',
  'policy test move 3',
];

export function policyProblemAnswer({ why, typed: words }: PolicyWordsProblem): Answer {
  const sentence = problemSentences[why](codeSpan(cut(words, 40)));
  const commands = works.map((command) => codeSpan(`${COMMAND} ${command}`)).join('  or  ');
  return inSections([sentence, `Try ${commands}`]);
}
