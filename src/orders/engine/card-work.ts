import { changeOrder } from '../change-order.js';
import { dueDirectAnnouncements } from '../domain/due-announcements.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { cardUnreachable, drawn, told, toldDirectly } from '../domain/transitions.js';
import { BoardUnreachable, type Clock, type Log, type OrderBoard, type OrderStore } from '../ports.js';
import { type LeaseGuard, retryLeaseAt } from './lease-guard.js';
import { makeLoopGuard } from './loop-guard.js';
import { type BoardStep, isDue, nextBoardStep, nextTryAt } from './next-step.js';

/** Brings an order's card and thread in Slack up to date. */
export interface CardWork {
  /** Does everything that is due for the card now. Throws StoreError. */
  work(id: OrderId, guard: LeaseGuard): Promise<void>;
  /** False while the card waits for its next try after a failure. */
  mayTry(id: OrderId): boolean;
}

/** No revision: the card is due for a redraw. */
const UNDRAWN = 0;

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
  const cardFailures = makeFailures(clock);
  /** Kept apart: a list of numbers that can't be uploaded must not hold up the card or the rest of the thread. */
  const listFailures = makeFailures(clock);
  const notes = makeSlackNotes(orders);
  const carryOut = makeBoardSteps(board, notes.save);
  const tellRequester = makeDirectMessages(board, notes.save, log);

  async function work(id: OrderId, guard: LeaseGuard): Promise<void> {
    const loop = makeLoopGuard();
    while (!stopped()) {
      await notes.saveUnsaved(id);
      const order = await orders.get(id);
      if (order === undefined || stopped()) return;
      loop.check(order);
      const listWaits = !listFailures.mayTry(id);
      const step = nextBoardStep(order, clock.now(), listWaits);
      if (step.do === 'nothing') {
        cardFailures.clear(id);
        return listWaits ? wakeAt(id, listFailures.nextAt(id)) : listFailures.clear(id);
      }
      const failures = step.do === 'tell' && step.kind === 'numbers' ? listFailures : cardFailures;
      if (!failures.mayTry(id)) return wakeAt(id, failures.nextAt(id));
      const whose = await guard.whose();
      if (whose === 'taken') return wakeAt(id, retryLeaseAt(clock.now()));
      if (whose === 'just begun') continue;
      try {
        await carryOut(order, step);
        failures.clear(id);
      } catch (error) {
        failures.add(id);
        log.warn(
          { orderId: order.id, err: error },
          'the card or its thread could not be brought up to date; it will be tried again',
        );
        // A channel that accepts no files still has its card.
        if (error instanceof BoardUnreachable) await tellRequester(order, error, failures === cardFailures);
      }
    }
  }

  return { work, mayTry: cardFailures.mayTry };
}

/** How often something failed in a row for each order, and when to try it again. */
function makeFailures(clock: Pick<Clock, 'now'>) {
  const failures = new Map<OrderId, { readonly count: number; readonly nextAt: Timestamp }>();
  const nextAt = (id: OrderId): Timestamp => failures.get(id)?.nextAt ?? 0;
  return {
    nextAt,
    mayTry: (id: OrderId) => isDue(nextAt(id), clock.now()),
    add(id: OrderId): void {
      const count = (failures.get(id)?.count ?? 0) + 1;
      failures.set(id, { count, nextAt: nextTryAt(count, clock.now()) });
    },
    clear(id: OrderId): void {
      failures.delete(id);
    },
  };
}

type SaveNote = (id: OrderId, change: (order: Order) => Order) => Promise<void>;

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

/** Carries out one step in Slack, and saves that it is done. */
function makeBoardSteps(board: OrderBoard, save: SaveNote) {
  return async (order: Order, step: Exclude<BoardStep, { do: 'nothing' }>): Promise<void> => {
    if (step.do === 'tell') {
      await board.tell(order, step.kind);
      return save(order.id, (current) => told(current, step.kind, order.edition));
    }
    const place = await board.show(order);
    await save(order.id, (current) => {
      // If another instance posted a card in the meantime, that one counts.
      if (current.card.place?.ts !== order.card.place?.ts) return current;
      // If it drew another revision, either of the two may be the one that Slack shows: draw it once more.
      const mayBeCovered = ![order.card.drawn, order.revision].includes(current.card.drawn);
      return drawn(current, place, mayBeCovered ? UNDRAWN : order.revision);
    });
  };
}

/**
 * Tells the requester in a direct message that the card can't be posted, and the news of the order. What can't be said
 * that way either is said at the next attempt to post.
 */
function makeDirectMessages(board: OrderBoard, save: SaveNote, log: Log) {
  return async (order: Order, { why }: BoardUnreachable, hasNoCard: boolean): Promise<void> => {
    const { id } = order;
    try {
      if (hasNoCard && order.card.unreachable !== why) {
        await board.tellUnreachable(order, why);
        await save(id, (current) => cardUnreachable(current, why));
      }
      for (const kind of dueDirectAnnouncements(order)) {
        await board.tellDirectly(order, kind);
        await save(id, (current) => toldDirectly(current, kind));
      }
    } catch (err) {
      log.error(
        { orderId: id, why, err },
        'the requester could not be told directly either; it will be tried again',
      );
    }
  };
}
