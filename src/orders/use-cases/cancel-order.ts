import { changeOrder } from '../change-order.js';
import { withExpiry } from '../domain/expiry.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { cancelled } from '../domain/transitions.js';
import type { Refusal } from '../policy/refusal.js';
import { reviewerOf } from '../policy/reviewers.js';
import { isRequester, mayCancel } from '../policy/ruling.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

export type CancelOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * Takes a request back while it waits for approval, or after approval while Bandwidth has certainly not taken it.
 * Throws StoreError, and then nothing was changed; or OutcomeUnknown.
 */
export function makeCancelOrder(deps: DecisionDeps): CancelOrder {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (stored) => {
      const order = withExpiry(stored, deps.clock.now());
      if (order.status !== 'awaiting-approval' && order.status !== 'approved') {
        return { refused: 'already-decided', order };
      }
      // The requester needs nobody's word, so an outage of the group look-up must not keep them from cancelling.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(deps, order, by), deps.policy))
        return { refused: 'not-yours', order };
      return cancelled(order, by, deps.clock.now());
    });
    return concludeAction(deps, { id, by, wish: 'cancel' }, result);
  };
}
