import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import { isAreaCode } from '../../orders/domain/search/criteria.js';

/** Finds numbers written in one to five words: `+1 (910) 241 4365`. All other words are returned as `unread`. */
export function typedNumbers(part: string): { numbers: PhoneNumber[]; unread: string[] } {
  const whole = northAmerican(part);
  if (whole !== undefined) return { numbers: [whole], unread: [] };
  if (part.trim().startsWith('+') && parsePhoneNumber(part)) return { numbers: [], unread: [part.trim()] };
  const words = part.split(/\s+/).filter((word) => word !== '');
  const numbers: PhoneNumber[] = [];
  const unread: string[] = [];
  for (let at = 0; at < words.length; ) {
    const lengths = [1, 2, 3, 4, 5].filter((length) => at + length <= words.length);
    const fits = lengths.find(
      (length) => northAmerican(words.slice(at, at + length).join(' ')) !== undefined,
    );
    const number = fits === undefined ? undefined : northAmerican(words.slice(at, at + fits).join(' '));
    if (number === undefined) unread.push(words[at] ?? '');
    else numbers.push(number);
    at += fits ?? 1;
  }
  return { numbers, unread };
}

/** Bandwidth's orders take US and Canadian numbers. Toll-free prefixes count as area codes here. */
function northAmerican(text: string): PhoneNumber | undefined {
  const number = parsePhoneNumber(text);
  return number?.startsWith('+1') && isAreaCode(number.slice(2, 5)) ? number : undefined;
}

/** `910-555`, `910-555-1`, `910-555-1234`. */
export function dashed(digits: string): string {
  return [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].filter((part) => part !== '').join('-');
}

export function withoutNonDigits(text: string): string {
  return text.replace(/\D/g, '');
}

const lookalikes: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  I: '1',
  l: '1',
  S: '5',
  B: '8',
  Z: '2',
};

/** Returns `91O` as it was meant; undefined when the word has no digits, or letters that aren't mistaken for digits. */
export function withDigits(token: string): string | undefined {
  if (!/\d/.test(token) || !/[OoIlSBZ]/.test(token)) return undefined;
  const fixed = token.replace(/[OoIlSBZ]/g, (letter) => lookalikes[letter] ?? letter);
  return /^[\d.()/-]+$/.test(fixed) ? fixed : undefined;
}
