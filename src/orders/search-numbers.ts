import { randomUUID } from 'node:crypto';
import type { CheckName } from './check-name.js';
import type { KeptSearch } from './kept-search.js';
import type { Person } from './order.js';
import type { Carrier, Clock, SearchStore } from './ports.js';
import type { Search } from './search.js';

export type SearchNumbers = (asked: {
  search: Search;
  askedBy: Person;
  channelId: string;
}) => Promise<KeptSearch>;

/** Asks Bandwidth and keeps the answer. Throws CarrierError or StoreError. */
export function makeSearchNumbers(needs: {
  carrier: Pick<Carrier, 'search'>;
  searches: SearchStore;
  checkName: CheckName;
  clock: Pick<Clock, 'now'>;
}): SearchNumbers {
  return async ({ search, askedBy, channelId }) => {
    const found = await needs.carrier.search(search);
    const unlisted = found.length === 0 ? await needs.checkName(search) : undefined;
    const kept: KeptSearch = {
      id: randomUUID(),
      search,
      found,
      ...(found.unread === undefined ? {} : { unread: found.unread }),
      ...(unlisted === undefined ? {} : { unlisted }),
      askedBy,
      channelId,
      at: needs.clock.now(),
      page: 0,
      picks: {},
      drawn: { count: 0, viewer: askedBy, picks: {} },
    };
    await needs.searches.put(kept);
    return kept;
  };
}
