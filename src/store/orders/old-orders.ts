import { isDeepStrictEqual } from 'node:util';
import type { Order } from '../../orders/domain/order.js';
import { everyOrder, idKeyword, idsOf, SHORT_ID } from '../../orders/domain/order-keywords.js';
import type { Log } from '../../orders/ports/log.js';
import type { OldOrders, RemovedOrder } from '../../orders/ports/old-orders.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { Namespace } from '../namespace.js';
import { KEYS_AT_ONCE, type SortedKeys } from '../sorted-keys.js';
import { readOrder } from './order-format.js';
import { keysOf, positionOf, rangeOf, readKey, UNKNOWN_TIME } from './order-listing.js';

/** What is left of a removed order is a key in the index of orders, for each id by which people know it. */
const removedKeyword = (id: string): string => `removed ${idKeyword(id)}`;
const ALL_REMOVED = ['removed ', 'removed ~'] as const;
/** Ids that begin with the same eight characters. */
const NAMESAKES = 50;

const removedKeysOf = (order: Order): readonly string[] =>
  idsOf(order).map((id) => [removedKeyword(id), positionOf(order), order.events.length].join('|'));

function removedIn(key: string): readonly RemovedOrder[] {
  const read = readKey(key);
  if (read?.version === undefined) return [];
  return [{ id: read.id, requestedAt: read.requestedAt, events: read.version }];
}

export function makeOldOrders(deps: {
  readonly orders: Namespace;
  readonly keys: SortedKeys;
  readonly log: Pick<Log, 'warn'>;
}): OldOrders {
  const { orders, keys, log } = deps;

  /** Last of all the key by which old orders are found, so that a crash in between leaves no order without it. */
  const leaveIndex = async (order: Order): Promise<void> => {
    const [everyKey = '', ...others] = [...keysOf(order)].sort(
      (one, other) => Number(isEveryKey(other)) - Number(isEveryKey(one)),
    );
    try {
      await keys.remove(others);
      await keys.remove([everyKey]);
    } catch (err) {
      log.warn({ err, orderId: order.id }, 'removed order still listed; ignored when read');
    }
  };

  return {
    async requestedBefore(at, size, after) {
      const range = rangeOf(everyOrder, after ?? positionOf({ requestedAt: at, id: '' }));
      const found = (await reading(() => keys.last(...range, size))).flatMap((key) => readKey(key) ?? []);
      const last = found.at(-1);
      return {
        ids: found.filter(({ requestedAt }) => requestedAt !== UNKNOWN_TIME).map(({ id }) => id),
        ...(found.length < size || last === undefined ? {} : { next: positionOf(last) }),
      };
    },
    async remove(order) {
      const { id } = order;
      const stored = await orders.get(id);
      if (stored === undefined || !isDeepStrictEqual(readOrder(id, stored), plain(order))) return false;
      try {
        await keys.add(removedKeysOf(order));
      } catch (cause) {
        throw new StoreError(`could not note that order ${id} is removed`, { cause });
      }
      if (!(await orders.removeIfSame(id, stored))) return false;
      await leaveIndex(order);
      return true;
    },
    async removed(id) {
      const wanted = id.trim().toLowerCase();
      if (wanted.length < SHORT_ID) return undefined;
      const found = await reading(() => keys.last(...rangeOf(removedKeyword(wanted)), NAMESAKES));
      const isMeant = (order: RemovedOrder) =>
        order.id.startsWith(wanted) || !order.id.startsWith(wanted.slice(0, SHORT_ID));
      return found.flatMap(removedIn).find(isMeant);
    },
    async *allRemoved() {
      const [from, end] = ALL_REMOVED;
      for (let before: string | undefined = end; before !== undefined; ) {
        const until: string = before;
        const found = await reading(() => keys.last(from, until, KEYS_AT_ONCE));
        for (const key of found) yield* removedIn(key);
        before = found.length < KEYS_AT_ONCE ? undefined : found.at(-1);
      }
    },
  };
}

const isEveryKey = (key: string): boolean => key.startsWith(`${everyOrder}|`);

/** As it is after a round trip through JSON. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

async function reading<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new StoreError('could not read the index of orders', { cause });
  }
}
