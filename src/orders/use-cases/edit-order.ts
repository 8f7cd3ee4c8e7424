import { changeOrder } from '../change-order.js';
import { isEditedOut } from '../domain/editions.js';
import { withExpiry } from '../domain/expiry.js';
import type { Order } from '../domain/order.js';
import type { OrderId, OrderRequest, Person } from '../domain/request.js';
import { edited } from '../domain/transitions.js';
import type { Refusal } from '../policy/refusal.js';
import { needsOf } from '../policy/required-approval.js';
import { isRequester } from '../policy/ruling.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';
import { isSameRequest } from './request-order.js';

export type EditOrder = (
  id: OrderId,
  by: Person,
  change: {
    /** The edition of the order that the form was filled with. */
    readonly edition: number;
    readonly request: OrderRequest;
  },
) => Promise<Order | Refusal>;

/** Whether {@link EditOrder} would let this person change the order now. */
export type MayEdit = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/**
 * Replaces the request of a waiting order. Approvals so far are dropped, because they were of something else. Throws
 * StoreError if nothing was changed, or OutcomeUnknown.
 */
export function makeEditOrder(deps: DecisionDeps): EditOrder {
  return async (id, by, { edition, request }) => {
    const result = await changeOrder<Refusal>(deps.orders, id, async (stored) => {
      const now = deps.clock.now();
      const order = withExpiry(stored, now);
      const problem = editProblem(order, by);
      if (problem !== undefined) return problem;
      // Repeats the check of editProblem for the compiler.
      if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
      // Also true for a form that Slack sends again because our answer to the first was lost.
      if (isSameRequest(order.request, request)) return stored;
      if (isEditedOut(order)) return tooOften(order);
      if (order.edition !== edition) return { refused: 'changed-since', order };
      const asked = { ...order, request };
      const circumstances = await deps.circumstances.order(order, 'recent');
      const ruling = await deps.limits.evaluateOrder(asked, circumstances);
      if (ruling.verdict === 'barred') return { refused: 'barred', bar: ruling.bar, order };
      if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because, order };
      const { approvalTtlMs } = ruling.terms;
      const needs = needsOf(ruling, circumstances.requesterGroups);
      return edited(order, by, request, now, now + approvalTtlMs, needs);
    });
    return concludeAction(deps, { id, by, action: 'edit' }, result);
  };
}

/** Checks whether the form may be opened for this person, by the same rules but without changing anything. */
export function makeMayEdit(deps: DecisionDeps): MayEdit {
  return async (id, by) => {
    const stored = await deps.orders.get(id);
    const order = stored && withExpiry(stored, deps.clock.now());
    const result = order && (editProblem(order, by) ?? (isEditedOut(order) ? tooOften(order) : order));
    return concludeAction(deps, { id, by, action: 'open the form to edit' }, result);
  };
}

const tooOften = (order: Order): Refusal => ({ refused: 'edited-too-often', order });

function editProblem(order: Order, by: Person): Refusal | undefined {
  if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
  return isRequester(order, by) ? undefined : { refused: 'not-the-requester', order };
}
