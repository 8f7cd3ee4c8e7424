import type { CarrierReport, OpenCarrierStatus } from '../../domain/carrier-report.js';
import { isSettled } from '../../domain/due-announcements.js';
import { isFinal, type Order, type OrderIn } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { OrderStore } from '../../ports.js';
import { isDue, nextAskAt, nextBoardAt, nextCarrierStep } from '../next-step.js';
import { isWorthATimer } from '../timers.js';
import { FRESH_MS, type TrackedOrder } from './plan-lookups.js';

/**
 * The little that is known by heart of every open order, so that a pass over ten thousand of them reads none that has
 * nothing due. It is rebuilt from the store at the start, corrected by every reading and writing, and compared with the
 * store every so often, because other instances write there too; nothing in it is needed that is not on record.
 */
export interface OpenOrders {
  /** The order as it was just read or written. */
  note(order: Order): void;
  forget(id: OrderId): void;
  /** The store has been read: what it did not name, and was not noted since, is not open any more. */
  compared(ids: readonly OrderId[], readAt: Timestamp): void;
  /** Something went wrong on the way to the store or from it: what is known here may be wrong. */
  doubt(): void;
  /** Whether there has been a doubt since the store was last read. */
  readonly doubted: boolean;
  /** The orders with something due, or so soon that an alarm should be set for it, by line of work; looks aside. */
  due(): { readonly carrier: readonly OrderId[]; readonly board: readonly OrderId[] };
  /** Those at Bandwidth. */
  placed(): Iterable<TrackedOrder>;
  /** Of those, the ones whose look should not wait for the next pass. */
  prompt(): Iterable<TrackedOrder>;
  /** The list shows this carrier order. Gives what that means for our order, if it is one of ours. */
  listed(carrierOrderId: string, status: CarrierReport['status'], sweep: number): Listed | undefined;
  /** A whole list was read: orders it should have shown, and did not, are asked about by themselves. */
  unlisted(sweep: {
    readonly number: number;
    readonly kind: TrackedOrder['kind'];
    readonly since: Timestamp;
    readonly startedAt: Timestamp;
  }): void;
  /** When the next look is due that should not wait for the next pass. */
  nextPromptLook(): Timestamp | undefined;
}

/** What a row of the list tells of an order. */
export type Listed =
  | { readonly means: 'nothing new' | 'ended' }
  | { readonly means: 'moved'; readonly id: OrderId; readonly status: OpenCarrierStatus };

interface Glance {
  readonly version: number;
  readonly notedAt: Timestamp;
  readonly look?: Look;
}

interface Look extends TrackedOrder {
  readonly carrierOrderId: string;
  readonly status: OpenCarrierStatus;
  /** `lookAt` as the record has it; what the list tells is not written there. */
  readonly onRecord: Timestamp;
  /** Somebody asked for it, for now; other looks are further off when they are planned. */
  readonly calledFor: boolean;
  lookAt: Timestamp;
  ended: boolean;
  aloneAt: Timestamp | undefined;
  /** The last sweep of the list that showed it. */
  sweep: number;
}

const SECOND = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
/** An order the list does not show is asked about ever more rarely, but never more rarely than this. */
const ALONE_AT_LEAST_EVERY_MS = 300 * SECOND;
/** A look at an order that is not young any more gets an alarm only when somebody has called for it. */
const CALLED_FOR_WITHIN_MS = 1_500;
/** A look due so recently has been missed by nobody but the one who was just setting the alarm for it. */
const JUST_MISSED_MS = 2_000;
/** And comes after this pause, lest it be asked for without end while no look-up is left. */
const MISSED_AGAIN_MS = 50;

