import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import { typedNumbers } from './typed-digits.js';
import { asTyped } from './typed-text.js';

/** A typed list of whole numbers: each number once, and every piece that isn't one. */
export interface NumberList {
  readonly numbers: readonly PhoneNumber[];
  /** In plain spelling, not escaped. Any of these invalidates the list, because its meaning must not be guessed. */
  readonly wrong: readonly string[];
}

const BETWEEN = /[,;&|\n\t]|\band\b/i;
/** Pasted lists may have bullets or a spreadsheet's quotes. */
const ORNAMENT = /^\s*[-•*·]\s+|["']/g;

/** Never throws, for any text. */
export function readNumberList(text: string): NumberList {
  const parts = asTyped(text)
    .split(BETWEEN)
    .map((part) => part.replace(ORNAMENT, ' ').trim())
    .map((part) => ({ part, ...typedNumbers(part) }));
  return {
    numbers: [...new Set(parts.flatMap(({ numbers }) => numbers))],
    wrong: parts.flatMap(({ part, numbers, unread }) =>
      // "910 241 436" is one mistake, not three.
      numbers.length === 0 && unread.length > 0 ? [part] : unread,
    ),
  };
}
