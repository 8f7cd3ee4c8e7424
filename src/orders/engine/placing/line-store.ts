import { changeOrder } from '../../change-order.js';
import { orderAndLineOf } from '../../domain/line-ids.js';
import { isSameLine, lineOf } from '../../domain/lines.js';
import type { Order } from '../../domain/order.js';
import { type OrderId, severalLines } from '../../domain/request.js';
import { withLine } from '../../domain/transitions.js';
import { makeGroupQueue } from '../../group-queue.js';
import type { OrderStore } from '../../ports/order-store.js';

/**
 * The store as the work with Bandwidth sees it: an id may be that of a line, which is read and written like an order of
 * its own. A write of a line loses only against another write of the same line. For orders of one line it is the store
 * itself.
 */
export function makeLineStore(orders: OrderStore): OrderStore {
  /** A hundred lines at once would keep losing against each other, so writes that wait are made together. */
  const queue = makeGroupQueue<LineWrite, boolean>({ work: write });

  /** Returns which of the lines were still the same, and so are written. */
  async function write(orderId: OrderId, writes: readonly LineWrite[]): Promise<readonly boolean[]> {
    let written: readonly boolean[] = [];
    const order = await changeOrder(orders, orderId, (whole) => {
      let next = whole;
      written = writes.map(({ line, before, after }) => {
        const isSame = hasLine(next, line) && isSameLine(lineOf(next, line), before);
        if (isSame) next = withLine(next, before, after);
        return isSame;
      });
      return next === whole ? whole : { ...next, version: whole.version + 1 };
    });
    return order === undefined ? writes.map(() => false) : written;
  }

  return {
    ...orders,
    async get(id) {
      const { orderId, line } = orderAndLineOf(id);
      if (line === undefined) return orders.get(id);
      const whole = await orders.get(orderId);
      return whole !== undefined && hasLine(whole, line) ? lineOf(whole, line) : undefined;
    },
    replace(before, after) {
      const { part } = before;
      if (part === undefined) return orders.replace(before, after);
      return queue(part.of.id, { line: part.line, before, after });
    },
  };
}

interface LineWrite {
  readonly line: number;
  readonly before: Order;
  readonly after: Order;
}

const hasLine = ({ request }: Order, line: number): boolean => line <= severalLines(request).length;
