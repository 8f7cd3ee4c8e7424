import { isDeepStrictEqual } from 'node:util';
import type { FinalCarrierStatus } from '../../domain/carrier-report.js';
import { lineOf, wholeOf } from '../../domain/lines.js';
import type { Order, OrderIn, Progress } from '../../domain/order.js';
import type { Timestamp } from '../../domain/request.js';
import {
  cancelled,
  declined,
  expired,
  givenUp,
  placed,
  redrawRequested,
  sentBefore,
  withLine,
} from '../../domain/transitions.js';
import { givingUp } from '../../domain/unanswered.js';
import { nextLookupAfterGivingUp } from '../lost-order.js';

/* What a store has lost of an order that this process sent or saw end, and how its record is restored. Pure. */

/** What it takes to restore the record of an order that was sent, or of one of its lines. */
export interface Sent {
  /** As this process last wrote or read it. */
  readonly last: SentOrder;
  readonly sentAt: Timestamp;
}

type SentProgress = Extract<
  Progress,
  { readonly status: 'placing' | 'placed' | 'given-up' | 'refused' | FinalCarrierStatus }
>;

type SentOrder = Order & SentProgress;

/** An order that ended without being sent. */
export type EndedOrder = OrderIn<'cancelled' | 'declined' | 'expired'>;

export function wasSent<Sent extends Progress>(order: Sent): order is Sent & SentProgress {
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
    return { ...redrawRequested(end), version: order.version + 1, journaled: order.journaled };
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
export function hasForgotten(order: Progress, { last }: Pick<Sent, 'last'>): boolean {
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
 * Marks what is lost as sent with an unrecorded answer, so that it is looked up. If its carrier order is known, it is
 * followed; if someone gave it up, it stays given up and is never resubmitted automatically.
 */
export function putBack(order: Order, lost: readonly Sent[], now: Timestamp): Order {
  const next = lost.reduce((current, each) => putBackOne(current, each, now), order);
  return { ...next, version: order.version + 1 };
}

function putBackOne(order: Order, { last, sentAt }: Sent, now: Timestamp): Order {
  const { approval } = last;
  const carrierOrderId = carrierOrderIdOf(last);
  const { request: sentRequest } = wholeOf(last);
  const request = isDeepStrictEqual(order.request, sentRequest) ? undefined : sentRequest;
  const { whole, line } = markSent(order, { approval, sentAt, request, line: last.part?.line }, now);
  if (line.status !== 'placing') return whole;
  if (carrierOrderId !== undefined) return withLine(whole, line, placed(line, carrierOrderId, now, now));
  if (last.status !== 'given-up') return whole;
  const nextAt = nextLookupAfterGivingUp(last, now);
  return withLine(whole, line, givenUp(line, last.by, now, last.soughtUntil, nextAt));
}

function markSent(
  order: Order,
  { line, ...sent }: Parameters<typeof sentBefore>[1] & { readonly line: number | undefined },
  now: Timestamp,
): { readonly whole: Order; readonly line: Order } {
  const whole = sentBefore(order, sent, now, line);
  return { whole, line: line === undefined ? whole : lineOf(whole, line) };
}

/**
 * Returns the whole order, for a store that has nothing of it. Its card is drawn and its events are journaled again.
 *
 * @param lost everything that was sent of it.
 */
export function reinserted(lost: readonly Sent[], now: Timestamp): Order {
  const newest = lost.reduce((one, other) => (other.last.version > one.last.version ? other : one));
  const whole = wholeOf(newest.last);
  const next = lost.reduce((current: Order, { last, sentAt }) => {
    const { approval, part } = last;
    const isUnanswered = (part === undefined ? current : lineOf(current, part.line)).status === 'placing';
    return isUnanswered
      ? sentBefore(current, { approval, sentAt, request: undefined }, now, part?.line)
      : current;
  }, whole);
  return { ...(next === whole ? redrawRequested(whole) : next), journaled: 0 };
}
