import { isDeepStrictEqual } from 'node:util';
import type { FinalCarrierStatus } from '../domain/carrier-report.js';
import { isSettled } from '../domain/due-announcements.js';
import { givingUp, type Order, type OrderIn } from '../domain/order.js';
import type { OrderId, Timestamp } from '../domain/request.js';
import { givenUp, mistrusted, placed, sentBefore } from '../domain/transitions.js';
import { type Clock, type Log, type OrderStore, OutcomeUnknown, StoreError } from '../ports.js';
import { nextLookForGivenUp } from './lost-order.js';
import { isDue } from './next-step.js';
import type { OpenOrders } from './tracking/open-orders.js';

/**
 * Remembers what this process requested, approved and sent. A store may go back in time: Redis after a power cut, a
 * replica that lagged when it took over, a restored backup. An order that is at Bandwidth then appears unsent, or
 * doesn't exist.
 */
export interface SentOrders {
  /**
   * Wraps the store for everything that makes decisions. If the store lost a part of an order that this process sent,
   * that part is put back on record, and counted against the limits, before anyone sees the order. `open` also names
   * open orders that the store has lost, so that reading them brings them back.
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
  rememberingForLimits(orders: OrderStore): Pick<OrderStore, 'get'>;
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
}

/** What it takes to put an order back on record. */
interface Sent {
  /** As this process last wrote or read it. */
  readonly last: SentOrder;
  readonly sentAt: Timestamp;
  readonly isSettled: boolean;
}

type SentOrder = OrderIn<'placing' | 'placed' | 'given-up' | 'refused' | FinalCarrierStatus>;

/** A POST belongs to the approval if it follows this soon. */
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
  /** The time to which this process postponed each order. */
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
    if (!wasSent(next)) return;
    const before = sent.get(id);
    // A card may be drawn at the moment the request turns out not to have been accepted; that write sends nothing.
    const isOnlyDrawn =
      next.status === 'placing' && current?.status === 'placing' && current.sentAt === next.sentAt;
    if (before === undefined && isOnlyDrawn) return;
    const sentAt = sentAtOf(next, before);
    if (sentAt !== undefined) remember(sent, id, { last: next, sentAt, isSettled: isSettled(next) });
  }

  /** Another instance may have taken it further. */
  function noteRead(order: Order, known: Sent): void {
    if (!wasSent(order) || order.version <= known.last.version) return;
    sent.set(order.id, { ...known, last: order, isSettled: isSettled(order) });
  }

  /**
   * Whether this write ends an attempt to send the order, or approves it when no other instance can try it afterwards.
   */
  function isPlannedHere(current: Order | undefined, next: OrderIn<'approved'>): boolean {
    if (current?.status === 'approved') return current.asking.nextAt !== next.asking.nextAt;
    return alone || current?.status === 'placing';
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

  /** Reports an unknown outcome as a failure: the caller wanted something else, which hasn't begun. */
  async function write(id: OrderId, act: () => Promise<boolean>): Promise<boolean> {
    try {
      return await act();
    } catch (err) {
      const carrierOrderId = carrierOrderIdOf(sent.get(id)?.last);
      log.error(
        { err, orderId: id, carrierOrderId },
        'an order that was sent could not be put back on record; it will be tried again',
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
      const order = await orders.get(id);
      const known = sent.get(id);
      if (known === undefined || (order !== undefined && !hasForgotten(order, known))) {
        if (order !== undefined && known !== undefined) noteRead(order, known);
        if (order !== undefined && uncounted.has(id)) await counting(order);
        doubted.delete(id);
        return order;
      }
      open.forget(id);
      const now = clock.now();
      const next = order === undefined ? reinserted(known, now) : putBack(order, known, now);
      await counting(next);
      const isWritten = await write(id, () =>
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

  /** A store that lost one order may have lost others, so each is read once. */
  function doubtOthers(id: OrderId): void {
    for (const each of sent.keys()) doubted.add(each);
    doubted.delete(id);
    open.doubt();
  }

  /** Always includes the order written last, because a store that goes back in time loses it first. */
  function toBeRead(): readonly OrderId[] {
    const [newest] = [...sent.keys()].slice(-1);
    return [...(newest === undefined ? [] : [newest]), ...uncounted, ...doubted];
  }

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
        const replaced = await orders.replace(current, next);
        if (replaced) note(current, next);
        return replaced;
      },
    }),
    async lookForForgotten(orders) {
      for (const id of new Set(toBeRead())) {
        try {
          await read(orders, id, countIt);
        } catch (err) {
          log.warn(
            { err, orderId: id },
            'whether the database has an order that was sent cannot be seen yet',
          );
        }
      }
    },
    rememberingForLimits: (orders) => ({ get: (id) => read(orders, id, (order) => void countIt(order)) }),
    isUntriedByOthers: ({ id, asking }) =>
      putOff.get(id) === asking.nextAt || (alone && asking.nextAt > startedAt),
    isCertainlyUnsent: (order) =>
      alone && requested.has(order.id) && !sent.has(order.id) && approvedJustNow(order),
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

/** Undefined if nothing shows it anymore. */
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
