import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import type { ReadAudit, WhichMonth } from '../../orders/use-cases/read-audit.js';
import {
  auditComment,
  auditSentAnswer,
  noApproverAnswer,
  noMonthAnswer,
} from '../blocks/answers/audit-answer.js';
import { auditFiles } from '../blocks/answers/audit-files.js';
import type { PrivateAnswers, Recipient } from '../messages/private-answers.js';
import { sendFiles } from '../messages/send-files.js';
import type { Subcommands } from './numbers-command.js';

interface Deps {
  readonly readAudit: ReadAudit;
  readonly answers: PrivateAnswers;
}

/** `/numbers audit …`: only the person who asks gets the files, wherever they asked. */
export const onAudit =
  (deps: Deps): Subcommands['audit'] =>
  async ({ words }, typed) => {
    if ('wrong' in words) return typed.ack(noMonthAnswer(words.wrong));
    await typed.ack();
    return answerAudit(deps, words.which, typed);
  };

async function answerAudit(
  { readAudit, answers }: Deps,
  which: WhichMonth,
  asking: { readonly person: Person; readonly client: WebClient; readonly recipient: Recipient },
): Promise<void> {
  const { person, client, recipient } = asking;
  const audit = await readAudit(which, person);
  if ('refused' in audit) {
    await answers.send(recipient, noApproverAnswer(audit.approvers));
    return;
  }
  let sent = { events: 0, unreadable: 0, files: 0 };
  for await (const part of auditFiles(audit.month, audit.entries)) {
    await sendFiles(client, person, auditComment(audit.month, part), part.files);
    sent = {
      events: sent.events + part.events,
      unreadable: sent.unreadable + part.unreadable,
      files: sent.files + part.files.length,
    };
  }
  await answers.send(recipient, auditSentAnswer(audit.month, sent));
}
