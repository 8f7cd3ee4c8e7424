import { answerWish, type DecisionNeeds } from './answer-wish.js';
import type { Order, OrderId, Person } from './order.js';
import type { Refusal } from './refusal.js';

/**
 * **Ask again**: whether an order has expired, so that its form may be opened with the same values. Whoever sends it in
 * is the requester of a new order; the expired one stays as it is. Throws StoreError.
 */
export type AskAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

export function makeAskAgain(needs: Pick<DecisionNeeds, 'orders' | 'engine' | 'log'>): AskAgain {
  return async (id, by) => {
    const order = await needs.orders.get(id);
    const result: Order | Refusal | undefined =
      order === undefined || order.status === 'expired' ? order : { refused: 'already-decided', order };
    return answerWish(needs, { id, by, wish: 'ask again' }, result);
  };
}
