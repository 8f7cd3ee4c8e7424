import { randomUUID } from 'node:crypto';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isSettled } from '../orders/domain/due-announcements.js';
import { answers, factsOf, type OpenFacts } from '../orders/domain/open-facts.js';
import type { Order } from '../orders/domain/order.js';
import type { OrderId, Timestamp } from '../orders/domain/request.js';
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

/**
 * `mark` is new with every writing, so that clearing away an old entry cannot take a newer one with it. `edition` is
 * that of the order, or, while it is just being edited, the next; older entries have none.
 */
interface IndexEntry {
  readonly at: Timestamp;
  readonly mark: string;
  readonly edition: number;
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
 *
 * An entry is written again before its order is edited, or another request is put back on record. So what an order
 * names is known from the first reading under this entry on, also where another instance writes another request: its
 * entry has another mark then.
 */
export function makeOrderStore(deps: {
  orders: Namespace;
  index: Namespace;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): OrderStore & OrderArchive {
  const { orders, index, clock, log } = deps;
  const complainedOf = new Set<OrderId>();
  let beliefs = new Map<OrderId, Belief>();

  const known = new Map<OrderId, { readonly mark: string; readonly facts: OpenFacts }>();

  /** Comes before the order: whatever becomes of the entry, where this throws, the order has not been written. */
  const enter = async ({ id, edition }: Pick<Order, 'id' | 'edition'>): Promise<IndexEntry> => {
    const entry: IndexEntry = { at: clock.now(), mark: randomUUID(), edition };
    try {
      await index.set(id, entry);
    } catch (cause) {
      if (!(cause instanceof OutcomeUnknown)) throw cause;
      throw new StoreError(`order ${id} could not be entered into the index of open orders`, { cause });
    }
    return entry;
  };

  /** Undefined where there is nothing to know: it is not on record, settled, or cannot be read. */
  const factsUnder = async (id: OrderId, entry: unknown): Promise<OpenFacts | undefined> => {
    const before = known.get(id);
    const mark = markOf(entry);
    if (before !== undefined && before.mark === mark) return before.facts;
    const order = await getIfReadable(id);
    if (order === undefined || order === 'unreadable' || isSettled(order)) return undefined;
    const facts = factsOf(order);
    // Else the edit that the entry announces is yet to be written.
    if (mark !== undefined && order.edition >= editionOf(entry)) known.set(id, { mark, facts });
    return facts;
  };

  /** Within an edition only less can become of it, which spares others a reading. */
  const noteWritten = (order: Order) => {
    const before = known.get(order.id);
    if (isSettled(order)) known.delete(order.id);
    else if (before !== undefined) known.set(order.id, { mark: before.mark, facts: factsOf(order) });
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
    try {
      const stored = await orders.get(id);
      return stored === undefined ? undefined : read(id, stored).order;
    } catch (error) {
      // Whoever reads all open orders shall not come upon it again.
      if (error instanceof UnreadableEntry) beliefs.delete(id);
      throw error;
    }
  };

  /** The order's entry in the index; one that can't be read is written anew, or it could never be cleared away. */
  const readableEntry = async (id: OrderId): Promise<unknown> => {
    try {
      return await index.get(id);
    } catch (err) {
      if (!(err instanceof UnreadableEntry)) throw err;
      log.warn({ err, orderId: id }, 'index entry of an open order unreadable, written anew');
      return enter(unremembered(id));
    }
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
    if (beingInserted) return false;
    await index.removeIfSame(id, markOf(entry) === undefined ? await readableEntry(id) : entry);
    return false;
  };

  return {
    async insert(order) {
      if (!isSettled(order)) await enter(order);
      return orders.insertIfAbsent(order.id, toStore(order));
    },
    get,
    async replace(current, next) {
      const { id } = current;
      const stored = await orders.get(id);
      // The two may differ in the order of their keys, and in `undefined`s that JSON leaves out.
      if (stored === undefined || !isDeepStrictEqual(read(id, stored).order, plain(current))) return false;
      if (isSettled(next)) {
        const entry = await readableEntry(id);
        const replaced = await orders.replace(id, stored, toStore(next));
        if (replaced && entry !== undefined) await leave(id, entry);
        if (replaced) noteWritten(next);
        return replaced;
      }
      const isEdited = next.edition !== current.edition;
      const isPutBack = !isEdited && !isSameRequest(current, next);
      if (isPutBack) await enter(unremembered(id));
      else if (isSettled(current) || isEdited) await enter(next);
      const replaced = await orders.replace(id, stored, toStore(next));
      if (replaced && !isEdited && !isPutBack) noteWritten(next);
      return replaced;
    },
    async openAbout(question) {
      const isMeant = answers(question);
      const found: Array<{ id: OrderId; at: Timestamp }> = [];
      const entries = [...(await index.entries())];
      const listed = new Set(entries.map(([id]) => id));
      for (const id of known.keys()) if (!listed.has(id)) known.delete(id);
      const check = async () => {
        for (let next = entries.pop(); next !== undefined; next = entries.pop()) {
          const [id, entry] = next;
          if (entries.length % CHECKS_IN_A_TURN === 0) await yieldToEventLoop();
          const facts = await factsUnder(id, entry);
          if (facts !== undefined && isMeant(facts)) found.push({ id, at: enteredAt(entry) });
        }
      };
      await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, check));
      return found.sort((one, other) => one.at - other.at).map(({ id }) => id);
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
          if (doubted.length % CHECKS_IN_A_TURN === 0) await yieldToEventLoop();
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

/**
 * Announces an edition that never comes: nothing is remembered under its entry, where an order's edition doesn't tell
 * which request it has.
 */
const unremembered = (id: OrderId) => ({ id, edition: Number.MAX_SAFE_INTEGER });

/** The request of one that was sent may be put back on record, which is no edit. */
const isSameRequest = (current: Order, next: Order): boolean =>
  next.request === current.request || isDeepStrictEqual(plain(next.request), plain(current.request));

function toStore(order: Order): StoredOrder {
  return { v: SCHEMA_VERSION, order };
}

/** As it comes back from JSON. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

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

/** Beyond all editions for an entry that does not say: then nothing is kept in mind of it. */
function editionOf(entry: unknown): number {
  const { edition } = (entry ?? {}) as { edition?: unknown };
  return typeof edition === 'number' ? edition : Number.POSITIVE_INFINITY;
}

/** 0 for an entry that cannot be read: it has no youth to be protected. */
function enteredAt(entry: unknown): Timestamp {
  const { at } = (entry ?? {}) as { at?: unknown };
  return typeof at === 'number' ? at : 0;
}
