import type { Person } from '../../orders/domain/request.js';
import { ruleKinds } from '../../orders/policy/policy.js';
import type { DelegateApprovals } from '../../orders/use-cases/delegate-approvals.js';
import type { ExplainPolicy } from '../../orders/use-cases/explain-policy.js';
import { ownPolicyAnswer, policyProblemAnswer, policyTestAnswer } from '../blocks/answers/policy-answer.js';
import type { PolicyWords } from '../commands/policy-words.js';
import type { PrivateAnswers, Recipient } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly explainPolicy: ExplainPolicy;
  readonly delegateApprovals: Pick<DelegateApprovals, 'all'>;
  readonly answers: PrivateAnswers;
}

/** `/numbers policy` and `/numbers policy test …`: only the person who asks sees the answer. */
export const onPolicy =
  (deps: Deps): Subcommands['policy'] =>
  async ({ words }, typed) => {
    if (words.about === 'fault') return typed.ack(policyProblemAnswer(words.fault));
    await typed.ack();
    return answerPolicy(deps, words, typed);
  };

async function answerPolicy(
  { explainPolicy, delegateApprovals, answers }: Deps,
  words: Exclude<PolicyWords, { about: 'fault' }>,
  asking: { readonly person: Person; readonly channelId: string; readonly recipient: Recipient },
): Promise<void> {
  const { person, channelId } = asking;
  const answer =
    words.about === 'me'
      ? ownPolicyAnswer(
          await Promise.all(
            ruleKinds.map((kind) => explainPolicy({ kind, quantity: 1, requester: person, channelId })),
          ),
          await delegateApprovals.all(person),
        )
      : policyTestAnswer(
          await explainPolicy({
            kind: words.question.kind,
            quantity: words.question.quantity,
            requester: askedAbout(person, words.question.userId),
            channelId: words.question.channelId ?? channelId,
            ...(words.question.siteId === undefined ? {} : { siteIds: [words.question.siteId] }),
          }),
        );
  await answers.send(asking.recipient, answer);
}

/** The team of the person who asks says nothing about anyone else. */
function askedAbout(asker: Person, userId: string | undefined): Person {
  return userId === undefined || userId === asker.userId
    ? asker
    : { teamId: asker.teamId, userId, unplaced: true };
}
