import type { Order, OrderId } from './order.js';
import type { OrderStore } from './ports.js';
import { isRefusal, type Refusal } from './refusal.js';

/**
 * Reads an order, lets `change` decide, and writes the result only if nobody wrote in between; otherwise decides anew
 * on what is there now. So of two people pressing at once, the second is judged by what the first has done.
 *
 * `change` returns the order itself to leave it as it is.
 */
export async function changeOrder<R extends Refusal = never>(
  orders: Pick<OrderStore, 'get' | 'replace'>,
  id: OrderId,
  change: (order: Order) => Order | R | Promise<Order | R>,
): Promise<Order | R | undefined> {
  for (;;) {
    const current = await orders.get(id);
    if (current === undefined) return undefined;
    const next = await change(current);
    if (isRefusal(next) || next === current) return next;
    if (await orders.replace(current, next)) return next;
  }
}
