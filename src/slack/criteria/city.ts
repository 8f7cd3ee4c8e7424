import { isKnownCity } from '../text/cities.js';
import { type CriterionWords, END, missing, sticky } from './criterion.js';
import { malformedName, nameRemedies, PLACE_NAME_LENGTH, printedName } from './place-name.js';

/** In quotes. */
const quoted = sticky('"([^"]*)"');

/** Mostly typed without its keyword: words that mean nothing else are a city. */
export const city: CriterionWords = {
  noun: 'a city',
  typed: {
    example: 'Raleigh, NC',
    rules: [
      {
        pattern: sticky(String.raw`city${END}(?!\s*of\b)\s*([:=]?)\s*`),
        read: ([, sign], { asks, criteria, sees, readPlace }) => {
          const isKeyword = sign !== '' || criteria.rateCenter !== undefined || sees(quoted);
          const fault = readPlace('city');
          if (fault?.why === 'missing-value') return missing('city');
          // It may be City View, South Carolina, but a well-known city is certainly what was meant.
          const isClear = isKeyword || criteria.city === undefined || isKnownCity(criteria.city);
          return fault === undefined && asks && !isClear ? { why: 'unclear-name' } : fault;
        },
      },
    ],
  },
  print: (value, { criteria: { rateCenter, state }, quote }) =>
    (rateCenter === undefined && !quote ? value : `city ${printedName(value, quote)}`) +
    (state === undefined ? '' : ','),
  describe: capitalized,
  malformed: malformedName,
  remedies: (value, rephrase) => nameRemedies('city', value, rephrase),
  form: { kind: 'City', label: 'City', example: 'Raleigh', most: PLACE_NAME_LENGTH },
  column: { head: 'city', alsoCalled: ['town'] },
};

/** Turns `raleigh` into Raleigh; any other spelling is kept. */
function capitalized(name: string): string {
  if (name !== name.toLowerCase()) return name;
  return name.replace(/(?<![\p{L}\p{M}'])\p{L}/gu, (letter) => letter.toUpperCase());
}
