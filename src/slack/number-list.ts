import type { PhoneNumber } from '../orders/phone-number.js';
import { cut } from './escape.js';
import { digitsOf, numbersIn } from './typed-digits.js';
import { asTyped } from './typed-text.js';

/** What somebody typed where only whole numbers belong: each number once, and every piece that is none. */
export interface NumberList {
  readonly numbers: readonly PhoneNumber[];
  /** In plain spelling, not escaped. One of these spoils the list: what was meant by it must not be guessed. */
  readonly wrong: readonly string[];
}

const BETWEEN = /[,;&|\n\t]|\band\b/i;
/** Lists are pasted with their bullets and from spreadsheets with their quotes. */
const ORNAMENT = /^\s*[-•*·]\s+|["']/g;

/** Never throws, whatever was typed. */
export function readNumberList(text: string): NumberList {
  const parts = asTyped(text)
    .split(BETWEEN)
    .map((part) => part.replace(ORNAMENT, ' ').trim())
    .map((part) => ({ part, ...numbersIn(part) }));
  return {
    numbers: [...new Set(parts.flatMap(({ numbers }) => numbers))],
    wrong: parts.flatMap(({ part, numbers, strangers }) =>
      // "910 241 436" is one mistake, not three.
      numbers.length === 0 && strangers.length > 0 ? [part] : strangers,
    ),
  };
}

/** Enough of what was typed to recognise it. */
const SHOWN = 40;

/** What is wrong, in a plain sentence that is short enough to stand under a field; not escaped. */
export function wrongNumberSentence([piece = '', ...more]: readonly string[]): string {
  const others = more.length === 0 ? '' : ` I can't read ${more.length} more either.`;
  return `“${cut(piece, SHOWN)}” ${faultOf(piece)}.${others}`;
}

function faultOf(piece: string): string {
  const digits = digitsOf(piece);
  if (digits === '' || /\p{L}/u.test(piece)) return 'is not a phone number';
  if (/^\+(?!1)/.test(piece)) return 'is not a US or Canadian number';
  if (digits.length < 10) return 'is only part of a number: I need all ten digits of each';
  if (digits.length > 11 || (digits.length === 11 && !digits.startsWith('1')))
    return `has ${digits.length} digits, and a number has ten`;
  return "isn't a valid phone number";
}
