import type { Order } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { Clock } from '../../ports/clock.js';

/** Keeps purchases within Bandwidth's rate limit for orders, which otherwise turns away each line of a large one. */
export interface OrderPace {
  /** Reserves a place for the order. Returns undefined if it may be sent now, or else when it may be. */
  take(order: Order): Timestamp | undefined;
  /** Frees the place of an order that wasn't sent. */
  giveBack(order: Order): void;
  /** Bandwidth accepts no orders until then. */
  blockUntil(until: Timestamp): void;
}

/** When an order was sent, or may be. */
interface Slot {
  readonly id: OrderId;
  readonly at: Timestamp;
  /** One of several lines. */
  readonly isLine: boolean;
}

const MINUTE = 60_000;
/** A later time comes from a wrong clock. */
const MAX_BLOCK_MS = 15 * MINUTE;
/** One order in this many is reserved for orders of one line. */
const KEPT_OF = 10;

/**
 * Allows `perMinute` purchases in any minute. An order that has to wait gets a time of its own, so that it is woken
 * only once. An order of one line doesn't wait behind the lines of a large one, because part of each minute is reserved
 * for it. Each instance counts only its own orders; a 429 stops all of them here.
 */
export function makeOrderPace(deps: { perMinute: number; clock: Pick<Clock, 'now'> }): OrderPace {
  const { perMinute, clock } = deps;
  const kept = Math.ceil(perMinute / KEPT_OF);
  const mostLines = Math.max(1, perMinute - kept);
  /** The orders of the last minute and those that wait, by time. */
  let all: Slot[] = [];
  let lines: Slot[] = [];
  let single: Slot[] = [];
  const waiting = new Map<OrderId, Slot>();
  let blockedUntil = 0;
  let lastAt = 0;

  function startOver(): void {
    [all, lines, single] = [[], [], []];
    waiting.clear();
  }

  function tidy(now: Timestamp): void {
    // The clock was set back.
    if (now < lastAt) {
      blockedUntil = 0;
      startOver();
    }
    lastAt = now;
    const isOver = ({ at }: Slot) => at <= now - MINUTE;
    for (const slots of [all, lines, single]) {
      const first = slots.findIndex((slot) => !isOver(slot));
      const over = slots.splice(0, first === -1 ? slots.length : first);
      for (const slot of over) if (waiting.get(slot.id) === slot) waiting.delete(slot.id);
    }
  }

  /** Returns when one more may follow if `most` are allowed in a minute. */
  const after = (slots: readonly Slot[], most: number): Timestamp => {
    const before = slots[slots.length - most];
    return before === undefined ? 0 : before.at + MINUTE;
  };

  function freeAt(isLine: boolean, now: Timestamp): Timestamp {
    const inTurn = after(all, perMinute);
    const own = isLine ? Math.max(inTurn, after(lines, mostLines)) : Math.min(inTurn, after(single, kept));
    return Math.max(now, blockedUntil, own);
  }

  function add(slot: Slot): void {
    for (const slots of [all, slot.isLine ? lines : single]) {
      slots.splice(slots.findLastIndex(({ at }) => at <= slot.at) + 1, 0, slot);
    }
  }

  return {
    take({ id, part, request }) {
      if (request.kind !== 'purchase') return undefined;
      const now = clock.now();
      tidy(now);
      const isLine = part !== undefined;
      const known = waiting.get(id);
      const slot = known ?? { id, isLine, at: freeAt(isLine, now) };
      if (known === undefined) add(slot);
      if (slot.at > now) waiting.set(id, slot);
      else waiting.delete(id);
      return slot.at > now ? slot.at : undefined;
    },
    giveBack({ id }) {
      for (const slots of [all, lines, single]) {
        const index = slots.findLastIndex((slot) => slot.id === id);
        if (index !== -1) slots.splice(index, 1);
      }
    },
    blockUntil(until) {
      const believable = Math.min(until, clock.now() + MAX_BLOCK_MS);
      if (believable <= blockedUntil) return;
      blockedUntil = believable;
      // What waits asks again, and by then Bandwidth counts a new minute.
      startOver();
    },
  };
}
