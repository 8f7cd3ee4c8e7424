import { changeOrder } from '../change-order.js';
import { withExpiry } from '../domain/expiry.js';
import { isNothingLeft } from '../domain/holds.js';
import type { Order } from '../domain/order.js';
import type { OrderId, Person, Timestamp } from '../domain/request.js';
import { requestDigest } from '../domain/request-digest.js';
import { approvalGiven, approved, declined } from '../domain/transitions.js';
import { chooseApproval, chooseDecider } from '../policy/choose-decider.js';
import { isRefusal, type Refusal } from '../policy/refusal.js';
import { needsOf } from '../policy/required-approval.js';
import { actAt } from '../policy/ruling.js';
import { OutcomeUnknown, StoreError } from '../ports/store-errors.js';
import { concludeAction, type DecisionDeps } from './conclude-action.js';
import type { RecheckAvailability } from './recheck-availability.js';

export type Verdict =
  /** `seen` is the digest of what the card with the button showed. */
  | { readonly verdict: 'approve'; readonly seen: string }
  | { readonly verdict: 'decline'; readonly why: string };

/** Makes the final decision, or returns why it can't. Throws StoreError if nothing was decided, or OutcomeUnknown. */
export type ReviewOrder = (id: OrderId, by: Person, verdict: Verdict) => Promise<Order | Refusal>;

/** Whether {@link ReviewOrder} would let this person decide now. */
export type MayReview = (id: OrderId, by: Person) => Promise<Order | Refusal>;

/** Approves or declines. The policy is checked on the server when the button is pressed. */
export function makeReviewOrder(
  deps: DecisionDeps & { readonly recheckNumbers: RecheckAvailability },
): ReviewOrder {
  return async (id, by, verdict) => {
    if (verdict.verdict === 'approve') await recheck(deps, id, by);
    /** When numbers were counted for an approval that isn't written yet. */
    let counted: Timestamp | undefined;
    const result = await changeOrder<Refusal>(deps.orders, id, async (stored) => {
      const order = withExpiry(stored, deps.clock.now());
      if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
      const decider = await chooseDecider(deps, order, by);
      if ('refused' in decider) return { ...decider, order };
      const now = deps.clock.now();
      if (verdict.verdict === 'decline') return declined(order, decider, verdict.why, now);
      if (isNothingLeft(order)) return { refused: 'nothing-left', order };
      if (verdict.seen !== requestDigest(order)) return { refused: 'changed-since', order };
      // Only the last approval spends money, so only then does Slack have to give fresh answers about approvers and
      // requester; also before an earlier approval is said not to count.
      const first = await chooseApproval(deps, order, by, 'recent');
      if (first.refused !== undefined) return { refused: first.refused, order };
      const isFresh = first.isComplete || first.voids.length > 0;
      const age = isFresh ? 'fresh' : 'recent';
      const choice = isFresh ? await chooseApproval(deps, order, by, age) : first;
      if (choice.refused !== undefined) return { refused: choice.refused, order };
      const { decider: as, voids, given, isComplete } = choice;
      const circumstances = await deps.circumstances.order(order, age);
      const judged = await deps.limits.evaluateOrder(order, circumstances);
      if (judged.verdict === 'barred') return { refused: 'requester-barred', bar: judged.bar, order };
      if (judged.verdict === 'refused') return { refused: 'too-many', over: judged.because, order };
      if (!isComplete) {
        const needs = needsOf(judged, circumstances.requesterGroups, given);
        return approvalGiven(order, as, needs, now, voids);
      }
      const ruling = await deps.limits.count(order, { by, at: now }, circumstances);
      if (ruling.verdict === 'barred') return { refused: 'requester-barred', bar: ruling.bar, order };
      if (ruling.verdict === 'refused') return { refused: 'too-many', over: ruling.because, order };
      counted = now;
      return approved(order, as, now, actAt(order, ruling.terms, now), voids);
    });
    // Someone else was faster, perhaps by declining.
    if (counted !== undefined && result !== undefined && isRefusal(result)) {
      await giveBack(deps, id, counted);
    }
    return concludeAction(deps, { id, by, action: verdict.verdict }, result);
  };
}

/** The refusal is certain. If the count stays too high, it is corrected before anyone is refused because of it. */
async function giveBack({ limits, log }: DecisionDeps, id: OrderId, counted: Timestamp): Promise<void> {
  try {
    await limits.giveBack(id, counted);
  } catch (err) {
    if (!(err instanceof StoreError)) throw err;
    log.warn({ err, orderId: id }, 'uncounting numbers failed, will be corrected later');
  }
}

/** What the check finds changes what the card shows, and so what this press may approve. */
async function recheck(
  deps: DecisionDeps & { readonly recheckNumbers: RecheckAvailability },
  id: OrderId,
  by: Person,
): Promise<void> {
  const order = await deps.orders.get(id);
  if (order === undefined || (await reviewProblem(deps, order, by)) !== undefined) return;
  try {
    await deps.recheckNumbers(order);
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    // Whether that was recorded isn't known, but nothing was approved.
    throw new StoreError(`what has become of the numbers of order ${id} could not be saved`, { cause });
  }
}

/** Checks whether the decline form may be opened for this person, by the same rules but without deciding. */
export function makeMayReview(deps: DecisionDeps): MayReview {
  return async (id, by) => {
    const stored = await deps.orders.get(id);
    const order = stored && withExpiry(stored, deps.clock.now());
    const result = order && ((await reviewProblem(deps, order, by)) ?? order);
    return concludeAction(deps, { id, by, action: 'open the decline form' }, result);
  };
}

async function reviewProblem(
  deps: Pick<DecisionDeps, 'policy' | 'groups' | 'accounts' | 'delegates'>,
  order: Order,
  by: Person,
): Promise<Refusal | undefined> {
  if (order.status !== 'awaiting-approval') return { refused: 'already-decided', order };
  const decider = await chooseDecider(deps, order, by);
  return 'refused' in decider ? { ...decider, order } : undefined;
}
