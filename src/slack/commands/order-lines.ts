import { MOST_LINES, quantityOf, type WantedLine } from '../../orders/domain/request.js';
import { checkSearch, MAX_QUANTITY } from '../../orders/domain/search.js';
import { printNumbers, printSearch } from './print-search.js';
import type { LinesFault } from './search-reading.js';
import { type OrderWords, readOrderWords, type WordsProblem } from './search-words.js';
import { asTyped } from './typed-text.js';

/**
 * Orders of several lines, as people type them: `1 each in 910, 919, 704`, or a quantity after each place, as in
 * `910 x2, 919 x3, Raleigh, NC x1`. Each line is read like an order of its own.
 */

export type LinesWords = { readonly lines: readonly WantedLine[] } | { readonly problem: WordsProblem };

/** Everything that may follow `/numbers order`. */
export type WholeOrderWords = OrderWords | LinesWords;

/** Never throws, for any text. */
export const readWholeOrder = (text: string): WholeOrderWords => readLines(text) ?? readOrderWords(text);

/** Returns undefined if the words don't ask for several things. Never throws. */
function readLines(text: string): LinesWords | undefined {
  const plain = asTyped(text).trim();
  const pieces = inEach(plain) ?? withQuantities(plain);
  return pieces === undefined ? undefined : linesOf(pieces);
}

/** Reads a list with a line in each row, which may itself be several. Rows without words are skipped. */
export function readRows(text: string): LinesWords {
  const rows = text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const lines: WantedLine[] = [];
  for (const row of rows) {
    const read = readLines(row) ?? linesOf([row]);
    if ('problem' in read) return read;
    lines.push(...read.lines);
  }
  return checked(lines, text);
}

const QUANTITY = String.raw`\d{1,4}|one|an?`;
const each = new RegExp(
  String.raw`^(${QUANTITY})\s+(?:numbers?\s+)?(?:of\s+)?each(?:\s*:|\s+(?:in|of|from|for))?\s+(.+)$`,
  'isu',
);
const inEachOf = new RegExp(
  String.raw`^(${QUANTITY})\s+(?:numbers?\s+)?in\s+each(?:\s+of)?\s*:?\s+(.+)$`,
  'isu',
);

/** `1 each in 910, 919, 704` */
function inEach(text: string): readonly string[] | undefined {
  const [, typed, places] = each.exec(text) ?? inEachOf.exec(text) ?? [];
  if (typed === undefined || places === undefined) return undefined;
  const quantity = /^\d/.test(typed) ? Number(typed) : 1;
  return placesIn(places).map((place) => `${place} x${quantity}`);
}

/** Splits a list of places. A comma may also be between a city and its state. */
function placesIn(text: string): readonly string[] {
  const parts = text
    .split(/[,;\n]+|\s(?:and|&)\s/iu)
    .flatMap(prefixesIn)
    .map((part) => part.replace(/^(?:and|&|in)\s+/iu, '').trim())
    .filter((part) => part !== '');
  const places: string[] = [];
  for (let at = 0; at < parts.length; ) {
    const length = [1, 2, 3].find((count) => isPlace(parts.slice(at, at + count))) ?? 1;
    places.push(parts.slice(at, at + length).join(', '));
    at += length;
  }
  return places;
}

const isPlace = (parts: readonly string[]): boolean => 'draft' in readOrderWords(parts.join(', '));

/** `910 919 704` */
const prefixesIn = (part: string): readonly string[] =>
  /^\s*\d{3}(?:\s+\d{3})+\s*$/.test(part) ? part.trim().split(/\s+/) : [part];

/** `910 x2, 919 x3, Raleigh, NC x1`: at least two quantities, each at the end of its line. */
function withQuantities(text: string): readonly string[] | undefined {
  const ends = [...text.matchAll(/[x×]\s*\d{1,5}(?=\s*(?:[,;\n]|\s(?:and|&)\s|$))/giu)].map(
    ({ index, 0: found }) => index + found.length,
  );
  if (ends.length < 2 || text.slice(ends.at(-1)).replace(/[\s,;]/g, '') !== '') return undefined;
  return ends.map((end, index) =>
    text.slice(ends[index - 1] ?? 0, end).replace(/^(?:[\s,;]|(?:and|&)\s)+/iu, ''),
  );
}

function linesOf(pieces: readonly string[]): LinesWords {
  const lines: WantedLine[] = [];
  for (const [index, piece] of pieces.entries()) {
    const read = readOrderWords(piece);
    if ('problem' in read) return { problem: inPlace(read.problem, pieces, index) };
    lines.push(lineOf(read));
  }
  return checked(lines, pieces.join(', '));
}

function lineOf(read: Exclude<OrderWords, { problem: unknown }>): WantedLine {
  if ('numbers' in read) return { by: 'numbers', numbers: read.numbers };
  const search = checkSearch({ ...read.draft, quantity: read.draft.quantity ?? 1 });
  if (!('kind' in search)) throw new Error(`an unchecked search: ${JSON.stringify(search)}`);
  return { by: 'search', search };
}

/** Puts what would work in one line between the others, if that works as a whole. */
function inPlace(problem: WordsProblem, pieces: readonly string[], at: number): WordsProblem {
  const whole = problem.suggestions
    .map((words) => pieces.with(at, withQuantityOf(words, pieces[at] ?? '')).join(', '))
    .filter((words) => words.length <= LONGEST_SUGGESTION)
    .filter((words) => pieces.length === 1 || isRead(words));
  const [first, ...more] = whole;
  return first === undefined ? problem : { ...problem, suggestions: [first, ...more] };
}

function isRead(words: string): boolean {
  const pieces = withQuantities(words);
  return pieces?.every((piece) => !('problem' in readOrderWords(piece))) === true;
}

const LONGEST_SUGGESTION = 200;

function withQuantityOf(words: string, piece: string): string {
  const [quantity] = /x\s*\d{1,4}\s*$/iu.exec(piece) ?? [];
  return quantity === undefined || /x\d+$/u.test(words) ? words : `${words} ${quantity.trim()}`;
}

function checked(lines: readonly WantedLine[], text: string): LinesWords {
  const problem = (why: LinesFault, typed: string) => ({
    problem: { why, typed, suggestions: ['1 each in 910, 919, 704'] as const },
  });
  if (lines.length > MOST_LINES) return problem('too-many-lines', String(lines.length));
  const quantity = lines.reduce((sum, line) => sum + quantityOf(line), 0);
  if (quantity > MAX_QUANTITY) return problem('too-many-numbers', String(quantity));
  const numbers = lines.flatMap((line) => (line.by === 'numbers' ? line.numbers : []));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) return problem('number-twice', printNumbers([twice]));
  if (lines.length === 0) {
    return {
      problem: { why: 'nothing-typed', typed: text.trim(), suggestions: ['910 x2', 'Raleigh, NC x1'] },
    };
  }
  return { lines };
}

/** Returns the words for one line; parsing them gives the same line. */
export const printLine = (line: WantedLine): string =>
  line.by === 'numbers' ? printNumbers(line.numbers) : printSearch(line.search);

export const printLines = (lines: readonly WantedLine[]): string => lines.map(printLine).join(', ');
