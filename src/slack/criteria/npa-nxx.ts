import { dashed } from '../text/typed-digits.js';
import type { CriterionWords } from './criterion.js';
import { digitGroups, exchangeRemedies, prefixDigits, prefixRule } from './prefix.js';

const keyword = 'npa-?nxx';

export const npaNxx: CriterionWords = {
  noun: 'an NPA-NXX',
  typed: {
    keyword,
    example: '910-555',
    rules: [
      prefixRule('npaNxx', keyword),
      {
        pattern: digitGroups(String.raw`\d{3}`, String.raw`\d{3}`),
        read: ([, npa = '', nxx = ''], { give }) => give('npaNxx', npa + nxx),
      },
    ],
  },
  print: dashed,
  describe: dashed,
  malformed: (shown) =>
    `${shown} isn't an NPA-NXX: six digits, where the first and the fourth are 2 to 9, such as 910-555.`,
  remedies: (value, rephrase) => exchangeRemedies('npaNxx', value, rephrase),
  form: {
    kind: 'NPA-NXX (910-555)',
    label: 'NPA-NXX',
    hint: 'Area code and exchange, six digits.',
    example: '910-555',
    most: 20,
    read: prefixDigits,
  },
  column: { head: 'prefix', alsoCalled: ['npanxx', 'npanxxx', 'nxx', 'exchange'], digits: true },
};
