import { cut } from '../text/escape.js';
import { withoutNonDigits } from '../text/typed-digits.js';

/** Enough of the typed text to recognize it. */
const SHOWN = 40;

/** Says what is wrong in a plain sentence short enough to fit under a field; not escaped. */
export function wrongNumberSentence([piece = '', ...more]: readonly string[]): string {
  const others = more.length === 0 ? '' : ` I can't read ${more.length} more either.`;
  return `“${cut(piece, SHOWN)}” ${faultOf(piece)}.${others}`;
}

function faultOf(piece: string): string {
  const digits = withoutNonDigits(piece);
  if (digits === '' || /\p{L}/u.test(piece)) return "isn't a phone number";
  if (/^\+(?!1)/.test(piece)) return "isn't a US or Canadian number";
  if (digits.length < 10) return 'is only part of a number: I need all ten digits of each';
  if (digits.length > 11 || (digits.length === 11 && !digits.startsWith('1')))
    return `has ${digits.length} digits, and a number has ten`;
  return "isn't a valid phone number";
}
