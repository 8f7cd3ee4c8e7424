import type { SearchStore } from '../orders/ports.js';
import type { KeptSearch } from '../orders/search-numbers.js';
import type { Namespace } from './namespace.js';

const SCHEMA_VERSION = 1;
/** Counted from the last time somebody turned a page or ticked a number. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

interface StoredSearch {
  readonly v: number;
  readonly search: KeptSearch;
}

export function makeSearchStore(searches: Namespace): SearchStore {
  return {
    async get(id) {
      const stored = (await searches.get(id)) as StoredSearch | undefined;
      // A search written by another version is as good as forgotten: asking again costs nothing.
      return stored?.v === SCHEMA_VERSION ? stored.search : undefined;
    },
    async put(search) {
      const stored: StoredSearch = { v: SCHEMA_VERSION, search };
      await searches.set(search.id, stored, FORGOTTEN_AFTER_MS);
    },
  };
}
