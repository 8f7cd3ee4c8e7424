import { isCardDue } from '../../domain/cards.js';
import type { OpenCarrierStatus } from '../../domain/carrier-report.js';
import { lastRequestedAt } from '../../domain/editions.js';
import { linesOf } from '../../domain/lines.js';
import { isFinal, type Order, type OrderStatus } from '../../domain/order.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import { asksPeople, isUntraced } from '../../domain/unanswered.js';

/** What an order that isn't finished waits for; a placed order by its status at Bandwidth. */
const stages = [
  'awaiting-approval',
  'approved',
  'placing',
  'received',
  'processing',
  'backordered',
  'given-up',
] as const satisfies readonly (OrderStatus | OpenCarrierStatus)[];

type Stage = (typeof stages)[number];

/** How many there are, and since when the oldest has been in this state; no time if there are none. */
export interface Backlog {
  readonly count: number;
  readonly since?: Timestamp;
}

export interface OpenCounts {
  readonly byStage: Readonly<Record<Stage, number>>;
  readonly waiting: Backlog;
  /** Sent, but Bandwidth has no record of them; people are asked what to do. */
  readonly untraced: number;
  /** Sent, but Bandwidth can't be asked about them; people are asked what to do. */
  readonly notKnown: number;
  /** Cards that don't show their order as it is. */
  readonly staleCards: Backlog;
  /** Events that aren't known to be in the journal. */
  readonly unjournaled: Backlog;
}

/** Counts the open orders as they are noted, so that nothing has to be read to know how many there are. */
export interface OpenTally {
  /** Takes note of an open order that was just read or written. */
  note(order: Order): void;
  /** It is no longer open. */
  forget(id: OrderId): void;
  /** The journal has this many events of the order. */
  journaled(id: OrderId, events: number): void;
  /** Every open order has been read and noted since `at`. */
  allNoted(at: Timestamp): void;
  /** Returns undefined while not every open order is known, or what is known is too old. */
  counts(): OpenCounts | undefined;
}

/** What is known of one order. */
interface Counted {
  readonly stage: Stage | undefined;
  readonly untraced: boolean;
  readonly notKnown: boolean;
  readonly events: number;
  /** How many of them are in the journal, as far as is known. */
  readonly journaled: number;
  readonly lastEventAt: Timestamp;
}

/** If other instances write too, all open orders are read every 20 seconds; older counts may be wrong. */
const TRUSTED_FOR_MS = 60_000;

/** @param deps.alone whether no other instance writes to the store. */
export function makeOpenTally(deps: { now: () => Timestamp; alone: boolean }): OpenTally {
  const counted = new Map<OrderId, Counted>();
  const byStage: Record<Stage, number> = {
    'awaiting-approval': 0,
    approved: 0,
    placing: 0,
    received: 0,
    processing: 0,
    backordered: 0,
    'given-up': 0,
  };
  let untraced = 0;
  let notKnown = 0;
  const waiting = makeBacklog();
  const staleCards = makeBacklog();
  const unjournaled = makeBacklog();
  let notedAt: Timestamp | undefined;

  function count(order: Counted, by: 1 | -1): void {
    if (order.stage !== undefined) byStage[order.stage] += by;
    if (order.untraced) untraced += by;
    if (order.notKnown) notKnown += by;
  }

  return {
    note(order) {
      const { id } = order;
      const before = counted.get(id);
      if (before !== undefined) count(before, -1);
      const now = countedAs(order, before);
      counted.set(id, now);
      count(now, 1);
      waiting.set(id, order.status === 'awaiting-approval' ? 1 : 0, lastRequestedAt(order));
      const due = order.cards.filter((card) => isCardDue(order, card)).length;
      staleCards.set(id, due, staleCards.since(id) ?? now.lastEventAt);
      unjournaled.set(id, now.events - now.journaled, order.events[now.journaled]?.at ?? now.lastEventAt);
    },
    forget(id) {
      const before = counted.get(id);
      if (before === undefined) return;
      count(before, -1);
      counted.delete(id);
      for (const backlog of [waiting, staleCards, unjournaled]) backlog.set(id, 0, 0);
    },
    journaled(id, journaled) {
      const before = counted.get(id);
      if (before === undefined) return;
      counted.set(id, { ...before, journaled });
      unjournaled.set(id, before.events - journaled, before.lastEventAt);
    },
    allNoted(at) {
      notedAt = at;
    },
    counts() {
      if (notedAt === undefined) return undefined;
      if (!deps.alone && Math.abs(deps.now() - notedAt) > TRUSTED_FOR_MS) return undefined;
      return {
        byStage: { ...byStage },
        waiting: waiting.read(),
        untraced,
        notKnown,
        staleCards: staleCards.read(),
        unjournaled: unjournaled.read(),
      };
    },
  };
}

function countedAs(order: Order, before: Counted | undefined): Counted {
  const { events } = order;
  // A store that went back in time has fewer events than were copied; the journal is compared again.
  const copied = before !== undefined && before.journaled <= events.length ? before.journaled : 0;
  const sent = linesOf(order).filter((line) => line.status === 'placing');
  const untraced = sent.some(isUntraced);
  return {
    stage: stageOf(order),
    untraced,
    notKnown: !untraced && sent.some(asksPeople),
    events: events.length,
    journaled: Math.max(copied, order.journaled),
    lastEventAt: events.at(-1)?.at ?? order.requestedAt,
  };
}

/**
 * A final order may still need its card and the journal, but it isn't open to people. An order of several lines is where
 * the first of them is that hasn't ended.
 */
function stageOf(order: Order): Stage | undefined {
  if (order.status === 'ordering') {
    return linesOf(order)
      .map(stageOf)
      .find((stage) => stage !== undefined);
  }
  if (order.status === 'placed') return order.carrierOrder.status;
  return isFinal(order) ? undefined : stages.find((stage) => stage === order.status);
}

/** Adds up as it changes. Only the oldest is looked for when it is read, and only if it has changed. */
function makeBacklog() {
  const entries = new Map<OrderId, { readonly count: number; readonly since: Timestamp }>();
  let total = 0;
  /** Undefined if it has to be looked for. */
  let oldest: Timestamp | undefined = Number.POSITIVE_INFINITY;

  return {
    since: (id: OrderId): Timestamp | undefined => entries.get(id)?.since,
    /** A count of zero or less takes the order out. */
    set(id: OrderId, count: number, at: Timestamp): void {
      // A damaged order may have any time at all, or none.
      const since = Number.isFinite(at) ? at : Number.POSITIVE_INFINITY;
      const before = entries.get(id);
      if (before !== undefined) {
        entries.delete(id);
        total -= before.count;
        if (before.since === oldest) oldest = undefined;
      }
      if (count <= 0) return;
      entries.set(id, { count, since });
      total += count;
      if (oldest !== undefined) oldest = Math.min(oldest, since);
    },
    read(): Backlog {
      if (oldest === undefined) {
        oldest = Number.POSITIVE_INFINITY;
        for (const { since } of entries.values()) oldest = Math.min(oldest, since);
      }
      return { count: total, ...(oldest === Number.POSITIVE_INFINITY ? {} : { since: oldest }) };
    },
  };
}
