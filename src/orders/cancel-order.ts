import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { asItStands } from './expiry.js';
import type { Order, OrderId, Person } from './order.js';
import type { Refusal } from './refusal.js';
import { reviewerOf } from './review-order.js';
import { isRequester, mayCancel } from './ruling.js';
import { cancelled } from './transitions.js';

export type CancelOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * Takes a request back while it waits for approval, or after approval while Bandwidth has certainly not taken it.
 * Throws StoreError, and then nothing was changed; or OutcomeUnknown.
 */
export function makeCancelOrder(needs: DecisionNeeds): CancelOrder {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, async (stored) => {
      const order = asItStands(stored, needs.clock.now());
      if (order.status !== 'awaiting-approval' && order.status !== 'approved') {
        return { refused: 'already-decided', order };
      }
      // The requester needs nobody's word, so an outage of the group look-up must not keep them from cancelling.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(needs, order, by), needs.policy))
        return { refused: 'not-yours', order };
      return cancelled(order, by, needs.clock.now());
    });
    return answerWish(needs, { id, by, wish: 'cancel' }, result);
  };
}
