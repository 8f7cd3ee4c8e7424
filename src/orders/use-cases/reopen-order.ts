import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import type { Refusal } from '../policy/refusal.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

/**
 * **Ask again**: checks whether an order has expired, so that its form may be opened with the same values. Submitting
 * it makes a new order for that person; the expired one stays as it is. Throws StoreError.
 */
export type ReopenOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

export function makeReopenOrder(deps: Pick<DecisionDeps, 'orders' | 'engine' | 'log'>): ReopenOrder {
  return async (id, by) => {
    const order = await deps.orders.get(id);
    const result: Order | Refusal | undefined =
      order === undefined || order.status === 'expired' ? order : { refused: 'already-decided', order };
    return concludeAction(deps, { id, by, action: 'ask again' }, result);
  };
}
