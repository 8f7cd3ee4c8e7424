import type { UnlistedName } from '../domain/kept-search.js';
import { checkSearch } from '../domain/search/check-search.js';
import type { Criteria } from '../domain/search/criteria.js';
import type { Search } from '../domain/search/search.js';
import { typingDistance } from '../domain/search/typing-distance.js';
import type { Carrier, RateCenter } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import { makeMemory, within } from './ask-carrier.js';

/** Returns undefined if the name is listed, nothing was searched by name, or the lists aren't available. */
export type CheckName = (search: Search) => Promise<UnlistedName | undefined>;

/** Cities rarely change, and a state's list is long. */
const FRESH_MS = 60 * 60_000;
/** Someone is waiting for the search results. */
const WITHIN_MS = 3_000;
const MAX_SUGGESTIONS = 3;

/** Compares the name in a search with Bandwidth's own lists. Never rejects because of trouble with Bandwidth. */
export function makeCheckName(deps: {
  carrier: Pick<Carrier, 'cities' | 'rateCenters'>;
  clock: Pick<Clock, 'now'>;
}): CheckName {
  const remember = makeMemory(deps.clock, FRESH_MS);
  const cities = remember((state: string) => deps.carrier.cities(state));
  const rateCenters = remember((state: string) => deps.carrier.rateCenters(state));
  const listInTime = within(WITHIN_MS);
  return async (search) => {
    const { city, rateCenter, state } = search.criteria;
    if (state === undefined || (city === undefined && rateCenter === undefined)) return undefined;
    const [listedCities, listedCenters] = await Promise.all([
      listInTime(() => cities(state)),
      listInTime(() => rateCenters(state)),
    ]);
    return compareWithLists(search, listedCities ?? [], listedCenters ?? []);
  };
}

/** An empty list proves nothing about a name. */
export function compareWithLists(
  search: Search,
  cities: readonly string[],
  rateCenters: readonly RateCenter[],
): UnlistedName | undefined {
  const { city, rateCenter } = search.criteria;
  const instead = (guesses: readonly Criteria[]): readonly Search[] => searchesFor(search, guesses);
  if (rateCenter !== undefined && rateCenters.length > 0) {
    const isListed = rateCenters.some(({ abbreviation }) => isSame(abbreviation, rateCenter));
    if (!isListed) {
      return {
        kind: 'rateCenter',
        instead: instead([
          ...centersNamed(rateCenter, rateCenters).map((abbreviation) => ({ rateCenter: abbreviation })),
          ...citiesNamed(rateCenter, cities).map((name) => ({ city: name })),
          ...near(
            rateCenter,
            rateCenters.map(({ abbreviation }) => abbreviation),
          ).map((name) => ({
            rateCenter: name,
          })),
        ]),
      };
    }
  }
  if (city === undefined || cities.length === 0 || cities.some((name) => isSame(name, city))) {
    return undefined;
  }
  return {
    kind: 'city',
    instead: instead([
      ...citiesNamed(city, cities).map((name) => ({ city: name })),
      ...centersNamed(city, rateCenters).map((abbreviation) => ({ rateCenter: abbreviation })),
      ...near(city, cities).map((name) => ({ city: name })),
      ...partsOf(city).flatMap((part) => citiesNamed(part, cities).map((name) => ({ city: name }))),
    ]),
  };
}

/** Returns the same search with other names. */
function searchesFor(search: Search, guesses: readonly Criteria[]): readonly Search[] {
  const { kind: _, lca: __, criteria, ...options } = search;
  const { city: ___, rateCenter: ____, ...others } = criteria;
  const seen = new Set<string>();
  return guesses
    .flatMap((guess) => {
      const key = JSON.stringify(guess);
      if (seen.has(key)) return [];
      seen.add(key);
      const found = checkSearch({ ...options, criteria: { ...others, ...guess } });
      return 'kind' in found ? [found] : [];
    })
    .slice(0, MAX_SUGGESTIONS);
}

const isSame = (one: string, other: string): boolean =>
  one.trim().toUpperCase() === other.trim().toUpperCase();

/** Ignores diacritics, spaces and the usual abbreviations: `Saint Louis`, `St. Louis`, `WINSTON SALEM`. */
function folded(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/(?<![\p{L}\p{N}])(?:SAINT|MOUNT|FORT)(?![\p{L}\p{N}])/gu, (word) => abbreviations[word] ?? word)
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const abbreviations: Readonly<Record<string, string>> = { SAINT: 'ST', MOUNT: 'MT', FORT: 'FT' };

const citiesNamed = (name: string, cities: readonly string[]): readonly string[] =>
  cities.filter((each) => folded(each) === folded(name));

const centersNamed = (name: string, centers: readonly RateCenter[]): readonly string[] =>
  centers
    .filter(({ abbreviation, name: long = '' }) => [abbreviation, long].map(folded).includes(folded(name)))
    .map(({ abbreviation }) => abbreviation);

/** Returns the listed names that a person may have mistyped, nearest first. */
function near(name: string, listed: readonly string[]): readonly string[] {
  const typed = folded(name);
  const most = Math.min(3, Math.floor(typed.length / 3));
  return listed
    .map((each) => ({ each, off: distanceUpTo(most, typed, folded(each)) }))
    .filter(({ off }) => off <= most)
    .sort((one, other) => one.off - other.off)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ each }) => each);
}

/** Skips the letter-by-letter comparison for names of very different length, because a state may have thousands. */
const distanceUpTo = (most: number, one: string, other: string): number =>
  Math.abs(one.length - other.length) > most ? Number.POSITIVE_INFINITY : typingDistance(one, other);

/** `Raleigh or Durham`, `Raleigh 5`, `around Raleigh`. */
const partsOf = (name: string): readonly string[] =>
  [
    ...name.split(/\s*[,/&]\s*|\s+(?:or|and)\s+|\s*\d+\s*/iu),
    ...[1, 2].map((leading) => name.split(/\s+/).slice(leading).join(' ')),
  ].filter((part) => part !== '' && part !== name);
