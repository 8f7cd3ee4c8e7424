import { lineIdOf, orderAndLineOf } from '../../domain/line-ids.js';
import { lineOf } from '../../domain/lines.js';
import type { Order, Progress } from '../../domain/order.js';
import { type OrderId, severalLines } from '../../domain/request.js';

/* The lines of an order, for code that remembers them one by one. No side effects. */

/** A line before and after a write; an order that has one line, or isn't approved yet, is its own. */
export type ChangedLine = readonly [before: Order | undefined, after: Order];

export function changedLines(current: Order | undefined, next: Order): readonly ChangedLine[] {
  if (next.lines === undefined) return [[current, next]];
  return next.lines.flatMap((line, index): readonly ChangedLine[] => {
    if (current?.lines?.[index] === line) return [];
    const after = lineOf(next, index + 1);
    return [[current && lineIn(current, after.id), after]];
  });
}

export const lineIdsOf = (id: OrderId, lines: number): readonly OrderId[] =>
  Array.from({ length: lines }, (_, index) => lineIdOf(id, index + 1));

/** Returns the line with this id, or the order itself if that is its id; undefined if it has no such line. */
export function lineIn(order: Order, id: OrderId): Order | undefined {
  const { line } = orderAndLineOf(id);
  if (line === undefined || order.id === id) return order;
  return line > severalLines(order.request).length ? undefined : lineOf(order, line);
}

/** Returns where a line is, or the order if its lines aren't on record. */
export const progressIn = (order: Order, id: OrderId): Progress => {
  const { line } = orderAndLineOf(id);
  return (line === undefined ? undefined : order.lines?.[line - 1]) ?? order;
};
