import { changeOrder } from '../change-order.js';
import { isCloseable } from '../domain/back-order.js';
import { linesOf } from '../domain/lines.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { changeLines, closeWanted } from '../domain/transitions.js';
import { mayCancelNow } from '../policy/choose-decider.js';
import type { Refusal } from '../policy/refusal.js';
import { isRequester } from '../policy/ruling.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

export type CloseBackOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Close back-order**: Bandwidth stops looking for numbers, and what was delivered is kept. This records the request;
 * the engine carries it out. Throws StoreError if nothing was changed, or OutcomeUnknown.
 */
export function makeCloseBackOrder(deps: DecisionDeps): CloseBackOrder {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (order) => {
      const canClose = linesOf(order).some((line) => line.status === 'placed' && isCloseable(line));
      if (!canClose) return { refused: 'already-decided', order };
      // The requester needs no one's permission, so an outage of the group lookup must not keep them from closing it.
      const own = isRequester(order, by);
      if (!own && !(await mayCancelNow(deps, order, by))) return { refused: 'not-yours', order };
      const now = deps.clock.now();
      return changeLines(order, (line) =>
        line.status === 'placed' && isCloseable(line) ? closeWanted(line, by, now) : line,
      );
    });
    return concludeAction(deps, { id, by, action: 'close the back-order' }, result);
  };
}
