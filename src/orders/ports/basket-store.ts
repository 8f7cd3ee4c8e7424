import type { Basket, BasketOwner } from '../domain/basket.js';

/** The baskets of all people. Every method throws StoreError; those that write also OutcomeUnknown. */
export interface BasketStore {
  of(owner: BasketOwner): Promise<Basket | undefined>;
  /** Returns false if this owner has one already. */
  insert(basket: Basket): Promise<boolean>;
  /** Writes only if the basket is still the one that `current` is; returns false if someone else wrote first. */
  replace(current: Basket, next: Basket): Promise<boolean>;
  /** Removes it only if it's still the one that `current` is. */
  remove(current: Basket): Promise<boolean>;
}
