import { isDeepStrictEqual } from 'node:util';
import type { FinalCarrierStatus } from '../domain/carrier-report.js';
import { isSettled } from '../domain/due-announcements.js';
import { givingUp, type Order, type OrderIn } from '../domain/order.js';
import type { OrderEvent } from '../domain/order-event.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import {
  cancelled,
  declined,
  expired,
  givenUp,
  mistrusted,
  placed,
  sentBefore,
} from '../domain/transitions.js';
import { type Clock, type Log, type OrderStore, OutcomeUnknown, StoreError } from '../ports.js';
import { nextLookForGivenUp } from './lost-order.js';
import { isDue } from './next-step.js';
import type { OpenOrders } from './tracking/open-orders.js';

/**
 * Remembers what this process has requested, approved and sent. A store may go back in time: Redis after a power cut, a
 * replica that lagged when it took over, a restored backup. Then an order that is at Bandwidth waits there to be sent, or
 * isn't there at all; or one that somebody canceled waits there to be sent after all.
 */
export interface SentOrders {
  /**
   * The store for everybody who decides: what it has forgotten of an order that this process sent is put back on record,
   * and counted against the limits, before anybody sees the order. `open` also names open orders that the store has
   * nothing of, so that reading the open orders brings them back. An order that this process saw canceled,
   * declined or expired is that again for all who read it, and is never sent.
   */
  remembering(orders: OrderStore): OrderStore;
  /**
   * Puts back what the store has lost. Call it on every pass, even if another instance is the leader. Never rejects.
   */
  lookForForgotten(orders: OrderStore): Promise<void>;
  /**
   * Like {@link remembering}, for the limits themselves: what they put back is counted after their current work, which
   * would otherwise wait for itself.
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
   * Puts back, and counts, what the store has forgotten. One read where it has forgotten nothing. Never rejects; not to
   * be called by those for whom the counting itself waits.
   */
  lookForForgotten(): Promise<void>;
}

/** What it takes to put an order back on record. */
interface Sent {
  /** As this process last wrote or read it. */
  readonly last: SentOrder;
  readonly sentAt: Timestamp;
  readonly isSettled: boolean;
  /** The version on record, as far as this process knows: lower than that of `last` where the store has gone back. */
  readonly version: number;
}

type SentOrder = OrderIn<'placing' | 'placed' | 'given-up' | 'refused' | FinalCarrierStatus>;

