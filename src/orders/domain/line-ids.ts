import type { OrderId } from './request.js';

/*
 * The id of one line of an order that has several. Bandwidth knows the line by it, and accepts 40 letters, digits and
 * dashes. All are equally long, so that none is the beginning of another.
 */

export function lineIdOf(orderId: OrderId, line: number): OrderId {
  return `${orderId}x${String(line).padStart(3, '0')}`;
}

/** Returns which order an id is of, and which of its lines; no line if the id is the order's own. */
export function orderAndLineOf(id: OrderId): { readonly orderId: OrderId; readonly line?: number } {
  const [, orderId, line] = /^(.+)x(\d{3})$/.exec(id) ?? [];
  return orderId === undefined ? { orderId: id } : { orderId, line: Number(line) };
}

/** Returns the id of the order that an id is of, its own or that of a line. */
export const orderIdOf = (id: OrderId): OrderId => orderAndLineOf(id).orderId;
