import { isSettled } from '../../domain/due-announcements.js';
import { linesToFollow } from '../../domain/lines.js';
import { isFinal, type Order } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { nextBoardAt } from '../next-board-step.js';
import { nextCarrierStep } from '../next-carrier-step.js';
import { isDue } from '../schedule.js';
import { isWorthATimer } from '../timers.js';
import type { OpenTally } from './open-tally.js';
import { makeTrackedOrders, type Tracked, type TrackedOrders } from './tracked-orders.js';

/**
 * Key facts about every open order, kept in memory so that a pass over ten thousand orders reads only the ones with
 * something due. They are rebuilt from the store at startup, updated by every read and write, and regularly compared
 * with the store, because other instances write there too. Everything here can be rebuilt from the store.
 */
export interface OpenOrders extends TrackedOrders {
  /** Takes note of an order that was just read or written. */
  note(order: Order): void;
  forget(id: OrderId): void;
  /** The store was listed: an order that it didn't name, and that wasn't noted since, is no longer open. */
  compared(ids: readonly OrderId[], readAt: Timestamp): void;
  /** A call to the store failed, so what is known here may be wrong. */
  doubt(): void;
  /** Whether `doubt` was called since the store was last listed. */
  readonly doubted: boolean;
  /**
   * The orders with something due, or due so soon that a timer should be set, by line of work; lookups excluded. The
   * work with Bandwidth is that of an order or of one of its lines.
   */
  due(): { readonly carrier: readonly OrderId[]; readonly board: readonly OrderId[] };
  /** Returns the ids of the lines of an order that are sent and followed one by one, as last noted. */
  linesOf(id: OrderId): readonly OrderId[];
}

interface Noted {
  readonly version: number;
  readonly notedAt: Timestamp;
  /** Its lines, if each is sent and followed by itself. */
  readonly lines: readonly OrderId[];
  /** What is at Bandwidth: the order, or some of its lines. */
  readonly entries: readonly Tracked[];
}

const NEVER = Number.POSITIVE_INFINITY;

export function makeOpenOrders(deps: {
  now: () => Timestamp;
  /** The time by Bandwidth's clock, as far as it is known. */
  carrierNow: () => Timestamp | undefined;
  lookupAfterMs: number;
  maxHeld: number;
  /** Counts what is noted here. */
  tally?: Pick<OpenTally, 'note' | 'forget'>;
}): OpenOrders {
  const { now, tally } = deps;
  const noted = new Map<OrderId, Noted>();
  const tracked = makeTrackedOrders(now);
  /** When something other than a lookup is due: a few orders at a time, even among thousands. */
  const duties: Record<'carrier' | 'board', Map<OrderId, Timestamp>> = {
    carrier: new Map(),
    board: new Map(),
  };
  let doubted = false;

  function remove(id: OrderId): void {
    tally?.forget(id);
    drop(id);
  }

  function drop(id: OrderId): void {
    const { lines = [], entries = [] } = noted.get(id) ?? {};
    for (const entry of entries) tracked.remove(entry);
    noted.delete(id);
    for (const each of [id, ...lines]) duties.carrier.delete(each);
    duties.board.delete(id);
  }

  function enter(line: keyof typeof duties, id: OrderId, at: Timestamp): void {
    if (at !== NEVER) duties[line].set(id, at);
  }

  /** Returns when the line of work with Bandwidth has something to do, lookups excluded. */
  function carrierAt(order: Order): Timestamp {
    // A person who wants a back-order closed doesn't wait for its next lookup.
    if (order.status === 'placed' && order.closing === undefined) return NEVER;
    const step = nextCarrierStep(order, now(), deps.lookupAfterMs, {
      most: deps.maxHeld,
      carrierNow: deps.carrierNow(),
    });
    // An order that is final but not settled may have something left to clean up.
    if (step.do === 'nothing') return isFinal(order) && order.part === undefined ? now() : NEVER;
    return step.do === 'wait' ? step.until : now();
  }

  function dutiesDue(line: keyof typeof duties, isSoon: (at: Timestamp, now: Timestamp) => boolean) {
    const at = now();
    // Includes times further away than any wait, set by a clock that has since been corrected.
    return [...duties[line]].filter(([, due]) => isSoon(due, at) || isDue(due, at)).map(([id]) => id);
  }

  return {
    note(order) {
      const before = noted.get(order.id);
      if (before !== undefined && before.version > order.version) return;
      // Each of many lines reads the whole order, which nobody has changed since.
      if (before?.version === order.version && before.lines.length > 0) return;
      if (isSettled(order)) return remove(order.id);
      drop(order.id);
      tally?.note(order);
      const lines = linesToFollow(order);
      const known = new Map(before?.entries.map((entry) => [entry.id, entry]));
      const entries = [order, ...lines].flatMap((each) =>
        each.status === 'placed' ? tracked.add(each, known.get(each.id)) : [],
      );
      noted.set(order.id, {
        version: order.version,
        notedAt: now(),
        lines: lines.map(({ id }) => id),
        entries,
      });
      for (const each of [order, ...lines]) enter('carrier', each.id, carrierAt(each));
      enter('board', order.id, nextBoardAt(order, now()));
    },
    forget: remove,
    doubt() {
      doubted = true;
    },
    get doubted() {
      return doubted;
    },
    compared(ids, readAt) {
      doubted = false;
      const open = new Set(ids);
      for (const [id, { notedAt }] of noted) if (!open.has(id) && notedAt < readAt) remove(id);
    },
    due: () => ({ carrier: dutiesDue('carrier', isWorthATimer), board: dutiesDue('board', isDue) }),
    linesOf: (id) => noted.get(id)?.lines ?? [],
    placed: tracked.placed,
    prompt: tracked.prompt,
    listed: tracked.listed,
    unlisted: tracked.unlisted,
    nextPromptLookupAt: tracked.nextPromptLookupAt,
  };
}
