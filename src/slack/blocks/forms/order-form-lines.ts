import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView, SectionBlock } from '@slack/types';
import { type LineOfSeveral, quantityOf, type WantedLine } from '../../../orders/domain/request.js';
import type { DestinationProblem } from '../../../orders/use-cases/find-destinations.js';
import { type LineOfList, printLine, readRows } from '../../commands/order-lines.js';
import { cut } from '../../text/escape.js';
import { placeFaultSentence } from '../answers/import-words.js';
import { wordsProblemSentence } from '../answers/problems.js';
import { section } from '../elements.js';
import { count, figure } from '../format.js';
import { limits } from '../limits.js';
import { lineInWords, listLines, listWanted } from '../order/line-list.js';
import { textInput } from './text-input.js';

// The fields of the order form for an order of several lines: one line per row, as people type them.

const FIELD = 'lines:';
/** Where errors about the lines are shown. */
export const FIRST_LINES_FIELD = `${FIELD}1`;
/** A form has a hundred blocks; a hundred lines of places fit into two fields. */
const MAX_FIELDS = 40;

/** Whether the form can show these lines, so that they can be changed. */
export function fitLinesFields(lines: readonly LineOfSeveral[]): boolean {
  const texts = linesInTexts(lines);
  return texts.length <= MAX_FIELDS && texts.every((text) => text.length <= limits.inputValue);
}

/** Returns the lines as the texts of as many fields as they need. */
export function linesInTexts(lines: readonly LineOfSeveral[]): readonly string[] {
  const texts: string[] = [];
  for (const row of lines.map(printLine)) {
    const last = texts.at(-1);
    if (last === undefined || last.length + 1 + row.length > limits.inputValue) texts.push(row);
    else texts[texts.length - 1] = `${last}\n${row}`;
  }
  return texts;
}

export const linesFields = (texts: readonly string[]): InputBlock[] =>
  texts.map((text, index) =>
    textInput({
      id: `${FIELD}${index + 1}`,
      label: texts.length === 1 ? 'What to order' : `What to order, part ${index + 1}`,
      hint: 'One place in each row, then how many: 910 x2 or Raleigh, NC x5. A row for another sub-account ends with its name: 910 x2 to Boston office.',
      value: text,
      multiline: true,
    }),
  );

/** Returns the texts of these fields in a form; none if it has no such fields. */
export function linesTextsIn({ values }: ViewOutput['state']): readonly string[] {
  return Object.keys(values)
    .filter((blockId) => blockId.startsWith(FIELD))
    .sort((one, other) => Number(one.slice(FIELD.length)) - Number(other.slice(FIELD.length)))
    .map((blockId) => values[blockId]?.[blockId]?.value ?? '');
}

/** Returns what the fields ask for, or what is wrong, to be shown under the first of them. */
export function readLinesFields(
  state: ViewOutput['state'],
): { readonly lines: readonly LineOfList[] } | { readonly error: string } {
  const read = readRows(linesTextsIn(state).join('\n'));
  return 'problem' in read ? { error: cut(wordsProblemSentence(read.problem), limits.fieldError) } : read;
}

/** Says under the fields which sub-account or location isn't on the account. */
export const destinationError = ({ problem, spelled }: DestinationProblem): string =>
  cut(placeFaultSentence(problem, spelled), limits.fieldError);

/**
 * What is available now, for a person who hasn't submitted yet; escaped. `stock` is the stock of each line, if it is
 * known.
 */
export function stockSentence(lines: readonly WantedLine[], stock: readonly (number | undefined)[]): string {
  const known = lines.flatMap((line, index) => {
    const available = stock[index];
    return available === undefined ? [] : [{ line, available }];
  });
  const none = known.filter(({ available }) => available === 0);
  const short = known.filter(({ line, available }) => available > 0 && available < quantityOf(line));
  const unknown = lines.filter(({ by }) => by === 'search').length - known.length;
  const sentences = [
    ...(none.length === 0
      ? []
      : [
          `⚠️ *No numbers right now:* ${listWanted(
            none.map(({ line }) => line),
            ROOM,
          )}`,
        ]),
    ...(short.length === 0
      ? []
      : [
          `⚠️ *Too few right now:* ${listLines(
            short.map(({ line, available }) => `${lineInWords(line)} (${figure(available)} available)`),
            ROOM,
          )}`,
        ]),
    ...(unknown === 0 ? [] : [`I couldn't find out what is available for ${count(unknown, 'line')}.`]),
  ];
  if (sentences.length === 0) return '✅ Every line has enough numbers right now.';
  const rest = known.length - none.length - short.length;
  const enough = `${count(rest, 'other line')} ${rest === 1 ? 'has' : 'have'} enough.`;
  return [...sentences, ...(rest === 0 ? [] : [enough])].join('\n');
}

const ROOM = 1_200;

const STOCK = 'stock';
const NOT_KNOWN_YET = 'Each row is a line of one order, and one approval covers them all.';

/** Above the fields. @param said what is available, in mrkdwn, once that is known. */
export const stockSection = (said: string | undefined): SectionBlock => ({
  ...section(said ?? NOT_KNOWN_YET),
  block_id: STOCK,
});

/** Returns the lines that a form was filled in with; none if it isn't for several, or if a row can't be read. */
export function linesShownIn({ blocks }: ModalView): readonly WantedLine[] {
  const texts = blocks.flatMap((block) =>
    block.block_id?.startsWith(FIELD) &&
    'element' in block &&
    block.element.type === 'plain_text_input' &&
    'initial_value' in block.element
      ? (block.element.initial_value ?? '')
      : [],
  );
  const read = texts.length === 0 ? { lines: [] } : readRows(texts.join('\n'));
  return 'problem' in read ? [] : read.lines;
}

/** What the form says about availability; undefined if it doesn't yet. */
export function stockIn({ blocks = [] }: Partial<Pick<ViewOutput, 'blocks'>>): string | undefined {
  const shown: unknown = blocks.find(isStock);
  const { text } = (shown ?? {}) as Partial<SectionBlock>;
  return text?.text === NOT_KNOWN_YET ? undefined : text?.text;
}

/** The same form, which says what is available. */
export const withStock = (view: ModalView, said: string): ModalView => ({
  ...view,
  blocks: view.blocks.map((block) => (isStock(block) ? stockSection(said) : block)),
});

const isStock = (block: { readonly block_id?: string }): boolean => block.block_id === STOCK;
