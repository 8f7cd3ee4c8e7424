import { END, sticky } from '../criteria/criterion.js';
import { type FilterWords, OURS } from './filter.js';

const EASY = '(?:easy|memorable)';

export const easy: FilterWords = {
  noun: '“easy”',
  typed: {
    starts: EASY,
    word: 'easy',
    rules: [{ pattern: sticky(String.raw`${EASY}${END}(?:\s+to\s+remember${END})?`), read: () => 'true' }],
  },
  print: () => 'easy',
  describe: () => 'easy to remember',
  malformed: (shown) => `${shown} has no meaning here: use “easy” alone.`,
  remedies: (_, { instead }) => [instead('true'), instead(undefined)],
  form: {
    label: 'Easy to remember',
    hint: OURS,
    box: 'Only numbers with a pattern, the easiest first',
  },
};
