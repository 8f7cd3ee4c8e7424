import { orderIdOf } from '../../domain/line-ids.js';
import type { OpenQuestion } from '../../domain/open-facts.js';
import type { Order } from '../../domain/order.js';
import type { OrderId } from '../../domain/request.js';
import type { OrderStore } from '../../ports/order-store.js';

/** Returns the open orders that the question is about, without this one or the one it is a line of. */
export async function otherOpenOrders(
  orders: Pick<OrderStore, 'get' | 'openAbout'>,
  id: OrderId,
  question: OpenQuestion,
): Promise<readonly Order[]> {
  const ids = (await orders.openAbout(question)).filter((each) => each !== orderIdOf(id));
  const found = await Promise.all(ids.map((each) => orders.get(each)));
  return found.filter((each) => each !== undefined);
}
