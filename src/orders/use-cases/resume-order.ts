import { changeOrder } from '../change-order.js';
import { asWhole, linesOf } from '../domain/lines.js';
import type { Order, OrderIn } from '../domain/order.js';
import type { OrderId, Person } from '../domain/request.js';
import { changeLines, givenUp, scheduleLookup, wantedAgain } from '../domain/transitions.js';
import { asksPeople, mayBeGivenUp } from '../domain/unanswered.js';
import { lookupUntil, nextLookupAfterGivingUp } from '../engine/lost-order.js';
import type { CheckApproval, Unsent } from '../policy/check-approval.js';
import { chooseDecider, mayCancelNow } from '../policy/choose-decider.js';
import type { Refusal } from '../policy/refusal.js';
import { isRequester } from '../policy/ruling.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';

/** **Check again**: anyone may have a lost order looked up now rather than later. */
export type CheckAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Order again**: resubmits an order that left no trace at Bandwidth. That may cost money twice if the first request
 * turns up after all, so only someone who may approve the order can do it.
 */
export type OrderAgain = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * **Give up**: ends an order that no one wants resubmitted. Its requester and its approvers may do that. It may have
 * arrived anyway, so it is looked up for another day, and followed if it turns up.
 */
export type GiveUp = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/** Each of these actions applies to every line of an order in this state. */

const isAskedAbout = (line: Order): line is OrderIn<'placing'> =>
  line.status === 'placing' && asksPeople(line);

const canBeGivenUp = (line: Order): line is OrderIn<'placing'> =>
  line.status === 'placing' && mayBeGivenUp(line);

/** Throws StoreError if nothing was changed, or OutcomeUnknown. */
export function makeCheckAgain(deps: DecisionDeps): CheckAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, (order) => {
      const now = deps.clock.now();
      const next = changeLines(order, (line) => (isAskedAbout(line) ? scheduleLookup(line, now) : line));
      return next === order ? { refused: 'already-decided', order } : next;
    });
    return concludeAction(deps, { id, by, action: 'check again' }, result);
  };
}

/** Throws StoreError if nothing was changed, or OutcomeUnknown. */
export function makeOrderAgain(deps: DecisionDeps & { readonly checkApproval: CheckApproval }): OrderAgain {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (order) => {
      const lost = linesOf(order).find(isAskedAbout);
      if (lost === undefined) return { refused: 'already-decided', order };
      // It may cost money a second time, so Slack is asked for a fresh answer, as for an approval.
      const decider = await chooseDecider(deps, order, by, 'fresh');
      if ('refused' in decider) return { ...decider, order };
      // This is checked again before it is sent, but a person should be told at once why it wouldn't be.
      const check = await deps.checkApproval(asWhole(lost), decider);
      if (check.verdict !== 'sufficient') return { ...whyNot(check), order };
      const now = deps.clock.now();
      return changeLines(order, (line) => (isAskedAbout(line) ? wantedAgain(line, decider, now) : line));
    });
    return concludeAction(deps, { id, by, action: 'order again' }, result);
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

/** Throws StoreError if nothing was changed. */
export function makeGiveUp(deps: DecisionDeps): GiveUp {
  return async (id, by) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (order) => {
      if (!linesOf(order).some(canBeGivenUp)) return { refused: 'already-decided', order };
      // The requester needs no one's permission, so an outage of the group lookup must not keep them from giving up.
      const own = isRequester(order, by);
      if (!own && !(await mayCancelNow(deps, order, by))) {
        return { refused: 'not-yours', order };
      }
      const now = deps.clock.now();
      const until = lookupUntil(now);
      const nextAt = nextLookupAfterGivingUp({ at: now, soughtUntil: until }, now);
      return changeLines(order, (line) =>
        canBeGivenUp(line) ? givenUp(line, by, now, until, nextAt) : line,
      );
    });
    return concludeAction(deps, { id, by, action: 'give up' }, result);
  };
}
