import { states } from '../../orders/domain/search/criteria.js';
import { statesNear } from '../text/near-misses.js';
import { STATE, searchesInCountry, stateCodeOf } from '../text/typed-places.js';
import { type CriterionWords, END, sticky } from './criterion.js';

/** Usually typed after a name; the keyword is for a state alone. */
export const state: CriterionWords = {
  noun: 'a state',
  typed: {
    keyword: String.raw`state\s+${STATE}`,
    example: 'NC',
    rules: [
      {
        pattern: sticky(String.raw`state\s*[:=]?\s*(?:of\s+)?(${STATE})${END}`),
        read: ([, value = ''], { give }) => give('state', stateCodeOf(value) ?? value),
      },
      {
        pattern: sticky(String.raw`state\s*[:=]?\s*(\p{L}{2})${END}`),
        read: ([, value = '']) => ({
          why: { field: 'state', code: 'unknown-state', value: value.toUpperCase() },
          typed: value,
        }),
      },
    ],
  },
  print: (value) => value,
  describe: (value, criteria) => (Object.keys(criteria).length === 1 ? (states[value] ?? value) : value),
  malformed: (shown) =>
    `${shown} isn't a US state or Canadian province. Use two letters such as NC, or the full name.`,
  remedies: (value, { instead }) =>
    searchesInCountry(value) ?? statesNear(value).map((near) => instead({ state: near })),
  form: {
    kind: 'State',
    label: 'State',
    example: 'Choose or type',
    options: Object.fromEntries(Object.entries(states).map(([code, name]) => [code, `${name} (${code})`])),
  },
  column: { head: 'state', alsoCalled: ['province', 'stateprovince', 'stateorprovince'] },
};
