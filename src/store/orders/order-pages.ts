import pMap from 'p-map';
import type { Order } from '../../orders/domain/order.js';
import { lookupFor } from '../../orders/domain/order-filter.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderIndex } from '../../orders/ports/order-index.js';
import type { SortedKeys } from '../sorted-keys.js';
import { type IndexedOrder, isPassed, positionOf, rangeOf, readKey, UNKNOWN_TIME } from './order-listing.js';
import { ifReadable, READS_AT_ONCE, readingIndex } from './read-index.js';

/** The most orders read for one page: what a person can wait for. */
export const READ_FOR_A_PAGE = 1_000;
/** How many keys of one keyword are read at a time. */
const KEYS_OF_A_KEYWORD = 50;

/** A key with the keyword it was found under. */
interface Found extends IndexedOrder {
  readonly keyword: string;
  readonly key: string;
}

/** Lists orders that match a filter, newest first, page by page. Removes keys of keywords that have passed. */
export function makeOrderPages(deps: {
  readonly keys: SortedKeys;
  readonly get: (id: OrderId) => Promise<Order | undefined>;
  readonly log: Pick<Log, 'warn'>;
}): OrderIndex['page'] {
  const { keys, log } = deps;
  const getIfReadable = ifReadable(deps.get);

  /**
   * Returns the next keys of several keywords, and the positions down to which none of them has more, newest first.
   */
  const listed = async (
    anyOf: readonly string[],
    after: string | undefined,
  ): Promise<{ readonly found: readonly Found[]; readonly positions: readonly string[] }> => {
    const lists = await readingIndex(() =>
      Promise.all(
        anyOf.map(async (keyword) => {
          const range = rangeOf(keyword, after);
          const found = await keys.last(...range, KEYS_OF_A_KEYWORD);
          return found.flatMap((key) => {
            const read = readKey(key);
            return read === undefined ? [] : { ...read, keyword, key };
          });
        }),
      ),
    );
    const lowest = lists.flatMap((list) =>
      list.length < KEYS_OF_A_KEYWORD ? [] : positionsOf(list).slice(-1),
    );
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

  return async (filter, size, after) => {
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
  };
}

/** Returns each position once, newest first. */
const positionsOf = (found: readonly Found[]): readonly string[] =>
  [...new Set(found.map(positionOf))].sort().reverse();

const isPosition = (text: string | undefined): text is string => text !== undefined && /^\d{13}\|/.test(text);
