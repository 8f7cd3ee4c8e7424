import { applyEvent } from '../apply-event.js';
import { isHoldEvent } from '../apply-hold-event.js';
import { progressOf } from '../facts.js';
import { lineOf } from '../lines.js';
import { withLines } from '../lines-together.js';
import type { Order } from '../order.js';

/* What happens to one line of an order that has several. The transitions know nothing of it: see `lineOf`. */

/**
 * Returns the next version of the whole order, with what happened to one of its lines between `before` and `after`. The
 * rest of the order may have changed since `before` was read. An order that has one line is its own.
 */
export function withLine(order: Order, before: Order, after: Order): Order {
  const { part } = after;
  if (part === undefined) return after;
  const added = after.events.slice(before.events.length);
  const whole = added.reduce(
    (current, event) => applyEvent(current, isHoldEvent(event) ? event : { ...event, line: part.line }),
    order,
  );
  const { lines } = whole;
  const { announcedDirectly: direct } = order;
  // Applies what isn't an event: when to look next, what has to be announced again, and whether a card has to be
  // redrawn.
  const known = {
    ...whole,
    version: order.version + 1,
    revision: order.revision + after.revision - before.revision,
    ...announcedAgain(order, part.line, before, after),
    ...(direct === undefined
      ? {}
      : {
          announcedDirectly: changedLike(
            direct,
            before.announcedDirectly ?? [],
            after.announcedDirectly ?? [],
          ),
        }),
  };
  return lines === undefined ? known : withLines(known, lines.with(part.line - 1, progressOf(after)));
}

/**
 * Something has to be announced again: about this line alone, unless it isn't known which lines it was announced for.
 */
function announcedAgain(
  { announced, announcedLines = [] }: Order,
  line: number,
  before: Order,
  after: Order,
): Pick<Order, 'announced' | 'announcedLines'> {
  const gone = before.announced.filter((kind) => !after.announced.includes(kind));
  const known = announcedLines.filter(({ kind }) => gone.includes(kind)).map(({ kind }) => kind);
  return {
    announced: announced.filter((kind) => !gone.includes(kind) || known.includes(kind)),
    ...(announcedLines.length === 0
      ? {}
      : {
          announcedLines: announcedLines.map((each) =>
            gone.includes(each.kind) ? { ...each, lines: each.lines.filter((one) => one !== line) } : each,
          ),
        }),
  };
}

/** Returns a list without what was removed from it between two states. */
function changedLike<Kind>(
  list: readonly Kind[],
  before: readonly Kind[],
  after: readonly Kind[],
): readonly Kind[] {
  const gone = before.filter((kind) => !after.includes(kind));
  return gone.length === 0 ? list : list.filter((kind) => !gone.includes(kind));
}

/** Returns the next version of an order with each of its lines changed; itself if none is. */
export function changeLines(order: Order, change: (line: Order) => Order): Order {
  if (order.lines === undefined) return change(order);
  const next = order.lines.reduce((current: Order, _, index) => {
    const line = lineOf(current, index + 1);
    const changed = change(line);
    return changed === line ? current : withLine(current, line, changed);
  }, order);
  return next === order ? order : { ...next, version: order.version + 1 };
}
