import type { SearchStore } from '../../../src/orders/ports.js';
import type { KeptSearch } from '../../../src/orders/search-numbers.js';

export function makeMemorySearches(): SearchStore {
  const kept = new Map<string, KeptSearch>();
  return {
    get: async (id) => structuredClone(kept.get(id)),
    async put(search) {
      kept.set(search.id, structuredClone(search));
    },
  };
}
