import pMap from 'p-map';
import type { Order } from '../orders/domain/order.js';
import { lookupFor } from '../orders/domain/order-filter.js';
import { numberKeyword, numbersOf } from '../orders/domain/order-keywords.js';
import { nationalDigits, type PhoneNumber } from '../orders/domain/phone-number.js';
import type { OrderId } from '../orders/domain/request.js';
import type { Log } from '../orders/ports/log.js';
import type { OrderIndex } from '../orders/ports/order-index.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { UnreadableEntry } from './namespace.js';
import {
  type IndexedOrder,
  isPassed,
  keywordIn,
  positionOf,
  rangeOf,
  readKey,
  UNKNOWN_TIME,
} from './order-listing.js';
import type { SortedKeys } from './sorted-keys.js';

/** The most orders read for one page: what a person can wait for. */
export const READ_FOR_A_PAGE = 1_000;
/** How many orders are read in parallel. */
const READS_AT_ONCE = 8;
const KEYS_AT_ONCE = 50;
/** How many orders of one number are looked at. */
const ORDERS_OF_A_NUMBER = 100;

/** From so many on, numbers are looked up by ranges instead of one by one. */
const MANY_NUMBERS = 20;
const KEYS_IN_A_RANGE = 500;
/** After so many reads, looking them up one by one costs no more. */
const RANGE_READS = 20;

/** Numbers with their keys, newest first; those without any may be absent. */
type NumbersKeys = ReadonlyArray<readonly [PhoneNumber, readonly string[]]>;

/** A key with the keyword it was found under. */
interface Found extends IndexedOrder {
  readonly keyword: string;
  readonly key: string;
}

