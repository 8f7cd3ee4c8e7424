import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { driftSubject } from '../../../orders/domain/drift/drift.js';
import type { DriftToExplain, Explaining } from '../../../orders/use-cases/explain-drift.js';
import { plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { driftLine, driftWords } from '../answers/drift-lines.js';
import { readDriftValue, writeDriftValue } from '../answers/drift-values.js';
import { section } from '../elements.js';
import { figure } from '../format.js';
import { keptIn } from './form-memory.js';
import { textIn, textInput } from './text-input.js';

const REASON = 'reason';

/** The message that a form was opened from. */
export interface ReportPlace {
  readonly channelId: string;
  /** Absent for a message that only one person sees. */
  readonly ts?: string;
  /** For a message that only one person sees: Slack lets it be replaced there for half an hour. */
  readonly responseUrl?: string;
}

/** Asks why a drift is fine; the reason is optional. */
export function explainForm(
  what: DriftToExplain,
  { report, subjects }: Explaining,
  place: ReportPlace,
): ModalView {
  const { kind, subject } = what;
  const drift = report.lists[kind]?.shown.find((each) => driftSubject(each) === subject);
  const { title, one, advice } = driftWords[kind];
  const text =
    subject === undefined
      ? `*${title}: ${figure(subjects.length)}*\n${advice}`
      : `*${one}*\n${drift === undefined ? subject : driftLine(drift)}`;
  return {
    type: 'modal',
    callback_id: forms.explainDrift,
    private_metadata: JSON.stringify({ what: writeDriftValue(what), ...place }),
    title: plainText('This is fine'),
    submit: plainText(subject === undefined ? 'All are fine' : 'This is fine'),
    close: plainText('Back'),
    blocks: [
      section(text),
      textInput({
        id: REASON,
        label: 'Why?',
        hint: "Kept with your name. It isn't reported again unless something changes.",
        most: 500,
        multiline: true,
        optional: true,
        focus: true,
      }),
    ],
  };
}

/** Undefined for a form that another version of the app opened. */
export function readExplainForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { readonly what: DriftToExplain; readonly place: ReportPlace; readonly reason?: string } | undefined {
  const memory = keptIn<ReportPlace & { what: string }>(view.private_metadata);
  const { channelId, ts, responseUrl } = memory;
  const what = typeof memory.what === 'string' ? readDriftValue(memory.what) : undefined;
  if (what === undefined || typeof channelId !== 'string') return undefined;
  const reason = textIn(view.state, REASON);
  return {
    what,
    place: {
      channelId,
      ...(typeof ts === 'string' ? { ts } : {}),
      ...(typeof responseUrl === 'string' ? { responseUrl } : {}),
    },
    ...(reason === '' ? {} : { reason }),
  };
}
