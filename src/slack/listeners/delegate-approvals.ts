import type { Clock } from '../../orders/ports/clock.js';
import type { DelegateApprovals } from '../../orders/use-cases/delegate-approvals.js';
import {
  awayAnswer,
  awayProblemAnswer,
  BACK,
  delegationRefusedAnswer,
  delegationsAnswer,
} from '../blocks/answers/away-answer.js';
import { endOfAbsence } from '../commands/away-words.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly delegateApprovals: DelegateApprovals;
  readonly answers: PrivateAnswers;
  readonly clock: Pick<Clock, 'now'>;
}

/** `/numbers away …`: only the person who types it sees the answer. */
export const onAway =
  ({ delegateApprovals, answers, clock }: Deps): Subcommands['away'] =>
  async ({ words }, { ack, person, recipient }) => {
    if (words.about === 'fault') return ack(awayProblemAnswer(words.fault));
    await ack();
    if (words.about === 'show') {
      return answers.send(recipient, delegationsAnswer(await delegateApprovals.show(person)));
    }
    // The team of the person who types says nothing about the other.
    const delegate = { teamId: person.teamId, userId: words.userId, unplaced: true } as const;
    const until = endOfAbsence(words.until, clock.now());
    const answer = await delegateApprovals.begin(person, delegate, until);
    return answers.send(
      recipient,
      'refused' in answer ? delegationRefusedAnswer(answer.refused) : awayAnswer(answer),
    );
  };

/** `/numbers back` ends it. */
export const onBack =
  ({ delegateApprovals, answers }: Pick<Deps, 'delegateApprovals' | 'answers'>): Subcommands['back'] =>
  async (_, { ack, person, recipient }) => {
    await ack();
    const answer = await delegateApprovals.end(person);
    return answers.send(
      recipient,
      'refused' in answer ? delegationRefusedAnswer(answer.refused) : { text: BACK },
    );
  };
