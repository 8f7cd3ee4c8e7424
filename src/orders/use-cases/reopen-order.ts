import { canBeAskedAgain, deliveredNumbers, stillMissing } from '../domain/follow-ups.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { reversalsOf } from '../domain/reversal.js';
import type { Refusal } from '../policy/refusal.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

/**
 * Checks whether an order is in a state that a new one can follow, so that a form may be opened with its values.
 * Submitting the form makes a new order for that person; the old one stays as it is. Throws StoreError.
 */
export type ReopenOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

type Deps = Pick<DecisionDeps, 'orders' | 'engine' | 'removed' | 'log'>;

/** **Ask again**: nothing of the order was carried out. */
export const makeAskAgain = (deps: Deps): ReopenOrder => makeReopenOrder(deps, 'ask again', canBeAskedAgain);

/** **Order the missing 3**: some numbers of a purchase weren't delivered. */
export const makeOrderMissing = (deps: Deps): ReopenOrder =>
  makeReopenOrder(deps, 'order the missing numbers', (order) => stillMissing(order) !== undefined);

/** **Disconnect…** on a finished purchase. */
export const makeDisconnectDelivered = (deps: Deps): ReopenOrder =>
  makeReopenOrder(deps, 'disconnect the delivered numbers', (order) => deliveredNumbers(order).length > 0);

/** **Change back…** on a finished change of numbers in service. */
export const makeChangeBack = (deps: Deps): ReopenOrder =>
  makeReopenOrder(deps, 'change the numbers back', (order) => reversalsOf(order).length > 0);

function makeReopenOrder(deps: Deps, action: string, isPossible: (order: Order) => boolean): ReopenOrder {
  return async (id, by) => {
    const order = await deps.orders.get(id);
    const result: Order | Refusal | undefined =
      order === undefined || isPossible(order) ? order : { refused: 'already-decided', order };
    return concludeAction(deps, { id, by, action }, result);
  };
}
