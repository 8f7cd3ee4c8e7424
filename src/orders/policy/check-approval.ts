import { LRUCache } from 'lru-cache';
import {
  type Approval,
  authorityOf,
  type Decider,
  type RequiredApproval,
  type Voided,
} from '../domain/approval.js';
import type { Order, OrderIn } from '../domain/order.js';
import { type OrderId, severalLines, type Timestamp } from '../domain/request.js';
import type { Age, Bar, Circumstances } from '../domain/standing.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Accounts, ApproverGroups } from '../ports/people.js';
import { StoreError } from '../ports/store-errors.js';
import type { CircumstancesOf } from './circumstances.js';
import type { Limits } from './limits.js';
import { type Policy, termsFor } from './policy.js';
import { quorumOf } from './quorum.js';
import { requiredApproval, type StageApproval } from './required-approval.js';
import { recheck } from './reviewers.js';
import { decidersOf, type Limit, ruleInputsOf } from './ruling.js';

/** Whether an order may be sent with its approval, given the policy, groups and accounts as they are now. */
export type ApprovalCheck =
  /** It may be sent, and its numbers are counted. */
  | { readonly verdict: 'sufficient' }
  /** More approvals are required. The approvals of `voids` no longer count; those of `given` do. */
  | {
      readonly verdict: 'needs-approval';
      readonly needs: RequiredApproval;
      readonly given: number;
      readonly expiresAt: Timestamp;
      readonly voids: readonly Voided[];
      readonly requesterNotMember?: true;
    }
  /** The person who wants it resubmitted can no longer approve it. */
  | { readonly verdict: 'not-an-approver' }
  | { readonly verdict: 'refused'; readonly because: Limit }
  /** Its requester may no longer order. */
  | { readonly verdict: 'barred'; readonly bar: Bar }
  /** Who may approve it, or who requested it, can't be determined right now. */
  | { readonly verdict: 'not-known' };

/** A result that keeps the order from being sent for now. */
export type Unsent = Exclude<ApprovalCheck, { verdict: 'sufficient' }>;

/**
 * Checks an order just before it is sent, because it may have waited since its approval: for a rate limit, an undo
 * window or a restart with another policy. Throws StoreError.
 *
 * @param resubmittedBy who wants a lost order resubmitted. That counts as their approval.
 */
export type CheckApproval = (
  order: OrderIn<'approved' | 'placing'>,
  resubmittedBy?: Decider,
) => Promise<ApprovalCheck>;

/** Slack was asked for a fresh answer at the approval itself, which is still good this soon afterwards. */
const AS_GOOD_AS_FRESH_MS = 10_000;

const MAX_ENTRIES = 1_000;
const keyOf = (id: OrderId, { at }: Approval): string => `${id} ${at}`;

export function makeCheckApproval(deps: {
  policy: Policy;
  groups: ApproverGroups;
  accounts: Pick<Accounts, 'standingOf'>;
  circumstances: Pick<CircumstancesOf, 'order'>;
  limits: Pick<Limits, 'evaluateOrder' | 'count'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}): CheckApproval {
  const { policy, limits, clock, log } = deps;

  async function reopenedFor(
    order: Order,
    { given, voids }: { readonly given: readonly StageApproval[]; readonly voids: readonly Voided[] },
    circumstances: Circumstances,
  ): Promise<ApprovalCheck> {
    const ruling = await limits.evaluateOrder(order, circumstances);
    const standing = 'standing' in ruling ? ruling.standing : {};
    return {
      verdict: 'needs-approval',
      needs: requiredApproval(ruling.terms, standing, circumstances.requesterGroups, given),
      given: given.filter(({ stage }) => stage !== undefined).length,
      expiresAt: clock.now() + ruling.terms.approvalTtlMs,
      voids,
      ...(circumstances.standing === 'member' ? {} : { requesterNotMember: true }),
    };
  }

  async function check(
    order: OrderIn<'approved' | 'placing'>,
    age: Age,
    resubmittedBy: Decider | undefined,
  ): Promise<ApprovalCheck> {
    const { approval } = order;
    const circumstances = await deps.circumstances.order(order, age);
    if (circumstances.requesterGroupsUnknown === true) return { verdict: 'not-known' };
    const terms = termsFor(policy, { ...ruleInputsOf(order), ...circumstances });
    const found = await recheck(deps, order, terms, whoApproved(approval, resubmittedBy), age);
    if (found === 'unknown') return { verdict: 'not-known' };
    const { counting, voids } = found;
    if (voids.some(({ userId }) => userId === resubmittedBy?.by.userId)) {
      return { verdict: 'not-an-approver' };
    }
    const quorum = quorumOf(
      terms.stages,
      counting.map(({ able }) => able),
    );
    const given = counting.map(({ decider }, index) => ({ decider, stage: quorum.stageOf[index] }));
    const enough = counting.length > 0 && quorum.isComplete;
    if (approval.by !== undefined && !enough) return reopenedFor(order, { given, voids }, circumstances);
    const ruling = await limits.count(order, approval, circumstances);
    if (ruling.verdict === 'barred') {
      return ruling.bar === 'account-unknown' || ruling.bar === 'unplaced'
        ? { verdict: 'not-known' }
        : { verdict: 'barred', bar: ruling.bar };
    }
    if (ruling.verdict === 'refused') return { verdict: 'refused', because: ruling.because };
    if (approval.by === undefined && !enough && ruling.verdict !== 'automatic') {
      return reopenedFor(order, { given, voids: [] }, circumstances);
    }
    return { verdict: 'sufficient' };
  }

  /** When Slack was last asked for a fresh answer about an order of several lines, which are sent one after the other. */
  const askedAt = new LRUCache<string, Timestamp>({ max: MAX_ENTRIES });

  function isJustAsked({ id, approval }: OrderIn<'approved' | 'placing'>): boolean {
    const at = Math.max(approval.at, askedAt.get(keyOf(id, approval)) ?? 0);
    return Math.abs(clock.now() - at) < AS_GOOD_AS_FRESH_MS;
  }

  return async (order, resubmittedBy) => {
    try {
      if (isJustAsked(order)) {
        const soon = await check(order, 'recent', resubmittedBy);
        // An answer that another instance read may predate the approval, so a "no" is checked with a fresh one.
        if (soon.verdict === 'sufficient') return soon;
      }
      const now = clock.now();
      const fresh = await check(order, 'fresh', resubmittedBy);
      const isOfSeveral = severalLines(order.request).length > 0 && resubmittedBy === undefined;
      if (isOfSeveral && fresh.verdict === 'sufficient') askedAt.set(keyOf(order.id, order.approval), now);
      return fresh;
    } catch (err) {
      if (err instanceof StoreError) throw err;
      log.warn({ orderId: order.id, err }, 'approvers could not be determined, order not sent yet');
      return { verdict: 'not-known' };
    }
  };
}

/** Returns whose approvals count, each once, and no one's right to approve twice. */
function whoApproved(approval: Approval, resubmittedBy: Decider | undefined): readonly Decider[] {
  const given = decidersOf([...(approval.also ?? []), approval]);
  if (resubmittedBy === undefined) return given;
  if (given.some(({ by }) => by.userId === resubmittedBy.by.userId)) return given;
  const right = authorityOf(resubmittedBy).userId;
  return [...given.filter((decider) => authorityOf(decider).userId !== right), resubmittedBy];
}
