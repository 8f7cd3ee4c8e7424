import { orderIdOf } from '../domain/line-ids.js';
import { wholeOf } from '../domain/lines.js';
import type { OrderId } from '../domain/request.js';
import { makeJournalWriter } from '../journal/write-journal.js';
import type { Journal } from '../ports/journal.js';
import type { OrderBoard } from '../ports/order-board.js';
import type { OrderStore } from '../ports/order-store.js';
import { makeBackgroundQueue } from './background-queue.js';
import { makeCardWork } from './card-work.js';
import { type CarrierQueueDeps, makeCarrierQueue } from './carrier-queue.js';
import { makeKeyedQueue } from './keyed-queue.js';
import { underLease } from './lease-guard.js';
import { makeOrderChanges } from './order-changes.js';
import { makeLineStore } from './placing/line-store.js';
import { makeSweep, type Sweep } from './sweep.js';
import { makeWakeTimers } from './timers.js';
import { notingReads } from './tracking/noting-writes.js';
import type { OpenTally } from './tracking/open-tally.js';
import { makeReconciliation } from './tracking/reconcile-open-orders.js';

/** Does whatever orders need. A click, a timer, a callback and a restart all only ask it to settle an order. */
export interface Engine {
  /** Does everything that is due for this order, or this line, now, and resolves when nothing is. Never rejects. */
  settle(id: OrderId): Promise<void>;
  /** Starts {@link settle} without waiting for it. {@link stop} still waits for what is running. */
  settleSoon(id: OrderId): void;
  /**
   * Settles every open order that has something due. Resolves when Bandwidth has been asked all it may be asked now.
   * Doesn't wait for cards: if Slack hangs, the next pass must still reach Bandwidth. Throws StoreError when the orders
   * can't be listed.
   */
  pass(): Promise<void>;
  /** Starts nothing new, and resolves when running work has ended. What is left to do is on record. */
  stop(): Promise<void>;
}

export interface EngineDeps
  extends Omit<
    CarrierQueueDeps,
    'orders' | 'changes' | 'updateJournal' | 'sweep' | 'onInterrupted' | 'stopped'
  > {
  /** Every write goes through it, so that `open` knows of it at once. */
  readonly orders: OrderStore;
  readonly journal: Pick<Journal, 'append'>;
  readonly board: OrderBoard;
  /** Counts what `open` notes, for operators. */
  readonly tally?: OpenTally;
}

/** For orders that people just decided about: hundreds at once would delay the answer to the next click. */
const PACE = { width: 6, quietMs: 50, heldMs: 2_000, longestMs: 100 };

export function makeEngine(deps: EngineDeps): Engine {
  let isStopped = false;
  const stopped = () => isStopped;
  const inBackground = makeBackgroundQueue({ ...PACE, stopped });
  const sweep = makeSweep(stopped);
  const { reconcile, journal, card, carrier } = makeQueues(deps, stopped, sweep);
  /** One at a time: the next pass sees what this one misses. */
  let cardSweep: Promise<void> | undefined;

  async function settle(id: OrderId): Promise<void> {
    if (isStopped) return;
    const orderId = orderIdOf(id);
    await Promise.all([carrier.enqueue(id), card.queue.enqueue(orderId)]);
    // The card and the journal may lack what Bandwidth answered last.
    await Promise.all([card.queue.enqueue(orderId), journal.queue.enqueue(orderId)]);
  }

  return {
    settle,
    settleSoon: (id) => inBackground(() => settle(id)),
    async pass() {
      if (isStopped) return;
      const behind: OrderId[] = [];
      await reconcile((order) => {
        if (journal.isBehind(order)) behind.push(order.id);
      });
      void sweep(behind, journal.queue);
      const due = deps.open.due();
      cardSweep ??= sweep(due.board.filter(card.mayTry), card.queue).finally(() => {
        cardSweep = undefined;
      });
      await Promise.all([sweep(due.carrier, carrier), carrier.lookUpDue()]);
    },
    async stop() {
      isStopped = true;
      card.timers.clear();
      await Promise.all([carrier.stop(), cardSweep]);
      // Wait for the card and the journal too: they still need the store.
      await Promise.all([card.queue.idle(), journal.queue.idle()]);
    },
  };
}

/** Three queues, so that a slow card holds up neither the work with Bandwidth nor the journal, or the reverse. */
function makeQueues(deps: EngineDeps, stopped: () => boolean, sweep: Sweep) {
  const { open, leases, board, tally, clock, log } = deps;
  const orders = notingReads(deps.orders, open);

  const logInterrupted = (kind: string) => (orderId: OrderId, error: unknown) => {
    open.doubt();
    log.error({ orderId, err: error }, `${kind} work interrupted, will retry`);
  };

  const journalWriter = makeJournalWriter({
    orders,
    journal: deps.journal,
    ...(tally === undefined ? {} : { onCopied: tally.journaled }),
  });
  const journalQueue = makeKeyedQueue(journalWriter.work, logInterrupted('journal'));

  const cardTimers = makeWakeTimers(clock, (id) => void cardQueue.enqueue(id));
  const cardWork = makeCardWork({ orders, board, clock, log, wakeAt: cardTimers.set, stopped });
  const cardQueue = makeKeyedQueue(underLease(leases, 'card', cardWork.work), logInterrupted('card'));

  const lines = makeLineStore(orders);
  const carrier = makeCarrierQueue({
    ...deps,
    orders: lines,
    changes: makeOrderChanges({
      orders: lines,
      updateCard: (id) => void cardQueue.enqueue(id),
      updateJournal: (id) => void journalQueue.enqueue(id),
    }),
    updateJournal(line) {
      const order = wholeOf(line);
      if (journalWriter.isBehind(order)) void journalQueue.enqueue(order.id);
    },
    sweep,
    onInterrupted: logInterrupted('carrier'),
    stopped,
  });

  return {
    reconcile: makeReconciliation({ orders, open, tally, alone: leases.alone, clock, log }),
    journal: { queue: journalQueue, isBehind: journalWriter.isBehind },
    card: { queue: cardQueue, timers: cardTimers, mayTry: cardWork.mayTry },
    carrier,
  };
}
