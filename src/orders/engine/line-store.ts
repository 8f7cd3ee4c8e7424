import { changeOrder } from '../change-order.js';
import { orderAndLineOf } from '../domain/line-ids.js';
import { isSameLine, lineOf } from '../domain/lines.js';
import type { Order } from '../domain/order.js';
import { type OrderId, severalLines } from '../domain/request.js';
import { withLine } from '../domain/transitions.js';
import type { OrderStore } from '../ports.js';

/**
 * The store as the work with Bandwidth sees it: an id may be that of a line, which is read and written like an order of
 * its own. A write of a line loses only against another write of the same line. For orders of one line it is the store
 * itself.
 */
export function makeLineStore(orders: OrderStore): OrderStore {
  const inTurn = makeTurns();

  async function replaceLine(current: Order, next: Order, orderId: OrderId, line: number): Promise<boolean> {
    let isSame = false;
    const written = await changeOrder(orders, orderId, (whole) => {
      isSame = hasLine(whole, line) && isSameLine(lineOf(whole, line), current);
      return isSame ? withLine(whole, current, next) : whole;
    });
    return isSame && written !== undefined;
  }

  return {
    ...orders,
    async get(id) {
      const { orderId, line } = orderAndLineOf(id);
      if (line === undefined) return orders.get(id);
      const whole = await orders.get(orderId);
      return whole !== undefined && hasLine(whole, line) ? lineOf(whole, line) : undefined;
    },
    replace(current, next) {
      const { part } = current;
      if (part === undefined) return orders.replace(current, next);
      return inTurn(part.of.id, () => replaceLine(current, next, part.of.id, part.line));
    },
  };
}

const hasLine = ({ request }: Order, line: number): boolean => line <= severalLines(request).length;

/** Has the writes of one order follow each other: a hundred lines at once would keep losing against each other. */
function makeTurns() {
  const last = new Map<OrderId, Promise<unknown>>();
  return async <T>(id: OrderId, write: () => Promise<T>): Promise<T> => {
    const before = last.get(id);
    const mine = (before ?? Promise.resolve()).then(write, write);
    last.set(id, mine);
    try {
      return await mine;
    } finally {
      if (last.get(id) === mine) last.delete(id);
    }
  };
}
