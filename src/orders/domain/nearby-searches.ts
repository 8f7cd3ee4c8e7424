import { type Criteria, type Criterion, criterionRules, givenCriteria } from './criteria.js';
import { checkSearch, type Search } from './search.js';

/** A person reads a few suggestions, not thirty area codes. */
const MOST = 5;

/**
 * Returns wider and neighboring searches, nearest first, to suggest when nothing was found. Each keeps the quantity,
 * and Bandwidth accepts each.
 */
export function nearbySearches(search: Search): readonly Search[] {
  const seen = new Set([JSON.stringify(search.criteria)]);
  const nearby: Search[] = [];
  for (const criteria of wider(search)) {
    const checked = checkSearch({ criteria, quantity: search.quantity });
    const key = JSON.stringify(criteria);
    if (!('kind' in checked) || seen.has(key)) continue;
    seen.add(key);
    nearby.push(checked);
  }
  return nearby.slice(0, MOST);
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
