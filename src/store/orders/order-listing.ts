import type { Order } from '../../orders/domain/order.js';
import { everyOrder, idKeyword, type Keywords, keywordsOf } from '../../orders/domain/order-keywords.js';
import type { OrderId, Timestamp } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { SortedKeys } from '../sorted-keys.js';

/**
 * Writes the index of all orders: for each keyword of an order a key, so that all orders with that keyword can be read
 * newest first.
 *
 * The index may name too many orders, never too few: a key is written before the order needs it, and its reader
 * compares it with the order. Keys of keywords that pass (`waiting`, `open`) end with the version of the order that
 * first needed them. So a key can be removed once the order has that version or a later one and no longer needs it; if
 * another instance needs the keyword again, its key is another one.
 */
export interface OrderListing {
  /** Call before the order is inserted. */
  enter(order: Order): Promise<void>;
  /** Call before `next` is written. */
  enterChange(current: Order, next: Order): Promise<void>;
  /** Call after `next` was written. Never rejects: what stays in the index is removed when somebody reads it. */
  leave(current: Order, next: Order): Promise<void>;
}

/** One key, taken apart. */
export interface IndexedOrder {
  readonly requestedAt: Timestamp;
  readonly id: OrderId;
  /** Only for keywords that pass. */
  readonly version?: number;
}

/** `|` is in no keyword and no id, and sorts after everything that ids contain. */
const BETWEEN = '|';
/** Sorts after any key with the same beginning. */
const END = '~';
const DIGITS_OF_A_TIME = 13;

export const positionOf = ({ requestedAt, id }: Pick<IndexedOrder, 'requestedAt' | 'id'>): string =>
  [String(requestedAt).padStart(DIGITS_OF_A_TIME, '0'), id].join(BETWEEN);

const keyOf = (keyword: string, order: Order): string => [keyword, positionOf(order)].join(BETWEEN);
const passingKeyOf = (keyword: string, order: Order): string =>
  [keyOf(keyword, order), order.version].join(BETWEEN);

/** Returns the range of the keys of a keyword, only those after a position if there is one. */
export const rangeOf = (keyword: string, position?: string): readonly [from: string, to: string] => [
  keyword + BETWEEN,
  [keyword, position ?? END].join(BETWEEN),
];

export const keywordIn = (key: string): string => key.slice(0, key.indexOf(BETWEEN));

export function readKey(key: string): IndexedOrder | undefined {
  const [, time = '', id, version] = key.split(BETWEEN);
  if (id === undefined || !/^\d+$/.test(time)) return undefined;
  return { requestedAt: Number(time), id, ...(version === undefined ? {} : { version: Number(version) }) };
}

/** Returns every key of an order that isn't in the index yet. */
export function keysOf(order: Order): readonly string[] {
  const { lasting, passing } = keywordsOf(order);
  return [
    ...[...lasting].map((keyword) => keyOf(keyword, order)),
    ...[...passing].map((keyword) => passingKeyOf(keyword, order)),
  ];
}

/** The place of an order that couldn't be read when the index was built: behind all others. */
export const UNKNOWN_TIME = 0;

/** Returns the keys of an order of which only the id is known. */
export const keysOfUnreadable = (id: OrderId): readonly string[] =>
  [everyOrder, idKeyword(id)].map((keyword) =>
    [keyword, positionOf({ requestedAt: UNKNOWN_TIME, id })].join(BETWEEN),
  );

export function makeOrderListing({
  keys,
  log,
}: {
  readonly keys: SortedKeys;
  readonly log: Pick<Log, 'warn'>;
}): OrderListing {
  const add = async (id: OrderId, added: readonly string[]): Promise<void> => {
    if (added.length === 0) return;
    try {
      await keys.add(added);
    } catch (cause) {
      // The order isn't written, and keys without an order do no harm.
      throw new StoreError(`could not enter order ${id} into the index of orders`, { cause });
    }
  };

  return {
    enter: (order) => add(order.id, keysOf(order)),
    async enterChange(current, next) {
      const [before, after] = [keywordsOf(current), keywordsOf(next)];
      await add(next.id, [
        ...missing(after.lasting, before.lasting).map((keyword) => keyOf(keyword, next)),
        ...missing(after.passing, before.passing).map((keyword) => passingKeyOf(keyword, next)),
      ]);
    },
    async leave(current, next) {
      try {
        for (const keyword of passedKeywords(current, next)) {
          const prefix = keyOf(keyword, next) + BETWEEN;
          const listed = await keys.last(prefix, prefix + END, VERSIONS_AT_MOST);
          await keys.remove(listed.filter((key) => (readKey(key)?.version ?? Number.NaN) <= next.version));
        }
      } catch (err) {
        log.warn({ err, orderId: next.id }, 'order still listed in a state that it left; removed when read');
      }
    },
  };
}

/** How many keys of one order and keyword there can be: one for each time that it got into that state. */
const VERSIONS_AT_MOST = 100;

const passedKeywords = (current: Order, next: Order): readonly string[] =>
  missing(keywordsOf(current).passing, keywordsOf(next).passing);

/** Whether the order, as it is now, has made this key superfluous for good. */
export const isPassed = ({ version }: IndexedOrder, keyword: string, order: Order): boolean =>
  version !== undefined && version <= order.version && !keywordsOf(order).passing.has(keyword);

const missing = (from: Keywords['lasting'], there: Keywords['lasting']): readonly string[] =>
  [...from].filter((keyword) => !there.has(keyword));
