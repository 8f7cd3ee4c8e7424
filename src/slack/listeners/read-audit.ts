import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../../orders/order.js';
import type { ReadAudit, WhichMonth } from '../../orders/read-audit.js';
import { auditComment, auditSentAnswer, noApproverAnswer } from '../blocks/audit-answer.js';
import { auditFiles } from '../blocks/audit-files.js';
import { sendFiles } from '../send-files.js';

/** `/numbers audit …`: the files go to whoever asks, alone, wherever they asked. */
export async function answerAudit(
  { readAudit }: { readonly readAudit: ReadAudit },
  which: WhichMonth,
  asking: { readonly person: Person; readonly client: WebClient; readonly respond: RespondFn },
): Promise<void> {
  const { person, client, respond } = asking;
  const audit = await readAudit(which, person);
  if ('refused' in audit) {
    await respond({ ...noApproverAnswer(audit.approvers), response_type: 'ephemeral' });
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
  await respond({ ...auditSentAnswer(audit.month, sent), response_type: 'ephemeral' });
}
