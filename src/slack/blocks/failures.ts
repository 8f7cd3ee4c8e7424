import type { OrderKind } from '../../orders/domain/order-kinds.js';
import { codeSpan } from '../text/escape.js';
import { kindWords } from './kind-words.js';
import type { SlackProblem } from './slack-problems.js';

// What people read when something went wrong in Slack or in this app. What Bandwidth's errors mean is in `bandwidth/`.

/** For a failure of unknown extent, so it promises nothing. */
export const UNEXPECTED_FAILURE =
  'Something went wrong on my side. The details are in my log. Try again; if it happens again, tell an admin of this app.';

export const refusedBySlack = ({ why, fix }: SlackProblem): string =>
  `${why} If you submitted or decided something, look at its card before you try again. ${fix}`;

export const FORM_TOO_LATE = 'Slack waits only three seconds for a form, and I was too slow. Try again.';

export const FILE_NOT_FETCHED =
  "Slack didn't send me the file. Nothing was ordered or disconnected. Try again in a minute.";

export const formRefused = ({ why, fix }: SlackProblem): string =>
  `I can't open the form. ${why} Nothing was ordered or disconnected. ${fix}`;

export const resultsRefused = ({ why, fix }: SlackProblem): string =>
  `I can't show the results. ${why} Nothing was ordered. ${fix}`;

/** @param place the problem with the direct messages of this person, if `code` is about them. */
export function filesRefused(code: string, place: SlackProblem | undefined): string {
  if (code === 'missing_scope') {
    return `I'm missing a permission (${codeSpan('files:write')}), so I can't send files. An admin can reinstall the app to add it.`;
  }
  return place !== undefined
    ? `${place.why} So I can't send you the files. ${place.fix} ${codeSpan(code)}`
    : `Slack didn't accept the files (${codeSpan(code)}), so not everything was sent. Try again; if it happens again, ask an admin of this workspace.`;
}

/** For a request whose form closed before its numbers were looked up. */
export const changeNotRequested = (kind: OrderKind, isEdit: boolean): string =>
  `Your ${kindWords[kind].title.toLowerCase()} wasn't ${isEdit ? 'changed' : 'submitted'}.`;

export const unknownApproverGroup = (setting: string, groupId: string): string =>
  `I can't tell who may approve this: ${setting} names the user group \`${groupId}\`, which doesn't exist in Slack or is disabled. Nothing was ordered or changed. An admin has to correct ${setting}.`;

export const APPROVERS_NEED_PERMISSION =
  "I can't tell who may approve this, because I'm missing a permission (`usergroups:read`). Nothing was ordered or changed. An admin can reinstall the app to add it.";

export const approversUnreadable = (rateLimited: boolean): string =>
  `${rateLimited ? 'Slack limits how often I can ask' : "Slack didn't tell me"} who the approvers are. Nothing was ordered or changed. Try again in a minute.`;
