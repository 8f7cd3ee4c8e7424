import type { PhoneNumber } from './phone-number.js';
import type { Person, Timestamp } from './request.js';
import type { Search } from './search.js';

/** One number Bandwidth has on offer; toll-free searches give no details. */
export interface FoundNumber {
  readonly number: PhoneNumber;
  readonly city?: string;
  readonly state?: string;
  readonly rateCenter?: string;
  readonly lata?: string;
  readonly tier?: string;
}

/** A name that Bandwidth doesn't list in its state, and what it lists instead, likeliest first. */
export interface UnlistedName {
  readonly kind: 'city' | 'rateCenter';
  /** Searches that Bandwidth accepts, each with the other criteria and options of the one that found nothing. */
  readonly instead: readonly Search[];
}

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

export function pageOf(kept: KeptSearch, page: number = kept.page): readonly FoundNumber[] {
  return kept.found.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}

export function pageCount(kept: KeptSearch): number {
  return Math.max(1, Math.ceil(kept.found.length / PAGE_SIZE));
}

export function picksOf(kept: KeptSearch, person: Person): readonly PhoneNumber[] {
  return kept.picks[person.userId] ?? [];
}
