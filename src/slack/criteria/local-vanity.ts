import { STATE } from '../text/typed-places.js';
import { type CriterionWords, END, missing, sticky } from './criterion.js';
import { malformedWord, wordRemedies } from './vanity-word.js';

/** A state right after a word, without an `in` between them. */
const stateNext = sticky(String.raw`[\s,;]+(?!in[\s,;]+[^\s,;])${STATE}(?:[\s,;]|$)`);

export const localVanity: CriterionWords = {
  noun: 'a vanity word',
  typed: {
    keyword: 'vanity',
    word: 'vanity',
    example: 'vanity PIZZA',
    rules: [
      {
        pattern: sticky(
          String.raw`vanity${END}(?!\s+(?:in|ending|ends\s*in)(?:[\s,;]|$))(?:\s+"?([^\s,;"]+)"?)?`,
        ),
        read: ([, value], { asks, sees, give }) => {
          if (value === undefined) return missing('localVanity');
          if (asks && /^\p{L}+$/u.test(value) && sees(stateNext)) return { why: 'unclear-name' };
          return give('localVanity', value);
        },
      },
      { pattern: sticky(`vanity${END}`), read: () => missing('localVanity') },
    ],
  },
  print: (value) => `vanity ${value}`,
  describe: (value, { areaCode, state, endsIn }) => {
    const where = [areaCode, state].filter((part) => part !== undefined).join(', ');
    return `${endsIn === true ? 'ending in' : 'with'} ${value}${where === '' ? '' : ` in ${where}`}`;
  },
  malformed: malformedWord,
  remedies: (value, rephrase) => wordRemedies('localVanity', value, rephrase),
  form: {
    kind: 'Local vanity word',
    label: 'Word',
    hint: '4 to 7 letters or digits.',
    example: 'PIZZA',
    most: 20,
  },
  column: undefined,
};
