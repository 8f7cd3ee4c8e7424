import type { FoundNumber, KeptSearch } from '../orders/domain/kept-search.js';
import type { PhoneNumber } from '../orders/domain/phone-number.js';
import type { SearchStore } from '../orders/ports/search-store.js';
import { OutcomeUnknown, StoreError } from '../orders/ports/store-errors.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

const FORMAT_VERSION = 2;
/** Counted from the last time someone turned a page or picked a number. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

/**
 * Thousands of numbers share a few places, so each place is stored once. Otherwise 5,000 numbers would be a megabyte,
 * read and written whenever someone turns a page.
 */
interface StoredSearch {
  readonly v: number;
  readonly search: Omit<KeptSearch, 'found'>;
  readonly places: readonly Place[];
  /** Each number, with the index of its place in `places`. */
  readonly found: ReadonlyArray<readonly [PhoneNumber, number]>;
}

type Place = Omit<FoundNumber, 'number'>;

export function makeSearchStore(searches: Namespace): SearchStore {
  return {
    async get(id) {
      // A search that is damaged or from another version counts as expired; searching again costs nothing.
      const stored = await searches.get(id).catch((error: unknown) => {
        if (error instanceof UnreadableEntry) return undefined;
        throw error;
      });
      return isStoredSearch(stored) ? unpacked(stored) : undefined;
    },
    async put(search) {
      try {
        await searches.set(search.id, packed(search), FORGOTTEN_AFTER_MS);
      } catch (cause) {
        if (!(cause instanceof OutcomeUnknown)) throw cause;
        // Searching again is harmless, so no one need wait to hear whether it was stored.
        throw new StoreError(`the search ${search.id} could not be kept`, { cause });
      }
    },
  };
}

function isStoredSearch(stored: unknown): stored is StoredSearch {
  const { v, search, places, found } = (stored ?? {}) as Partial<StoredSearch>;
  return (
    v === FORMAT_VERSION &&
    typeof search === 'object' &&
    search !== null &&
    Array.isArray(places) &&
    Array.isArray(found) &&
    found.every(Array.isArray)
  );
}

function packed({ found: numbers, ...search }: KeptSearch): StoredSearch {
  const places: Place[] = [];
  const indices = new Map<string, number>();
  const indexOf = (each: FoundNumber): number => {
    const key = `${each.city}\0${each.state}\0${each.rateCenter}\0${each.lata}\0${each.tier}`;
    const known = indices.get(key);
    if (known !== undefined) return known;
    const { number: _, ...place } = each;
    const index = places.push(place) - 1;
    indices.set(key, index);
    return index;
  };
  let last: { readonly of: FoundNumber; readonly index: number } | undefined;
  const found = numbers.map((each) => {
    // Numbers of one place mostly come together.
    if (last === undefined || !isSamePlace(each, last.of)) last = { of: each, index: indexOf(each) };
    return [each.number, last.index] as const;
  });
  return { v: FORMAT_VERSION, search, places, found };
}

const isSamePlace = (one: Place, other: Place) =>
  one.city === other.city &&
  one.state === other.state &&
  one.rateCenter === other.rateCenter &&
  one.lata === other.lata &&
  one.tier === other.tier;

function unpacked({ search, places, found }: StoredSearch): KeptSearch {
  return { ...search, found: found.map(([number, index]) => ({ number, ...places[index] })) };
}
