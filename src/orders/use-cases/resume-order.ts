import { changeOrder } from '../change-order.js';
import { asksPeople, mayBeGivenUp, type Order } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { givenUp, lookAt, wantedAgain } from '../domain/transitions.js';
import { nextLookForGivenUp, soughtUntil } from '../engine/lost-order.js';
import type { CheckApproval, Unsent } from '../policy/check-approval.js';
import type { Refusal } from '../policy/refusal.js';
import { reviewerOf } from '../policy/reviewers.js';
import { isRequester, mayCancel, reviewRefusal } from '../policy/ruling.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

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
export function makeCheckAgain(deps: DecisionDeps): CheckAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, (order) =>
      order.status === 'placing' && asksPeople(order)
        ? lookAt(order, deps.clock.now())
        : { refused: 'already-decided', order },
    );
    return concludeAction(deps, { id, by, wish: 'check again' }, result);
  };
}

/** Throws StoreError, and then nothing was changed; or OutcomeUnknown. */
export function makeOrderAgain(deps: DecisionDeps & { readonly checkApproval: CheckApproval }): OrderAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (order) => {
      if (order.status !== 'placing' || !asksPeople(order)) return { refused: 'already-decided', order };
      // It may cost money once more, so Slack is asked afresh, as for an approval.
      const refused = reviewRefusal(order, await reviewerOf(deps, order, by, 'fresh'), deps.policy);
      if (refused !== undefined) return { refused, order };
      // It is asked once more when it is sent; but whoever presses should hear at once why it would not be.
      const check = await deps.checkApproval(order, by);
      if (check.verdict !== 'sufficient') return { ...whyNot(check), order };
      return wantedAgain(order, by, deps.clock.now());
    });
    return concludeAction(deps, { id, by, wish: 'order again' }, result);
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
export function makeGiveUp(deps: DecisionDeps): GiveUp {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (order) => {
      if (order.status !== 'placing' || !mayBeGivenUp(order)) return { refused: 'already-decided', order };
      // The requester needs nobody's word, so an outage of the group look-up must not keep them from it.
      const own = isRequester(order, by);
      if (!own && !mayCancel(order, await reviewerOf(deps, order, by), deps.policy)) {
        return { refused: 'not-yours', order };
      }
      const now = deps.clock.now();
      const until = soughtUntil(now);
      return givenUp(order, by, now, until, nextLookForGivenUp({ at: now, soughtUntil: until }, now));
    });
    return concludeAction(deps, { id, by, wish: 'give up' }, result);
  };
}
