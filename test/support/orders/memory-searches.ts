import type { KeptSearch } from '../../../src/orders/domain/kept-search.js';
import type { SearchStore } from '../../../src/orders/ports/search-store.js';

export function makeMemorySearches(): SearchStore {
  const kept = new Map<string, KeptSearch>();
  return {
    get: async (id) => structuredClone(kept.get(id)),
    async put(search) {
      kept.set(search.id, structuredClone(search));
    },
  };
}
