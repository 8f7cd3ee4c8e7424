import { withDigits, withoutNonDigits } from '../text/typed-digits.js';
import { type CriterionWords, END, missing, sticky, VALUE } from './criterion.js';

export const lata: CriterionWords = {
  noun: 'a LATA',
  typed: {
    keyword: 'lata',
    word: 'lata',
    example: 'lata 426',
    rules: [
      {
        pattern: sticky(`lata${END}${VALUE}`),
        read: ([, value], { give }) => {
          if (value === undefined) return missing('lata');
          return withDigits(value) === undefined ? give('lata', value) : { why: 'letter-for-digit' };
        },
      },
    ],
  },
  print: (value) => `lata ${value}`,
  describe: (value) => `LATA ${value}`,
  malformed: (shown) => `${shown} isn't a LATA: one to five digits, such as 426.`,
  remedies: (value, { instead }) => [instead({ lata: withoutNonDigits(value).slice(0, 5) }), 'lata 426'],
  form: { kind: 'LATA', label: 'LATA', example: '426', most: 20 },
  column: { head: 'lata', alsoCalled: [], digits: true },
};
