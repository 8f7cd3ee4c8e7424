import { isDeepStrictEqual } from 'node:util';
import { sentTo } from './destinations.js';
import { factsOf, progressOf } from './facts.js';
import { lineIdOf } from './line-ids.js';
import { isFinal, type Order, type Progress } from './order.js';
import type { OrderEvent } from './order-event.js';
import {
  type LineOfSeveral,
  numbersIn,
  type OrderRequest,
  severalLines,
  takesBackOrder,
  takesProtected,
  type WantedLine,
} from './request.js';
import { givingUp } from './unanswered.js';

/*
 * An order of several lines becomes several carrier orders. Each line is seen as an order of its own, which has only
 * that line: it is sent, looked up and followed like any other. What happens to it is written back by `withLine`.
 */

/** Returns one line of an order as an order of its own. Throws if there is no such line. */
export function lineOf(order: Order, line: number): Order {
  const wanted = severalLines(order.request)[line - 1];
  if (wanted === undefined) throw new RangeError(`order ${order.id} has no line ${line}`);
  const before = made.get(order)?.[line - 1];
  if (before !== undefined) return before;
  const events = order.events.filter((event) => event.line === undefined || event.line === line);
  return viewOf(order, line, wanted, events.map(unnumbered));
}

/**
 * Returns the lines of an order, each as an order of its own. An order that has one line, or that isn't approved yet, is
 * its own only line.
 */
export function linesOf(order: Order): readonly Order[] {
  if (order.lines === undefined) return [order];
  const before = made.get(order);
  if (before !== undefined) return before;
  const events = eventsByLine(order);
  const lines = severalLines(order.request).map((wanted, index) =>
    viewOf(order, index + 1, wanted, events[index] ?? []),
  );
  made.set(order, lines);
  return lines;
}

/** An order never changes, so its lines needn't be made twice. */
const made = new WeakMap<Order, readonly Order[]>();

function eventsByLine({ events, request }: Order): readonly (readonly OrderEvent[])[] {
  const lists = severalLines(request).map((): OrderEvent[] => []);
  for (const event of events) {
    if (event.line === undefined) for (const list of lists) list.push(event);
    else lists[event.line - 1]?.push(unnumbered(event));
  }
  return lists;
}

function viewOf(order: Order, line: number, wanted: LineOfSeveral, events: readonly OrderEvent[]): Order {
  const { lines, ...facts } = factsOf(order);
  const progress: Progress = lines?.[line - 1] ?? order;
  return {
    ...progress,
    ...facts,
    id: lineIdOf(order.id, line),
    request: requestOf(order.request, wanted),
    holds: holdsIn(order, wanted),
    events,
    part: { of: order, line },
  };
}

/** Returns the lines that are sent and followed one by one; none if the order is followed as a whole, or has ended. */
export function linesToFollow(order: Order): readonly Order[] {
  if (order.lines === undefined || isFinal(order)) return [];
  return linesOf(order);
}

/** Whether Bandwidth has the order, or one of its lines, although someone gave it up. */
export const hasTurnedUp = (order: Order): boolean =>
  linesOf(order).some((line) => line.status !== 'given-up' && givingUp(line) !== undefined);

/** Returns the order that this is a line of; itself if it is a whole order. */
export const wholeOf = (order: Order): Order => order.part?.of ?? order;

/** Returns a line as the order that people approved, for the policy: with all of its numbers. */
export function asWhole<Line extends Order>(line: Line): Line {
  const { id, request } = wholeOf(line);
  return { ...line, id, request };
}

/** Whether a line is as it was, so that what was decided about it still holds. */
export function isSameLine(one: Order, other: Order): boolean {
  return (
    one.edition === other.edition &&
    one.events.length === other.events.length &&
    isDeepStrictEqual(progressOf(one), progressOf(other)) &&
    isDeepStrictEqual(one.holds, other.holds)
  );
}

/** Not every line of an order may be able to have what was asked for all of them. */
function requestOf(request: OrderRequest, { to, ...wanted }: LineOfSeveral): OrderRequest {
  if (request.kind !== 'purchase') return request;
  return {
    ...(to === undefined ? request : sentTo(request, to)),
    wanted,
    backOrder: request.backOrder && takesBackOrder(wanted),
    protected: request.protected && takesProtected(wanted),
  };
}

function holdsIn({ holds }: Order, wanted: WantedLine): Order['holds'] {
  if (holds.length === 0) return holds;
  const named = new Set(numbersIn(wanted));
  return holds.filter(({ number }) => named.has(number));
}

function unnumbered(event: OrderEvent): OrderEvent {
  if (event.line === undefined) return event;
  const { line: _, ...own } = event;
  return own;
}
