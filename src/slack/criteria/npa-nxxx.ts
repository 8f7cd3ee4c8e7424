import { dashed } from '../text/typed-digits.js';
import type { CriterionWords } from './criterion.js';
import { digitGroups, exchangeRemedies, prefixDigits, prefixRule } from './prefix.js';

const keyword = 'npa-?nxx-?x';

export const npaNxxx: CriterionWords = {
  noun: 'an NPA-NXX-X',
  typed: {
    keyword,
    example: '910-555-1',
    rules: [
      prefixRule('npaNxxx', keyword),
      {
        pattern: digitGroups(String.raw`\d{3}`, String.raw`\d{3}`, String.raw`\d`),
        read: ([, npa = '', nxx = '', x = ''], { give }) => give('npaNxxx', npa + nxx + x),
      },
    ],
  },
  print: dashed,
  describe: dashed,
  malformed: (shown) =>
    `${shown} isn't an NPA-NXX-X: seven digits, where the first and the fourth are 2 to 9, such as 910-555-1.`,
  remedies: (value, rephrase) => exchangeRemedies('npaNxxx', value, rephrase),
  form: {
    kind: 'NPA-NXX-X (910-555-1)',
    label: 'NPA-NXX-X',
    hint: 'Area code, exchange and one digit, seven in all.',
    example: '910-555-1',
    most: 20,
    read: prefixDigits,
  },
  column: { sharedWith: 'npaNxx' },
};
