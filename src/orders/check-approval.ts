import type { CircumstancesOf } from './circumstances.js';
import type { Limits } from './limits.js';
import {
  type ApprovalNeeds,
  counting,
  type Order,
  type OrderIn,
  type Timestamp,
  type Voided,
} from './order.js';
import { type Policy, termsFor } from './policy.js';
import { type Accounts, type ApproverGroups, type Clock, type Log, StoreError } from './ports.js';
import { noApproversAnyMore } from './review-order.js';
import { askedOf, type Limit } from './ruling.js';
import type { Age, Circumstances } from './standing.js';

/** Whether an order may go out with the approval it has, as the policy, the groups and the accounts are now. */
export type ApprovalCheck =
  /** It may, and its numbers are counted. */
  | { readonly verdict: 'sufficient' }
  /** More people must approve than did; of those who did, the approvals of `voids` don't count now. */
  | {
      readonly verdict: 'needs-approval';
      readonly needs: ApprovalNeeds;
      readonly expiresAt: Timestamp;
      readonly voids: readonly Voided[];
      readonly requesterNotMember?: true;
    }
  | { readonly verdict: 'refused'; readonly because: Limit }
  /** Its requester may not order any more. */
  | { readonly verdict: 'barred'; readonly advice: string }
  /** Who may approve it, or who requested it, cannot be seen just now. */
  | { readonly verdict: 'not-known'; readonly advice: string };

/**
 * Asked at the moment an order is about to be sent: it may have waited since its approval, for a rate limit, an undo
 * window or a restart with another policy. Throws StoreError.
 */
export type CheckApproval = (order: OrderIn<'approved' | 'placing'>) => Promise<ApprovalCheck>;

const NOT_KNOWN =
  "I can't check with Slack whether the people who requested and approved this still may, so I don't send it yet. I'll keep trying.";
const BARRED =
  "The person who requested this is no longer allowed to order numbers, so I don't send it. Cancel it, and have somebody else request it.";

/** Slack was asked afresh for the approval itself; what it said then is as good so soon after. */
const AS_GOOD_AS_FRESH_MS = 10_000;

export function makeCheckApproval(needs: {
  policy: Policy;
  groups: ApproverGroups;
  accounts: Pick<Accounts, 'standingOf'>;
  circumstances: Pick<CircumstancesOf, 'order'>;
  limits: Pick<Limits, 'askFor' | 'count'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): CheckApproval {
  const { policy, limits, clock, log } = needs;

  async function waitsAnew(
    order: Order,
    voids: readonly Voided[],
    circumstances: Circumstances,
  ): Promise<ApprovalCheck> {
    const ruling = await limits.askFor(order, circumstances);
    const standing = 'standing' in ruling ? ruling.standing : {};
    return {
      verdict: 'needs-approval',
      needs: { required: ruling.terms.approvalsRequired, standing },
      expiresAt: clock.now() + ruling.terms.approvalTtlMs,
      voids,
      ...(circumstances.standing === 'member' ? {} : { requesterNotMember: true }),
    };
  }

  async function check(order: OrderIn<'approved' | 'placing'>, age: Age): Promise<ApprovalCheck> {
    const { approval } = order;
    const circumstances = await needs.circumstances.order(order, age);
    if (approval.by !== undefined) {
      const given = counting([...(approval.also ?? []), approval]).flatMap(({ by }) => by ?? []);
      const voids = await noApproversAnyMore(needs, order, given, age);
      if (voids === 'unknown') return { verdict: 'not-known', advice: NOT_KNOWN };
      const { approvalsRequired } = termsFor(policy, askedOf(order));
      if (given.length - voids.length < approvalsRequired) return waitsAnew(order, voids, circumstances);
    }
    const ruling = await limits.count(order, approval, circumstances);
    if (ruling.verdict === 'barred') {
      return ruling.bar === 'account-unknown' || ruling.bar === 'unplaced'
        ? { verdict: 'not-known', advice: NOT_KNOWN }
        : { verdict: 'barred', advice: BARRED };
    }
    if (ruling.verdict === 'refused') return { verdict: 'refused', because: ruling.because };
    if (approval.by === undefined && ruling.verdict !== 'automatic') {
      return waitsAnew(order, [], circumstances);
    }
    return { verdict: 'sufficient' };
  }

  return async (order) => {
    try {
      if (Math.abs(clock.now() - order.approval.at) < AS_GOOD_AS_FRESH_MS) {
        const soon = await check(order, 'recent');
        // What was read by another instance may be older than the approval: a "no" needs a fresh answer.
        if (soon.verdict === 'sufficient') return soon;
      }
      return await check(order, 'fresh');
    } catch (err) {
      if (err instanceof StoreError) throw err;
      log.warn({ orderId: order.id, err }, 'who may approve an order could not be seen; it is not sent yet');
      return { verdict: 'not-known', advice: NOT_KNOWN };
    }
  };
}
