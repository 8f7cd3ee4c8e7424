import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { isCloseable, type Order, type OrderId, type Person } from './order.js';
import { isRequester, mayCancel } from './policy.js';
import type { Refusal } from './refusal.js';
import { asReviewer } from './review-order.js';
import { closeWanted } from './transitions.js';

export type CloseBackOrder = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Close back-order**: Bandwidth shall look for no more numbers, and what has come is kept. The wish is put on record
 * here; the engine carries it out. Throws StoreError, and then nothing was changed.
 */
export function makeCloseBackOrder(needs: DecisionNeeds): CloseBackOrder {
  return async (id, by) => {
    const asked = await needs.orders.get(id);
    // The requester needs nobody's word, so an outage of the group look-up must not keep them from closing it.
    const own = asked !== undefined && isRequester(asked, by);
    const reviewer = own ? { ...by, inApproverGroup: false } : await asReviewer(needs, by);
    const result = await changeOrder<Refusal>(needs.orders, id, (order) => {
      if (order.status !== 'placed' || !isCloseable(order)) return { refused: 'already-decided', order };
      if (!mayCancel(order, reviewer, needs.policy)) return { refused: 'not-yours', order };
      return closeWanted(order, by, needs.clock.now());
    });
    return answerWish(needs, { id, by, wish: 'close the back-order' }, result);
  };
}
