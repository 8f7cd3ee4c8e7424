import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isSettled } from '../orders/due-announcements.js';
import type { Order, OrderId, Timestamp } from '../orders/order.js';
import {
  type Clock,
  type Log,
  type OrderArchive,
  type OrderStore,
  OutcomeUnknown,
  StoreError,
} from '../orders/ports.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/** How orders are written today. Whoever changes their shape counts on, and reads the older ones too. */
const SCHEMA_VERSION = 1;

/**
 * An entry whose order was open is believed for about so long. It is wrong only where another instance died between
 * settling the order and clearing the entry away, and then there is nothing to do for whoever looks at the order.
 */
const BELIEVED_FOR_MS = 10 * 60_000;
/** How many orders are read at a time to check their entries. */
const CHECKS_AT_ONCE = 8;
/** After so many, others get their turn. */
const CHECKS_IN_A_TURN = 32;

/** An order is inserted moments after its index entry; one that has none after this long never will. */
const INSERT_WITHIN_MS = 60 * 60_000;

interface StoredOrder {
  readonly v: typeof SCHEMA_VERSION;
  readonly order: Order;
}

/** `mark` is new with every writing, so that clearing away an old entry cannot take a newer one with it. */
interface IndexEntry {
  readonly at: Timestamp;
  readonly mark: string;
}

/** What is known of an entry whose order was open when it was checked. */
interface Belief {
  readonly mark: string;
  readonly until: Timestamp;
}

/**
 * Orders in one namespace; in another, an index of those that are not settled, so that a pass reads no history.
 *
 * The index may name too many, never too few: an entry is written before the order needs it and removed after the
 * order is settled, whatever comes between. `open` checks each entry against its order now and then, not every time (a
 * pass every few seconds would read ten thousand orders each), and clears away the stale ones.
 */
