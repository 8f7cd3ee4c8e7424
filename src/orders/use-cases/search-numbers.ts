import { randomUUID } from 'node:crypto';
import type { KeptSearch } from '../domain/kept-search.js';
import type { Person } from '../domain/request.js';
import type { Search } from '../domain/search.js';
import type { Carrier, Clock, SearchStore } from '../ports.js';
import type { CheckName } from './check-name.js';

export type SearchNumbers = (asked: {
  search: Search;
  askedBy: Person;
  channelId: string;
}) => Promise<KeptSearch>;

/** Searches at Bandwidth and stores the results. Throws CarrierError or StoreError. */
export function makeSearchNumbers(deps: {
  carrier: Pick<Carrier, 'search'>;
  searches: SearchStore;
  checkName: CheckName;
  clock: Pick<Clock, 'now'>;
}): SearchNumbers {
  return async ({ search, askedBy, channelId }) => {
    const found = await deps.carrier.search(search);
    const unlisted = found.length === 0 ? await deps.checkName(search) : undefined;
    const kept: KeptSearch = {
      id: randomUUID(),
      search,
      found,
      ...(found.unread === undefined ? {} : { unread: found.unread }),
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
