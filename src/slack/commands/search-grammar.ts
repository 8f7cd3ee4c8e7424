import { nationalDigits } from '../../orders/domain/phone-number.js';
import { dashed, typedNumbers, withoutNonDigits } from '../text/typed-digits.js';
import { asTyped } from '../text/typed-text.js';
import { readCriteria } from './search-criteria.js';
import type { Reading } from './search-reading.js';

/** Parses what people type after `/numbers search` and `/numbers order`: whole numbers or a search. Never throws. */
export function interpret(typed: string): Reading {
  const plain = asTyped(typed);
  return readNumbers(plain) ?? readCriteria(unquoted(plain.replace(/\s+/gu, ' ').trim()));
}

function unquoted(text: string): string {
  return /^"([^"]*)"$/.exec(text)?.[1]?.trim() ?? text;
}

/** Undefined when the text isn't a list of whole numbers. */
function readNumbers(text: string): Reading | undefined {
  if (!/^(?:[\d\s+().,;&/-]|tel:|\band\b)*$/i.test(text)) return undefined;
  const read = text.split(/[,;&\n]|\band\b/i).map(typedNumbers);
  const numbers = read.flatMap((part) => part.numbers);
  const unread = read.flatMap((part) => part.unread);
  const [firstUnread] = unread;
  const long = unread.find((word) => withoutNonDigits(word).length >= 10 || /^\+(?!1).{7}/.test(word));
  if (numbers.length === 0 && long === undefined) return undefined;
  if (firstUnread === undefined) return { numbers: [...new Set(numbers)] };
  const others = [...new Set(numbers)].map((number) => dashed(nationalDigits(number))).join(', ');
  const typed = long ?? firstUnread;
  return { fault: { why: 'not-a-number', typed, text: others, start: 0, draft: { criteria: {} } } };
}
