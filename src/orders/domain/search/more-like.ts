import { nationalDigits, type PhoneNumber } from '../phone-number.js';
import { checkSearch } from './check-search.js';
import type { Criteria } from './criteria.js';
import { isLike, patternsOf } from './number-patterns.js';
import type { Search } from './search.js';

/** Why there is nothing to look for. */
export type NoLikeness = 'nothing-picked' | 'no-pattern' | 'different-patterns';

/** Returns a search for numbers with the pattern that the picked ones share, where they were found. */
export function moreLike(search: Search, picked: readonly PhoneNumber[]): Search | NoLikeness {
  const all = picked.map(patternsOf);
  if (all.length === 0) return 'nothing-picked';
  const model = picked.find((_, at) => {
    const [best] = all[at] ?? [];
    return best !== undefined && all.every((patterns) => isLike(patterns, best));
  });
  if (model === undefined) {
    return all.some((patterns) => patterns.length === 0) ? 'no-pattern' : 'different-patterns';
  }
  const { lca, protected: choice, filters } = search;
  const without = filters?.without;
  const found = checkSearch({
    criteria: areaOf(search, model),
    ...(lca === true ? { lca } : {}),
    ...(choice === undefined ? {} : { protected: choice }),
    filters: { like: nationalDigits(model), ...(without === undefined ? {} : { without }) },
  });
  if (!('kind' in found)) throw new Error(`no search for others: ${JSON.stringify(found)}`);
  return found;
}

/** Where the search looked, without the word it looked for. */
function areaOf({ criteria }: Search, model: PhoneNumber): Criteria {
  const { localVanity, endsIn, tollFreeVanity, ...area } = criteria;
  if (tollFreeVanity !== undefined) return { tollFreeWildCardPattern: '8**' };
  return localVanity !== undefined && Object.keys(area).length === 0
    ? { areaCode: nationalDigits(model).slice(0, 3) }
    : area;
}
