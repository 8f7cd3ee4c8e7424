import { applyEvent } from '../apply-event.js';
import { isHoldEvent } from '../apply-hold-event.js';
import { progressOf } from '../facts.js';
import { lineOf } from '../lines.js';
import { withLines } from '../lines-together.js';
import type { Order } from '../order.js';

/* What happens to one line of an order that has several. The transitions know nothing of it: see `lineOf`. */

/**
 * Returns the next version of the whole order, with what happened to one of its lines. `line` must have come from
 * `lineOf` this order; an order that has one line is its own.
 */
export function withLine(order: Order, line: Order): Order {
  const { part } = line;
  if (part === undefined) return line;
  const before = lineOf(order, part.line);
  const added = line.events.slice(before.events.length);
  const whole = added.reduce(
    (current, event) => applyEvent(current, isHoldEvent(event) ? event : { ...event, line: part.line }),
    order,
  );
  const { lines } = whole;
  // What isn't an event: when to look next, what the thread has to be told again, whether a card is doubted.
  const known = {
    ...whole,
    version: order.version + 1,
    revision: order.revision + line.revision - before.revision,
    ...(line.announced === before.announced ? {} : { announced: line.announced }),
    ...(line.announcedDirectly === before.announcedDirectly || line.announcedDirectly === undefined
      ? {}
      : { announcedDirectly: line.announcedDirectly }),
  };
  return lines === undefined ? known : withLines(known, lines.with(part.line - 1, progressOf(line)));
}

/** Returns the next version of an order with each of its lines changed; itself if none is. */
export function changeLines(order: Order, change: (line: Order) => Order): Order {
  if (order.lines === undefined) return change(order);
  const next = order.lines.reduce((current: Order, _, index) => {
    const line = lineOf(current, index + 1);
    const changed = change(line);
    return changed === line ? current : withLine(current, changed);
  }, order);
  return next === order ? order : { ...next, version: order.version + 1 };
}
