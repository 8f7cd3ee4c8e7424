import type { KeptSearch } from '../domain/kept-search.js';

/** Searches that people may still page through and pick from; kept for a day. */
export interface SearchStore {
  get(id: string): Promise<KeptSearch | undefined>;
  put(search: KeptSearch): Promise<void>;
}
