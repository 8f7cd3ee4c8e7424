import type { Basket, BasketOwner, Picked } from '../orders/domain/basket.js';
import type { BasketStore } from '../orders/ports/basket-store.js';
import { type Namespace, readEvenIfDamaged } from './namespace.js';

const FORMAT_VERSION = 1;
/** Longer than a basket may be ordered from, so that people can be told that theirs is too old. */
const STORED_FOR_MS = 7 * 24 * 60 * 60_000;

interface StoredBasket extends Basket {
  readonly v: typeof FORMAT_VERSION;
}

/** One entry for each person and channel. */
export function makeBasketStore(entries: Namespace): BasketStore {
  /** The stored values, because a conditional write compares them. */
  const storedAs = new WeakMap<Basket, unknown>();
  const asRead = (basket: Basket): unknown => storedAs.get(basket) ?? toStored(basket);

  return {
    async of(owner) {
      const key = keyOf(owner);
      const stored = await readOrRemove(entries, key);
      if (!isStored(stored)) return undefined;
      const { v: _, ...basket } = stored;
      storedAs.set(basket, stored);
      return basket;
    },
    insert: (basket) => entries.insertIfAbsent(keyOf(basket), toStored(basket), STORED_FOR_MS),
    replace: (current, next) =>
      entries.replace(keyOf(current), asRead(current), toStored(next), STORED_FOR_MS),
    remove: (current) => entries.removeIfSame(keyOf(current), asRead(current)),
  };
}

/** One that is damaged, or from another version, counts as empty and makes room: picking again costs little. */
async function readOrRemove(entries: Namespace, key: string): Promise<unknown> {
  const stored = await readEvenIfDamaged(entries, key);
  if (stored !== undefined && !isStored(stored)) await entries.removeIfSame(key, stored);
  return stored;
}

const keyOf = ({ person, channelId }: BasketOwner): string => `${person.userId}:${channelId}`;

const toStored = (basket: Basket): StoredBasket => ({ v: FORMAT_VERSION, ...basket });

function isStored(stored: unknown): stored is StoredBasket {
  const { v, id, person, channelId, addedAt, ordered, asked, picked } = (stored ??
    {}) as Partial<StoredBasket>;
  return (
    v === FORMAT_VERSION &&
    typeof id === 'string' &&
    typeof person?.userId === 'string' &&
    typeof person.teamId === 'string' &&
    typeof channelId === 'string' &&
    typeof addedAt === 'number' &&
    typeof ordered === 'number' &&
    (asked === undefined || (typeof asked.orderId === 'string' && typeof asked.upTo === 'number')) &&
    Array.isArray(picked) &&
    picked.length > 0 &&
    picked.every(isPicked)
  );
}

function isPicked(stored: unknown): stored is Picked {
  const { place, numbers } = (stored ?? {}) as Partial<Picked>;
  return (
    typeof place === 'object' &&
    place !== null &&
    Array.isArray(numbers) &&
    numbers.every((number) => typeof number === 'string')
  );
}
