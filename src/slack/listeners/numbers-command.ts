import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { ExplainPolicy } from '../../orders/use-cases/explain-policy.js';
import type { ReadAudit } from '../../orders/use-cases/read-audit.js';
import type { SearchNumbers } from '../../orders/use-cases/search-numbers.js';
import { personOf } from '../access/people.js';
import { noMonthAnswer } from '../blocks/answers/audit-answer.js';
import { helpAnswer } from '../blocks/answers/help.js';
import { policyProblemAnswer } from '../blocks/answers/policy-answer.js';
import {
  elsewhereAnswer,
  unknownCommandAnswer,
  wordsProblemAnswer,
  wrongNumbersAnswer,
} from '../blocks/answers/problems.js';
import { rulingSentence } from '../blocks/answers/refusals.js';
import { readCommand } from '../commands/command.js';
import { answerPolicy } from './ask-policy.js';
import { answerAudit } from './read-audit.js';
import { openDisconnectForm } from './request-disconnect.js';
import { openOrderForm, tooMuch, wantedBySearch } from './request-order.js';
import { openSearchForm, showSearch } from './search-numbers.js';

type Deps = Parameters<typeof openOrderForm>[0] & {
  readonly searchNumbers: SearchNumbers;
  readonly explainPolicy: ExplainPolicy;
  readonly readAudit: ReadAudit;
};

/** `/numbers …`: any text gets an answer. */
export const onNumbersCommand =
  (deps: Deps): Middleware<SlackCommandMiddlewareArgs> =>
  async ({ ack, command: typed, client, context }) => {
    const person = personOf(context);
    const command = readCommand(typed.text);
    const place = { channelId: typed.channel_id };
    const recipient = { userId: typed.user_id, ...place, responseUrl: typed.response_url };
    switch (command.verb) {
      case 'help':
        return ack(helpAnswer());
      case 'elsewhere':
        return ack(elsewhereAnswer(command));
      case 'unknown':
        return ack(unknownCommandAnswer(command));
      case 'search-form':
        await ack();
        return openSearchForm(client, typed.trigger_id, { mode: 'search', place });
      case 'search':
        if ('problem' in command.words) return ack(wordsProblemAnswer(command.words.problem, 'search'));
        await ack();
        return showSearch(deps, client, command.words.draft, person, place);
      case 'order-form':
        await ack();
        return openSearchForm(client, typed.trigger_id, { mode: 'order', place });
      case 'order': {
        if ('problem' in command.words) return ack(wordsProblemAnswer(command.words.problem, 'order'));
        const { words } = command;
        const wanted =
          'numbers' in words
            ? { by: 'numbers' as const, numbers: words.numbers }
            : wantedBySearch(words.draft);
        const refusal = await tooMuch(deps, { wanted, ...place }, person);
        if (refusal !== undefined) return ack(refusal);
        await ack();
        return openOrderForm(deps, client, typed.trigger_id, { wanted, ...place });
      }
      case 'policy': {
        const { words } = command;
        if (words.about === 'fault') return ack(policyProblemAnswer(words.fault));
        await ack();
        return answerPolicy(deps, words, { person, ...place, recipient });
      }
      case 'audit': {
        const { words } = command;
        if ('wrong' in words) return ack(noMonthAnswer(words.wrong));
        await ack();
        return answerAudit(deps, words.which, { person, client, recipient });
      }
      case 'disconnect-form':
        await ack();
        return openDisconnectForm(client, typed.trigger_id, { numbers: [], ...place });
      case 'disconnect': {
        const { numbers, wrong } = command.words;
        if (wrong.length > 0 || numbers.length === 0) return ack(wrongNumbersAnswer(wrong));
        const ruling = await deps.askPolicy({
          kind: 'disconnect',
          quantity: numbers.length,
          requester: person,
          ...place,
        });
        const refusal = rulingSentence(ruling, deps.policy);
        if (refusal !== undefined) return ack(refusal);
        await ack();
        return openDisconnectForm(client, typed.trigger_id, { numbers, ...place });
      }
    }
  };
