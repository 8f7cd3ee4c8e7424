import type { Search } from '../orders/search.js';

/** "Numbers in area code 910". */
export function describeSearch(search: Search): string {
  return `Numbers ${searchPlace(search)}`;
}

/** "in area code 910". */
export function searchPlace({ criteria }: Search): string {
  if (criteria.areaCode !== undefined) return `in area code ${criteria.areaCode}`;
  return `matching ${Object.values(criteria).join(', ')}`;
}
