import { isSettled } from '../domain/due-announcements.js';
import { orderIdOf } from '../domain/line-ids.js';
import { wholeOf } from '../domain/lines.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import { type OrderId, severalLines, type Timestamp } from '../domain/request.js';
import { withLine } from '../domain/transitions.js';
import type { OldOrders } from '../old-orders.js';
import { type Clock, type Log, type OrderStore, OutcomeUnknown, StoreError } from '../ports.js';
import {
  carrierOrderIdOf,
  type EndedOrder,
  hasForgotten,
  hasForgottenEnd,
  isEnded,
  putBack,
  reinserted,
  type Sent,
  sentAtOf,
  wasSent,
  withEnd,
} from './lost-records.js';
import { isDue } from './next-step.js';
import { type ChangedLine, changedLines, lineIdsOf, lineIn, progressIn } from './sent-lines.js';
import type { OpenOrders } from './tracking/open-orders.js';

/**
 * Remembers what this process requested, approved, sent and saw end. A store can go back in time: Redis after a power
 * cut, a lagging replica that took over, a restored backup. Orders that were sent, or canceled, then wait to be sent.
 */
export interface SentOrders {
  /**
   * Wraps the store for everything that decides about orders. Reading an order first restores what the store lost of
   * it: that it was sent (which is also counted against the limits again), or that it was canceled, declined or expired.
   * `open` includes open orders that the store lost entirely, so that reading them brings them back.
   */
  remembering(orders: OrderStore): OrderStore;
  /** Restores what the store lost. Call it on every pass, also if another instance is the leader. Never rejects. */
  restoreLost(orders: OrderStore): Promise<void>;
  /**
   * Like {@link remembering}, for the limits themselves. A restored order is counted after their current work, because
   * that work would otherwise wait for itself.
   */
  rememberingForLimits(orders: OrderStore): OrdersToCount;
  /**
   * Whether no other process can have tried to send the order since the time it was last postponed to: this process
   * postponed it, or no other instance writes to the store and this one approved it or was already running.
   */
  isUntriedByOthers(order: OrderIn<'approved'>): boolean;
  /**
   * Whether no one can have sent the order, neither another process nor this one: it was requested and just approved
   * here, and no other instance writes to the store. Otherwise Bandwidth is asked about it before it is sent.
   */
  isCertainlyUnsent(order: Order): boolean;
  /**
   * Whether an approved order can be at Bandwidth already, so that canceling it would tell people something untrue.
   * `ask`: Bandwidth can say. `too-early`: it may have been sent seconds ago, and Bandwidth may not list it yet.
   */
  mayBeAtBandwidth(order: OrderIn<'approved'>): 'no' | 'ask' | 'too-early';
}

/** The orders as the limits need them. */
export interface OrdersToCount extends Pick<OrderStore, 'get'> {
  /**
   * Restores and counts what the store lost; a single read if it lost nothing. Never rejects. Code that counting waits
   * for must not call it.
   */
  restoreLost(): Promise<void>;
}

/** What this process knows of the record of an order. */
interface KnownRecord {
  /** Lower than that of what was sent if the store went back. */
  readonly version: number;
  readonly isSettled: boolean;
  /** How many lines it has, if several; otherwise 0. */
  readonly lines: number;
}

/** A POST follows its own approval when it comes so soon after it. */
const FOLLOWS_WITHIN_MS = 10_000;
/** The maximum number of conflicts with other writers in a row. */
const MOST_LOSSES = 20;
/** The maximum number of orders remembered of each kind. About others, Bandwidth is asked, as after a restart. */
const MOST_REMEMBERED = 20_000;

