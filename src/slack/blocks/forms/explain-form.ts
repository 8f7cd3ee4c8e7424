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
      {
        type: 'input',
        block_id: REASON,
        optional: true,
        label: plainText('Why?'),
        hint: plainText("Kept with your name. It isn't reported again unless something changes."),
        element: {
          type: 'plain_text_input',
          action_id: REASON,
          multiline: true,
          max_length: 500,
          focus_on_load: true,
        },
      },
    ],
  };
}

/** Undefined for a form that another version of the app opened. */
export function readExplainForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { readonly what: DriftToExplain; readonly place: ReportPlace; readonly reason?: string } | undefined {
  let memory: { what?: unknown; channelId?: unknown; ts?: unknown; responseUrl?: unknown } | null;
  try {
    memory = JSON.parse(view.private_metadata) as typeof memory;
  } catch {
    return undefined;
  }
  const what = typeof memory?.what === 'string' ? readDriftValue(memory.what) : undefined;
  if (what === undefined || typeof memory?.channelId !== 'string') return undefined;
  const reason = view.state.values[REASON]?.[REASON]?.value?.trim() ?? '';
  const { channelId, ts, responseUrl } = memory;
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
