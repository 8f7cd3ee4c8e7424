import type { CriterionWords } from './criterion.js';
import { malformedWord, wordRemedies } from './vanity-word.js';

/** Typed as a vanity word next to `tollfree`; the grammar combines them. */
export const tollFreeVanity: CriterionWords = {
  noun: 'a toll-free vanity word',
  typed: { example: 'tollfree vanity NEWCARS', rules: [] },
  print: (value) => `vanity ${value}`,
  describe: (value) => `with toll-free ${value}`,
  headline: (value) => `Toll-free numbers with ${value}`,
  malformed: malformedWord,
  remedies: (value, rephrase) => wordRemedies('tollFreeVanity', value, rephrase),
  form: {
    kind: 'Toll-free vanity word',
    label: 'Word',
    hint: '4 to 7 letters or digits.',
    example: 'NEWCARS',
    most: 20,
  },
  column: undefined,
};
