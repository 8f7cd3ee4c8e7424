import { randomUUID } from 'node:crypto';
import type { Person, Timestamp } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import type { Carrier, Clock, FoundNumber, SearchStore } from './ports.js';
import type { Search } from './search.js';

/** As many as one Slack checkbox group holds. */
export const PAGE_SIZE = 10;

/** A search with its answer, kept so that paging asks Bandwidth nothing. */
export interface KeptSearch {
  readonly id: string;
  readonly search: Search;
  readonly found: readonly FoundNumber[];
  readonly askedBy: Person;
  readonly channelId: string;
  readonly at: Timestamp;
  /** The first page is 0. */
  readonly page: number;
  /** What each person (by user id) has ticked so far, over all pages. */
  readonly picks: Readonly<Record<string, readonly PhoneNumber[]>>;
}

export type SearchNumbers = (asked: {
  search: Search;
  askedBy: Person;
  channelId: string;
}) => Promise<KeptSearch>;

/** Asks Bandwidth and keeps the answer. Throws CarrierError or StoreError. */
export function makeSearchNumbers(needs: {
  carrier: Pick<Carrier, 'search'>;
  searches: SearchStore;
  clock: Pick<Clock, 'now'>;
}): SearchNumbers {
  return async ({ search, askedBy, channelId }) => {
    const found = await needs.carrier.search(search);
    const kept: KeptSearch = {
      id: randomUUID(),
      search,
      found,
      askedBy,
      channelId,
      at: needs.clock.now(),
      page: 0,
      picks: {},
    };
    await needs.searches.put(kept);
    return kept;
  };
}

export type BrowseSearch = (
  id: string,
  browse: {
    readonly person: Person;
    /** The page the person was looking at: somebody else may have turned it since. */
    readonly seenPage: number;
    readonly ticked: readonly PhoneNumber[];
    readonly toPage: number;
  },
) => Promise<KeptSearch | undefined>;

/**
 * Remembers what a person ticked on the page they saw, and turns to another (or the same) page.
 * Undefined when the search has been forgotten.
 */
export function makeBrowseSearch(needs: { searches: SearchStore }): BrowseSearch {
  const { searches } = needs;
  // One at a time per search: two people ticking at once would otherwise write over each other's ticks.
  const turns = new Map<string, Promise<void>>();

  const browse: BrowseSearch = async (id, { person, seenPage, ticked, toPage }) => {
    const kept = await searches.get(id);
    if (kept === undefined) return undefined;
    const seen = pageOf(kept, seenPage).map(({ number }) => number);
    const elsewhere = picksOf(kept, person).filter((number) => !seen.includes(number));
    const here = seen.filter((number) => ticked.includes(number));
    const next: KeptSearch = {
      ...kept,
      page: Math.min(Math.max(toPage, 0), pageCount(kept) - 1),
      picks: { ...kept.picks, [person.userId]: [...elsewhere, ...here] },
    };
    await searches.put(next);
    return next;
  };

  return (id, wish) => {
    const turn = (turns.get(id) ?? Promise.resolve()).then(() => browse(id, wish));
    const over = () => {
      if (turns.get(id) === done) turns.delete(id);
    };
    const done: Promise<void> = turn.then(over, over);
    turns.set(id, done);
    return turn;
  };
}

export function pageOf(kept: KeptSearch, page: number = kept.page): readonly FoundNumber[] {
  return kept.found.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}

export function pageCount(kept: KeptSearch): number {
  return Math.max(1, Math.ceil(kept.found.length / PAGE_SIZE));
}

export function picksOf(kept: KeptSearch, person: Person): readonly PhoneNumber[] {
  return kept.picks[person.userId] ?? [];
}
