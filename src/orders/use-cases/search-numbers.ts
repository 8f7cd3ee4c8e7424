import { randomUUID } from 'node:crypto';
import type { KeptSearch } from '../domain/kept-search.js';
import type { Person } from '../domain/request.js';
import { MAX_QUANTITY, type Search } from '../domain/search/search.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { SearchStore } from '../ports/search-store.js';
import type { CheckName } from './check-name.js';
import { filterNumbers } from './filter-numbers.js';

export type SearchNumbers = (asked: {
  search: Search;
  askedBy: Person;
  channelId: string;
}) => Promise<KeptSearch>;

/**
 * Searches at Bandwidth and stores the results. Filters are applied to as many numbers as one search returns. Throws
 * CarrierError or StoreError.
 */
export function makeSearchNumbers(deps: {
  carrier: Pick<Carrier, 'search'>;
  searches: SearchStore;
  checkName: CheckName;
  clock: Pick<Clock, 'now'>;
}): SearchNumbers {
  return async ({ search, askedBy, channelId }) => {
    const { filters, quantity } = search;
    const returned = await deps.carrier.search(
      filters === undefined ? search : { ...search, quantity: MAX_QUANTITY },
    );
    const unlisted = returned.length === 0 ? await deps.checkName(search) : undefined;
    const { found, ...counts } =
      filters === undefined ? { found: returned } : await filterNumbers(filters, returned, quantity);
    const kept: KeptSearch = {
      id: randomUUID(),
      search,
      found,
      ...(returned.unread === undefined ? {} : { unread: returned.unread }),
      ...('matched' in counts ? { filtered: { lookedAt: returned.length, ...counts } } : {}),
      ...(unlisted === undefined ? {} : { unlisted }),
      askedBy,
      channelId,
      at: deps.clock.now(),
      page: 0,
      picks: {},
      drawn: { count: 0, viewer: askedBy, picks: {} },
    };
    await deps.searches.put(kept);
    return kept;
  };
}
