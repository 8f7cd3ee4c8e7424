import { orderIdOf } from '../../domain/line-ids.js';
import type { Order, OrderIn } from '../../domain/order.js';
import type { OrderEvent } from '../../domain/order-event.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { Clock } from '../../ports/clock.js';
import { keepNewest } from '../keep-newest.js';
import { isDue } from '../schedule.js';
import type { ChangedLine } from './sent-lines.js';

/**
 * Tells whether an approved order may have been sent already, by another process or before the store lost the record
 * of it. For that it remembers which orders this process requested, approved and postponed.
 */
export interface EarlierAttempts {
  /** Learns from a write; `current` is undefined for a new order. */
  note(current: Order | undefined, next: Order, changed: readonly ChangedLine[]): void;
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

/** A POST that comes so soon after an approval was saved here belongs to that approval. */
const FOLLOWS_WITHIN_MS = 10_000;

export function makeEarlierAttempts(deps: {
  /** Whether no other instance writes to the store. */
  alone: boolean;
  /** Whether this process sent the order, or this line of it. */
  isSent: (id: OrderId) => boolean;
  clock: Pick<Clock, 'now'>;
}): EarlierAttempts {
  const { alone, isSent, clock } = deps;
  const startedAt = clock.now();
  const requested = new Map<OrderId, true>();
  const approved = new Map<OrderId, { readonly approvedAt: Timestamp; readonly notedAt: Timestamp }>();
  /** When an order or line is tried next, if this process postponed it. */
  const postponedTo = new Map<OrderId, Timestamp>();

  /**
   * Whether this write ends an attempt to send the order, or approves an order that this process sends within seconds.
   * Otherwise every order would wait ten seconds. After an undo window any instance may be the first to send.
   */
  function isPlannedHere(current: Order | undefined, next: OrderIn<'approved'>): boolean {
    if (current?.status === 'approved') return current.asking.nextAt !== next.asking.nextAt;
    return alone || current?.status === 'placing' || next.asking.nextAt <= next.approval.at;
  }

  const isOnlyOurs = ({ id }: Order): boolean => alone && requested.has(orderIdOf(id)) && !isSent(id);

  const isUntriedByOthers = ({ id, asking }: OrderIn<'approved'>): boolean =>
    postponedTo.get(id) === asking.nextAt || (alone && asking.nextAt > startedAt);

  function isApprovedJustNow(order: Order): boolean {
    const here = approved.get(orderIdOf(order.id));
    if (order.status !== 'approved' || here?.approvedAt !== order.approval.at) return false;
    const since = clock.now() - here.notedAt;
    return since >= 0 && since <= FOLLOWS_WITHIN_MS;
  }

  return {
    note(current, next, changed) {
      const { id } = next;
      if (next.status === 'awaiting-approval' && current === undefined) keepNewest(requested, id, true);
      if (next.status === 'approved' && current?.status === 'awaiting-approval') {
        keepNewest(approved, id, { approvedAt: next.approval.at, notedAt: clock.now() });
      }
      for (const [before, after] of changed) {
        if (after.status === 'approved' && isPlannedHere(before, after)) {
          keepNewest(postponedTo, after.id, after.asking.nextAt);
        }
      }
    },
    isUntriedByOthers,
    isCertainlyUnsent: (order) => isOnlyOurs(order) && isApprovedJustNow(order),
    mayBeAtBandwidth(order) {
      const { approval, asking } = order;
      if (isOnlyOurs(order) && approved.get(orderIdOf(order.id))?.approvedAt === approval.at) return 'no';
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

/** It may be on hold because Bandwidth couldn't be asked whether it has the order. */
function isHeldBack({ events }: Order): boolean {
  return events.findLast(({ what }) => attempts.includes(what))?.what === 'held-back';
}

const attempts: readonly OrderEvent['what'][] = ['approved', 'approved-by-rule', 'not-taken', 'held-back'];
