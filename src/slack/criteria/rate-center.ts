import { type CriterionWords, END, missing, sticky } from './criterion.js';
import { malformedName, nameRemedies, PLACE_NAME_LENGTH, printedName } from './place-name.js';

const keyword = String.raw`(?:rc|rate\s*cent(?:er|re))`;

export const rateCenter: CriterionWords = {
  noun: 'a rate center',
  typed: {
    keyword,
    word: 'rc',
    example: 'rc RALEIGH NC',
    rules: [
      {
        pattern: sticky(String.raw`${keyword}${END}\s*[:=]?\s*`),
        read: (_, { readPlace }) => {
          const fault = readPlace('rateCenter');
          return fault?.why === 'missing-value' ? missing('rateCenter') : fault;
        },
      },
    ],
  },
  print: (value, { quote }) => `rc ${printedName(value, quote)}`,
  describe: (value) => `rate center ${value}`,
  malformed: malformedName,
  remedies: (value, rephrase) => nameRemedies('rateCenter', value, rephrase),
  form: {
    kind: 'Rate center',
    label: 'Rate center',
    hint: 'As Bandwidth abbreviates it, for example FAYETTEVL.',
    example: 'RALEIGH',
    most: PLACE_NAME_LENGTH,
  },
  column: { head: 'rate center', alsoCalled: ['ratecentre', 'rc'] },
};