/** Nobody wants it sent any more. */
type EndedOrder = OrderIn<'cancelled' | 'declined' | 'expired'>;

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
  clock: Pick<Clock, 'now'>;
  log: Log;
}): SentOrders {
  const { alone, open, count, clock, log } = deps;
  const startedAt = clock.now();
  const requested = new Map<OrderId, true>();
  const approved = new Map<OrderId, { readonly approvedAt: Timestamp; readonly notedAt: Timestamp }>();
  /** In the order of the last write. */
  const sent = new Map<OrderId, Sent>();
  /** Ended unsent, as this process last wrote or read it. The one written last comes last. */
  const ended = new Map<OrderId, EndedOrder>();
  /** To when this process put the order off. */
  const putOff = new Map<OrderId, Timestamp>();
  /** Put back on record, and perhaps not counted yet. */
  const uncounted = new Set<OrderId>();
  /** To be read again, because the store has gone back in time since they were written. */
  const doubted = new Set<OrderId>();

  /** Learns from an order's next state; `current` is undefined for a new order. */
  function note(current: Order | undefined, next: Order): void {
    const { id } = next;
    if (next.status === 'awaiting-approval' && current === undefined) remember(requested, id, true);
    if (next.status === 'approved' && isPlannedHere(current, next)) remember(putOff, id, next.asking.nextAt);
    if (next.status === 'approved' && current?.status === 'awaiting-approval') {
      remember(approved, id, { approvedAt: next.approval.at, notedAt: clock.now() });
    }
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
      remember(sent, id, { last: next, sentAt, isSettled: isSettled(next), version: next.version });
    }
  }

  /** Another instance may have taken it further. */
  function noteRead(order: Order, known: Sent): void {
    if (!wasSent(order) || order.version <= known.last.version) return;
    sent.set(order.id, { ...known, last: order, isSettled: isSettled(order), version: order.version });
  }

  /** It was written before it was read, so the store has gone back, though perhaps not to before it was sent. */
  function noteOlder({ id, version }: Order): void {
    const known = sent.get(id);
    if (known !== undefined) sent.set(id, { ...known, version });
    doubtOthers(id);
  }

  /**
   * Whether this write ends an attempt to send the order; or approves it, where this process sends it within seconds:
   * people would wait ten seconds for each order otherwise. After an undo window any instance may be the first to send.
   */
  function isPlannedHere(current: Order | undefined, next: OrderIn<'approved'>): boolean {
    if (current?.status === 'approved') return current.asking.nextAt !== next.asking.nextAt;
    return alone || current?.status === 'placing' || next.asking.nextAt <= next.approval.at;
  }

  /** Bandwidth certainly doesn't have it, whether or not that can be written down. */
  function forgetIfNotTaken(current: Order, next: Order): void {
    const notTaken =
      current.status === 'placing' && (next.status === 'approved' || next.status === 'refused');
    if (notTaken) sent.delete(current.id);
  }

  /** Counts an order that was put back, which doesn't depend on this succeeding: each reading of it tries again. */
  async function countIt(order: Order): Promise<void> {
    uncounted.add(order.id);
    try {
      await count(order);
      uncounted.delete(order.id);
    } catch (err) {
      log.error(
        { err, orderId: order.id },
        'an order put back on record is not counted against the limits yet; it will be tried again',
      );
    }
  }

  /** Whoever waits wanted something else, so for them nothing is in doubt: it has not begun. */
  async function write(id: OrderId, which: 'sent' | 'over', act: () => Promise<boolean>): Promise<boolean> {
    try {
      return await act();
    } catch (err) {
      const carrierOrderId = carrierOrderIdOf(sent.get(id)?.last);
      log.error(
        { err, orderId: id, carrierOrderId },
        `an order that was ${which} could not be put back on record; it will be tried again`,
      );
      if (!(err instanceof OutcomeUnknown)) throw err;
      throw new StoreError(`whether order ${id} is back on record is not known`, { cause: err });
    }
  }

  /** Reads the order, once more if someone writes at the same moment. */
  async function read(
    orders: OrderStore,
    id: OrderId,
    counting: (order: Order) => void | Promise<void>,
  ): Promise<Order | undefined> {
    for (let losses = 0; losses < MOST_LOSSES; losses += 1) {
      const version = sent.get(id)?.version;
      const order = await orders.get(id);
      if (order !== undefined && version !== undefined && order.version < version) noteOlder(order);
      const known = sent.get(id);
      if (known === undefined || (order !== undefined && !hasForgotten(order, known))) {
        if (order !== undefined && known !== undefined) noteRead(order, known);
        if (order !== undefined && uncounted.has(id)) await counting(order);
        const over = known === undefined && order !== undefined ? endedAgain(order) : order;
        if (over !== undefined && order !== undefined && over !== order) {
          if (!(await putEndBack(orders, order, over))) continue;
        }
        doubted.delete(id);
        return over;
      }
      open.forget(id);
      const now = clock.now();
      const next = order === undefined ? reinserted(known, now) : putBack(order, known, now);
      await counting(next);
      const isWritten = await write(id, 'sent', () =>
        order === undefined ? orders.insert(next) : orders.replace(order, next),
      );
      // If someone wrote while this was read, only the reading was old.
      if (!isWritten) continue;
      note(order, next);
      doubtOthers(id);
      const facts = { orderId: id, carrierOrderId: carrierOrderIdOf(known.last), status: order?.status };
      log.error(
        facts,
        order === undefined
          ? 'database lost an order that was sent, put back on record'
          : 'database went back in time, order was sent',
      );
      return next;
    }
    throw new StoreError(`order ${id} was sent, and was another each time that was to be put back on record`);
  }

  /** The order itself, or how it ended if the store has forgotten that. */
  function endedAgain(order: Order): Order {
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
    // Where somebody wrote while this was read, only the reading was old.
    if (!(await write(id, 'over', () => orders.replace(order, over)))) return false;
    note(order, over);
    doubtOthers(id);
    log.error(
      { orderId: id, status: order.status, was: over.status },
      'database went back in time, order was over',
    );
    return true;
  }

  /** A store that has forgotten one order may have forgotten others: each is read once. */
  function doubtOthers(id: OrderId): void {
    for (const each of [...sent.keys(), ...ended.keys()]) doubted.add(each);
    doubted.delete(id);
    open.doubt();
  }

  /** Always includes the order written last, because a store that goes back in time loses it first. */
  function toBeRead(): readonly OrderId[] {
    const newest = [...[...sent.keys()].slice(-1), ...[...ended.keys()].slice(-1)];
    return [...newest, ...uncounted, ...doubted];
  }

  /** Never rejects. */
  async function lookFor(orders: OrderStore, ids: Iterable<OrderId>): Promise<void> {
    for (const id of new Set(ids)) {
      try {
        await read(orders, id, countIt);
      } catch (err) {
        log.warn({ err, orderId: id }, 'whether the database has gone back on an order cannot be seen yet');
      }
    }
  }

  const isOnlyOurs = (order: Order): boolean => alone && requested.has(order.id) && !sent.has(order.id);

  const isUntriedByOthers = ({ id, asking }: OrderIn<'approved'>): boolean =>
    putOff.get(id) === asking.nextAt || (alone && asking.nextAt > startedAt);

  function approvedJustNow(order: Order): boolean {
    const here = approved.get(order.id);
    if (order.status !== 'approved' || here?.approvedAt !== order.approval.at) return false;
    const since = clock.now() - here.notedAt;
    return since >= 0 && since <= FOLLOWS_WITHIN_MS;
  }

  return {
    remembering: (orders) => ({
      ...orders,
      get: (id) => read(orders, id, countIt),
      async open() {
        const unsettled = [...sent].filter(([, known]) => !known.isSettled).map(([id]) => id);
        return [...new Set([...(await orders.open()), ...unsettled])];
      },
      async insert(order) {
        const isNew = await orders.insert(order);
        if (isNew) note(undefined, order);
        return isNew;
      },
      async replace(current, next) {
        forgetIfNotTaken(current, next);
        // It was read before the store forgot that it is over.
        if (current.status === 'approved' && next.status === 'placing' && ended.has(next.id)) return false;
        const replaced = await orders.replace(current, next);
        if (replaced) note(current, next);
        return replaced;
      },
    }),
    lookForForgotten: (orders) => lookFor(orders, toBeRead()),
    rememberingForLimits: (orders) => ({
      get: (id) => read(orders, id, (order) => void countIt(order)),
      async lookForForgotten() {
        await lookFor(orders, [...sent.keys()].slice(-1));
        // Only if that one was forgotten.
        await lookFor(orders, doubted);
      },
    }),
    isUntriedByOthers,
    isCertainlyUnsent: (order) => isOnlyOurs(order) && approvedJustNow(order),
    mayBeAtBandwidth(order) {
      const { approval, asking } = order;
      if (isOnlyOurs(order) && approved.get(order.id)?.approvedAt === approval.at) return 'no';
      const isUntried = isUntriedByOthers(order);
      const now = clock.now();
      if (!isUntried && asking.nextAt <= now && lookBeforeSendingAt(order, now) > now) return 'too-early';
      const isPutOff = isUntried || asking.nextAt > now;
      return isPutOff && !isHeldBack(order) ? 'no' : 'ask';
    },
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

/** It may be held back because Bandwidth could not be asked whether it has the order. */
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

function wasSent(order: Order): order is SentOrder {
  switch (order.status) {
    case 'placing':
    case 'placed':
    case 'given-up':
    case 'refused':
    case 'complete':
    case 'partial':
    case 'failed':
      return true;
    default:
      return false;
  }
}

function isEnded(order: Order): order is EndedOrder {
  return order.status === 'cancelled' || order.status === 'declined' || order.status === 'expired';
}

/** What has ended never waits again, except in a store that went back in time. */
function hasForgottenEnd(order: Order): order is OrderIn<'awaiting-approval' | 'approved'> {
  return order.status === 'awaiting-approval' || order.status === 'approved';
}

/**
 * The order with its end. Where others went on with what the store had forgotten, what they did stays on record, and it
 * ends all the same; undefined where it had only expired and they have approved it since.
 */
function withEnd(order: OrderIn<'awaiting-approval' | 'approved'>, end: EndedOrder): Order | undefined {
  if (isDeepStrictEqual(order.events, end.events.slice(0, order.events.length))) {
    return { ...mistrusted(end), version: order.version + 1, journaled: order.journaled };
  }
  if (end.status === 'cancelled') return cancelled(order, end.by, end.at);
  if (order.status === 'awaiting-approval') {
    return end.status === 'declined' ? declined(order, end.by, end.why, end.at) : expired(order, end.at);
  }
  return end.status === 'declined' ? cancelled(order, end.by, end.at) : undefined;
}

/** Undefined where nothing says so any more. */
function sentAtOf(order: SentOrder, before: Sent | undefined): Timestamp | undefined {
  if ('sentAt' in order) return order.sentAt;
  return before?.sentAt ?? (order.status === 'placed' ? order.carrierOrder.placedAt : undefined);
}

function carrierOrderIdOf(order: Order | undefined): string | undefined {
  if (order?.status === 'placed') return order.carrierOrder.id;
  return order !== undefined && 'carrierOrderId' in order ? order.carrierOrderId : undefined;
}

/** Whether the record lacks that the order was sent, how often it was sent, or that someone gave it up. */
function hasForgotten(order: Order, { last }: Sent): boolean {
  const { again } = last.approval;
  switch (order.status) {
    case 'awaiting-approval':
    case 'approved':
    case 'declined':
    case 'expired':
    case 'cancelled':
      return true;
    case 'placing':
      return (
        givingUp(last) !== undefined ||
        (again !== undefined && (order.approval.again?.at ?? Number.NEGATIVE_INFINITY) < again.at)
      );
    default:
      return false;
  }
}

/**
 * Marks it as sent with an unrecorded answer, so that it is looked up. If its carrier order is known, it is followed;
 * if someone gave it up, it stays given up and is never resubmitted automatically.
 */
function putBack(order: Order, { last, sentAt }: Sent, now: Timestamp): Order {
  const { approval } = last;
  const carrierOrderId = carrierOrderIdOf(last);
  const request = isDeepStrictEqual(order.request, last.request) ? undefined : last.request;
  const found = sentBefore(order, { approval, sentAt, request }, now);
  const next =
    carrierOrderId !== undefined
      ? placed(found, carrierOrderId, now, now)
      : last.status === 'given-up'
        ? givenUp(found, last.by, now, last.soughtUntil, nextLookForGivenUp(last, now))
        : found;
  return { ...next, version: order.version + 1 };
}

/**
 * Returns the whole order, for a store that has nothing of it. Its card is drawn and its events are journaled again.
 */
function reinserted({ last, sentAt }: Sent, now: Timestamp): Order {
  const { approval } = last;
  const next =
    last.status === 'placing'
      ? sentBefore(last, { approval, sentAt, request: undefined }, now)
      : mistrusted(last);
  return { ...next, journaled: 0 };
}
