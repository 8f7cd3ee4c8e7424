import { randomUUID } from 'node:crypto';
import type { CheckName, UnlistedName } from './check-name.js';
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
  /** Bandwidth has more of them, at least so many, that can't be read. */
  readonly unread?: number;
  /** Why nothing was found, where Bandwidth's lists tell. */
  readonly unlisted?: UnlistedName;
  readonly askedBy: Person;
  readonly channelId: string;
  readonly at: Timestamp;
  /** The first page is 0. */
  readonly page: number;
  readonly picks: Picks;
  readonly drawn: Drawing;
}

/** What each person (by user id) has ticked so far, over all pages. */
type Picks = Readonly<Record<string, readonly PhoneNumber[]>>;

/**
 * The one message is everybody's, but its boxes can show one person's ticks only. Whoever else looks at it sees those,
 * and must neither order nor lose anything by it.
 */
interface Drawing {
  /** How often the message was redrawn. */
  readonly count: number;
  /** Whose ticks it shows. */
  readonly viewer: Person;
  /** Everybody's ticks when it was drawn. */
  readonly picks: Picks;
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

export type BrowseSearch = (
  id: string,
  browse: {
    readonly person: Person;
    /** The page and drawing the person was looking at: somebody else may have turned it since. */
    readonly seen: { readonly page: number; readonly drawing: number };
    /** All boxes that were ticked before this person's eyes, whoever's they were. */
    readonly ticked: readonly PhoneNumber[];
    /** Left out, nobody turns the page. */
    readonly toPage?: number;
  },
) => Promise<Browsed | undefined>;

export interface Browsed {
  readonly search: KeptSearch;
  /** The message is to be drawn anew: another page, or because it shows somebody else's ticks to this person. */
  readonly redraw: boolean;
}

/**
 * Remembers what a person ticked on the page they saw, and turns to another if asked to.
 * Undefined when the search has been forgotten.
 */
export function makeBrowseSearch(needs: { searches: SearchStore }): BrowseSearch {
  const { searches } = needs;
  // One at a time per search: two people ticking at once would otherwise write over each other's ticks.
  const turns = new Map<string, Promise<void>>();

  const browse: BrowseSearch = async (id, { person, seen, ticked, toPage }) => {
    const kept = await searches.get(id);
    if (kept === undefined) return undefined;
    const page = pageOf(kept, seen.page).map(({ number }) => number);
    const elsewhere = picksOf(kept, person).filter((number) => !page.includes(number));
    const here = page.filter(meansToHave(kept, person, seen.drawing, ticked));
    const picks = { ...kept.picks, [person.userId]: [...elsewhere, ...here] };
    const redraw = toPage !== undefined || (seen.drawing === kept.drawn.count && showsOthers(kept, person));
    const next: KeptSearch = {
      ...kept,
      page: Math.min(Math.max(toPage ?? kept.page, 0), pageCount(kept) - 1),
      picks,
      drawn: redraw ? { count: kept.drawn.count + 1, viewer: person, picks } : kept.drawn,
    };
    await searches.put(next);
    return { search: next, redraw };
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

/** Does the person want this number of the page they saw? A box they did not touch says nothing about their own wish. */
function meansToHave(
  kept: KeptSearch,
  person: Person,
  drawing: number,
  ticked: readonly PhoneNumber[],
): (number: PhoneNumber) => boolean {
  const { viewer, picks, count } = kept.drawn;
  const [own = [], shown = []] = [picks[person.userId], picks[viewer.userId]];
  if (drawing === count) {
    return (number) =>
      ticked.includes(number) === shown.includes(number) ? own.includes(number) : ticked.includes(number);
  }
  // What that older drawing showed is not known any more. Ticks somebody else has may have been theirs.
  const others = Object.entries(kept.picks).flatMap(([userId, numbers]) =>
    userId === person.userId ? [] : numbers,
  );
  const mine = picksOf(kept, person);
  return (number) => ticked.includes(number) && (mine.includes(number) || !others.includes(number));
}

/** Do the boxes of the message differ from what this person had ticked when it was drawn? */
function showsOthers(kept: KeptSearch, person: Person): boolean {
  const { drawn } = kept;
  const [own = [], shown = []] = [drawn.picks[person.userId], drawn.picks[drawn.viewer.userId]];
  return pageOf(kept).some(({ number }) => own.includes(number) !== shown.includes(number));
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
