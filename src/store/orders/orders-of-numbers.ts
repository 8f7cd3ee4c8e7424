import pMap from 'p-map';
import type { Order } from '../../orders/domain/order.js';
import { numberKeyword, numbersOf } from '../../orders/domain/order-keywords.js';
import { nationalDigits, type PhoneNumber } from '../../orders/domain/phone-number.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { OrderIndex } from '../../orders/ports/order-index.js';
import type { SortedKeys } from '../sorted-keys.js';
import { keywordIn, rangeOf, readKey } from './order-listing.js';
import { ifReadable, READS_AT_ONCE, readingIndex } from './read-index.js';

/** How many orders of one number are looked at. */
const ORDERS_OF_A_NUMBER = 100;

/** From so many on, numbers are looked up by ranges instead of one by one. */
const MANY_NUMBERS = 20;
const KEYS_IN_A_RANGE = 500;
/** After so many reads, looking them up one by one costs no more. */
const RANGE_READS = 20;

/** Numbers with their keys, newest first; those without any may be absent. */
type NumbersKeys = ReadonlyArray<readonly [PhoneNumber, readonly string[]]>;

/** Finds the orders that name, delivered or disconnected any of these numbers. */
export function makeOrdersOfNumbers(deps: {
  readonly keys: SortedKeys;
  readonly get: (id: OrderId) => Promise<Order | undefined>;
}): OrderIndex['ofNumbers'] {
  const { keys } = deps;
  const getIfReadable = ifReadable(deps.get);

  const keysOfEach = (numbers: readonly PhoneNumber[]): Promise<NumbersKeys> =>
    pMap(
      new Set(numbers),
      async (number) => {
        const range = rangeOf(numberKeyword(nationalDigits(number)));
        return [number, await readingIndex(() => keys.last(...range, ORDERS_OF_A_NUMBER))] as const;
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
      const read = await readingIndex(() => keys.last(from, end, KEYS_IN_A_RANGE));
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

  return async (numbers) => {
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
  };
}
