import { progressOf } from './facts.js';
import { ImpossibleHistory } from './impossible-history.js';
import { lineOf } from './lines.js';
import { withLines } from './lines-together.js';
import type { LineProgress, LookupState, Order, Progress } from './order.js';
import type { OrderEvent } from './order-event.js';
import { type OrderRequest, severalLines, type Timestamp } from './request.js';

/* What events make of the lines of an order that has several. */

/** Returns the lines after an event that concerns the whole order. */
export function linesAfter(
  { lines, request }: Order,
  event: OrderEvent,
  progress: Progress,
): readonly LineProgress[] | undefined {
  if (lines === undefined) {
    return progress.status === 'approved' ? approvedLines(request, progress) : undefined;
  }
  switch (event.what) {
    case 'reopened':
    case 'sent-before':
      return undefined;
    case 'cancelled':
      return lines.map((line) => (line.status === 'approved' ? cancelledBy(event, line) : line));
    default:
      return lines;
  }
}

function approvedLines(request: OrderRequest, approved: LineProgress): readonly LineProgress[] | undefined {
  const lines = severalLines(request);
  return lines.length === 0 ? undefined : lines.map(() => approved);
}

/**
 * Returns the order after something happened to one of its lines.
 *
 * @param apply returns an order of one line after an event.
 */
export function afterLineEvent(
  order: Order,
  line: number,
  event: OrderEvent,
  apply: (order: Order, event: OrderEvent) => Order,
): Order {
  const { line: _, ...own } = event;
  const whole = event.what === 'sent-before' ? approvedBefore(order, event) : order;
  const { lines } = whole;
  if (lines?.[line - 1] === undefined)
    throw new ImpossibleHistory(`an order that is ${order.status} has no line ${line} for “${event.what}”`);
  const before = lineOf(whole, line);
  const after = apply(before, own);
  const held = new Map(after.holds.map((hold) => [hold.number, hold]));
  return withLines(
    {
      ...whole,
      revision: whole.revision + after.revision - before.revision,
      holds: whole.holds.map((hold) => held.get(hold.number) ?? hold),
      events: [...whole.events, event],
    },
    lines.with(line - 1, progressOf(after)),
  );
}

/** The record lost that the order was approved, and perhaps which request that was. */
function approvedBefore(
  order: Order,
  { at, approval, request }: Extract<OrderEvent, { what: 'sent-before' }>,
) {
  if (order.lines !== undefined && request === undefined) return order;
  const { again: _, ...first } = approval;
  const approved = { status: 'approved', approval: first, asking: lookUpFrom(at) } as const;
  const known = { ...order, request: request ?? order.request, ...approved };
  const lines = approvedLines(known.request, approved);
  return lines === undefined ? known : { ...known, lines };
}

/** Only the lines that weren't sent are canceled. */
export function cancelledBy(
  { by, at }: Extract<OrderEvent, { what: 'cancelled' }>,
  asked: Progress,
): Extract<Progress, { status: 'cancelled' }> {
  return {
    status: 'cancelled',
    by,
    at,
    ...(asked.status === 'approved' ? { approval: asked.approval } : {}),
  };
}

/** Bandwidth hasn't been asked yet, and is asked first at this time. */
export const lookUpFrom = (nextAt: Timestamp): LookupState => ({ times: 0, nextAt, failures: 0 });
