import { askedQuantity, type Order, type OrderRequest, type Person, type Timestamp } from './order.js';

/** Who may approve. A group is a Slack user group; its members are looked up at the moment of the press. */
export interface Approvers {
  /** `*`: anyone of the requester's own team but the requester. */
  readonly anyone: boolean;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

export interface Policy {
  readonly approvers: Approvers;
  /** May an approver approve a purchase they asked for? */
  readonly allowSelfApproval: boolean;
  /** The same for disconnects, which take a working number from somebody: said separately or not at all. */
  readonly allowSelfApprovalOfDisconnects: boolean;
  /** How long an approved disconnect can be undone before Bandwidth hears of it, in milliseconds; 0 for not at all. */
  readonly undoWindowMs: number;
  /** How long a request waits for approval, in milliseconds. */
  readonly approvalTtlMs: number;
  readonly maxNumbersPerOrder: number;
}

/** Somebody who presses a button, with what Slack says of them now. */
export interface Reviewer extends Person {
  readonly inApproverGroup: boolean;
}

export type ReviewRefusal = 'not-an-approver' | 'own-request';

/** May this person approve or decline this order? Undefined means yes. */
export function reviewRefusal(order: Order, reviewer: Reviewer, policy: Policy): ReviewRefusal | undefined {
  if (isRequester(order, reviewer) && !mayApproveOwn(order.request, policy)) return 'own-request';
  if (!isApprover(order.requester, reviewer, policy.approvers)) return 'not-an-approver';
  return undefined;
}

function mayApproveOwn({ kind }: OrderRequest, policy: Policy): boolean {
  return kind === 'disconnect' ? policy.allowSelfApprovalOfDisconnects : policy.allowSelfApproval;
}

/** When an order approved now is placed. */
export function actAt({ kind }: OrderRequest, policy: Policy, now: Timestamp): Timestamp {
  return kind === 'disconnect' ? now + policy.undoWindowMs : now;
}

/** The requester may always take the request back; so may whoever could decline it. */
export function mayCancel(order: Order, reviewer: Reviewer, policy: Policy): boolean {
  return isRequester(order, reviewer) || isApprover(order.requester, reviewer, policy.approvers);
}

/** How many numbers too many, or undefined when the order is small enough. */
export function overLimit(request: OrderRequest, policy: Policy): number | undefined {
  const excess = askedQuantity(request) - policy.maxNumbersPerOrder;
  return excess > 0 ? excess : undefined;
}

/** Who is to be asked to decide about this order: nobody is called who would be refused. */
export function approversOf(order: Order, policy: Policy): Approvers {
  const { approvers } = policy;
  if (mayApproveOwn(order.request, policy)) return approvers;
  return { ...approvers, users: approvers.users.filter((userId) => userId !== order.requester.userId) };
}

function isApprover(requester: Person, reviewer: Reviewer, approvers: Approvers): boolean {
  if (approvers.users.includes(reviewer.userId) || reviewer.inApproverGroup) return true;
  // A guest from another company in a shared channel is not "anyone".
  return approvers.anyone && reviewer.teamId === requester.teamId;
}

/**
 * By user id alone: Slack may report one person with different teams in a shared channel, and neither the guard against
 * approving one's own request nor the right to take it back must hang on that.
 */
export function isRequester(order: Order, person: Person): boolean {
  return order.requester.userId === person.userId;
}
