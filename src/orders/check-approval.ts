import type { Limits } from './limits.js';
import {
  type ApprovalNeeds,
  counting,
  type Order,
  type OrderIn,
  type Person,
  type Timestamp,
} from './order.js';
import { type Policy, termsFor } from './policy.js';
import { type ApproverGroups, type Clock, type Log, StoreError } from './ports.js';
import { noApproversAnyMore } from './review-order.js';
import { askedOf, type Limit } from './ruling.js';

/** Whether an order may go out with the approval it has, as the policy and the groups are now. */
export type ApprovalCheck =
  /** It may, and its numbers are counted. */
  | { readonly verdict: 'sufficient' }
  /** More people must approve than did; of those who did, these may not any more. */
  | {
      readonly verdict: 'needs-approval';
      readonly needs: ApprovalNeeds;
      readonly expiresAt: Timestamp;
      readonly voids: readonly Person[];
    }
  | { readonly verdict: 'refused'; readonly because: Limit }
  /** Who may approve it cannot be seen just now. */
  | { readonly verdict: 'not-known'; readonly advice: string };

/**
 * Asked at the moment an order is about to be sent: it may have waited since its approval, for a rate limit, an undo
 * window or a restart with another policy. Throws StoreError.
 */
export type CheckApproval = (order: OrderIn<'approved' | 'placing'>) => Promise<ApprovalCheck>;

const NOT_KNOWN =
  "I can't check with Slack whether the people who approved this still may, so I don't send it yet. I try again by myself.";

export function makeCheckApproval(needs: {
  policy: Policy;
  groups: ApproverGroups;
  limits: Pick<Limits, 'askFor' | 'count'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): CheckApproval {
  const { policy, limits, clock, log } = needs;

  async function waitsAnew(order: Order, voids: readonly Person[]): Promise<ApprovalCheck> {
    const ruling = await limits.askFor(order);
    const standing = ruling.verdict === 'refused' ? {} : ruling.standing;
    return {
      verdict: 'needs-approval',
      needs: { required: ruling.terms.approvalsRequired, standing },
      expiresAt: clock.now() + ruling.terms.approvalTtlMs,
      voids,
    };
  }

  return async (order) => {
    const { approval } = order;
    if (approval.by !== undefined) {
      const given = counting([...(approval.also ?? []), approval]).flatMap(({ by }) => by ?? []);
      let voids: readonly Person[];
      try {
        voids = await noApproversAnyMore(needs, order, given);
      } catch (err) {
        if (err instanceof StoreError) throw err;
        log.warn(
          { orderId: order.id, err },
          'who may approve an order could not be seen; it is not sent yet',
        );
        return { verdict: 'not-known', advice: NOT_KNOWN };
      }
      const { approvalsRequired } = termsFor(policy, askedOf(order));
      if (given.length - voids.length < approvalsRequired) return waitsAnew(order, voids);
    }
    const ruling = await limits.count(order, approval);
    if (ruling.verdict === 'refused') return { verdict: 'refused', because: ruling.because };
    if (approval.by === undefined && ruling.verdict !== 'automatic') return waitsAnew(order, []);
    return { verdict: 'sufficient' };
  };
}
