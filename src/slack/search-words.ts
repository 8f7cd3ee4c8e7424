import type { SearchDraft } from '../orders/search.js';

/** The words somebody would type for this search. */
export function printSearch({ criteria, quantity }: SearchDraft): string {
  const words = Object.values(criteria).filter((value) => typeof value === 'string');
  return [words.join(', '), ...(quantity === undefined ? [] : [`x${quantity}`])].join(' ');
}
