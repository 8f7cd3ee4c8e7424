import {
  type Criteria,
  type Criterion,
  givenCriteria,
  standsAlone,
} from '../../../orders/domain/search/criteria.js';
import { givenFilters } from '../../../orders/domain/search/filters.js';
import type { Search, SearchDraft } from '../../../orders/domain/search/search.js';
import { criterionWords } from '../../criteria/table.js';
import { filterWords } from '../../filters/table.js';

/** Describes a search for people. City and rate center are typed text: escape the result before using it in mrkdwn. */

type Described = Pick<SearchDraft, 'criteria' | 'lca' | 'protected' | 'filters'> &
  Pick<Partial<Search>, 'kind'>;

/** For a headline: `Numbers in area code 910`, `Toll-free numbers 83*`, `Numbers with PIZZA in 910`. */
export function describeSearch(search: Described): string {
  const { criteria } = search;
  const [headline] = givenCriteria(criteria).flatMap(
    (name) => criterionWords[name].headline?.(criteria[name] ?? '') ?? [],
  );
  return headline === undefined
    ? `Numbers ${searchPlace(search)}`
    : [headline, ...conditions(search)].join(', ');
}

/** What follows `2 numbers` on a card: `in area code 910`, `in Raleigh, NC`, `ending in PIZZA in 910`. */
export function searchPlace(search: Described): string {
  return [placeWords(search.criteria), ...conditions(search)].join(', ');
}

function placeWords(criteria: Criteria): string {
  const given = givenCriteria(criteria);
  const described = (name: Criterion) => criterionWords[name].describe(criteria[name] ?? '', criteria);
  const alone = given.find(standsAlone);
  return alone === undefined ? `in ${given.map(described).join(', ')}` : described(alone);
}

/** Returns the other conditions that numbers have to meet; the sort order isn't one. */
function conditions(search: Described): readonly string[] {
  const { filters } = search;
  return [
    ...(search.lca === true ? ['and its local calling area'] : []),
    ...(search.protected === 'ONLY' ? ['protected only'] : []),
    ...(search.protected === 'None' ? ['not protected'] : []),
    ...givenFilters(filters).map((name) => filterWords[name].describe(filters?.[name] ?? '')),
  ];
}
