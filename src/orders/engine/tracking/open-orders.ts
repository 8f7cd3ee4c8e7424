import type { CarrierReport, OpenCarrierStatus } from '../../domain/carrier-report.js';
import { isSettled } from '../../domain/due-announcements.js';
import { linesToFollow } from '../../domain/lines.js';
import { isFinal, type Order, type OrderIn } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { nextBoardAt } from '../next-board-step.js';
import { nextCarrierStep } from '../next-carrier-step.js';
import { isDue, nextAskAt } from '../schedule.js';
import { isWorthATimer } from '../timers.js';
import type { OpenTally } from './open-tally.js';
import { FRESH_MS, type TrackedOrder } from './plan-lookups.js';

/**
 * Key facts about every open order, kept in memory so that a pass over ten thousand orders reads only the ones with
 * something due. They are rebuilt from the store at startup, updated by every read and write, and regularly compared
 * with the store, because other instances write there too. Everything here can be rebuilt from the store.
 */
export interface OpenOrders {
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
  /** The orders and lines at Bandwidth. */
  placed(): Iterable<TrackedOrder>;
  /** The orders at Bandwidth whose lookup shouldn't wait for the next pass. */
  prompt(): Iterable<TrackedOrder>;
  /** The list shows this carrier order. Returns what that means for our order, if it is one. */
  listed(carrierOrderId: string, status: CarrierReport['status'], sweep: number): Listed | undefined;
  /** A whole list was read: orders that should be in it but aren't get lookups of their own. */
  unlisted(sweep: {
    readonly number: number;
    readonly kind: TrackedOrder['kind'];
    readonly since: Timestamp;
    readonly startedAt: Timestamp;
  }): void;
  /** Returns when the next lookup is due that shouldn't wait for the next pass. */
  nextPromptLookupAt(): Timestamp | undefined;
}

/** What a row of the list means for an order. */
export type Listed =
  | { readonly means: 'nothing new' | 'ended' }
  | { readonly means: 'moved'; readonly id: OrderId; readonly status: OpenCarrierStatus };

interface Noted {
  readonly version: number;
  readonly notedAt: Timestamp;
  /** Its lines, if each is sent and followed by itself. */
  readonly lines: readonly OrderId[];
  /** What is at Bandwidth: the order, or some of its lines. */
  readonly entries: readonly Tracked[];
}

interface Tracked extends TrackedOrder {
  readonly carrierOrderId: string;
  readonly status: OpenCarrierStatus;
  /** The `nextAt` on record; what the list shows isn't written there. */
  readonly onRecord: Timestamp;
  /** Someone requested it, for now; other lookups are planned further ahead. */
  readonly calledFor: boolean;
  nextLookupAt: Timestamp;
  ended: boolean;
  aloneAt: Timestamp | undefined;
  /** The last sweep of the list that showed it. */
  sweep: number;
}

const SECOND = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
/** An order that the list doesn't show is looked up with growing pauses, but never longer than this. */
const ALONE_AT_LEAST_EVERY_MS = 300 * SECOND;
/** An order that isn't fresh anymore gets a timer for its lookup only when someone requested it. */
const CALLED_FOR_WITHIN_MS = 1_500;
/** A lookup that was due this recently can only have been missed while its timer was being set. */
const JUST_MISSED_MS = 2_000;
/** A missed lookup comes after this pause, so that it isn't requested in a busy loop while no lookup is left. */
const MISSED_AGAIN_MS = 50;

