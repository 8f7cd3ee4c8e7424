import { checkSearch } from './check-search.js';
import { type Criteria, type Criterion, criterionRules, givenCriteria } from './criteria.js';
import { givenFilters } from './filters.js';
import type { Search } from './search.js';

/** A person reads a few suggestions, not thirty area codes. */
const MAX_SEARCHES = 5;

/**
 * Returns wider and neighboring searches, nearest first, to suggest when nothing was found. Each keeps the quantity and
 * the filters, and Bandwidth accepts each.
 */
export function nearbySearches(search: Search): readonly Search[] {
  const { quantity, filters } = search;
  const seen = new Set([JSON.stringify(search.criteria)]);
  const nearby: Search[] = [];
  for (const criteria of wider(search)) {
    const checked = checkSearch({ criteria, quantity, ...(filters === undefined ? {} : { filters }) });
    const key = JSON.stringify(criteria);
    if (!('kind' in checked) || seen.has(key)) continue;
    seen.add(key);
    nearby.push(checked);
  }
  return nearby.slice(0, MAX_SEARCHES);
}

/**
 * Returns searches of the same place that more numbers match, to suggest when none of those looked at did: a shorter
 * row, or one filter less.
 */
export function lessFiltered(search: Search, longestRow = 0): readonly Search[] {
  const { filters = {}, ...unfiltered } = search;
  const shorter =
    filters.inARow !== undefined && longestRow > 1 ? [{ ...filters, inARow: String(longestRow) }] : [];
  const without = givenFilters(filters).map((name) =>
    Object.fromEntries(Object.entries(filters).filter(([each]) => each !== name)),
  );
  return [...shorter, ...without].flatMap((each) => {
    const checked = checkSearch({ ...unfiltered, filters: each });
    return 'kind' in checked ? [checked] : [];
  });
}

function wider({ criteria, kind }: Search): readonly Criteria[] {
  const given = givenCriteria(criteria);
  const ofEach = (names: readonly Criterion[]) =>
    names.flatMap((name) => criterionRules[name].wider(criteria[name] ?? '', criteria));
  if (kind !== 'combined') return ofEach([kind]);
  return [...eachAlone(criteria), ...ofEach(given.filter((name) => criterionRules[name].role === 'prefix'))];
}

/** Dropping all but one criterion of a combination finds more. */
function eachAlone(criteria: Criteria): readonly Criteria[] {
  const { state } = criteria;
  return givenCriteria(criteria)
    .toSorted((one, other) => narrowness(other) - narrowness(one))
    .flatMap((name): readonly Criteria[] => {
      const alone = { [name]: criteria[name] };
      if (criterionRules[name].needsState === undefined) return [alone];
      return state === undefined ? [] : [{ ...alone, state }];
    });
}

const narrowness = (name: Criterion): number => criterionRules[name].narrowness ?? 0;
