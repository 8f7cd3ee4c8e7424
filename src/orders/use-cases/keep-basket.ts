import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Basket,
  type BasketFull,
  type BasketMark,
  type BasketOwner,
  isAsMarked,
  isTooOld,
  markRequested,
  numbersInBasket,
  type Picked,
  perhapsOrdered,
  withoutOrdered,
  withPicked,
} from '../domain/basket.js';
import type { OrderId } from '../domain/request.js';
import type { BasketStore } from '../ports/basket-store.js';
import type { Clock } from '../ports/clock.js';
import type { OrderStore } from '../ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../ports/store-errors.js';

/** A basket after numbers were added. */
export interface AddedToBasket {
  readonly basket: Basket;
  /** How many of the numbers weren't in it before. */
  readonly added: number;
  /** How many numbers were too old and were dropped first. */
  readonly dropped: number;
}

/** Nothing was added, because the result would be too large for one order. */
export interface FullBasket {
  readonly full: BasketFull;
  readonly basket: Basket | undefined;
}

/** What a person has picked, or how many numbers they had picked before they became too old; undefined if nothing. */
export type BasketNow = Basket | { readonly tooOld: number } | undefined;

/** Keeps what people pick from several searches until they order it. Every method throws StoreError. */
export interface KeepBasket {
  add(owner: BasketOwner, picked: Picked): Promise<AddedToBasket | FullBasket>;
  now(owner: BasketOwner): Promise<BasketNow>;
  /**
   * Notes that an order for what was shown is about to be requested, so that it's taken out even if the process dies
   * right after the request. Returns the basket, if it's still the one that was shown.
   */
  markRequested(owner: BasketOwner, shown: BasketMark, orderId: OrderId): Promise<Basket | undefined>;
  /** Takes out what was ordered. What was added since it was shown stays. */
  ordered(owner: BasketOwner, shown: BasketMark): Promise<void>;
  /** Empties it if it is as it was shown. Otherwise returns it as it is now. */
  startOver(owner: BasketOwner, shown: BasketMark): Promise<{ readonly removed: number } | BasketNow>;
}

export const isBasket = (found: object | undefined): found is Basket =>
  found !== undefined && 'picked' in found;

/** A write wasn't confirmed and its outcome can't be read. */
class BasketUnconfirmed extends StoreError {
  override readonly trouble = 'basket-outcome-unknown';
}

/** Losing to other writers this often means that the store is broken: only one person's presses compete. */
const MAX_CONFLICTS = 20;
const PAUSE_MS = 20;

/**
 * Nothing is written unless the basket is still the one that was read, because a person can press in two windows, and
 * two instances may share the store.
 */
export function makeKeepBasket(deps: {
  readonly baskets: BasketStore;
  readonly orders: Pick<OrderStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
}): KeepBasket {
  const { baskets, orders, clock } = deps;

  /** Returns what is left of a stored basket if the process died before it took out an order that is on record. */
  async function withoutRequested(stored: Basket | undefined): Promise<Basket | undefined> {
    const asked = stored && perhapsOrdered(stored);
    if (stored === undefined || asked === undefined) return stored;
    const isOnRecord = (await orders.get(asked.orderId)) !== undefined;
    return isOnRecord ? withoutOrdered(stored, { basketId: stored.id, upTo: asked.upTo }) : stored;
  }

  /**
   * Reads, decides and writes until nobody else has written in between. A lost answer proves nothing: the next read
   * shows whether it was written. `change` returns what to store, or undefined to store nothing, and the result.
   */
  async function changing<Result>(
    owner: BasketOwner,
    change: (current: Basket | undefined) => { readonly next: Basket | undefined; readonly result: Result },
  ): Promise<Result> {
    let unconfirmed: OutcomeUnknown | undefined;
    for (let losses = 0; losses < MAX_CONFLICTS; losses += 1) {
      try {
        const stored = await baskets.of(owner);
        const { next, result } = change(await withoutRequested(stored));
        if (next === stored || (await write(stored, next))) return result;
      } catch (error) {
        // The person is waiting, so one more attempt has to be enough.
        if (error instanceof OutcomeUnknown && unconfirmed === undefined) unconfirmed = error;
        else if (unconfirmed === undefined) throw error;
        else throw new BasketUnconfirmed('whether a basket was written is not known', { cause: unconfirmed });
      }
      await pause(Math.random() * PAUSE_MS);
    }
    throw new StoreError(
      `a basket had changed before each attempt to write it, ${MAX_CONFLICTS} times in a row`,
    );
  }

  async function write(stored: Basket | undefined, next: Basket | undefined): Promise<boolean> {
    if (next === undefined) return stored === undefined || baskets.remove(stored);
    return stored === undefined ? baskets.insert(next) : baskets.replace(stored, next);
  }

  const countIn = (basket: Basket | undefined) => (basket === undefined ? 0 : numbersInBasket(basket).length);

  const stateOf = (basket: Basket | undefined): BasketNow =>
    basket !== undefined && isTooOld(basket, clock.now()) ? { tooOld: countIn(basket) } : basket;

  return {
    async add(owner, picked) {
      // If an answer is lost, the numbers count as added although the next reading shows them.
      let before: ReadonlySet<string> | undefined;
      return changing<AddedToBasket | FullBasket>(owner, (current) => {
        const now = clock.now();
        const usable = current !== undefined && !isTooOld(current, now) ? current : undefined;
        const base = usable ?? { ...owner, id: randomUUID(), addedAt: now, ordered: 0, picked: [] };
        before ??= new Set(numbersInBasket(base));
        const known = before;
        const next = withPicked(base, picked, now);
        if (typeof next === 'string') return { next: current, result: { full: next, basket: usable } };
        const added = picked.numbers.filter((number) => !known.has(number)).length;
        const dropped = usable === undefined ? countIn(current) : 0;
        return { next: next === base ? current : next, result: { basket: next, added, dropped } };
      });
    },

    now: async (owner) => stateOf(await withoutRequested(await baskets.of(owner))),

    markRequested: (owner, shown, orderId) =>
      changing(owner, (current) => {
        const isThat = current?.id === shown.basketId;
        return {
          next: current !== undefined && isThat ? markRequested(current, shown, orderId) : current,
          result: isThat ? current : undefined,
        };
      }),

    ordered: (owner, shown) =>
      changing(owner, (current) => ({
        next: current === undefined ? undefined : withoutOrdered(current, shown),
        result: undefined,
      })),

    startOver: (owner, shown) =>
      changing<{ readonly removed: number } | BasketNow>(owner, (current) =>
        current !== undefined && isAsMarked(current, shown)
          ? { next: undefined, result: { removed: countIn(current) } }
          : { next: current, result: stateOf(current) },
      ),
  };
}
