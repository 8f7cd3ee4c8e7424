import type { PhoneNumber } from './phone-number.js';
import type { Person, Timestamp } from './request.js';
import type { Search } from './search/search.js';

/** An available number; toll-free searches return no details. */
export interface FoundNumber {
  readonly number: PhoneNumber;
  readonly city?: string;
  readonly state?: string;
  readonly rateCenter?: string;
  readonly lata?: string;
  readonly tier?: string;
}

/** The numbers that filters were applied to. */
export interface FilteredFrom {
  /** How many Bandwidth returned that could be read. */
  readonly lookedAt: number;
  readonly matched: number;
  readonly longestRow?: number;
}

/** A name that Bandwidth doesn't list in its state, and the closest names it does list, likeliest first. */
export interface UnlistedName {
  readonly kind: 'city' | 'rateCenter';
  /** Valid searches, each with the other criteria and options of the one that found nothing. */
  readonly instead: readonly Search[];
}

/** The maximum of one Slack checkbox group. */
export const PAGE_SIZE = 10;

/** A search with its results, kept so that paging doesn't query Bandwidth. */
export interface KeptSearch {
  readonly id: string;
  readonly search: Search;
  readonly found: readonly FoundNumber[];
  /** How many more results, at least, couldn't be parsed. */
  readonly unread?: number;
  /** Set if the search has filters: `found` is what they left of the numbers Bandwidth returned. */
  readonly filtered?: FilteredFrom;
  /** Why nothing was found, if Bandwidth's lists explain it. */
  readonly unlisted?: UnlistedName;
  readonly askedBy: Person;
  readonly channelId: string;
  readonly at: Timestamp;
  /** Counts from 0. */
  readonly page: number;
  readonly picks: Picks;
  readonly drawn: Drawing;
}

/** The numbers each person (by user id) has picked so far, on all pages. */
type Picks = Readonly<Record<string, readonly PhoneNumber[]>>;

/**
 * The shared message can show only one person's checkmarks. Anyone else who uses it sees those, and must neither order
 * nor lose numbers because of them.
 */
interface Drawing {
  /** How often the message was redrawn. */
  readonly count: number;
  /** Whose checkmarks it shows. */
  readonly viewer: Person;
  /** Everyone's picks when it was drawn. */
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