/** Reads the index that {@link makeOrderListing} writes. Every key is checked against its order. */
export function makeOrderIndex(deps: {
  readonly keys: SortedKeys;
  readonly get: (id: OrderId) => Promise<Order | undefined>;
  readonly log: Pick<Log, 'warn'>;
}): OrderIndex {
  const { keys, get, log } = deps;

  const getIfReadable = async (id: OrderId): Promise<Order | undefined | 'unreadable'> => {
    try {
      return await get(id);
    } catch (error) {
      if (error instanceof UnreadableEntry) return 'unreadable';
      throw error;
    }
  };

  /**
   * Returns the next keys of several keywords, and the positions down to which none of them has more, newest first.
   */
  const listed = async (
    anyOf: readonly string[],
    after: string | undefined,
  ): Promise<{ readonly found: readonly Found[]; readonly positions: readonly string[] }> => {
    const lists = await reading(() =>
      Promise.all(
        anyOf.map(async (keyword) => {
          const range = rangeOf(keyword, after);
          const found = await keys.last(...range, KEYS_AT_ONCE);
          return found.flatMap((key) => {
            const read = readKey(key);
            return read === undefined ? [] : { ...read, keyword, key };
          });
        }),
      ),
    );
    const lowest = lists.flatMap((list) => (list.length < KEYS_AT_ONCE ? [] : positionsOf(list).slice(-1)));
    const downTo = lowest.sort().at(-1) ?? '';
    const found = lists.flat();
    return { found, positions: positionsOf(found).filter((position) => position >= downTo) };
  };

  /** Leaves no trace if it fails: the next reader tries again. */
  const removePassed = async (passed: readonly Found[]): Promise<void> => {
    if (passed.length === 0) return;
    await keys
      .remove(passed.map(({ key }) => key))
      .catch((err: unknown) => log.warn({ err }, 'index of orders not tidied, will retry'));
  };

  const keysOfEach = (numbers: readonly PhoneNumber[]): Promise<NumbersKeys> =>
    pMap(
      new Set(numbers),
      async (number) => {
        const range = rangeOf(numberKeyword(nationalDigits(number)));
        return [number, await reading(() => keys.last(...range, ORDERS_OF_A_NUMBER))] as const;
      },
      { concurrency: READS_AT_ONCE },
    );

  /**
   * Reads the keys of all numbers from the lowest to the highest in one go: most numbers of an account were bought
   * elsewhere and have none, and neighbors are usually asked about together.
   */
  const keysBetween = async (numbers: readonly PhoneNumber[]): Promise<NumbersKeys> => {
    const wanted = new Map(numbers.map((number) => [numberKeyword(nationalDigits(number)), number]));
    const keywords = [...wanted.keys()].sort();
    const [from] = rangeOf(keywords[0] ?? '');
    let [, before] = rangeOf(keywords.at(-1) ?? '');
    const found = new Map<PhoneNumber, string[]>();
    for (let reads = 0; reads < RANGE_READS; reads += 1) {
      const end = before;
      const read = await reading(() => keys.last(from, end, KEYS_IN_A_RANGE));
      for (const key of read) {
        const number = wanted.get(keywordIn(key));
        if (number === undefined) continue;
        const known = found.get(number);
        if (known === undefined) found.set(number, [key]);
        else if (known.length < ORDERS_OF_A_NUMBER) known.push(key);
      }
      const last = read.at(-1);
      if (last === undefined || read.length < KEYS_IN_A_RANGE) return [...found];
      before = last;
    }
    // Too many other numbers lie between them. What was read last may be a part only, so it is read again.
    const rest = keywords.filter((keyword) => keyword <= keywordIn(before));
    const remaining = rest.flatMap((keyword) => wanted.get(keyword) ?? []);
    for (const number of remaining) found.delete(number);
    return [...found, ...(await keysOfEach(remaining))];
  };

  return {
    async page(filter, size, after) {
      const { anyOf, matches } = lookupFor(filter);
      const orders: Order[] = [];
      const unreadable: OrderId[] = [];
      let cursor = isPosition(after) ? after : undefined;
      let last = cursor;
      for (let read = 0; read < READ_FOR_A_PAGE; ) {
        const { found, positions } = await listed(anyOf, cursor);
        if (positions.length === 0) return { orders, unreadable };
        // One more than fits tells whether there is a next page.
        const group = positions.slice(0, Math.max(size + 1 - orders.length, READS_AT_ONCE));
        const passed: Found[] = [];
        const lookAt = async (position: string) => {
          const mine = found.filter((each) => positionOf(each) === position);
          const order = await getIfReadable(mine[0]?.id ?? '');
          if (order === undefined || order === 'unreadable') return order;
          if (!Number.isFinite(order.requestedAt)) return 'unreadable';
          try {
            passed.push(...mine.filter((each) => isPassed(each, each.keyword, order)));
            const isThere = positionOf(order) === position || mine[0]?.requestedAt === UNKNOWN_TIME;
            return isThere && matches(order) ? order : undefined;
          } catch (err) {
            log.warn({ err, orderId: order.id }, 'order damaged, listed as unreadable');
            return 'unreadable';
          }
        };
        const results = await pMap(group, lookAt, { concurrency: READS_AT_ONCE });
        await removePassed(passed);
        read += group.length;
        for (const [index, position] of group.entries()) {
          const result = results[index];
          if (result !== undefined && result !== 'unreadable') {
            if (orders.length === size)
              return { orders, unreadable, ...(last === undefined ? {} : { next: last }) };
            orders.push(result);
          } else if (result === 'unreadable') {
            unreadable.push(readKey(`|${position}`)?.id ?? '');
          }
          last = position;
        }
        cursor = last;
      }
      const searchedBackTo = readKey(`|${cursor}`)?.requestedAt;
      return {
        orders,
        unreadable,
        ...(cursor === undefined ? {} : { next: cursor }),
        ...(searchedBackTo === undefined ? {} : { searchedBackTo }),
      };
    },

    async ofNumbers(numbers) {
      const read = new Map<OrderId, Promise<ReadonlySet<PhoneNumber> | undefined>>();
      const numbersIn = (id: OrderId) => {
        const known = read.get(id) ?? readNumbers(id);
        read.set(id, known);
        return known;
      };
      const readNumbers = async (id: OrderId) => {
        const order = await getIfReadable(id);
        return order === undefined || order === 'unreadable' ? undefined : numbersOf(order);
      };
      const found = numbers.length < MANY_NUMBERS ? await keysOfEach(numbers) : await keysBetween(numbers);
      const ordersIn = async ([number, ordersKeys]: readonly [PhoneNumber, readonly string[]]) => {
        const ids: OrderId[] = [];
        for (const key of ordersKeys) {
          const id = readKey(key)?.id;
          if (id !== undefined && !ids.includes(id) && (await numbersIn(id))?.has(number)) ids.push(id);
        }
        return [number, ids] as const;
      };
      const lists = await pMap(found, ordersIn, { concurrency: READS_AT_ONCE });
      return new Map(lists.filter(([, ids]) => ids.length > 0));
    },
  };
}

/** Returns each position once, newest first. */
const positionsOf = (found: readonly Found[]): readonly string[] =>
  [...new Set(found.map(positionOf))].sort().reverse();

const isPosition = (text: string | undefined): text is string => text !== undefined && /^\d{13}\|/.test(text);

async function reading<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw cause instanceof StoreError
      ? cause
      : new StoreError('could not read the index of orders', { cause });
  }
}
