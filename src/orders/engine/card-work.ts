import { changeOrder } from '../change-order.js';
import { cardIn, isCopy } from '../domain/cards.js';
import { dueDirectAnnouncements } from '../domain/due-announcements.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { announcedDirectly, cardUnreachable } from '../domain/transitions.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { BoardLimited, BoardUnreachable, type OrderBoard } from '../ports/order-board.js';
import type { OrderStore } from '../ports/order-store.js';
import { makeBoardSteps, type SaveNote } from './board-steps.js';
import { type LeaseGuard, retryLeaseAt } from './lease-guard.js';
import { makeLoopGuard } from './loop-guard.js';
import { type BoardTrouble, nextBoardStep, troublesOf } from './next-board-step.js';
import { isDue, nextTryAt } from './schedule.js';

/** Brings an order's cards and thread in Slack up to date. */
export interface CardWork {
  /** Does everything that is due for the cards now. Throws StoreError. */
  work(id: OrderId, guard: LeaseGuard): Promise<void>;
  /** False while the order waits for its next try after a failure. */
  mayTry(id: OrderId): boolean;
}

export function makeCardWork(deps: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  board: OrderBoard;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Has the order worked on again at that time. */
  wakeAt: (id: OrderId, at: Timestamp) => void;
  stopped: () => boolean;
}): CardWork {
  const { orders, board, clock, log, wakeAt, stopped } = deps;
  const failures = makeFailures(clock);
  const notes = makeSlackNotes(orders);
  const carryOut = makeBoardSteps(board, notes.save, clock, log);
  const tellUnreachable = makeUnreachableNotes(board, notes.save, log);

  async function work(id: OrderId, guard: LeaseGuard): Promise<void> {
    const loop = makeLoopGuard();
    while (!stopped()) {
      await notes.saveUnsaved(id);
      const order = await orders.get(id);
      if (order === undefined || stopped()) return;
      loop.check(order);
      const step = nextBoardStep(order, clock.now(), (what) => failures.mayTry(id, what));
      if (step.do === 'nothing') {
        // What failed may have been done by another process since.
        if (nextBoardStep(order, clock.now()).do === 'nothing') return failures.clearAll(id);
        return wakeAt(id, failures.nextAt(id));
      }
      const lease = await guard.acquire();
      if (lease === 'taken') return wakeAt(id, retryLeaseAt(clock.now()));
      if (lease === 'acquired') continue;
      const [what] = troublesOf(order, step);
      try {
        await carryOut(order, step);
        failures.clear(id, what);
      } catch (error) {
        if (error instanceof BoardLimited) {
          failures.add(id, what, error.waitMs);
          log.info({ orderId: order.id, waitMs: error.waitMs }, 'slack rate limit reached, card waits');
          continue;
        }
        failures.add(id, what);
        log.warn({ orderId: order.id, err: error }, 'card or thread update failed, will retry');
        // A channel that accepts no files still has its card.
        if (error instanceof BoardUnreachable) await tellUnreachable(order, error, what);
      }
    }
  }

  return { work, mayTry: (id) => failures.mayTryAny(id) };
}

/** How often something failed in a row for each order, and when to try it again. */
function makeFailures(clock: Pick<Clock, 'now'>) {
  const failures = new Map<OrderId, Map<string, { readonly count: number; readonly nextAt: Timestamp }>>();
  /** Kept apart: a list that can't be uploaded, or a closed channel, must not hold up the rest. */
  const keyOf = (what: BoardTrouble): string => (what === 'numbers' ? what : what.channelId);
  const isOver = (failure: { readonly nextAt: Timestamp } | undefined) =>
    failure === undefined || isDue(failure.nextAt, clock.now());
  return {
    mayTry: (id: OrderId, what: BoardTrouble) => isOver(failures.get(id)?.get(keyOf(what))),
    /** Whether at least one of the things that failed may be tried again, or none failed. */
    mayTryAny(id: OrderId): boolean {
      const failed = failures.get(id);
      return failed === undefined || [...failed.values()].some(isOver);
    },
    /** Returns when the next of the things that wait may be tried. */
    nextAt(id: OrderId): Timestamp {
      const waiting = [...(failures.get(id)?.values() ?? [])].filter((failure) => !isOver(failure));
      return Math.min(...waiting.map(({ nextAt }) => nextAt));
    },
    /** @param waitMs how long Slack asked to wait, if it did. */
    add(id: OrderId, what: BoardTrouble, waitMs = 0): void {
      const failed = failures.get(id) ?? new Map();
      const now = clock.now();
      const count = (failed.get(keyOf(what))?.count ?? 0) + 1;
      failures.set(id, failed.set(keyOf(what), { count, nextAt: nextTryAt(count, now, now + waitMs) }));
    },
    clear(id: OrderId, what: BoardTrouble): void {
      const failed = failures.get(id);
      failed?.delete(keyOf(what));
      if (failed?.size === 0) failures.delete(id);
    },
    clearAll(id: OrderId): void {
      failures.delete(id);
    },
  };
}

/**
 * Saves what was posted to Slack. What can't be saved because the store is down is saved before anything else is
 * posted: otherwise people would get the same message twice.
 */
function makeSlackNotes(orders: Pick<OrderStore, 'get' | 'replace'>) {
  const unsaved = new Map<OrderId, (order: Order) => Order>();
  const save: SaveNote = async (id, change) => {
    unsaved.set(id, change);
    await changeOrder(orders, id, change);
    unsaved.delete(id);
  };
  return {
    save,
    async saveUnsaved(id: OrderId): Promise<void> {
      const change = unsaved.get(id);
      if (change !== undefined) await save(id, change);
    },
  };
}

/**
 * Tells the requester in direct messages that the card can't be posted, and what happens to the order. If only a copy
 * can't be posted, the other cards say so. What fails here is repeated at the next attempt to post.
 */
function makeUnreachableNotes(board: OrderBoard, save: SaveNote, log: Log) {
  return async (order: Order, { why }: BoardUnreachable, what: BoardTrouble): Promise<void> => {
    const { id } = order;
    const card = what === 'numbers' ? undefined : cardIn(order, what.channelId);
    try {
      if (card !== undefined && isCopy(order, card)) {
        if (card.unreachable === why) return;
        log.error({ orderId: id, channelId: card.channelId, why }, 'approvals channel cannot be posted to');
        return await save(id, (current) => cardUnreachable(current, why, card.channelId));
      }
      if (card !== undefined && card.unreachable !== why) {
        await board.tellUnreachable(order, why);
        await save(id, (current) => cardUnreachable(current, why));
      }
      for (const kind of dueDirectAnnouncements(order)) {
        await board.tellDirectly(order, kind);
        await save(id, (current) => announcedDirectly(current, kind));
      }
    } catch (err) {
      log.error({ orderId: id, why, err }, 'direct message to the requester failed, will retry');
    }
  };
}
