import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/domain/request.js';
import type { ReadAudit, WhichMonth } from '../../orders/use-cases/read-audit.js';
import { auditComment, auditSentAnswer, noApproverAnswer } from '../blocks/answers/audit-answer.js';
import { auditFiles } from '../blocks/answers/audit-files.js';
import type { PrivateAnswers, Recipient } from '../messages/private-answers.js';
import { sendFiles } from '../messages/send-files.js';

/** `/numbers audit …`: sends the files privately to the person who asks. */
export async function answerAudit(
  { readAudit, answers }: { readonly readAudit: ReadAudit; readonly answers: PrivateAnswers },
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
