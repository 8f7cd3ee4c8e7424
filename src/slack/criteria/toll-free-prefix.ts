import { areaCodesFrom } from '../../orders/domain/search/area-codes.js';
import { withoutNonDigits } from '../text/typed-digits.js';
import { type CriterionWords, END, sticky } from './criterion.js';

const ANY = '8**';

/** `tollfree` alone means any of them, and a whole prefix is typed as an area code. */
export const tollFreeWildCardPattern: CriterionWords = {
  noun: 'a toll-free prefix',
  typed: {
    example: 'tollfree 83*',
    rules: [
      {
        pattern: sticky(String.raw`([\d][\dx*]{2})(?<=[x*])${END}`),
        read: ([pattern = ''], { give }) =>
          give('tollFreeWildCardPattern', pattern.toLowerCase().replaceAll('x', '*')),
      },
    ],
  },
  print: (value) => (value === ANY ? '' : value),
  describe: (value) => (value === ANY ? 'with any toll-free prefix' : `in toll-free ${value}`),
  headline: (value) => (value === ANY ? 'Toll-free numbers' : `Toll-free numbers ${value}`),
  malformed: (shown) =>
    `${shown} isn't a toll-free prefix: a whole one such as 833, or 83* or 8** for any match.`,
  remedies: (value) => [
    ...(value.startsWith('8') ? [] : areaCodesFrom(withoutNonDigits(value))),
    'tollfree',
    'tollfree 83*',
    'tollfree 833',
  ],
  form: {
    kind: 'Toll-free',
    label: 'Prefix',
    hint: 'Such as 833; 83* for all that begin with 83; 8** for all.',
    example: ANY,
    most: 10,
  },
  column: { sharedWith: 'areaCode' },
};
