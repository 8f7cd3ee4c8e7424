import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { asItStands } from './expiry.js';
import { isNothingLeft } from './holds.js';
import { type Order, type OrderId, type Person, requestDigest, type Timestamp } from './order.js';
import { type Approvers, termsFor } from './policy.js';
import type { ApproverGroups } from './ports.js';
import type { RecheckNumbers } from './recheck-numbers.js';
import { isRefusal, type Refusal } from './refusal.js';
import {
  actAt,
  approvalsOfOthers,
  askedOf,
  hasApproved,
  needsOf,
  type Reviewer,
  reviewRefusal,
} from './ruling.js';
import { approvalGiven, approved, declined } from './transitions.js';

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
    if (verdict.verdict === 'approve') await recheck(needs, id, by);
    /** When the numbers were counted for an approval that is not written yet. */
    let counted: Timestamp | undefined;
    const result = await changeOrder<Refusal>(needs.orders, id, async (stored) => {
      const order = asItStands(stored, needs.clock.now());
      const refusal = await reviewProblem(needs, order, by);
      if (refusal !== undefined) return refusal;
      // The same check again, because the compiler cannot see that reviewProblem made it.
      if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
      const now = needs.clock.now();
      if (verdict.verdict === 'decline') return declined(order, by, verdict.why, now);
      if (isNothingLeft(order)) return { refused: 'nothing-left', order };
      if (verdict.seen !== requestDigest(order)) return { refused: 'changed-since', order };
      const others = approvalsOfOthers(order, by);
      const judged = await needs.limits.askFor(order);
      if (judged.verdict === 'refused') return { refused: 'too-many', over: judged.because, order };
      const { approvalsRequired } = judged.terms;
      // Only the last approval spends anything: then each earlier one must still be an approver's.
      const isLast = others.length + 1 >= approvalsRequired;
      const voids = isLast ? await noApproversAnyMore(needs, order, others) : [];
      if (others.length - voids.length + 1 < approvalsRequired) {
        return voids.length === 0 && hasApproved(order, by)
          ? { refused: 'approved-before', order }
          : approvalGiven(order, by, needsOf(judged), now, voids);
      }
      const ruling = await needs.limits.count(order, { by, at: now });
      if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because, order };
      counted = now;
      return approved(order, by, now, actAt(order, needs.policy, now), voids);
    });
    // Somebody else was faster, perhaps with a decline.
    if (counted !== undefined && result !== undefined && isRefusal(result)) {
      await needs.limits.giveBack(id, counted);
    }
    return answerWish(needs, { id, by, wish: verdict.verdict }, result);
  };
}

/** What is found out changes what the card shows, and with it what this press may approve. */
async function recheck(
  needs: DecisionNeeds & { readonly recheckNumbers: RecheckNumbers },
  id: OrderId,
  by: Person,
): Promise<void> {
  const order = await needs.orders.get(id);
  if (order === undefined || (await reviewProblem(needs, order, by)) !== undefined) return;
  await needs.recheckNumbers(order);
}

/** Whether the decline form may be opened for this person: the same rules, without deciding. */
export function makeMayReview(needs: DecisionNeeds): MayReview {
  return async (id, by) => {
    const stored = await needs.orders.get(id);
    const order = stored && asItStands(stored, needs.clock.now());
    const result = order && ((await reviewProblem(needs, order, by)) ?? order);
    return answerWish(needs, { id, by, wish: 'open the decline form' }, result);
  };
}

/** Somebody as a reviewer of this order. */
export const reviewerOf = (
  { groups, policy }: Pick<DecisionNeeds, 'groups' | 'policy'>,
  order: Order,
  by: Person,
): Promise<Reviewer> => asReviewer(groups, termsFor(policy, askedOf(order)).approvers, by);

/** Somebody as a reviewer of what these approvers may approve. */
export async function asReviewer(
  slackGroups: ApproverGroups,
  { users, groups }: Approvers,
  by: Person,
): Promise<Reviewer> {
  // Whoever is named in person need not wait for Slack's word, nor be kept from deciding when Slack is out.
  const inApproverGroup = !users.includes(by.userId) && (await slackGroups.includesAny(groups, by.userId));
  return { ...by, inApproverGroup };
}

async function noApproversAnyMore(
  needs: Pick<DecisionNeeds, 'groups' | 'policy'>,
  order: Order,
  people: readonly Person[],
): Promise<readonly Person[]> {
  const problems = await Promise.all(
    people.map(async (person) => reviewRefusal(order, await reviewerOf(needs, order, person), needs.policy)),
  );
  return people.filter((_, index) => problems[index] !== undefined);
}

async function reviewProblem(
  needs: Pick<DecisionNeeds, 'groups' | 'policy'>,
  order: Order,
  by: Person,
): Promise<Refusal | undefined> {
  if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
  const refused = reviewRefusal(order, await reviewerOf(needs, order, by), needs.policy);
  return refused && { refused, order };
}
