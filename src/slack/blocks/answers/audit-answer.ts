import type { Approvers } from '../../../orders/policy/policy.js';
import type { Month } from '../../../orders/use-cases/read-audit.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan, cut } from '../../text/escape.js';
import { nameApprovers } from '../approver-names.js';
import { count, figure } from '../format.js';
import { plainAnswer } from './plain-answer.js';
import type { Answer } from './problems.js';

export const noMonthAnswer = (typed: string): Answer =>
  plainAnswer(
    `${codeSpan(cut(typed, 40))} isn't a month I understand. Try ${codeSpan(`${COMMAND} audit 2026-11`)} for one month, ${codeSpan(`${COMMAND} audit`)} for this one, ${codeSpan(`${COMMAND} audit last month`)}.`,
  );

export const noApproverAnswer = (approvers: Approvers): Answer =>
  plainAnswer(
    `The audit shows what everyone requested and who decided, so only approvers may read it: ${nameApprovers(approvers)}.`,
  );

export const auditSentAnswer = (
  month: Month,
  {
    events,
    unreadable,
    files,
  }: { readonly events: number; readonly unreadable: number; readonly files: number },
): Answer =>
  plainAnswer(
    files === 0
      ? `Nothing is on record for ${inWords(month)} (UTC).`
      : `I sent you the audit of ${inWords(month)} in a direct message: ${count(events, 'event')} in ${count(files, 'file')}.${unreadableWords(unreadable)}`,
  );

/** The message that comes with the files. */
export const auditComment = (
  month: Month,
  {
    part,
    events,
    unreadable,
  }: { readonly part: number; readonly events: number; readonly unreadable: number },
): string =>
  `Audit of ${inWords(month)} (UTC)${part === 1 ? '' : `, part ${part}`}: ${count(events, 'event')}, for a spreadsheet and as JSON Lines. Each entry's hash covers the previous entry.${unreadableWords(unreadable)}`;

function unreadableWords(unreadable: number): string {
  if (unreadable === 0) return '';
  const what = unreadable === 1 ? '1 journal entry' : `${figure(unreadable)} journal entries`;
  return ` ${what} can't be read; the files name ${unreadable === 1 ? 'its number' : 'their numbers'}. An admin can run ${codeSpan('npm run audit:verify')} to see what is wrong.`;
}

export function inWords({ year, month }: Month): string {
  return new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.UTC(year, month - 1),
  );
}
