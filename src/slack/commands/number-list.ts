import type { PhoneNumber } from '../../orders/domain/phone-number.js';
import { numbersIn } from './typed-digits.js';
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
