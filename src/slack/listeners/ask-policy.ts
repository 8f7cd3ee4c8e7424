import type { RespondFn } from '@slack/bolt';
import type { ExplainPolicy } from '../../orders/explain-policy.js';
import type { Person } from '../../orders/order.js';
import { ruleKinds } from '../../orders/policy.js';
import { ownPolicyAnswer, policyTestAnswer } from '../blocks/policy-answer.js';
import type { PolicyWords } from '../policy-words.js';

/** `/numbers policy` and `/numbers policy test …`: answered to whoever asks, alone. */
export async function answerPolicy(
  { explainPolicy }: { readonly explainPolicy: ExplainPolicy },
  words: Exclude<PolicyWords, { about: 'fault' }>,
  asking: { readonly person: Person; readonly channelId: string; readonly respond: RespondFn },
): Promise<void> {
  const { person, channelId } = asking;
  const answer =
    words.about === 'me'
      ? ownPolicyAnswer(
          await Promise.all(
            ruleKinds.map((kind) => explainPolicy({ kind, quantity: 1, requester: person, channelId })),
          ),
        )
      : policyTestAnswer(
          await explainPolicy({
            kind: words.question.kind,
            quantity: words.question.quantity,
            requester: { ...person, userId: words.question.userId ?? person.userId },
            channelId: words.question.channelId ?? channelId,
          }),
        );
  await asking.respond({ ...answer, response_type: 'ephemeral' });
}
