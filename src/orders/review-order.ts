import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { type Order, type OrderId, type Person, requestDigest } from './order.js';
import { actAt, overLimit, type Policy, type Reviewer, reviewRefusal } from './policy.js';
import type { RecheckNumbers } from './recheck-numbers.js';
import type { Refusal } from './refusal.js';
import { approved, declined } from './transitions.js';

export type Verdict =
  /** `seen` is the digest of what the card showed when the button was drawn. */
  | { readonly verdict: 'approve'; readonly seen: string }
  | { readonly verdict: 'decline'; readonly why: string };

/** Decides once and for all, or says why not. Throws StoreError, and then nothing was decided. */
export type ReviewOrder = (id: OrderId, by: Person, verdict: Verdict) => Promise<Order | Refusal>;

/** Whether {@link ReviewOrder} would let this person decide now. */
export type MayReview = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/** Approve or decline. The policy is asked at the moment of the press, on the server. */
export function makeReviewOrder(
  needs: DecisionNeeds & { readonly recheckNumbers: RecheckNumbers },
): ReviewOrder {
  return async (id, by, verdict) => {
    const reviewer = await asReviewer(needs, by);
    if (verdict.verdict === 'approve') {
      const asked = await needs.orders.get(id);
      // What is found out changes what the card shows, and with it what this press may approve.
      if (asked !== undefined && reviewProblem(asked, reviewer, needs.policy) === undefined) {
        await needs.recheckNumbers(asked);
      }
    }
    const result = await changeOrder<Refusal>(needs.orders, id, (order) => {
      const refusal = reviewProblem(order, reviewer, needs.policy);
      if (refusal !== undefined) return refusal;
      // The same check again, because the compiler cannot see that reviewProblem made it.
      if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
      if (verdict.verdict === 'decline') return declined(order, by, verdict.why, needs.clock.now());
      if (verdict.seen !== requestDigest(order)) return { refused: 'changed-since', order };
      if (overLimit(order.request, needs.policy) !== undefined) return { refused: 'too-many', order };
      const now = needs.clock.now();
      return approved(order, by, now, actAt(order.request, needs.policy, now));
    });
    return answerWish(needs, { id, by, wish: verdict.verdict }, result);
  };
}

/** Whether the decline form may be opened for this person: the same rules, without deciding. */
export function makeMayReview(needs: DecisionNeeds): MayReview {
  return async (id, by) => {
    const reviewer = await asReviewer(needs, by);
    const order = await needs.orders.get(id);
    const result = order && (reviewProblem(order, reviewer, needs.policy) ?? order);
    return answerWish(needs, { id, by, wish: 'open the decline form' }, result);
  };
}

export async function asReviewer(
  needs: Pick<DecisionNeeds, 'groups' | 'policy'>,
  by: Person,
): Promise<Reviewer> {
  const { users, groups } = needs.policy.approvers;
  // Whoever is named in person need not wait for Slack's word, nor be kept from deciding when Slack is out.
  const inApproverGroup = !users.includes(by.userId) && (await needs.groups.includesAny(groups, by.userId));
  return { ...by, inApproverGroup };
}

function reviewProblem(order: Order, reviewer: Reviewer, policy: Policy): Refusal | undefined {
  if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
  const refused = reviewRefusal(order, reviewer, policy);
  return refused && { refused, order };
}
