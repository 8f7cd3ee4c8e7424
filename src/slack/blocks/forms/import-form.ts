import type { ViewOutput } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { COMMAND } from '../../commands/command.js';
import type { WrongRow } from '../../import/order-rows.js';
import { codeSpan, plainText } from '../../text/escape.js';
import { forms } from '../action-ids.js';
import { ignoredColumns, wrongRowLine } from '../answers/import-words.js';
import { context, section } from '../elements.js';
import { count, figure, typed } from '../format.js';
import { limits } from '../limits.js';
import { keptIn } from './form-memory.js';

/** The block id of the field for the file. */
export const FILE_FIELD = 'file';

const TITLE = 'Import a CSV file';

/** Asks for a file. */
export function importForm(channelId: string, notice?: string): ModalView {
  return {
    type: 'modal',
    callback_id: forms.import,
    private_metadata: JSON.stringify({ channelId }),
    title: plainText(TITLE),
    submit: plainText('Next'),
    close: plainText('Cancel'),
    blocks: [
      ...warning(notice),
      {
        type: 'input',
        block_id: FILE_FIELD,
        label: plainText('CSV file'),
        hint: plainText(
          'To order: columns such as area code or city and state, quantity, sub-account and reason. To disconnect: one column of numbers.',
        ),
        element: { type: 'file_input', action_id: FILE_FIELD, filetypes: ['csv'], max_files: 1 },
      },
      context(`${codeSpan(`${COMMAND} import template`)} sends you templates.`),
    ],
  };
}

const warning = (notice: string | undefined): KnownBlock[] =>
  notice === undefined ? [] : [context(`⚠️ ${typed(notice, 1000)}`)];

/**
 * Returns the uploaded file's id, and the channel in which the form was opened; undefined for another form. Anything
 * else that the field says may come from the person's client.
 */
export function readImportForm(
  view: Pick<ViewOutput, 'private_metadata' | 'state'>,
): { readonly channelId: string; readonly fileId: string } | undefined {
  const fileId = view.state.values[FILE_FIELD]?.[FILE_FIELD]?.files?.[0]?.id;
  const { channelId } = memoryIn(view);
  return typeof fileId !== 'string' || channelId === undefined ? undefined : { fileId, channelId };
}

/** Shown while the file is fetched and read. */
export const readingFile = (): ModalView => message([section('Reading the file…')]);

/** Replaces the form when there is nothing to fill in. */
export const importRefused = (sentence: string): ModalView =>
  message([section(typed(sentence, 2000)), context('Nothing was ordered or disconnected.')]);

const message = (blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  title: plainText(TITLE),
  close: plainText('Close'),
  blocks,
});

/** What the review keeps while it is open. The file stays in Slack and is read again. */
interface ReviewMemory {
  readonly channelId: string;
  readonly fileId: string;
  /** Of the file and its wrong rows, so that nobody leaves out rows that they weren't shown. */
  readonly digest: string;
}

export interface Review extends ReviewMemory {
  readonly wrong: readonly WrongRow[];
  /** How many rows are valid. */
  readonly right: number;
  readonly ignored: readonly string[];
}

/** Lists the rows that can't be used, and offers to continue without them if there are others. */
export function reviewForm({ channelId, fileId, digest, wrong, right, ignored }: Review): ModalView {
  const unused = ignoredColumns(ignored);
  return {
    ...message([
      section(
        `*${howMany(wrong.length, right)}* Fix the file and import it again${right > 0 ? ', or continue without these rows' : ''}.`,
      ),
      ...inSections(wrong.map(wrongRowLine)),
      ...(unused === undefined ? [] : [context(typed(unused, 1000))]),
      context('Nothing has been ordered or disconnected so far.'),
    ]),
    callback_id: forms.importReview,
    private_metadata: JSON.stringify({ channelId, fileId, digest } satisfies ReviewMemory),
    ...(right > 0 ? { submit: plainText('Without these') } : {}),
  };
}

function howMany(wrong: number, right: number): string {
  if (right === 0)
    return wrong === 1 ? "The only row can't be used." : `None of the ${figure(wrong)} rows can be used.`;
  return `${figure(wrong)} of ${count(wrong + right, 'row')} can't be used.`;
}

/** The most rows to list, so that the form stays small enough for Slack. */
const ROWS_SHOWN = 200;

/** Plain text, because it quotes what is in the file. */
function inSections(lines: readonly string[]): KnownBlock[] {
  const shown = lines.slice(0, ROWS_SHOWN);
  const more = lines.length - shown.length;
  const texts: string[] = [];
  for (const line of [...shown, ...(more > 0 ? [`And ${count(more, 'more row')}.`] : [])]) {
    const together = `${texts.at(-1)}\n${line}`;
    if (texts.length > 0 && together.length <= limits.sectionText) texts[texts.length - 1] = together;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: 'section', text: plainText(text, limits.sectionText) }));
}

/** Undefined for a form that another version of the app opened. */
export function readReview(view: Pick<ViewOutput, 'private_metadata'>): ReviewMemory | undefined {
  const { channelId, fileId, digest } = memoryIn(view);
  return channelId === undefined || fileId === undefined || digest === undefined
    ? undefined
    : { channelId, fileId, digest };
}

function memoryIn({ private_metadata }: Pick<ViewOutput, 'private_metadata'>): Partial<ReviewMemory> {
  const known = Object.entries(keptIn<ReviewMemory>(private_metadata));
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string'));
}
