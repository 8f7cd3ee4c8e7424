import type { Delegation } from '../../../orders/domain/delegation.js';
import type { DelegationRefusal, Delegations } from '../../../orders/use-cases/delegate-approvals.js';
import type { AwayProblem } from '../../commands/away-words.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan, cut } from '../../text/escape.js';
import { mention, moment } from '../format.js';
import { inSections } from './plain-answer.js';
import { type Answer, unknownPerson } from './problems.js';

const EXAMPLES = ['away until Friday @someone', 'away until 2026-12-05 @someone', 'away for 3 days @someone'];
const TRY = `Try ${EXAMPLES.map((words) => codeSpan(`${COMMAND} ${words}`)).join('  or  ')}`;

/** The answer to `/numbers away until …`. */
export const awayAnswer = ({ own }: Delegations): Answer =>
  own === undefined
    ? inSections(['Your approvals are not delegated.'])
    : inSections([
        `Until ${moment(own.until)}, ${mention(own.to)} can approve orders for you, except orders that one of you requested.`,
        `A day ends at midnight UTC; the time above is in your own time zone. ${codeSpan(`${COMMAND} back`)} ends it earlier.`,
      ]);

/** The answer to `/numbers back`. Approvals that the delegate gave until now still count. */
export const BACK =
  'Welcome back. No one approves orders for you now. What your delegate approved still counts.';

/** The answer to `/numbers away` alone. */
export function delegationsAnswer({ own, fromOthers }: Delegations): Answer {
  return inSections([
    own === undefined
      ? 'No one approves orders for you.'
      : `Until ${moment(own.until)}, ${mention(own.to)} approves orders for you.`,
    ...fromOthers.map((each) => `Until ${moment(each.until)}, you approve orders for ${mention(each.of)}.`),
    TRY,
  ]);
}

/** What approvers for the whole workspace see in `/numbers policy`. */
export const delegationLines = (delegations: readonly Delegation[]): readonly string[] =>
  delegations.length === 0
    ? []
    : [
        [
          '*Away*',
          ...delegations.map(
            ({ of, to, until }) => `${mention(to)} approves for ${mention(of)} until ${moment(until)}.`,
          ),
        ].join('\n'),
      ];

const refusals: Readonly<Record<DelegationRefusal, string>> = {
  'to-themselves': 'You can only choose someone else to approve orders for you.',
  'not-an-approver': "You aren't an approver, so there is nothing to delegate.",
  'in-the-past': 'That time has passed already. Nothing was changed.',
  'too-long': 'You can delegate your approvals for at most 90 days. Nothing was changed.',
  'delegate-unknown':
    "I couldn't check whether this person is a full member of this workspace. Nothing was changed. Try again in a minute.",
  'delegate-not-member':
    'Only full members of this workspace can approve orders for you: not guests, apps, deactivated accounts or people from another workspace. Nothing was changed.',
  'not-away': 'No one approves orders for you, so there is nothing to end.',
};

export const delegationRefusedAnswer = (refused: DelegationRefusal): Answer =>
  inSections([refusals[refused], ...(refused === 'in-the-past' || refused === 'too-long' ? [TRY] : [])]);

const problems: Readonly<Record<AwayProblem['why'], (typed: string) => string>> = {
  'no-such-person': unknownPerson,
  'no-person': () => "Say who approves orders for you: type @ and choose the person from Slack's list.",
  'several-people': () => 'You named several people. One person can approve orders for you.',
  'no-time': () => 'Say until when.',
  'no-such-day': (day) => `${day} doesn't exist.`,
  'not-understood': (words) => `I don't understand ${words} as a time.`,
};

export function awayProblemAnswer({ why, typed }: AwayProblem): Answer {
  return inSections([`${problems[why](codeSpan(cut(typed, 40)))} Nothing was changed.`, TRY]);
}
