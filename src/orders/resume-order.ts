import { changeOrder } from './change-order.js';
import {
  isNowhere,
  lookAtOnce,
  mistrusted,
  type Order,
  type OrderId,
  type Person,
  wantedAgain,
} from './order.js';
import { type Policy, reviewRefusal } from './policy.js';
import type { ApproverGroups, Clock, Log, OrderStore } from './ports.js';
import { isRefusal, type Refusal } from './refusal.js';
import { asReviewer } from './review-order.js';
import type { Engine } from './settle.js';

interface Needs {
  orders: OrderStore;
  engine: Pick<Engine, 'ask'>;
  policy: Policy;
  groups: ApproverGroups;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/** **Check again**: anybody may have us look for a lost order now rather than later. */
export type CheckAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Order again**: sends an order that left no trace at Bandwidth a second time. It may cost money twice, should the
 * first turn up after all, so whoever may approve the order must say so.
 */
export type OrderAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/** Throws StoreError, and then nothing was changed. */
export function makeCheckAgain(needs: Needs): CheckAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, (order) =>
      order.status === 'placing' && isNowhere(order)
        ? lookAtOnce(order, needs.clock.now())
        : { refused: 'already-decided', order },
    );
    return closing(needs, id, by, 'check again', result);
  };
}

/** Throws StoreError, and then nothing was changed. */
export function makeOrderAgain(needs: Needs): OrderAgain {
  return async (id, by) => {
    const reviewer = await asReviewer(needs, by);
    const result = await changeOrder<Refusal>(needs.orders, id, (order) => {
      if (order.status !== 'placing' || !isNowhere(order)) return { refused: 'already-decided', order };
      const refused = reviewRefusal(order, reviewer, needs.policy);
      return refused === undefined ? wantedAgain(order, by, needs.clock.now()) : { refused, order };
    });
    return closing(needs, id, by, 'order again', result);
  };
}

/** A press is never ignored: whatever became of it, the card is drawn as the order now stands. */
async function closing(
  needs: Needs,
  id: OrderId,
  by: Person,
  wish: string,
  result: Order | Refusal | undefined,
): Promise<Order | Refusal> {
  if (result === undefined) return { refused: 'no-such-order' };
  const refused = isRefusal(result) ? result.refused : undefined;
  needs.log.info({ orderId: id, by: by.userId, wish, refused }, 'a lost order was spoken about');
  if (refused === 'already-decided') await changeOrder(needs.orders, id, mistrusted);
  needs.engine.ask(id);
  return result;
}
