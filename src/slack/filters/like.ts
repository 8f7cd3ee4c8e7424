import { type PhoneNumber, parsePhoneNumber, showPhoneNumber } from '../../orders/domain/phone-number.js';
import { END, sticky } from '../criteria/criterion.js';
import { dashed } from '../text/typed-digits.js';
import { type FilterWords, OURS } from './filter.js';

const NUMBER = String.raw`(?:\+?1[-.\s/]*)?\(?\d{3}\)?[-.\s/]*\d{3}[-.\s/]*\d{4}`;
const LIKE = 'like';

/** Numbers with the same pattern as another. */
export const like: FilterWords = {
  noun: '“like”',
  typed: {
    starts: LIKE,
    word: 'like',
    rules: [
      { pattern: sticky(String.raw`${LIKE}${END}\s*(${NUMBER})${END}`), read: ([, value = '']) => value },
      { pattern: sticky(String.raw`${LIKE}${END}(?:\s+([^\s,;]+))?`), read: ([, value = '']) => value },
    ],
  },
  print: (value) => `like ${/^\d{10}$/.test(value) ? dashed(value) : value}`,
  describe: (value) => {
    const number = parsePhoneNumber(value);
    return `like ${number === undefined ? value : showPhoneNumber(number)}`;
  },
  malformed: (shown, value) => {
    if (value === '') return 'Like which number? For example: like 910-241-4444.';
    const number = parsePhoneNumber(value);
    return number === undefined
      ? `“${shown}” isn't a complete US or Canadian number of ten digits. For example: like 910-241-4444.`
      : noPattern(number);
  },
  remedies: (_, { instead }) => [instead('9102414444'), instead(undefined)],
  form: {
    label: 'Like this number',
    hint: `Numbers with the same pattern, such as 4444. ${OURS}`,
    example: '910-241-4444',
    most: 30,
  },
};

export function noPattern(number: PhoneNumber): string {
  return `${showPhoneNumber(number)} has no pattern that I know, such as a repeated digit or a word.`;
}
