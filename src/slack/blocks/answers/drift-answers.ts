import type { Explanation } from '../../../orders/domain/drift/drift-explanations.js';
import { parsePhoneNumber, showPhoneNumber } from '../../../orders/domain/phone-number.js';
import type { DriftReport } from '../../../orders/ports/drift.js';
import type { DriftToExplain, Explaining } from '../../../orders/use-cases/explain-drift.js';
import { COMMAND } from '../../commands/command.js';
import { codeSpan } from '../../text/escape.js';
import { count } from '../format.js';
import { explanationWords, summaryOf } from './drift-report.js';
import { inventoryWords } from './inventory-standing.js';
import { plainAnswer } from './plain-answer.js';
import type { Answer } from './problems.js';

/** The private confirmation beside a report that can't be redrawn. */
export function explainedAnswer({ subject }: DriftToExplain, { subjects }: Explaining): Answer {
  return plainAnswer(
    subject === undefined
      ? `${count(subjects.length, 'thing')} from this report ${subjects.length === 1 ? 'is' : 'are'} on record as fine and won't be reported again unless something changes.`
      : `${subjectName(subject)} is on record as fine and won't be reported again unless something changes.`,
  );
}

export const alreadyExplainedAnswer = (already: Explanation): Answer =>
  plainAnswer(`There's an explanation on record already. ${explanationWords(already)}`);

export const reportGoneAnswer = (): Answer =>
  plainAnswer(
    `This report is too old, or another version of the app made it. Nothing was recorded. Type ${codeSpan(`${COMMAND} drift`)} for a new one.`,
  );

/** For a person who has waited a few seconds. */
export const comparingAnswer = (): Answer =>
  plainAnswer('Comparing the account with the orders. This can take a minute or two.');

/** The file can't say what it lacks, so this does. */
export const driftFileSentAnswer = (report: DriftReport): Answer =>
  plainAnswer(`I sent you the file in a direct message. ${inventoryWords(report)}`);

/** Goes with the file in the direct message. */
export const driftFileComment = (title: string, report: DriftReport): string =>
  `${title}. ${inventoryWords(report)}`;

/** For a CSV file when nothing was found. */
export const noDriftAnswer = (report: DriftReport): Answer =>
  plainAnswer(`${summaryOf(report)} There's nothing to put in a file. ${inventoryWords(report)}`);

function subjectName(subject: string): string {
  const number = parsePhoneNumber(subject);
  return number === undefined ? `Order ${codeSpan(subject.slice(0, 8))}` : showPhoneNumber(number);
}
