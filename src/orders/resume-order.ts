import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import type { CheckApproval, Unsent } from './check-approval.js';
import { nextLookForGivenUp, soughtUntil } from './lost-order.js';
import { asksPeople, mayBeGivenUp, type Order, type OrderId, type Person } from './order.js';
import type { Refusal } from './refusal.js';
import { reviewerOf } from './review-order.js';
import { isRequester, mayCancel, reviewRefusal } from './ruling.js';
import { givenUp, lookAt, wantedAgain } from './transitions.js';

/** **Check again**: anybody may have us look for a lost order now rather than later. */
export type CheckAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Order again**: sends an order that left no trace at Bandwidth a second time. It may cost money twice, should the
 * first turn up after all, so whoever may approve the order must say so.
 */
export type OrderAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Give up**: ends an order that nobody wants sent again. Whoever asked for it may say so, and whoever may approve it.
 * It may have arrived all the same, so it is looked for a day longer, and followed should it turn up.
 */
export type GiveUp = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/** Throws StoreError, and then nothing was changed; or OutcomeUnknown. */
export function makeCheckAgain(needs: DecisionNeeds): CheckAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, (order) =>
      order.status === 'placing' && asksPeople(order)
        ? lookAt(order, needs.clock.now())
        : { refused: 'already-decided', order },
    );
    return answerWish(needs, { id, by, wish: 'check again' }, result);
  };
}

/** Throws StoreError, and then nothing was changed; or OutcomeUnknown. */
export function makeOrderAgain(needs: DecisionNeeds & { readonly checkApproval: CheckApproval }): OrderAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, async (order) => {
      if (order.status !== 'placing' || !asksPeople(order)) return { refused: 'already-decided', order };
      // It may cost money once more, so Slack is asked afresh, as for an approval.
      const refused = reviewRefusal(order, await reviewerOf(needs, order, by, 'fresh'), needs.policy);
      if (refused !== undefined) return { refused, order };
      // It is asked once more when it is sent; but whoever presses should hear at once why it would not be.
      const check = await needs.checkApproval(order, by);
      if (check.verdict !== 'sufficient') return { ...whyNot(check), order };
      return wantedAgain(order, by, needs.clock.now());
    });
    return answerWish(needs, { id, by, wish: 'order again' }, result);
  };
}

function whyNot(check: Unsent): Refusal {
  switch (check.verdict) {
    case 'needs-approval': {
      const approvals = { required: check.needs.required, given: check.given };
      return { refused: 'too-few-approvals', approvals };
    }
    case 'not-an-approver':
      return { refused: 'not-an-approver' };
    case 'refused':
      return { refused: 'too-many', over: check.because };
    case 'barred':
      return { refused: 'requester-barred', bar: check.bar };
    case 'not-known':
      return { refused: 'approval-unknown' };
  }
}

/** Throws StoreError, and then nothing was changed. */
export function makeGiveUp(needs: DecisionNeeds): GiveUp {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(needs.orders, id, async (order) => {
      if (order.status !== 'placing' || !mayBeGivenUp(order)) return { refused: 'already-decided', order };
      // The requester needs nobody's word, so an outage of the group look-up must not keep them from it.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(needs, order, by), needs.policy)) {
        return { refused: 'not-yours', order };
      }
      const now = needs.clock.now();
      const until = soughtUntil(now);
      return givenUp(order, by, now, until, nextLookForGivenUp({ at: now, soughtUntil: until }, now));
    });
    return answerWish(needs, { id, by, wish: 'give up' }, result);
  };
}