export function makeOpenOrders(deps: {
  now: () => Timestamp;
  /** What Bandwidth's clock says, as far as it is known. */
  there: () => Timestamp | undefined;
  placeWithinMs: number;
  maxHeld: number;
}): OpenOrders {
  const { now } = deps;
  const glances = new Map<OrderId, Glance>();
  const looks = new Map<string, Look>();
  /** When something is due other than a look: a few only, even where thousands are looked after. */
  const duties: Record<'carrier' | 'board', Map<OrderId, Timestamp>> = {
    carrier: new Map(),
    board: new Map(),
  };
  let doubted = false;

  function remove(id: OrderId): void {
    const look = glances.get(id)?.look;
    if (look !== undefined) looks.delete(look.carrierOrderId);
    glances.delete(id);
    duties.carrier.delete(id);
    duties.board.delete(id);
  }

  function enter(line: keyof typeof duties, id: OrderId, at: Timestamp): void {
    if (at !== NEVER) duties[line].set(id, at);
  }

  /** When the line of work with Bandwidth, looks aside, has something to do. */
  function carrierAt(order: Order): Timestamp {
    // Whoever wants a back-order closed does not wait for a look at it.
    if (order.status === 'placed' && order.closing === undefined) return NEVER;
    const step = nextCarrierStep(order, now(), deps.placeWithinMs, {
      most: deps.maxHeld,
      there: deps.there(),
    });
    // One that is over and not settled yet may have something left to put in order.
    if (step.do === 'nothing') return isFinal(order) ? now() : NEVER;
    return step.do === 'wait' ? step.until : now();
  }

  function dutiesDue(line: keyof typeof duties, isSoon: (at: Timestamp, now: Timestamp) => boolean) {
    const at = now();
    // Also what a clock that has been set back since has put off for longer than anything is.
    return [...duties[line]].filter(([, due]) => isSoon(due, at) || isDue(due, at)).map(([id]) => id);
  }

  function lookAfter(order: OrderIn<'placed'>, before: Look | undefined): Look {
    const { id, placedAt, status } = order.carrierOrder;
    const { nextAt, failures } = order.asking;
    const carrierOrderId = id.toLowerCase();
    // What only concerned the card says nothing new of the looks.
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
      lookAt: nextAt,
      ended: false,
      troubled: failures > 0,
      backordered: status === 'backordered',
      aloneAt: before?.aloneAt === undefined ? undefined : nextAloneAt(placedAt, now()),
      sweep: before?.sweep ?? 0,
    };
  }

  return {
    note(order) {
      const before = glances.get(order.id);
      if (before !== undefined && before.version > order.version) return;
      remove(order.id);
      if (isSettled(order)) return;
      const look = order.status === 'placed' ? lookAfter(order, before?.look) : undefined;
      if (look !== undefined) looks.set(look.carrierOrderId, look);
      glances.set(order.id, {
        version: order.version,
        notedAt: now(),
        ...(look === undefined ? {} : { look }),
      });
      enter('carrier', order.id, carrierAt(order));
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
      for (const [id, { notedAt }] of glances) if (!open.has(id) && notedAt < readAt) remove(id);
    },
    due: () => ({ carrier: dutiesDue('carrier', isWorthATimer), board: dutiesDue('board', isDue) }),
    placed: () => looks.values(),
    prompt: () => [...looks.values()].filter((look) => isPrompt(look, now())),
    listed(carrierOrderId, status, sweep) {
      const look = looks.get(carrierOrderId.toLowerCase());
      if (look === undefined) return undefined;
      look.sweep = sweep;
      look.aloneAt = undefined;
      if (!isOpen(status)) {
        look.ended = true;
        return { means: 'ended' };
      }
      // The card may say that Bandwidth cannot be asked about it, which only an answer about itself takes back.
      // And numbers that come while it stays back-ordered only it tells, too.
      const onlyItself = look.troubled || look.backordered;
      if (!onlyItself) look.lookAt = Math.max(look.lookAt, nextAskAt(look.placedAt, status, now()));
      // A list may lag behind what the order itself has told, so it takes nothing back.
      return isFurther(status, look.status)
        ? { means: 'moved', id: look.id, status }
        : { means: 'nothing new' };
    },
    unlisted({ number, kind, since, startedAt }) {
      for (const look of looks.values()) {
        const shouldShow = look.kind === kind && look.placedAt >= since && look.placedAt < startedAt;
        if (!shouldShow || look.sweep === number || look.ended) continue;
        look.aloneAt ??= now();
        look.lookAt = Math.max(look.lookAt, nextAskAt(look.placedAt, look.status, now()));
      }
    },
    nextPromptLook() {
      let next = NEVER;
      const from = now();
      for (const look of looks.values()) {
        if (isPrompt(look, from)) next = Math.min(next, Math.max(look.lookAt, from + MISSED_AGAIN_MS));
      }
      return next === NEVER ? undefined : next;
    },
  };
}

/** Its time may have come between two questions, each of which left it to the other. */
function isPrompt({ lookAt, onRecord, placedAt, calledFor }: Look, from: Timestamp): boolean {
  const fresh = from - placedAt < FRESH_MS && lookAt <= placedAt + FRESH_MS;
  return lookAt > from - JUST_MISSED_MS && (fresh || (calledFor && lookAt === onRecord));
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

/** The store for everybody who decides about orders: whatever is written there is known here at once. */
export function notingWrites(orders: OrderStore, open: OpenOrders): OrderStore {
  /** A write that failed may have been carried out all the same. */
  const doubting = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      open.doubt();
      throw error;
    }
  };
  return {
    async insert(order) {
      const inserted = await doubting(() => orders.insert(order));
      if (inserted) open.note(order);
      return inserted;
    },
    get: (id) => doubting(() => orders.get(id)),
    async replace(current, next) {
      const replaced = await doubting(() => orders.replace(current, next));
      if (replaced) open.note(next);
      return replaced;
    },
    open: () => orders.open(),
    openAbout: (question) => orders.openAbout(question),
  };
}

/**
 * The same for who looks after the orders: here what is read is noted, too. Not so where others read, who may come by
 * orders that another instance looks after.
 */
export function notingReads(orders: OrderStore, open: OpenOrders): OrderStore {
  return {
    ...orders,
    async get(id) {
      const order = await orders.get(id);
      if (order === undefined) open.forget(id);
      else open.note(order);
      return order;
    },
  };
}
