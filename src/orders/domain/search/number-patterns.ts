import type { PhoneNumber } from '../phone-number.js';
import spelling from './words.json' with { type: 'json' };

/** What makes a number easy to remember, in its seven digits after the area code. */

export type PatternKind =
  /** 4444. */
  | 'repeat'
  /** 00. */
  | 'round'
  /** 1234, 8642. */
  | 'step'
  /** 1221. */
  | 'palindrome'
  /** 1212, 1122, 123123. */
  | 'pairs'
  /** PIZZA. */
  | 'word';

export interface Pattern {
  readonly kind: PatternKind;
  /** The digits, or the word they spell. */
  readonly text: string;
  /** Whether the number ends in it. */
  readonly atEnd: boolean;
}

const SEVEN = 7;
const MIN_ENDING = 4;

/** Each letter's key on a telephone. */
const KEYS = '22233344455566677778889999';

/** Every word by the digits that spell it, with a 1 before them, so that each length has its own numbers. */
const words: ReadonlyMap<number, string> = new Map(
  spelling.words.split(' ').map((word) => [Number(`1${digitsOf(word)}`), word]),
);

function digitsOf(word: string): string {
  return Array.from(word, (letter) => KEYS.charAt(letter.charCodeAt(0) - 65)).join('');
}

/** How much a pattern helps, by its kind and the digits it covers: longer is rarer, and the end is what people hear. */
const worth: Readonly<Record<PatternKind, (length: number) => number>> = {
  repeat: (length) => 10 * length + 6,
  round: (length) => 10 * length + 6,
  step: (length) => 10 * length + 2,
  pairs: (length) => 10 * length - 3,
  word: (length) => 10 * length - 2,
  palindrome: (length) => 7 * length,
};
const INSIDE = -12;

const worthOf = ({ kind, text, atEnd }: Pattern): number => worth[kind](text.length) + (atEnd ? 0 : INSIDE);

/** Returns every pattern of a North American number, the most memorable first. */
export function patternsOf(number: PhoneNumber): readonly Pattern[] {
  if (!number.startsWith('+1')) return [];
  const text = number.slice(-SEVEN);
  const digits: number[] = [];
  for (let at = 0; at < SEVEN; at += 1) digits.push(text.charCodeAt(at) - 48);
  const found: Pattern[] = [];

  const same = sameAtEnd(digits);
  const isRound = digits[SEVEN - 1] === 0;
  addEnding(found, text, isRound ? 'round' : 'repeat', same, isRound ? 2 : 3);
  addEnding(found, text, 'step', stepsAtEnd(digits), MIN_ENDING);
  if (same < MIN_ENDING) {
    addEnding(found, text, 'pairs', pairsAtEnd(digits), MIN_ENDING);
    addEnding(found, text, 'palindrome', mirroredAtEnd(digits), MIN_ENDING);
  }
  const inside = repeatInside(digits);
  if (inside !== undefined) found.push({ kind: 'repeat', text: text.slice(...inside), atEnd: false });
  addWords(Number(text), found);
  return found.length < 2 ? found : found.sort((one, other) => worthOf(other) - worthOf(one));
}

function addEnding(found: Pattern[], text: string, kind: PatternKind, length: number, least: number): void {
  if (length >= least) found.push({ kind, text: text.slice(SEVEN - length), atEnd: true });
}

/** 0 for a number without a pattern; the higher, the easier to remember. */
export function memorability(number: PhoneNumber, patterns: readonly Pattern[]): number {
  const [best, ...others] = patterns;
  if (best === undefined) return 0;
  const more = others.reduce((sum, each) => sum + worthOf(each), 0);
  // Of two numbers with the same pattern, the one with fewer different digits is easier.
  return worthOf(best) * 100 + more + SEVEN - new Set(number.slice(-SEVEN)).size;
}

/** Whether a number has this pattern too, with any digits, or a longer one of its kind. */
export function isLike(patterns: readonly Pattern[], { kind, text, atEnd }: Pattern): boolean {
  return patterns.some(
    (each) => each.kind === kind && each.text.length >= text.length && (each.atEnd || !atEnd),
  );
}

function sameAtEnd(digits: readonly number[]): number {
  let length = 1;
  while (length < SEVEN && digits[SEVEN - 1 - length] === digits[SEVEN - 1]) length += 1;
  return length;
}

/** Up or down by one or two: 1234, 9876, 2468. A 0 may follow the 9, as on a telephone: 7890. */
function stepsAtEnd(digits: readonly number[]): number {
  const [before = 0, end = 0] = digits.slice(-2);
  const step = (end === 0 && before === 9 ? 10 : end) - before;
  if (step === 0 || step > 2 || step < -2) return 1;
  let length = 2;
  while (length < SEVEN && (digits[SEVEN - length] ?? 0) - (digits[SEVEN - 1 - length] ?? 0) === step) {
    length += 1;
  }
  return length;
}

/** 1212, 112233, 123123. */
function pairsAtEnd(digits: readonly number[]): number {
  return Math.max(doubledAtEnd(digits), repeatedAtEnd(digits, 2), repeatedAtEnd(digits, 3));
}

/** Counts the digits of 1122 and 112233. */
function doubledAtEnd(digits: readonly number[]): number {
  let length = 0;
  while (length + 2 <= SEVEN && digits[SEVEN - 1 - length] === digits[SEVEN - 2 - length]) length += 2;
  return length;
}

/** Counts the digits of whole repetitions of the last `size`. */
function repeatedAtEnd(digits: readonly number[], size: number): number {
  let length = size;
  while (length < SEVEN && digits[SEVEN - 1 - length] === digits[SEVEN - 1 - length + size]) length += 1;
  const whole = length - (length % size);
  return whole >= 2 * size ? whole : 0;
}

function mirroredAtEnd(digits: readonly number[]): number {
  for (let length = SEVEN; length >= MIN_ENDING; length -= 1) {
    let off = 0;
    while (off * 2 < length && digits[SEVEN - length + off] === digits[SEVEN - 1 - off]) off += 1;
    if (off * 2 >= length) return length;
  }
  return 0;
}

/** Finds four or more of the same digit before the end. */
function repeatInside(digits: readonly number[]): [start: number, end: number] | undefined {
  for (let start = 0; start + MIN_ENDING < SEVEN; start += 1) {
    let end = start + 1;
    while (end < SEVEN && digits[end] === digits[start]) end += 1;
    if (end - start >= MIN_ENDING && end < SEVEN) return [start, end];
  }
  return undefined;
}

/** Where a word may stand, the longest first. One of four letters counts only at the end. */
const windows = [7, 6, 5, 4].flatMap((length) =>
  Array.from({ length: length === MIN_ENDING ? 1 : SEVEN - length + 1 }, (_, after) => ({
    size: 10 ** length,
    after: 10 ** after,
    atEnd: after === 0,
  })),
);

/** Only the longest word is named. */
function addWords(seven: number, found: Pattern[]): void {
  for (const { size, after, atEnd } of windows) {
    const word = words.get(size + (Math.floor(seven / after) % size));
    if (word === undefined) continue;
    found.push({ kind: 'word', text: word, atEnd });
    return;
  }
}
