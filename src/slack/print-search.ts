import { isDeepStrictEqual } from 'node:util';
import { nationalDigits, type PhoneNumber } from '../orders/phone-number.js';
import { type Criteria, checkSearch, type SearchDraft } from '../orders/search.js';
import { interpret } from './search-grammar.js';
import { dashed } from './typed-digits.js';

/**
 * The words that mean this search: read back they give the same draft. The quantity is among them only if given, since
 * searching and ordering have different defaults.
 */
export function printSearch(search: SearchDraft): string {
  const plainly = spellOut(search, false);
  const reading = interpret(plainly);
  return 'draft' in reading && meansTheSame(reading.draft, search) ? plainly : spellOut(search, true);
}

/** The words that mean these numbers: `910-241-4365, 910-241-4366`. */
export function printNumbers(numbers: readonly PhoneNumber[]): string {
  return numbers.map((number) => dashed(nationalDigits(number))).join(', ');
}

function meansTheSame(one: SearchDraft, other: SearchDraft): boolean {
  return isDeepStrictEqual(checkSearch(one), checkSearch(other));
}

/** Spelled out without asking whether it reads back; only quoted names always do. */
export function spellOut(search: SearchDraft, quote: boolean): string {
  const { criteria, quantity, lca, orderBy } = search;
  const { endsIn, localVanity, tollFreeVanity, tollFreeWildCardPattern } = criteria;
  const words = [
    ...(tollFreeVanity === undefined && tollFreeWildCardPattern === undefined ? [] : ['tollfree']),
    ...(tollFreeWildCardPattern === undefined || tollFreeWildCardPattern === '8**'
      ? []
      : [tollFreeWildCardPattern]),
    ...(tollFreeVanity === undefined ? [] : [`vanity ${tollFreeVanity}`]),
    ...(localVanity === undefined ? [] : [`vanity ${localVanity}`]),
    ...(endsIn === true ? ['ending'] : []),
    ...(localVanity === undefined || wherePieces(criteria, quote).length === 0 ? [] : ['in']),
    ...wherePieces(criteria, quote),
    ...(lca === true ? ['lca'] : []),
    ...(orderBy === undefined ? [] : [`by ${orderBy}`]),
    ...(search.protected === undefined ? [] : [`protected ${search.protected.toLowerCase()}`]),
    ...(quantity === undefined ? [] : [`x${quantity}`]),
  ];
  return words.join(' ');
}

/** The prefix and the place, each a few words. */
function wherePieces(criteria: Criteria, quote: boolean): readonly string[] {
  const { areaCode, npaNxx, npaNxxx, rateCenter, city, state, zip, lata } = criteria;
  const name = (text: string) => (quote ? `"${text}"` : text);
  const place = [
    ...(rateCenter === undefined ? [] : [`rc ${name(rateCenter)}`]),
    ...(city === undefined ? [] : [rateCenter === undefined && !quote ? city : `city ${name(city)}`]),
  ];
  const comma = city === undefined ? ' ' : ', ';
  const placeAndState = [place.join(' '), state].filter((piece) => piece !== undefined && piece !== '');
  return [
    ...(areaCode === undefined ? [] : [areaCode]),
    ...(npaNxx === undefined ? [] : [dashed(npaNxx)]),
    ...(npaNxxx === undefined ? [] : [dashed(npaNxxx)]),
    ...(placeAndState.length === 0 ? [] : [placeAndState.join(comma)]),
    ...(zip === undefined ? [] : [Object.keys(criteria).length === 1 ? zip : `zip ${zip}`]),
    ...(lata === undefined ? [] : [`lata ${lata}`]),
  ];
}