export function makeOpenOrders(deps: {
  now: () => Timestamp;
  /** The time by Bandwidth's clock, as far as it is known. */
  there: () => Timestamp | undefined;
  placeWithinMs: number;
  maxHeld: number;
  /** Counts what is noted here. */
  tally?: Pick<OpenTally, 'note' | 'forget'>;
}): OpenOrders {
  const { now, tally } = deps;
  const noted = new Map<OrderId, Noted>();
  const tracked = new Map<string, Tracked>();
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
    for (const { carrierOrderId } of entries) tracked.delete(carrierOrderId);
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
    const step = nextCarrierStep(order, now(), deps.placeWithinMs, {
      most: deps.maxHeld,
      there: deps.there(),
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

  function track(order: OrderIn<'placed'>, before: Tracked | undefined): Tracked {
    const { id, placedAt, status } = order.carrierOrder;
    const { nextAt, failures } = order.asking;
    const carrierOrderId = id.toLowerCase();
    // A write that concerned only the card says nothing about the lookups.
    if (before?.onRecord === nextAt && before.status === status && before.carrierOrderId === carrierOrderId) {
      return before;
    }
    return {
      id: order.id,
      kind: order.request.kind,
      placedAt,
      carrierOrderId,
      status,
      onRecord: nextAt,
      calledFor: nextAt <= now() + CALLED_FOR_WITHIN_MS,
      nextLookupAt: nextAt,
      ended: false,
      troubled: failures > 0,
      backordered: status === 'backordered',
      aloneAt: before?.aloneAt === undefined ? undefined : nextAloneAt(placedAt, now()),
      sweep: before?.sweep ?? 0,
    };
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
        each.status === 'placed' ? track(each, known.get(each.id)) : [],
      );
      for (const entry of entries) tracked.set(entry.carrierOrderId, entry);
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
    placed: () => tracked.values(),
    prompt: () => [...tracked.values()].filter((entry) => isPrompt(entry, now())),
    listed(carrierOrderId, status, sweep) {
      const entry = tracked.get(carrierOrderId.toLowerCase());
      if (entry === undefined) return undefined;
      entry.sweep = sweep;
      entry.aloneAt = undefined;
      if (!isOpen(status)) {
        entry.ended = true;
        return { means: 'ended' };
      }
      // Two things only the order itself tells: that Bandwidth can be asked about it again, and that numbers were
      // delivered while it stays back-ordered.
      const onlyItself = entry.troubled || entry.backordered;
      if (!onlyItself)
        entry.nextLookupAt = Math.max(entry.nextLookupAt, nextAskAt(entry.placedAt, status, now()));
      // A list may lag behind the order itself, so it never moves a status back.
      return isFurther(status, entry.status)
        ? { means: 'moved', id: entry.id, status }
        : { means: 'nothing new' };
    },
    unlisted({ number, kind, since, startedAt }) {
      for (const entry of tracked.values()) {
        const shouldShow = entry.kind === kind && entry.placedAt >= since && entry.placedAt < startedAt;
        if (!shouldShow || entry.sweep === number || entry.ended) continue;
        entry.aloneAt ??= now();
        entry.nextLookupAt = Math.max(entry.nextLookupAt, nextAskAt(entry.placedAt, entry.status, now()));
      }
    },
    nextPromptLookupAt() {
      let next = NEVER;
      const from = now();
      for (const entry of tracked.values()) {
        if (isPrompt(entry, from))
          next = Math.min(next, Math.max(entry.nextLookupAt, from + MISSED_AGAIN_MS));
      }
      return next === NEVER ? undefined : next;
    },
  };
}

/** Also true for a lookup whose time came between two checks that each left it to the other. */
function isPrompt({ nextLookupAt, onRecord, placedAt, calledFor }: Tracked, from: Timestamp): boolean {
  const fresh = from - placedAt < FRESH_MS && nextLookupAt <= placedAt + FRESH_MS;
  return nextLookupAt > from - JUST_MISSED_MS && (fresh || (calledFor && nextLookupAt === onRecord));
}

const onward: readonly OpenCarrierStatus[] = ['received', 'processing', 'backordered'];

const isFurther = (one: OpenCarrierStatus, other: OpenCarrierStatus): boolean =>
  onward.indexOf(one) > onward.indexOf(other);

function isOpen(status: CarrierReport['status']): status is OpenCarrierStatus {
  return status === 'received' || status === 'processing' || status === 'backordered';
}

function nextAloneAt(placedAt: Timestamp, now: Timestamp): Timestamp {
  return now + Math.min(Math.max((now - placedAt) / 4, 5 * SECOND), ALONE_AT_LEAST_EVERY_MS);
}
