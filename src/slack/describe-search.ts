import { type Criteria, type Search, type SearchDraft, states } from '../orders/search.js';
import { dashed } from './typed-digits.js';

/**
 * A search as people read it. City and rate center are a person's own words: escape the whole before it goes into mrkdwn.
 */

type Described = Pick<SearchDraft, 'criteria' | 'lca' | 'protected'> & Pick<Partial<Search>, 'kind'>;

/** For a headline: `Numbers in area code 910`, `Toll-free numbers 83*`, `Numbers with PIZZA in 910`. */
export function describeSearch(search: Described): string {
  const { tollFreeVanity, tollFreeWildCardPattern } = search.criteria;
  if (tollFreeVanity !== undefined) return `Toll-free numbers with ${tollFreeVanity}`;
  if (tollFreeWildCardPattern !== undefined) {
    return tollFreeWildCardPattern === '8**'
      ? 'Toll-free numbers'
      : `Toll-free numbers ${tollFreeWildCardPattern}`;
  }
  return `Numbers ${searchPlace(search)}`;
}

/** What stands after `2 numbers` on a card: `in area code 910`, `in Raleigh, NC`, `ending in PIZZA in 910`. */
export function searchPlace(search: Described): string {
  return [placeWords(search.criteria), ...conditions(search)].join(', ');
}

function placeWords(criteria: Criteria): string {
  const { areaCode, state, localVanity, endsIn, tollFreeVanity, tollFreeWildCardPattern } = criteria;
  if (tollFreeVanity !== undefined) return `with toll-free ${tollFreeVanity}`;
  if (tollFreeWildCardPattern !== undefined) {
    return tollFreeWildCardPattern === '8**'
      ? 'with any toll-free prefix'
      : `in toll-free ${tollFreeWildCardPattern}`;
  }
  if (localVanity !== undefined) {
    const where = [areaCode, state].filter((part) => part !== undefined).join(', ');
    return `${endsIn === true ? 'ending in' : 'with'} ${localVanity}${where === '' ? '' : ` in ${where}`}`;
  }
  return `in ${where(criteria).join(', ')}`;
}

function where(criteria: Criteria): readonly string[] {
  const { areaCode, npaNxx, npaNxxx, rateCenter, city, state, zip, lata } = criteria;
  const alone = Object.keys(criteria).length === 1;
  const stateName = state !== undefined && alone ? (states[state] ?? state) : state;
  return [
    ...(areaCode === undefined ? [] : [`area code ${areaCode}`]),
    ...[npaNxx, npaNxxx].flatMap((prefix) => (prefix === undefined ? [] : [dashed(prefix)])),
    ...(rateCenter === undefined ? [] : [`rate center ${rateCenter}`]),
    ...(city === undefined ? [] : [capitalised(city)]),
    ...(stateName === undefined ? [] : [stateName]),
    ...(zip === undefined ? [] : [`ZIP ${zip}`]),
    ...(lata === undefined ? [] : [`LATA ${lata}`]),
  ];
}

/** `raleigh`, typed in a hurry, reads better as Raleigh; any other spelling is somebody's choice. */
function capitalised(city: string): string {
  if (city !== city.toLowerCase()) return city;
  return city.replace(/(?<![\p{L}\p{M}'])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** What else changes which numbers may come; the order they come in does not. */
function conditions(search: Described): readonly string[] {
  return [
    ...(search.lca === true ? ['and its local calling area'] : []),
    ...(search.protected === 'ONLY' ? ['protected only'] : []),
    ...(search.protected === 'None' ? ['not protected'] : []),
  ];
}