export function makeOrderStore(needs: {
  orders: Namespace;
  index: Namespace;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): OrderStore & OrderArchive {
  const { orders, index, clock, log } = needs;
  const complainedOf = new Set<OrderId>();
  let beliefs = new Map<OrderId, Belief>();

  /** Comes before the order: whatever becomes of the entry, where this throws, the order has not been written. */
  const enter = async (id: OrderId) => {
    const entry: IndexEntry = { at: clock.now(), mark: randomUUID() };
    try {
      await index.set(id, entry);
    } catch (cause) {
      if (!(cause instanceof OutcomeUnknown)) throw cause;
      throw new StoreError(`order ${id} could not be entered into the index of open orders`, { cause });
    }
  };

  /** The order is settled and saved by now: failing here would deny it, and `open` clears the entry away as well. */
  const leave = async (id: OrderId, entry: unknown) => {
    try {
      await index.removeIfSame(id, entry);
    } catch (err) {
      beliefs.delete(id);
      log.warn(
        { err, orderId: id },
        'A settled order stays in the index of open orders until the next pass.',
      );
    }
  };

  const get = async (id: OrderId): Promise<Order | undefined> => {
    const stored = await orders.get(id);
    return stored === undefined ? undefined : read(id, stored).order;
  };

  const getIfReadable = async (id: OrderId): Promise<Order | undefined | 'unreadable'> => {
    try {
      return await get(id);
    } catch (err) {
      if (!(err instanceof UnreadableEntry)) throw err;
      // Every pass comes by here; once is enough for the log.
      if (!complainedOf.has(id)) {
        log.error({ err, orderId: id }, 'An order cannot be read and is left alone until somebody mends it.');
      }
      complainedOf.add(id);
      return 'unreadable';
    }
  };

  /** Whether this entry's order is open; clears the entry away if it is stale. */
  const checkEntry = async (id: OrderId, entry: unknown): Promise<boolean> => {
    const order = await getIfReadable(id);
    // Its entry stays, for the day somebody mends it.
    if (order === 'unreadable') return false;
    if (order !== undefined && !isSettled(order)) return true;
    const beingInserted = order === undefined && enteredAt(entry) > clock.now() - INSERT_WITHIN_MS;
    if (!beingInserted) await index.removeIfSame(id, entry);
    return false;
  };

  return {
    async insert(order) {
      if (!isSettled(order)) await enter(order.id);
      return orders.insertIfAbsent(order.id, toStore(order));
    },
    get,
    async replace(current, next) {
      const { id } = current;
      const stored = await orders.get(id);
      // The two may differ in the order of their keys, and in `undefined`s that JSON leaves out.
      if (stored === undefined || !isDeepStrictEqual(read(id, stored).order, asRead(current))) return false;
      if (isSettled(next)) {
        const entry = await index.get(id);
        const replaced = await orders.replace(id, stored, toStore(next));
        if (replaced && entry !== undefined) await leave(id, entry);
        return replaced;
      }
      if (isSettled(current)) await enter(id);
      return orders.replace(id, stored, toStore(next));
    },
    async *all() {
      for await (const [id, stored] of orders.walk()) yield { id, order: readOrWhyNot(id, stored) };
    },
    async open() {
      const now = clock.now();
      const open: Array<{ id: OrderId; at: Timestamp }> = [];
      const believed = new Map<OrderId, Belief>();
      const doubted: Array<readonly [id: OrderId, entry: unknown]> = [];
      for (const [id, entry] of await index.entries()) {
        const belief = beliefs.get(id);
        if (belief !== undefined && belief.mark === markOf(entry) && belief.until > now) {
          open.push({ id, at: enteredAt(entry) });
          believed.set(id, belief);
        } else {
          doubted.push([id, entry]);
        }
      }
      const check = async () => {
        for (let next = doubted.pop(); next !== undefined; next = doubted.pop()) {
          const [id, entry] = next;
          // A database that answers at once would keep everybody else waiting for thousands of orders.
          if (doubted.length % CHECKS_IN_A_TURN === 0) await breathe();
          if (!(await checkEntry(id, entry))) continue;
          open.push({ id, at: enteredAt(entry) });
          const mark = markOf(entry);
          // Not all of them at the same time again.
          const until = now + BELIEVED_FOR_MS * (0.5 + Math.random());
          if (mark !== undefined) believed.set(id, { mark, until });
        }
      };
      await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, check));
      beliefs = believed;
      return open.sort((one, other) => one.at - other.at).map(({ id }) => id);
    },
  };
}

function toStore(order: Order): StoredOrder {
  return { v: SCHEMA_VERSION, order };
}

/** The order as it comes back from JSON. */
function asRead(order: Order): unknown {
  return JSON.parse(JSON.stringify(order));
}

function read(id: OrderId, stored: unknown): StoredOrder {
  if (isStoredOrder(stored, id)) return stored;
  const version = (stored as { v?: unknown } | null)?.v;
  throw new UnreadableEntry(
    typeof version === 'number' && version > SCHEMA_VERSION
      ? `order ${id} was written by a newer version of this app (schema ${version}, known up to ${SCHEMA_VERSION})`
      : `what is stored as order ${id} is not an order`,
  );
}

function readOrWhyNot(id: OrderId, stored: unknown): Order | UnreadableEntry {
  try {
    return read(id, stored).order;
  } catch (error) {
    if (error instanceof UnreadableEntry) return error;
    throw error;
  }
}

function isStoredOrder(stored: unknown, id: OrderId): stored is StoredOrder {
  const { v, order } = (stored ?? {}) as { v?: unknown; order?: Partial<Order> | null };
  return (
    v === SCHEMA_VERSION &&
    order?.id === id &&
    typeof order.version === 'number' &&
    Array.isArray(order.events)
  );
}

/** Undefined for an entry that cannot be read: nothing is believed of it. */
function markOf(entry: unknown): string | undefined {
  const { mark } = (entry ?? {}) as { mark?: unknown };
  return typeof mark === 'string' ? mark : undefined;
}

/** 0 for an entry that cannot be read: it has no youth to be protected. */
function enteredAt(entry: unknown): Timestamp {
  const { at } = (entry ?? {}) as { at?: unknown };
  return typeof at === 'number' ? at : 0;
}
