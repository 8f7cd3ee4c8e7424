import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { isCloseable, type Order, type OrderId, type Person } from './order.js';
import type { Refusal } from './refusal.js';
import { reviewerOf } from './review-order.js';
import { isRequester, mayCancel } from './ruling.js';
import { closeWanted } from './transitions.js';

export type CloseBackOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Close back-order**: Bandwidth shall look for no more numbers, and what has come is kept. The wish is put on record
 * here; the engine carries it out. Throws StoreError, and then nothing was changed; or OutcomeUnknown.
 */
export function makeCloseBackOrder(needs: DecisionNeeds): CloseBackOrder {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, async (order) => {
      if (order.status !== 'placed' || !isCloseable(order)) return { refused: 'already-decided', order };
      // The requester needs nobody's word, so an outage of the group look-up must not keep them from closing it.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(needs, order, by), needs.policy))
        return { refused: 'not-yours', order };
      return closeWanted(order, by, needs.clock.now());
    });
    return answerWish(needs, { id, by, wish: 'close the back-order' }, result);
  };
}
