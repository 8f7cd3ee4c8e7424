import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import {
  type Destination,
  type LineOfSeveral,
  MAX_LINES,
  quantityOf,
  type WantedLine,
} from '../../orders/domain/request.js';
import { checkSearch } from '../../orders/domain/search/check-search.js';
import { MAX_QUANTITY, type SearchDraft } from '../../orders/domain/search/search.js';
import { cut } from '../text/escape.js';
import { asTyped } from '../text/typed-text.js';
import { isNumbers, piecesOfEach, piecesWithQuantities } from './line-pieces.js';
import { printNumbers, printSearch } from './print-search.js';
import { interpret } from './search-grammar.js';
import type { LinesFault } from './search-reading.js';
import { orderProblems } from './search-suggestions.js';
import { type OrderWords, readOrderWords, type WordsProblem } from './search-words.js';
import { suggestLines } from './suggest-lines.js';

/**
 * Orders of several lines, as people type them: `1 each in 910, 919, 704`, or a quantity after each place, as in
 * `910 x2, 919 x3, Raleigh, NC x1`. Each line is read like an order of its own.
 */

export type LinesWords = { readonly lines: readonly WantedLine[] } | { readonly problem: WordsProblem };

/** Everything that may follow `/numbers order`. */
export type WholeOrderWords = OrderWords | LinesWords;

/** Never throws, for any text. */
export function readWholeOrder(text: string): WholeOrderWords {
  const read = readLines(text) ?? readOrderWords(text);
  if (!('problem' in read) || isOfSeveralLines(read.problem)) return read;
  const meant = suggestLines(asTyped(text).trim(), isPlace);
  const lines = meant === undefined ? undefined : readLines(meant);
  if (meant === undefined || lines === undefined || 'problem' in lines) return read;
  return { problem: { why: 'quantity-for-each', typed: text.trim(), suggestions: [meant] } };
}

const isOfSeveralLines = ({ why }: WordsProblem): boolean =>
  why === 'too-many-lines' || why === 'too-many-numbers' || why === 'number-twice';

/** Returns undefined if the words don't ask for several things. Never throws. */
function readLines(text: string): LinesWords | undefined {
  const plain = withoutOrnament(asTyped(text));
  const pieces = piecesOfEach(plain, isLine) ?? piecesWithQuantities(plain);
  return pieces === undefined ? undefined : linesOf(pieces);
}

/** Removes quotation marks around everything and a period at the end. */
const withoutOrnament = (text: string): string =>
  text
    .trim()
    .replace(/^"([^"]*)"$/u, '$1')
    .replace(/(?<=\d)\.$/u, '');

/** Like `readOrderWords`, but without suggestions, which take longer to find. */
function draftIn(words: string): SearchDraft | undefined {
  const reading = interpret(words);
  return 'draft' in reading && orderProblems(reading.draft).length === 0 ? reading.draft : undefined;
}

const isLine = (words: string): boolean => draftIn(words) !== undefined;

/** Whether words say where to order, but not how many. */
function isPlace(words: string): boolean {
  const draft = draftIn(words);
  return draft !== undefined && draft.quantity === undefined && !/\beach\b/iu.test(words);
}

/** A line of a list, and where it goes, as typed; without that, it goes where the whole order goes. */
export type LineOfList = WantedLine & { readonly to?: string };

/**
 * Reads a list with a line in each row, which may itself be several: `910 x2`, or `910 x2 to Boston office` with the
 * name of a sub-account. Rows without words are skipped.
 */
export function readRows(
  text: string,
): { readonly lines: readonly LineOfList[] } | { readonly problem: WordsProblem } {
  const rows = text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const lines: LineOfList[] = [];
  for (const row of rows) {
    const read = readRow(row);
    if ('problem' in read) return read;
    lines.push(...read.lines);
  }
  return checked(lines, text);
}

function readRow(
  row: string,
): { readonly lines: readonly LineOfList[] } | { readonly problem: WordsProblem } {
  let problem: WordsProblem | undefined;
  for (const { index, 0: between } of row.matchAll(TO)) {
    const read = readPlaces(row.slice(0, index));
    const to = row.slice(index + between.length).trim();
    if (!('problem' in read)) return { lines: read.lines.map((line) => ({ ...line, to })) };
    problem ??= read.problem;
  }
  const read = readPlaces(row);
  return 'problem' in read ? { problem: problem ?? read.problem } : read;
}

function readPlaces(text: string): LinesWords {
  const read = readWholeOrder(text);
  return 'problem' in read || 'lines' in read ? read : { lines: [lineOf(read)] };
}

/** Stands before where a line goes. */
const TO = /\s+(?:to|→|->)\s+(?=\S)/giu;

function linesOf(pieces: readonly string[]): LinesWords {
  if (pieces.length > MAX_LINES) return { problem: linesProblem('too-many-lines', String(pieces.length)) };
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
    .filter((words) => words.length <= MAX_SUGGESTION_LENGTH && readsAsLines(words, pieces.length));
  const [first, ...more] = new Set(whole);
  return first === undefined ? problem : { ...problem, suggestions: [first, ...more] };
}

function readsAsLines(words: string, most = MAX_LINES): boolean {
  const pieces = piecesWithQuantities(words) ?? [words];
  return pieces.length <= most && pieces.every((piece) => !('problem' in readOrderWords(piece)));
}

const MAX_SUGGESTION_LENGTH = 200;

function withQuantityOf(words: string, piece: string): string {
  const [quantity] = /x\s*\d{1,4}\s*$/iu.exec(piece) ?? [];
  return quantity === undefined || isNumbers(words) || /x\d+$/u.test(words)
    ? words
    : `${words} ${quantity.trim()}`;
}

const linesProblem = (why: LinesFault, typed: string): WordsProblem => ({
  why,
  typed,
  suggestions: ['1 each in 910, 919, 704'],
});

function checked<Line extends WantedLine>(
  lines: readonly Line[],
  text: string,
): { readonly lines: readonly Line[] } | { readonly problem: WordsProblem } {
  const problem = (why: LinesFault, typed: string) => ({ problem: linesProblem(why, typed) });
  if (lines.length > MAX_LINES) return problem('too-many-lines', String(lines.length));
  const quantity = lines.reduce((sum, line) => sum + quantityOf(line), 0);
  if (quantity > MAX_QUANTITY) return problem('too-many-numbers', String(quantity));
  const numbers = lines.flatMap((line) => (line.by === 'numbers' ? line.numbers : []));
  const seen = new Set<PhoneNumber>();
  const twice = numbers.find((number) => seen.size === seen.add(number).size);
  if (twice !== undefined) return problem('number-twice', printNumbers([twice]));
  if (lines.length === 0) {
    return {
      problem: { why: 'nothing-typed', typed: text.trim(), suggestions: ['910 x2', 'Raleigh, NC x1'] },
    };
  }
  return { lines };
}

/** Returns the words for one line; parsing them gives the same line. */
export const printLine = (line: LineOfSeveral): string =>
  `${line.by === 'numbers' ? printNumbers(line.numbers) : printSearch(line.search)}${line.to === undefined ? '' : ` to ${printDestination(line.to)}`}`;

/** `Boston office, Boston trunk (743/303716)`: the ids tell which. */
export function printDestination({ site, location }: Destination): string {
  const places = [site, ...(location === undefined ? [] : [location])];
  const names = places.map(({ id, name }) => cut(name.trim() === '' ? id : name, 40));
  return `${names.join(', ')} (${places.map(({ id }) => id).join('/')})`.replace(/\s+/gu, ' ');
}

export const printLines = (lines: readonly WantedLine[]): string => lines.map(printLine).join(', ');
