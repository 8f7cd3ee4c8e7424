import { isDeepStrictEqual } from 'node:util';
import { nationalDigits, type PhoneNumber } from '../../orders/domain/phone-number.js';
import { checkSearch } from '../../orders/domain/search/check-search.js';
import {
  type Criterion,
  criterionRules,
  givenCriteria,
  standsAlone,
} from '../../orders/domain/search/criteria.js';
import { givenFilters } from '../../orders/domain/search/filters.js';
import type { SearchDraft } from '../../orders/domain/search/search.js';
import { criterionWords } from '../criteria/table.js';
import { filterWords } from '../filters/table.js';
import { dashed } from '../text/typed-digits.js';
import { interpret } from './search-grammar.js';
import { isSentence } from './sentence-or-city.js';

/**
 * Returns the words for this search; parsing them gives the same draft. They include the quantity only if it is set,
 * since searches and orders have different defaults.
 */
export function printSearch(search: SearchDraft): string {
  const plainly = spellOut(search, false);
  const reading = interpret(plainly);
  const isClear =
    'draft' in reading && meansTheSame(reading.draft, search) && !isSentence(plainly, reading.draft);
  return isClear ? plainly : spellOut(search, true);
}

/** Returns the words for these numbers: `910-241-4365, 910-241-4366`. */
export function printNumbers(numbers: readonly PhoneNumber[]): string {
  return numbers.map((number) => dashed(nationalDigits(number))).join(', ');
}

function meansTheSame(one: SearchDraft, other: SearchDraft): boolean {
  return isDeepStrictEqual(checkSearch(one), checkSearch(other));
}

/** Returns the words without checking that they parse back. Only quoted names always do. */
export function spellOut(search: SearchDraft, quote: boolean): string {
  const { criteria, quantity, lca, orderBy, filters } = search;
  const given = givenCriteria(criteria);
  const printed = (names: readonly Criterion[]) =>
    names
      .map((name) => criterionWords[name].print(criteria[name] ?? '', { criteria, quote }))
      .filter((text) => text !== '');
  const where = given.filter((name) => !standsAlone(name));
  const words = [
    ...(given.some((name) => criterionRules[name].role === 'toll-free') ? ['tollfree'] : []),
    ...printed(given.filter(standsAlone).toReversed()),
    ...(criteria.endsIn === true ? ['ending'] : []),
    ...(criteria.localVanity === undefined || where.length === 0 ? [] : ['in']),
    ...printed(where),
    ...(lca === true ? ['lca'] : []),
    ...(orderBy === undefined ? [] : [`by ${orderBy}`]),
    ...(search.protected === undefined ? [] : [`protected ${search.protected.toLowerCase()}`]),
    ...givenFilters(filters).map((name) => filterWords[name].print(filters?.[name] ?? '')),
    ...(quantity === undefined ? [] : [`x${quantity}`]),
  ];
  return words.join(' ');
}
