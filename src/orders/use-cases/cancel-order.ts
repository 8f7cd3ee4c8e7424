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
 * Cancels a request that waits for approval, or an approved order that Bandwidth certainly hasn't accepted. Throws
 * StoreError if nothing was changed, or OutcomeUnknown.
 */
export function makeCancelOrder(deps: DecisionDeps): CancelOrder {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (stored) => {
      const order = withExpiry(stored, deps.clock.now());
      if (order.status !== 'awaiting-approval' && order.status !== 'approved') {
        return { refused: 'already-decided', order };
      }
      // The requester needs no one's permission, so an outage of the group lookup must not keep them from canceling.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(deps, order, by), deps.policy))
        return { refused: 'not-yours', order };
      return cancelled(order, by, deps.clock.now());
    });
    return concludeAction(deps, { id, by, action: 'cancel' }, result);
  };
}
