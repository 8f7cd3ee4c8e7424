import { answerWish, type DecisionNeeds } from './answer-wish.js';
import { changeOrder } from './change-order.js';
import { asItStands } from './expiry.js';
import { isNothingLeft } from './holds.js';
import {
  type Order,
  type OrderId,
  type Person,
  requestDigest,
  type Timestamp,
  type Voided,
} from './order.js';
import { type Approvers, termsFor } from './policy.js';
import { type Accounts, type ApproverGroups, OutcomeUnknown, StoreError } from './ports.js';
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
import type { Age } from './standing.js';
import { approvalGiven, approved, declined } from './transitions.js';

export type Verdict =
  /** `seen` is the digest of what the card showed when the button was drawn. */
  | { readonly verdict: 'approve'; readonly seen: string }
  | { readonly verdict: 'decline'; readonly why: string };

/** Decides once and for all, or says why not. Throws StoreError, and then nothing was decided; or OutcomeUnknown. */
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
      const { approvalsRequired } = termsFor(needs.policy, askedOf(order));
      // Only the last approval spends anything: then Slack is asked afresh who the approvers and the requester are.
      const isLast = others.length + 1 >= approvalsRequired;
      const age = isLast ? 'fresh' : 'recent';
      const stale = isLast ? await reviewProblem(needs, order, by, age) : undefined;
      if (stale !== undefined) return stale;
      const circumstances = await needs.circumstances.order(order, age);
      const judged = await needs.limits.askFor(order, circumstances);
      if (judged.verdict === 'barred') return { refused: 'requester-barred', bar: judged.bar, order };
      if (judged.verdict === 'refused') return { refused: 'too-many', over: judged.because, order };
      const voids = isLast ? await noApproversAnyMore(needs, order, others) : [];
      if (voids === 'unknown') return { refused: 'account-unknown', order };
      if (others.length - voids.length + 1 < approvalsRequired) {
        return voids.length === 0 && hasApproved(order, by)
          ? { refused: 'approved-before', order }
          : approvalGiven(order, by, needsOf(judged), now, voids);
      }
      const ruling = await needs.limits.count(order, { by, at: now }, circumstances);
      if (ruling.verdict === 'barred') return { refused: 'requester-barred', bar: ruling.bar, order };
      if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because, order };
      counted = now;
      return approved(order, by, now, actAt(order, needs.policy, now), voids);
    });
    // Somebody else was faster, perhaps with a decline.
    if (counted !== undefined && result !== undefined && isRefusal(result)) {
      await giveBack(needs, id, counted);
    }
    return answerWish(needs, { id, by, wish: verdict.verdict }, result);
  };
}

/** Why not is certain by now. What stays counted is put right before anybody is refused for it. */
async function giveBack({ limits, log }: DecisionNeeds, id: OrderId, counted: Timestamp): Promise<void> {
  try {
    await limits.giveBack(id, counted);
  } catch (err) {
    if (!(err instanceof StoreError)) throw err;
    log.warn({ err, orderId: id }, 'numbers that were counted for nothing could not be given back yet');
  }
}

/** What is found out changes what the card shows, and with it what this press may approve. */
async function recheck(
  needs: DecisionNeeds & { readonly recheckNumbers: RecheckNumbers },
  id: OrderId,
  by: Person,
): Promise<void> {
  const order = await needs.orders.get(id);
  if (order === undefined || (await reviewProblem(needs, order, by)) !== undefined) return;
  try {
    await needs.recheckNumbers(order);
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    // Whether that is on record is not known; nothing has been approved.
    throw new StoreError(`what has become of the numbers of order ${id} could not be saved`, { cause });
  }
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

type WhoIsWho = Pick<DecisionNeeds, 'groups' | 'accounts'>;

/** Somebody as a reviewer of this order. */
export const reviewerOf = (
  needs: WhoIsWho & Pick<DecisionNeeds, 'policy'>,
  order: Order,
  by: Person,
  age: Age = 'recent',
): Promise<Reviewer> => asReviewer(needs, termsFor(needs.policy, askedOf(order)).approvers, by, age);

/** Somebody as a reviewer of what these approvers may approve. */
export async function asReviewer(
  needs: { readonly groups: ApproverGroups; readonly accounts: Pick<Accounts, 'standingOf'> },
  { users, groups }: Approvers,
  by: Person,
  age: Age = 'recent',
): Promise<Reviewer> {
  const [standing, inApproverGroup] = await Promise.all([
    needs.accounts.standingOf(by, age),
    // Who is named in person need not wait for Slack's answer, nor be kept from deciding when Slack can't be asked.
    !users.includes(by.userId) && needs.groups.includesAny(groups, by.userId, age),
  ]);
  return { ...by, inApproverGroup, standing };
}

/** Whose approvals of this order would not be taken now; `unknown` while Slack doesn't say who one of them is. */
export async function noApproversAnyMore(
  needs: WhoIsWho & Pick<DecisionNeeds, 'policy'>,
  order: Order,
  people: readonly Person[],
  age: Age = 'fresh',
): Promise<readonly Voided[] | 'unknown'> {
  const voids: Voided[] = [];
  const problems = await Promise.all(
    people.map(async (person) =>
      reviewRefusal(order, await reviewerOf(needs, order, person, age), needs.policy),
    ),
  );
  for (const [index, person] of people.entries()) {
    const why = problems[index];
    if (why === undefined) continue;
    if (why === 'unplaced' || why === 'account-unknown') return 'unknown';
    voids.push({ ...person, why });
  }
  return voids;
}

async function reviewProblem(
  needs: WhoIsWho & Pick<DecisionNeeds, 'policy'>,
  order: Order,
  by: Person,
  age: Age = 'recent',
): Promise<Refusal | undefined> {
  if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
  const refused = reviewRefusal(order, await reviewerOf(needs, order, by, age), needs.policy);
  return refused && { refused, order };
}
