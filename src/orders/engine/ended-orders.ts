import { wholeOf } from '../domain/lines.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import { withLine } from '../domain/transitions.js';
import { keepNewest } from './keep-newest.js';
import { type EndedOrder, hasForgottenEnd, isEnded, wasSent, withEnd } from './placing/lost-records.js';
import { type ChangedLine, lineIdsOf, lineIn } from './placing/sent-lines.js';

/**
 * Remembers the orders and lines that this process saw canceled, declined or expired, so that none of them is sent if
 * the store loses its end.
 */
export interface EndedOrders {
  /** Learns from a write. What was sent must be noted before. */
  note(order: Order, changed: readonly ChangedLine[]): void;
  /** Whether this write would send what has ended. */
  isSentAfterItsEnd(changed: ChangedLine): boolean;
  /** Returns the order with the ends, its own or those of its lines, that the store lost; itself if it lost none. */
  withEnds(order: Order): Order;
  /** Returns the ids of what ended, orders or lines; the one written last comes last. */
  ids(): readonly OrderId[];
}

/** @param isSent whether this process sent the order, or this line of it. */
export function makeEndedOrders(isSent: (id: OrderId) => boolean): EndedOrders {
  /** Orders or lines, as this process last wrote or read them. */
  const ended = new Map<OrderId, EndedOrder>();

  function noteLine([, next]: ChangedLine): void {
    if (isEnded(next)) keepNewest(ended, next.id, next);
    if (!wasSent(next) || !isSent(next.id)) return;
    // Another process may have sent it without knowing that it had ended.
    ended.delete(next.id);
    ended.delete(wholeOf(next).id);
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

  return {
    note(order, changed) {
      if (order.lines !== undefined && isEnded(order)) keepNewest(ended, order.id, order);
      for (const each of changed) noteLine(each);
    },
    isSentAfterItsEnd: ([current, next]) =>
      current?.status === 'approved' &&
      next.status === 'placing' &&
      (ended.has(next.id) || ended.has(wholeOf(next).id)),
    withEnds(order) {
      const { id, lines = [] } = order;
      const whole = isSent(id) ? order : withItsEnd(order);
      if (whole !== order) return whole;
      return lineIdsOf(id, lines.length).reduce((current, each) => {
        if (!ended.has(each) || isSent(each)) return current;
        const line = lineIn(current, each);
        if (line === undefined) return current;
        const over = withItsEnd(line);
        return over === line ? current : { ...withLine(current, line, over), version: order.version + 1 };
      }, order);
    },
    ids: () => [...ended.keys()],
  };
}
