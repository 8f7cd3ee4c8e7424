import { isDeepStrictEqual } from 'node:util';
import type { PhoneNumber } from './phone-number.js';
import { MAX_LINES, type OrderId, type Person, type Timestamp, type WantedLine } from './request.js';
import type { Criteria } from './search/criteria.js';
import { MAX_QUANTITY } from './search/search.js';

/** Whose basket it is: each person has one in each channel, because the card of its order goes there. */
export interface BasketOwner {
  readonly person: Person;
  readonly channelId: string;
}

/** Search results in a message of the channel. */
export interface ResultsInChannel {
  readonly searchId: string;
  readonly ts: string;
}

/** Numbers that were picked from the results of one search. */
export interface Picked {
  /** Where the search looked. */
  readonly place: Criteria;
  readonly numbers: readonly PhoneNumber[];
  /** Absent for results that only this person sees. */
  readonly results?: ResultsInChannel | undefined;
}

/** Numbers that a person picked from several searches, to be ordered together. It is never empty. */
export interface Basket extends BasketOwner {
  readonly id: string;
  /** When numbers were added last. */
  readonly addedAt: Timestamp;
  /** How many numbers were ordered out of it. */
  readonly ordered: number;
  /** The order that was last about to be requested from it, and for how many of the numbers that were ever added. */
  readonly asked?: { readonly orderId: OrderId; readonly upTo: number } | undefined;
  /** In the order in which they were added; no number is in it twice. */
  readonly picked: readonly Picked[];
}

/** How far a basket had been filled when a message or a form showed it. */
export interface BasketMark {
  readonly basketId: string;
  /** How many numbers had ever been added. */
  readonly upTo: number;
}

/** Why nothing can be added. */
export type BasketFull = 'too-many-numbers' | 'too-many-places';

const KEPT_MS = 24 * 60 * 60_000;

/** Whether nothing was added for so long that the numbers are probably gone. */
export const isTooOld = ({ addedAt }: Basket, now: Timestamp): boolean => addedAt + KEPT_MS <= now;

export const numbersInBasket = ({ picked }: Pick<Basket, 'picked'>): readonly PhoneNumber[] =>
  picked.flatMap(({ numbers }) => numbers);

export const markOf = (basket: Basket): BasketMark => ({
  basketId: basket.id,
  upTo: basket.ordered + numbersInBasket(basket).length,
});

/** Whether the basket is as it was shown. */
export const isAsMarked = (basket: Basket, mark: BasketMark): boolean =>
  isDeepStrictEqual(markOf(basket), mark);

/** Returns the picked numbers, together for each place; the places in the order in which they were first picked from. */
export function placesIn(basket: Pick<Basket, 'picked'>): readonly Omit<Picked, 'results'>[] {
  const places: Array<{ readonly place: Criteria; readonly numbers: PhoneNumber[] }> = [];
  for (const { place, numbers } of basket.picked) {
    const same = places.find((each) => isDeepStrictEqual(each.place, place));
    if (same === undefined) places.push({ place, numbers: [...numbers] });
    else same.numbers.push(...numbers);
  }
  return places;
}

/** As many as fit in one field of a form. */
const MAX_NUMBERS_PER_LINE = 200;

/** Returns a line for each place; more than one where more was picked than a line of the form can show. */
export function linesOfBasket(basket: Pick<Basket, 'picked'>): readonly WantedLine[] {
  return placesIn(basket).flatMap(({ numbers }) =>
    Array.from({ length: Math.ceil(numbers.length / MAX_NUMBERS_PER_LINE) }, (_, index) => ({
      by: 'numbers' as const,
      numbers: numbers.slice(index * MAX_NUMBERS_PER_LINE, (index + 1) * MAX_NUMBERS_PER_LINE),
    })),
  );
}

/** Adds the numbers that aren't in the basket yet. Returns the same basket if all of them are. */
export function withPicked(basket: Basket, added: Picked, now: Timestamp): Basket | BasketFull {
  const known = new Set(numbersInBasket(basket));
  const numbers = added.numbers.filter((number) => !known.has(number));
  if (numbers.length === 0) return basket;
  const picked = [...basket.picked, { ...added, numbers }];
  if (known.size + numbers.length > MAX_QUANTITY) return 'too-many-numbers';
  if (linesOfBasket({ picked }).length > MAX_LINES) return 'too-many-places';
  return { ...basket, addedAt: now, picked };
}

/** Notes that an order for what was in the basket at this mark is about to be requested. */
export const markRequested = (basket: Basket, { basketId, upTo }: BasketMark, orderId: OrderId): Basket =>
  basketId === basket.id ? { ...basket, asked: { orderId, upTo } } : basket;

/** Returns the order whose numbers are still in the basket, although it may have been requested. */
export const perhapsOrdered = ({ asked, ordered }: Basket): Basket['asked'] =>
  asked !== undefined && asked.upTo > ordered ? asked : undefined;

/**
 * Takes out what was in the basket at this mark, because it was ordered. What was added since stays. Returns undefined
 * if nothing is left.
 */
export function withoutOrdered(basket: Basket, { basketId, upTo }: BasketMark): Basket | undefined {
  let left = basketId === basket.id ? upTo - basket.ordered : 0;
  if (left <= 0) return basket;
  const ordered = basket.ordered + left;
  const picked = basket.picked.flatMap((each) => {
    const numbers = each.numbers.slice(left);
    left = Math.max(0, left - each.numbers.length);
    return numbers.length === 0 ? [] : [{ ...each, numbers }];
  });
  return picked.length === 0 ? undefined : { ...basket, ordered, picked };
}
