import { withDigits } from '../text/typed-digits.js';
import { type CriterionWords, END, missing, sticky, VALUE } from './criterion.js';

const keyword = String.raw`zip(?:\s*code)?`;

export const zip: CriterionWords = {
  noun: 'a ZIP code',
  typed: {
    keyword,
    word: 'zip',
    example: 'zip 27601',
    rules: [
      {
        pattern: sticky(`${keyword}${END}${VALUE}`),
        read: ([, value], { give }) => {
          if (value === undefined) return missing('zip');
          if (withDigits(value) !== undefined) return { why: 'letter-for-digit' };
          return give('zip', value.replace(/^(\d{5})(\d{4})$/, '$1-$2'));
        },
      },
      {
        pattern: sticky(String.raw`\d{5}(?:-\d{4})?${END}`),
        read: ([value = ''], { give }) => give('zip', value),
      },
    ],
  },
  print: (value, { criteria }) => (Object.keys(criteria).length === 1 ? value : `zip ${value}`),
  describe: (value) => `ZIP ${value}`,
  malformed: (shown) => `${shown} isn't a ZIP code: five digits, or nine like 27601-1234.`,
  remedies: (value, { instead }) => [
    instead({ zip: value.padStart(5, '0') }),
    instead({ zip: value.slice(0, 5) }),
    '27601',
  ],
  form: { kind: 'ZIP code', label: 'ZIP code', example: '27601', most: 20 },
  column: { head: 'zip', alsoCalled: ['zipcode', 'postalcode', 'postcode'], digits: true },
};
