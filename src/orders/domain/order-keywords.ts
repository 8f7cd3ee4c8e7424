import { destinationsOf } from './destinations.js';
import { listedNumbers } from './number-outcome.js';
import { isFinal, type Order } from './order.js';
import { nationalDigits, type PhoneNumber } from './phone-number.js';
import { isInService, linesWanted, namedNumbers, type OrderId, type OrderRequest } from './request.js';
import { stateOf } from './search/area-codes.js';
import { type Criteria, givenCriteria, states } from './search/criteria.js';
import { plainSpelling } from './search/plain-text.js';

/** Orders are found by keywords: what people remember of an order, in one spelling. */

/** Keywords of one order: those that stay true, and those of its current state. */
export interface Keywords {
  readonly lasting: ReadonlySet<string>;
  readonly passing: ReadonlySet<string>;
}

/** More than any order has, even a disconnect of numbers in many places. */
const WORDS_OF_AN_ORDER = 2_000;
const MAX_WORD_LENGTH = 40;
/** How much of an id has to be known. */
export const SHORT_ID = 8;

export const everyOrder = 'all';
export const requestedByKeyword = (userId: string): string => `by ${userId}`;
export const openByKeyword = (userId: string): string => `open-by ${userId}`;
export const numberKeyword = (digits: string): string => `number ${digits}`;
export const prefixKeyword = (digits: string): string => `prefix ${digits}`;
export const wordKeyword = (word: string): string => `word ${word}`;
export const idKeyword = (id: string): string => `id ${id.slice(0, SHORT_ID).toLowerCase()}`;

export function keywordsOf(order: Order): Keywords {
  const { requester } = order;
  const done = isFinal(order);
  return {
    lasting: new Set([
      everyOrder,
      requestedByKeyword(requester.userId),
      ...idsOf(order).map(idKeyword),
      ...nationalDigitsOf(order).map(numberKeyword),
      ...prefixesOf(order).map(prefixKeyword),
      ...wordsOf(order).map(wordKeyword),
      ...(done ? ['done'] : []),
    ]),
    passing: new Set([
      ...(order.status === 'awaiting-approval' ? ['waiting'] : []),
      ...(done ? [] : ['open', openByKeyword(requester.userId)]),
    ]),
  };
}

/** Returns the order's own id and those of its carrier orders. */
export function idsOf(order: Order): readonly OrderId[] {
  const placed = order.events.flatMap((event) => (event.what === 'placed' ? event.carrierOrderId : []));
  const duplicates = 'duplicates' in order ? (order.duplicates ?? []) : [];
  return [...new Set([order.id, ...placed, ...duplicates])];
}

/** Returns every number that the order names, delivered or disconnected. */
export function numbersOf(order: Order): ReadonlySet<PhoneNumber> {
  return new Set([...namedNumbers(order.request), ...listedNumbers(order)]);
}

/** Returns the digits of {@link numbersOf}, as people type them. */
export const nationalDigitsOf = (order: Order): readonly string[] =>
  [...numbersOf(order)].map(nationalDigits);

/** Returns the prefixes of 3 to 7 digits that the order searches for. */
export function searchedPrefixesOf({ request }: Order): readonly string[] {
  return criteriaIn(request)
    .flatMap(({ areaCode, npaNxx, npaNxxx, tollFreeWildCardPattern }) => [
      areaCode,
      npaNxx,
      npaNxxx,
      tollFreeWildCardPattern,
    ])
    .flatMap((digits) => (digits !== undefined && /^\d{3,7}$/.test(digits) ? digits : []));
}

/** Returns the criteria of each search in a request. */
const criteriaIn = (request: OrderRequest): readonly Criteria[] =>
  request.kind === 'purchase'
    ? linesWanted(request.wanted).flatMap((line) => (line.by === 'search' ? line.search.criteria : []))
    : [];

/** Returns the first 3 and the first 6 digits of everything it searches for, names or delivered. */
function prefixesOf(order: Order): readonly string[] {
  const all = [...nationalDigitsOf(order), ...searchedPrefixesOf(order)];
  return [
    ...new Set(
      all.flatMap((digits) => [digits.slice(0, 3), ...(digits.length < 6 ? [] : [digits.slice(0, 6)])]),
    ),
  ];
}

/** Returns the words by which people know its places: cities, states, rate centers, sub-accounts, its name. */
export function wordsOf(order: Order): readonly string[] {
  const { request } = order;
  const areaStates = prefixesOf(order)
    .filter((prefix) => prefix.length === 3)
    .map(stateOf);
  const texts = isInService(request)
    ? new Set(
        request.inService
          .flatMap(({ city, state, site, location }) => [city, state, ...namesOf(site), ...namesOf(location)])
          .concat(request.kind === 'move' ? [...namesOf(request.site), ...namesOf(request.location)] : []),
      )
    : [
        ...destinationsOf(request).flatMap(({ site, location }) => [...namesOf(site), ...namesOf(location)]),
        ...criteriaIn(request).flatMap(criteriaTexts),
      ];
  const named = [request.name, ...texts, ...areaStates].flatMap((text) =>
    text === undefined ? [] : [text, states[text] ?? ''],
  );
  return [...new Set(named.flatMap(wordsIn))].slice(0, WORDS_OF_AN_ORDER);
}

const namesOf = (place: { readonly id: string; readonly name: string } | undefined): readonly string[] =>
  place === undefined ? [] : [place.name, place.id];

const criteriaTexts = (criteria: Criteria): readonly string[] =>
  givenCriteria(criteria).flatMap((name) => criteria[name] ?? []);

/** Splits a text into words in lower case, without punctuation. */
export const wordsIn = (text: string): readonly string[] =>
  plainSpelling(text.slice(0, 1_000))
    .toLowerCase()
    .replace(/['\p{M}]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, MAX_WORD_LENGTH));
