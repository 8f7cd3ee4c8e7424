import { isDeepStrictEqual } from 'node:util';
import type { FinalCarrierStatus } from '../domain/carrier-report.js';
import { givingUp, type Order, type OrderIn } from '../domain/order.js';
import type { Timestamp } from '../domain/request.js';
import {
  cancelled,
  declined,
  expired,
  givenUp,
  mistrusted,
  placed,
  sentBefore,
} from '../domain/transitions.js';
import { nextLookupAfterGivingUp } from './lost-order.js';

/* What a store has lost of an order that this process sent or saw end, and how its record is restored. Pure. */

/** What it takes to restore an order's record. */
export interface Sent {
  /** As this process last wrote or read it. */
  readonly last: SentOrder;
  readonly sentAt: Timestamp;
  readonly isSettled: boolean;
  /** The version on record, as far as this process knows; lower than that of `last` if the store went back. */
  readonly version: number;
}

type SentOrder = OrderIn<'placing' | 'placed' | 'given-up' | 'refused' | FinalCarrierStatus>;

/** An order that ended without being sent. */
export type EndedOrder = OrderIn<'cancelled' | 'declined' | 'expired'>;

export function wasSent(order: Order): order is SentOrder {
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

export function isEnded(order: Order): order is EndedOrder {
  return order.status === 'cancelled' || order.status === 'declined' || order.status === 'expired';
}

/** An ended order never waits again, except in a store that went back in time. */
export function hasForgottenEnd(order: Order): order is OrderIn<'awaiting-approval' | 'approved'> {
  return order.status === 'awaiting-approval' || order.status === 'approved';
}

/**
 * Returns the order with its end. If others changed the order after the store lost the end, their changes stay on
 * record. Undefined if it had only expired and was approved since.
 */
export function withEnd(
  order: OrderIn<'awaiting-approval' | 'approved'>,
  end: EndedOrder,
): Order | undefined {
  if (isDeepStrictEqual(order.events, end.events.slice(0, order.events.length))) {
    return { ...mistrusted(end), version: order.version + 1, journaled: order.journaled };
  }
  if (end.status === 'cancelled') return cancelled(order, end.by, end.at);
  if (order.status === 'awaiting-approval') {
    return end.status === 'declined' ? declined(order, end.by, end.why, end.at) : expired(order, end.at);
  }
  return end.status === 'declined' ? cancelled(order, end.by, end.at) : undefined;
}

/** Returns when it was sent; undefined if nothing tells anymore. */
export function sentAtOf(order: SentOrder, before: Sent | undefined): Timestamp | undefined {
  if ('sentAt' in order) return order.sentAt;
  return before?.sentAt ?? (order.status === 'placed' ? order.carrierOrder.placedAt : undefined);
}

export function carrierOrderIdOf(order: Order | undefined): string | undefined {
  if (order?.status === 'placed') return order.carrierOrder.id;
  return order !== undefined && 'carrierOrderId' in order ? order.carrierOrderId : undefined;
}

/** Whether the record lacks that the order was sent, how often it was sent, or that someone gave it up. */
export function hasForgotten(order: Order, { last }: Sent): boolean {
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
export function putBack(order: Order, { last, sentAt }: Sent, now: Timestamp): Order {
  const { approval } = last;
  const carrierOrderId = carrierOrderIdOf(last);
  const request = isDeepStrictEqual(order.request, last.request) ? undefined : last.request;
  const found = sentBefore(order, { approval, sentAt, request }, now);
  const next =
    carrierOrderId !== undefined
      ? placed(found, carrierOrderId, now, now)
      : last.status === 'given-up'
        ? givenUp(found, last.by, now, last.soughtUntil, nextLookupAfterGivingUp(last, now))
        : found;
  return { ...next, version: order.version + 1 };
}

/**
 * Returns the whole order, for a store that has nothing of it. Its card is drawn and its events are journaled again.
 */
export function reinserted({ last, sentAt }: Sent, now: Timestamp): Order {
  const { approval } = last;
  const next =
    last.status === 'placing'
      ? sentBefore(last, { approval, sentAt, request: undefined }, now)
      : mistrusted(last);
  return { ...next, journaled: 0 };
}
