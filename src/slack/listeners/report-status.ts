import type { ReportStatus } from '../../orders/use-cases/report-status.js';
import { statusAnswer } from '../blocks/answers/status-answer.js';
import type { PrivateAnswers } from '../messages/private-answers.js';
import type { Subcommands } from './numbers-command.js';

/** `/numbers status`: only the person who asks sees the answer. */
export const onStatus =
  ({
    reportStatus,
    answers,
  }: {
    readonly reportStatus: ReportStatus;
    readonly answers: PrivateAnswers;
  }): Subcommands['status'] =>
  async (_, { ack, person, recipient }) => {
    await ack();
    await answers.send(recipient, statusAnswer(await reportStatus(person)));
  };
