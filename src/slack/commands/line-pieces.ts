import { typedNumbers } from '../text/typed-digits.js';

/**
 * Splits what people type into the words of its lines, each with its quantity at the end: `910 x2`. A line of whole
 * numbers has no quantity.
 */

const figures: readonly string[] = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];

/** How people type a quantity without an `x`. */
export const QUANTITY = String.raw`\d{1,4}|an?|${figures.join('|')}`;

/** Reads what {@link QUANTITY} matches. */
export function quantityIn(typed: string): number {
  if (/^\d/.test(typed)) return Number(typed);
  return Math.max(1, figures.indexOf(typed.toLowerCase()) + 1);
}

const SEPARATOR = String.raw`[,;\n]|\s(?:and|&)\s`;
/** `x2`, and invalid quantities such as `x-1` and `x2.5`. */
const TIMES = String.raw`[x×]\s*[-+]?\d[^\s,;]*`;
/** Matches only before places that can't be city names: those never contain these words. */
const THESE = String.raw`(?:(?:the\s+|these\s+|the\s+following\s+)?(?:area\s+codes|cities|places|states|zip\s+codes)\s*:?\s+)?`;

const eachFirst = [
  String.raw`^(${QUANTITY})\s+(?:numbers?\s+)?(?:of\s+)?each(?:\s*:|\s+(?:in|of|from|for))?\s+${THESE}(.+)$`,
  String.raw`^(${QUANTITY})\s+(?:numbers?\s+)?in\s+each(?:\s+of)?\s*:?\s+${THESE}(.+)$`,
].map((pattern) => new RegExp(pattern, 'isu'));
const eachLast = new RegExp(String.raw`^(.+?)\s*[\s,:(]\s*(?:x\s*)?(${QUANTITY})\s+each\)?$`, 'isu');

/** Splits `1 each in 910, 919, 704`. @param isPlace whether words say where, without anything before or after. */
export function piecesOfEach(
  text: string,
  isPlace: (words: string) => boolean,
): readonly string[] | undefined {
  for (const pattern of eachFirst) {
    const [, quantity, places] = pattern.exec(text) ?? [];
    if (quantity !== undefined && places !== undefined) return inEach(quantity, places, isPlace);
  }
  const [, places, quantity] = eachLast.exec(text) ?? [];
  return quantity === undefined || places === undefined ? undefined : inEach(quantity, places, isPlace);
}

function inEach(quantity: string, places: string, isPlace: (words: string) => boolean): readonly string[] {
  return typedPlaces(places, isPlace).map((place) =>
    hasQuantity.test(place) || isNumbers(place) ? spaced(place) : `${place} x${quantityIn(quantity)}`,
  );
}

const hasQuantity = new RegExp(`${TIMES}$`, 'iu');

/** Splits a list of places. A comma may also be between a city and its state. */
export function typedPlaces(text: string, isPlace: (words: string) => boolean): readonly string[] {
  const parts = text
    .split(new RegExp(SEPARATOR, 'iu'))
    .flatMap(prefixesIn)
    .map((part) => part.replace(/^(?:and|&|in)\s+/iu, '').trim())
    .filter((part) => part !== '');
  const places: string[] = [];
  for (let at = 0; at < parts.length; ) {
    const length = [1, 2, 3].find((count) => isPlace(parts.slice(at, at + count).join(', '))) ?? 1;
    const place = parts.slice(at, at + length).join(', ');
    // The word before the first of several LATAs applies to all of them. Three digits alone would be an area code.
    places.push(/^\d{3}$/.test(place) && /^lata\s/i.test(places.at(-1) ?? '') ? `lata ${place}` : place);
    at += length;
  }
  return places;
}

/** `910 919 704` */
const prefixesIn = (part: string): readonly string[] =>
  /^\s*\d{3}(?:\s+\d{3})+\s*$/.test(part) ? part.trim().split(/\s+/) : [part];

/**
 * Splits `910 x2, 919 x3, Raleigh, NC x1` after its quantities, and separates whole numbers from the rest. Returns
 * undefined unless there are at least two lines and nothing else.
 */
export function piecesWithQuantities(text: string): readonly string[] | undefined {
  const ends = [...text.matchAll(new RegExp(String.raw`${TIMES}(?=\s*(?:${SEPARATOR}|$))`, 'giu'))].map(
    ({ index, 0: found }) => index + found.length,
  );
  const rest = text.slice(ends.at(-1) ?? 0).replace(LEADING, '');
  if (ends.length === 0 || (rest !== '' && !isNumbers(rest))) return undefined;
  const pieces = ends.flatMap((end, index) =>
    withoutNumbers(text.slice(ends[index - 1] ?? 0, end).replace(LEADING, '')),
  );
  const all = rest === '' ? pieces : [...pieces, rest];
  return all.length < 2 ? undefined : all;
}

const LEADING = /^(?:[\s,;]|(?:and|&)\s)+/iu;

/** `910-241-4365, 919 x2` are two lines. */
function withoutNumbers(piece: string): readonly string[] {
  const [, numbers = '', quantity] = /^(.+?)\s*[x×]\s*(\d+)$/iu.exec(piece) ?? [];
  const count = countNumbers(numbers);
  if (count > 0 && (quantity === '1' || quantity === String(count))) return [numbers];
  for (const { index } of [...piece.matchAll(new RegExp(SEPARATOR, 'giu'))].reverse()) {
    const before = piece.slice(0, index);
    if (isNumbers(before)) return [before, ...withoutNumbers(piece.slice(index).replace(LEADING, ''))];
  }
  return [spaced(piece)];
}

/** Whether these are whole numbers and nothing else. */
export const isNumbers = (text: string): boolean => countNumbers(text) > 0;

/** How many whole numbers a list has; 0 if it has anything else. */
function countNumbers(text: string): number {
  const parts = text.split(new RegExp(SEPARATOR, 'iu')).filter((part) => part.trim() !== '');
  const read = parts.map(typedNumbers);
  return read.some(({ unread }) => unread.length > 0)
    ? 0
    : read.reduce((sum, { numbers }) => sum + numbers.length, 0);
}

/** `910x2` */
const spaced = (piece: string): string =>
  piece.replace(new RegExp(String.raw`(?<=\d)(${TIMES})$`, 'iu'), ' $1');
