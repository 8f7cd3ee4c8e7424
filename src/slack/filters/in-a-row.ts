import { ROW } from '../../orders/domain/search/filters.js';
import { END, sticky } from '../criteria/criterion.js';
import { withoutNonDigits } from '../text/typed-digits.js';
import { type FilterWords, OURS } from './filter.js';

const WORDS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const IN_A_ROW = String.raw`(?:in\s+a\s+row|consecutive|sequential)`;
/** `5`, `x5`, `five`; more than two digits without an x would be an area code. */
const HOW_MANY = String.raw`(?:[x×]\s*[-+]?\d[^\s,;]*|\d{1,2}|${WORDS.join('|')})(?:\s+numbers)?`;

/**
 * Consecutive numbers. Without a count it has no value yet: `x5`, which may stand anywhere, is how many, as in
 * `in a row 910 x5`. See `settled` in `commands/search-options.ts`.
 */
export const inARow: FilterWords = {
  noun: '“in a row”',
  typed: {
    starts: String.raw`(?:${HOW_MANY}\s+)?${IN_A_ROW}`,
    word: 'consecutive',
    rules: [
      { pattern: sticky(String.raw`(${HOW_MANY})\s+${IN_A_ROW}${END}`), read: howMany },
      {
        pattern: sticky(String.raw`${IN_A_ROW}${END}\s*(?:of\s+|[x×]\s*)([-+]?\d[^\s,;]*)`),
        read: howMany,
      },
      { pattern: sticky(String.raw`${IN_A_ROW}${END}\s+(\d{1,2})${END}`), read: howMany },
      { pattern: sticky(`${IN_A_ROW}${END}`), read: () => '' },
    ],
  },
  print: (value) => `in a row x${value}`,
  describe: (value) => `${value} in a row`,
  malformed: (shown, value) =>
    value === ''
      ? `How many in a row? From ${ROW.fewest} to ${ROW.most}, such as in a row x5.`
      : `A row can have ${ROW.fewest} to ${ROW.most} numbers, not ${shown}.`,
  remedies: (value, { instead }) => [
    ...(value === '' ? [instead('5')] : []),
    instead(Number(withoutNonDigits(value)) > ROW.most ? String(ROW.most) : String(ROW.fewest)),
  ],
  form: {
    label: 'How many in a row',
    hint: `Consecutive numbers, ${ROW.fewest} to ${ROW.most}. ${OURS}`,
    example: '5',
    most: 10,
    read: (text) => text.replace(/^[x×]\s*/i, ''),
  },
};

function howMany([, typed = '']: readonly (string | undefined)[]): string {
  const bare = typed.toLowerCase().replace(/^[x×]\s*|\s+numbers$/g, '');
  const word = WORDS.indexOf(bare);
  return word < 0 ? bare : String(word + 2);
}