export function makeSentOrders(deps: {
  /** Whether no other instance writes to the store. */
  alone: boolean;
  /** What is known about the open orders may be more recent than the store. */
  open: Pick<OpenOrders, 'forget' | 'doubt'>;
  /** Counts an order that was already sent against the limits; idempotent. */
  count: (order: Order) => Promise<void>;
  /** Whether an order was removed because it is old, so that it isn't lost. */
  removed?: OldOrders['removed'];
  clock: Pick<Clock, 'now'>;
  log: Log;
}): SentOrders {
  const { alone, open, count, removed, clock, log } = deps;
  const startedAt = clock.now();
  const requested = new Map<OrderId, true>();
  const approved = new Map<OrderId, { readonly approvedAt: Timestamp; readonly notedAt: Timestamp }>();
  /** What was sent, orders or lines, in the order of the last write. */
  const sent = new Map<OrderId, Sent>();
  /** The record of each order of which anything was sent, as far as this process knows. */
  const records = new Map<OrderId, KnownRecord>();
  /** Orders or lines that ended unsent, as this process last wrote or read them. The one written last comes last. */
  const ended = new Map<OrderId, EndedOrder>();
  /** When the order is tried next, if this process postponed it. */
  const postponedTo = new Map<OrderId, Timestamp>();
  /** Restored, and perhaps not counted yet. */
  const uncounted = new Set<OrderId>();
  /** To be read again, because the store went back in time since they were written. */
  const doubted = new Set<OrderId>();

  /** Learns from an order's next state; `current` is undefined for a new order. */
  function note(current: Order | undefined, next: Order): void {
    const { id } = next;
    if (next.status === 'awaiting-approval' && current === undefined) remember(requested, id, true);
    if (next.status === 'approved' && current?.status === 'awaiting-approval') {
      remember(approved, id, { approvedAt: next.approval.at, notedAt: clock.now() });
    }
    if (next.lines !== undefined && isEnded(next)) remember(ended, id, next);
    for (const [before, after] of changedLines(current, next)) noteLine(before, after);
    noteRecord(next);
  }

  function noteRecord(order: Order): void {
    if (![order, ...(order.lines ?? [])].some(wasSent)) return;
    const lines = severalLines(order.request).length;
    remember(records, order.id, { version: order.version, isSettled: isSettled(order), lines });
  }

  /** The same for one of its lines, or for the order itself if it has one. */
  function noteLine(current: Order | undefined, next: Order): void {
    const { id } = next;
    if (next.status === 'approved' && isPlannedHere(current, next))
      remember(postponedTo, id, next.asking.nextAt);
    if (isEnded(next)) remember(ended, id, next);
    if (!wasSent(next)) return;
    const before = sent.get(id);
    // A card may be drawn at the moment the request turns out not to have been accepted; that write sends nothing.
    const isOnlyDrawn =
      next.status === 'placing' && current?.status === 'placing' && current.sentAt === next.sentAt;
    if (before === undefined && isOnlyDrawn) return;
    const sentAt = sentAtOf(next, before);
    if (sentAt !== undefined) {
      // Another process may have sent it without knowing that it had ended.
      ended.delete(id);
      ended.delete(wholeOf(next).id);
      remember(sent, id, { last: next, sentAt });
    }
  }

  /** Another instance may have taken it further. */
  function noteRead(order: Order): void {
    for (const id of sentLines(order.id)) {
      const known = sent.get(id);
      const line = lineIn(order, id);
      if (known === undefined || line === undefined || !wasSent(line)) continue;
      if (line.version > known.last.version) sent.set(id, { ...known, last: line });
    }
    noteRecord(order);
  }

  /** It was older than what this process wrote, so the store went back, though perhaps not to before it was sent. */
  function noteOlder({ id, version }: Order): void {
    const known = records.get(id);
    if (known !== undefined) records.set(id, { ...known, version });
    doubtOthers(id);
  }

  /** Returns the ids of what was sent of this order: its own, or those of its lines. */
  function sentLines(id: OrderId): readonly OrderId[] {
    const { lines = 0 } = records.get(id) ?? {};
    return [id, ...lineIdsOf(id, lines)].filter((each) => sent.has(each));
  }

  /**
   * Whether this write ends an attempt to send the order, or approves an order that this process sends within seconds.
   * Otherwise every order would wait ten seconds. After an undo window any instance may be the first to send.
   */
  function isPlannedHere(current: Order | undefined, next: OrderIn<'approved'>): boolean {
    if (current?.status === 'approved') return current.asking.nextAt !== next.asking.nextAt;
    return alone || current?.status === 'placing' || next.asking.nextAt <= next.approval.at;
  }

  /** Bandwidth certainly doesn't have it, whether or not that can be written down. */
  function forgetIfNotTaken(current: Order | undefined, next: Order): void {
    const notTaken =
      current?.status === 'placing' && (next.status === 'approved' || next.status === 'refused');
    if (notTaken) sent.delete(next.id);
  }

  const isSentAfterItsEnd = ([current, next]: ChangedLine): boolean =>
    current?.status === 'approved' &&
    next.status === 'placing' &&
    (ended.has(next.id) || ended.has(wholeOf(next).id));

  /** Counts a restored order. If that fails, the next read of the order tries again. */
  async function countIt(order: Order): Promise<void> {
    uncounted.add(order.id);
    try {
      await count(order);
      uncounted.delete(order.id);
    } catch (err) {
      log.error({ err, orderId: order.id }, 'counting a restored order failed, will retry');
    }
  }

  /** Never throws {@link OutcomeUnknown}: what the caller wanted hasn't begun, so for them its outcome is certain. */
  async function write(id: OrderId, which: 'sent' | 'over', act: () => Promise<boolean>): Promise<boolean> {
    try {
      return await act();
    } catch (err) {
      const carrierOrderId = carrierOrderIdOf(sent.get(id)?.last);
      log.error({ err, orderId: id, carrierOrderId, was: which }, 'restoring an order failed, will retry');
      if (!(err instanceof OutcomeUnknown)) throw err;
      throw new StoreError(`restoring order ${id} has an unknown outcome`, { cause: err });
    }
  }

  /** Reads the order, once more if someone writes at the same moment. */
  async function read(
    orders: OrderStore,
    id: OrderId,
    counting: (order: Order) => void | Promise<void>,
  ): Promise<Order | undefined> {
    for (let losses = 0; losses < MOST_LOSSES; losses += 1) {
      const version = records.get(id)?.version;
      const order = await orders.get(id);
      if (order !== undefined && version !== undefined && order.version < version) noteOlder(order);
      const lost = forgottenOf(id, order);
      if (lost.length === 0) {
        if (order !== undefined && version !== undefined && order.version > version) noteRead(order);
        if (order !== undefined && uncounted.has(id)) await counting(order);
        const over = order && endedAgain(order);
        if (over !== undefined && order !== undefined && over !== order) {
          if (!(await putEndBack(orders, order, over))) continue;
        }
        doubted.delete(id);
        return over;
      }
      if (order === undefined && (await removed?.(id)) !== undefined) {
        for (const each of sentLines(id)) sent.delete(each);
        return undefined;
      }
      open.forget(id);
      const now = clock.now();
      const next = order === undefined ? reinserted(lost, now) : putBack(order, lost, now);
      await counting(next);
      const isWritten = await write(id, 'sent', () =>
        order === undefined ? orders.insert(next) : orders.replace(order, next),
      );
      // If someone wrote while this was read, only the reading was old.
      if (!isWritten) continue;
      note(order, next);
      doubtOthers(id);
      const [first] = lost;
      const facts = { orderId: id, carrierOrderId: carrierOrderIdOf(first?.last), status: order?.status };
      log.error(
        facts,
        order === undefined
          ? 'database lost a sent order, restored'
          : 'database went back in time, order was sent',
      );
      return next;
    }
    throw new StoreError(
      `order ${id} could not be restored: another writer was faster ${MOST_LOSSES} times in a row`,
    );
  }

  /** Returns what was sent of the order and isn't on record anymore; `order` is undefined if nothing of it is. */
  function forgottenOf(id: OrderId, order: Order | undefined): readonly Sent[] {
    return sentLines(id).flatMap((each) => {
      const known = sent.get(each);
      if (known === undefined) return [];
      return order === undefined || hasForgotten(progressIn(order, each), known) ? known : [];
    });
  }

  /** Returns the order itself, or with its end, or those of its lines, if the store lost that. */
  function endedAgain(order: Order): Order {
    const { id, lines = [] } = order;
    const whole = sent.has(id) ? order : withItsEnd(order);
    if (whole !== order) return whole;
    return lineIdsOf(id, lines.length).reduce((current, each) => {
      if (!ended.has(each) || sent.has(each)) return current;
      const line = lineIn(current, each);
      if (line === undefined) return current;
      const over = withItsEnd(line);
      return over === line ? current : { ...withLine(current, line, over), version: order.version + 1 };
    }, order);
  }

  function withItsEnd(order: Order): Order {
    const end = ended.get(order.id);
    if (end === undefined) return order;
    const over = hasForgottenEnd(order) ? withEnd(order, end) : undefined;
    if (over !== undefined) return over;
    if (!isEnded(order)) ended.delete(order.id);
    else if (order.version > end.version) ended.set(order.id, order);
    return order;
  }

  async function putEndBack(orders: OrderStore, order: Order, over: Order): Promise<boolean> {
    const { id } = order;
    open.forget(id);
    // If someone wrote while this was read, only the reading was old.
    if (!(await write(id, 'over', () => orders.replace(order, over)))) return false;
    note(order, over);
    doubtOthers(id);
    log.error(
      { orderId: id, status: order.status, was: over.status },
      'database went back in time, order was over',
    );
    return true;
  }

  /** A store that lost one order may have lost others, so each is read once. */
  function doubtOthers(id: OrderId): void {
    for (const each of [...sent.keys(), ...ended.keys()]) doubted.add(orderIdOf(each));
    doubted.delete(id);
    open.doubt();
  }

  /** Always includes the order written last, because a store that goes back in time loses it first. */
  function toBeRead(): readonly OrderId[] {
    const newest = [...[...sent.keys()].slice(-1), ...[...ended.keys()].slice(-1)];
    return [...newest.map(orderIdOf), ...uncounted, ...doubted];
  }

  /** Never rejects. */
  async function lookFor(orders: OrderStore, ids: Iterable<OrderId>): Promise<void> {
    for (const id of new Set(ids)) {
      try {
        await read(orders, id, countIt);
      } catch (err) {
        log.warn({ err, orderId: id }, 'check for a lost record failed, will retry');
      }
    }
  }

  const isOnlyOurs = ({ id }: Order): boolean => alone && requested.has(orderIdOf(id)) && !sent.has(id);

  const isUntriedByOthers = ({ id, asking }: OrderIn<'approved'>): boolean =>
    postponedTo.get(id) === asking.nextAt || (alone && asking.nextAt > startedAt);

  function approvedJustNow(order: Order): boolean {
    const here = approved.get(orderIdOf(order.id));
    if (order.status !== 'approved' || here?.approvedAt !== order.approval.at) return false;
    const since = clock.now() - here.notedAt;
    return since >= 0 && since <= FOLLOWS_WITHIN_MS;
  }

  function mayBeAtBandwidth(order: OrderIn<'approved'>): 'no' | 'ask' | 'too-early' {
    const { approval, asking } = order;
    if (isOnlyOurs(order) && approved.get(orderIdOf(order.id))?.approvedAt === approval.at) return 'no';
    const isUntried = isUntriedByOthers(order);
    const now = clock.now();
    if (!isUntried && asking.nextAt <= now && lookBeforeSendingAt(order, now) > now) return 'too-early';
    const isPutOff = isUntried || asking.nextAt > now;
    return isPutOff && !isHeldBack(order) ? 'no' : 'ask';
  }

  return {
    remembering: (orders) => ({
      ...orders,
      get: (id) => read(orders, id, countIt),
      async open() {
        const unsettled = [...records].filter(([, known]) => !known.isSettled).map(([id]) => id);
        return [
          ...new Set([...(await orders.open()), ...unsettled.filter((id) => sentLines(id).length > 0)]),
        ];
      },
      async insert(order) {
        const isNew = await orders.insert(order);
        if (isNew) note(undefined, order);
        return isNew;
      },
      async replace(current, next) {
        const changed = changedLines(current, next);
        for (const [before, after] of changed) forgetIfNotTaken(before, after);
        // It was read before the store lost its end.
        if (changed.some(isSentAfterItsEnd)) return false;
        const replaced = await orders.replace(current, next);
        if (replaced) note(current, next);
        return replaced;
      },
    }),
    restoreLost: (orders) => lookFor(orders, toBeRead()),
    rememberingForLimits: (orders) => ({
      get: (id) => read(orders, id, (order) => void countIt(order)),
      async restoreLost() {
        await lookFor(orders, [...sent.keys()].slice(-1).map(orderIdOf));
        // Not empty only if that one was lost.
        await lookFor(orders, doubted);
      },
    }),
    isUntriedByOthers,
    isCertainlyUnsent: (order) => isOnlyOurs(order) && approvedJustNow(order),
    mayBeAtBandwidth,
  };
}

/**
 * Bandwidth lists an order a moment after accepting it, so a lookup right after another process's attempt proves
 * nothing.
 */
const LISTED_WITHIN_MS = 10_000;

/**
 * Returns when to look up an approved order that another process may have tried. The database may have lost that
 * attempt in a failover; it was made no earlier than the record had planned.
 */
export function lookBeforeSendingAt(
  { approval, asking }: Pick<OrderIn<'approved'>, 'approval' | 'asking'>,
  now: Timestamp,
): Timestamp {
  const at = Math.max(approval.at, asking.nextAt) + LISTED_WITHIN_MS;
  return isDue(at, now) ? now : at;
}

/** It may be on hold because Bandwidth couldn't be asked whether it has the order. */
function isHeldBack({ events }: Order): boolean {
  return events.findLast(({ what }) => attempts.includes(what))?.what === 'held-back';
}

const attempts: readonly OrderEvent['what'][] = ['approved', 'approved-by-rule', 'not-taken', 'held-back'];

function remember<T>(map: Map<OrderId, T>, id: OrderId, value: T): void {
  map.delete(id);
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
