import { randomUUID } from 'node:crypto';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { isSettled } from '../../orders/domain/due-announcements.js';
import { answers, type OpenFacts, openFactsOf } from '../../orders/domain/open-facts.js';
import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderStore } from '../../orders/ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../../orders/ports/store-errors.js';
import { type Namespace, UnreadableEntry } from '../namespace.js';

/**
 * How long an entry whose order was open is trusted. It is wrong only if another instance died between settling the
 * order and removing the entry, which does no harm: nothing is left to do for the order.
 */
const BELIEVED_FOR_MS = 10 * 60_000;
/** How many orders are read in parallel to check their entries. */
const CHECKS_AT_ONCE = 8;
/** The number of checks after which others get a turn. */
const CHECKS_IN_A_TURN = 32;

/** An order is inserted moments after its index entry; one still missing after this long never will be. */
const INSERT_WITHIN_MS = 60 * 60_000;

/**
 * `mark` is new with every write, so that removing an old entry can't remove a newer one. `edition` is that of the
 * order or, during an edit, the next one; older entries have none.
 */
interface IndexEntry {
  readonly at: Timestamp;
  readonly mark: string;
  readonly edition: number;
}

/** What is known about an entry whose order was open when it was checked. */
interface Belief {
  readonly mark: string;
  readonly until: Timestamp;
}

/**
 * An index of the orders that aren't settled, so that a pass reads no history.
 *
 * It may name too many orders, never too few: an entry is written before the order needs it and removed after the order
 * is settled. `open` removes stale entries only from time to time, because checking them reads every order.
 *
 * An entry is rewritten, with a new mark, before its order is edited or its request is put back on record. So what one
 * reading found out about an order stays valid for this mark, even if another instance writes another request.
 */
export function makeOpenIndex(deps: {
  index: Namespace;
  /** Reads an order. Throws {@link UnreadableEntry}. */
  get: (id: OrderId) => Promise<Order | undefined>;
  clock: Pick<Clock, 'now'>;
  log: Log;
}) {
  const { index, get, clock, log } = deps;
  const logged = new Set<OrderId>();
  let beliefs = new Map<OrderId, Belief>();
  const known = new Map<OrderId, { readonly mark: string; readonly facts: OpenFacts }>();

  /**
   * Runs before the order is written: if this throws, the order hasn't been written, whatever happened to the entry.
   */
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

  /** Used when an order's edition doesn't tell which request it has, so that nothing is cached under the entry. */
  const enterUncached = (id: OrderId) => enter({ id, edition: NEVER });

  /** Returns undefined if the order is missing, settled or unreadable. */
  const factsUnder = async (id: OrderId, entry: unknown): Promise<OpenFacts | undefined> => {
    const before = known.get(id);
    const mark = markOf(entry);
    if (before !== undefined && before.mark === mark) return before.facts;
    const order = await getIfReadable(id);
    if (order === undefined || order === 'unreadable' || isSettled(order)) return undefined;
    const facts = openFactsOf(order);
    // Otherwise the edit that the entry announces is yet to be written.
    if (mark !== undefined && order.edition >= editionOf(entry)) known.set(id, { mark, facts });
    return facts;
  };

  /** Updates the cached facts. Within an edition they can only shrink, which saves others a read. */
  const noteWritten = (order: Order) => {
    const before = known.get(order.id);
    if (isSettled(order)) known.delete(order.id);
    else if (before !== undefined) known.set(order.id, { mark: before.mark, facts: openFactsOf(order) });
  };

  /**
   * Removes the entry of a settled order. Never fails, because the order is already saved, and `open` removes the entry
   * later anyway.
   */
  const leave = async (id: OrderId, entry: unknown) => {
    try {
      await index.removeIfSame(id, entry);
    } catch (err) {
      beliefs.delete(id);
      log.warn({ err, orderId: id }, 'removing a settled order from the index failed, will retry');
    }
  };

  /** Returns the order's index entry. An unreadable one is rewritten, or it could never be removed. */
  const readableEntry = async (id: OrderId): Promise<unknown> => {
    try {
      return await index.get(id);
    } catch (err) {
      if (!(err instanceof UnreadableEntry)) throw err;
      log.warn({ err, orderId: id }, 'index entry of an open order unreadable, rewritten');
      return enterUncached(id);
    }
  };

  const getIfReadable = async (id: OrderId): Promise<Order | undefined | 'unreadable'> => {
    try {
      return await get(id);
    } catch (err) {
      if (!(err instanceof UnreadableEntry)) throw err;
      // Every pass gets here, but the log needs it once.
      if (!logged.has(id)) {
        log.error({ err, orderId: id }, 'order unreadable, skipped until repaired');
      }
      logged.add(id);
      return 'unreadable';
    }
  };

  /** Whether this entry's order is open; removes a stale entry. */
  const checkEntry = async (id: OrderId, entry: unknown): Promise<boolean> => {
    const order = await getIfReadable(id);
    // The entry stays, in case someone repairs the order.
    if (order === 'unreadable') return false;
    if (order !== undefined && !isSettled(order)) return true;
    const beingInserted = order === undefined && enteredAt(entry) > clock.now() - INSERT_WITHIN_MS;
    if (beingInserted) return false;
    await index.removeIfSame(id, markOf(entry) === undefined ? await readableEntry(id) : entry);
    return false;
  };

  const openAbout: OrderStore['openAbout'] = async (question) => {
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
  };

  const open: OrderStore['open'] = async () => {
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
        // With a fast database, thousands of orders would otherwise block everyone else.
        if (doubted.length % CHECKS_IN_A_TURN === 0) await yieldToEventLoop();
        if (!(await checkEntry(id, entry))) continue;
        open.push({ id, at: enteredAt(entry) });
        const mark = markOf(entry);
        // Randomized, so that they don't all expire at once.
        const until = now + BELIEVED_FOR_MS * (0.5 + Math.random());
        if (mark !== undefined) believed.set(id, { mark, until });
      }
    };
    await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, check));
    beliefs = believed;
    return open.sort((one, other) => one.at - other.at).map(({ id }) => id);
  };

  return {
    enter,
    enterUncached,
    readableEntry,
    leave,
    noteWritten,
    openAbout,
    open,
    /** Has `open` check the order's entry again. */
    doubt(id: OrderId): void {
      beliefs.delete(id);
    },
  };
}

/** An edition that no order has. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Returns undefined for an unreadable entry, which is never trusted. */
function markOf(entry: unknown): string | undefined {
  const { mark } = (entry ?? {}) as { mark?: unknown };
  return typeof mark === 'string' ? mark : undefined;
}

/** Returns a number beyond all editions if the entry doesn't say, so that nothing is cached for it. */
function editionOf(entry: unknown): number {
  const { edition } = (entry ?? {}) as { edition?: unknown };
  return typeof edition === 'number' ? edition : Number.POSITIVE_INFINITY;
}

/** Returns 0 for an unreadable entry, which then isn't protected as a recent one. */
function enteredAt(entry: unknown): Timestamp {
  const { at } = (entry ?? {}) as { at?: unknown };
  return typeof at === 'number' ? at : 0;
}
