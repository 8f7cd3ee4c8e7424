import { type ApproverList, authorityOf, validApprovals } from './approval.js';
import type { Order, OrderIn } from './order.js';

/**
 * Returns who is asked to decide on a waiting order, as of the last policy check: everyone whose approval would count,
 * without those who have approved. With several stages, those of the unfinished ones. Undefined if an earlier version
 * recorded the order.
 */
export function peopleAsked(order: OrderIn<'awaiting-approval'>): ApproverList | undefined {
  const { stages, approvers, selfApproval } = order.needs;
  if (approvers === undefined) return undefined;
  const lists =
    stages === undefined
      ? [approvers]
      : stages.filter(({ count, given }) => given.length < count).map((stage) => stage.approvers);
  const heard = haveApproved(order);
  const notAsked = new Set(selfApproval === true ? heard : [...heard, order.requester.userId]);
  // Of a list that includes everyone, no one in particular is asked.
  const named = lists.filter(({ anyone }) => !anyone);
  return {
    anyone: lists.some(({ anyone }) => anyone),
    users: [...new Set(named.flatMap(({ users }) => users))].filter((userId) => !notAsked.has(userId)),
    groups: [...new Set(named.flatMap(({ groups }) => groups))],
  };
}

/** Returns the user ids of those who have approved it, and of those who were away and whose delegate has. */
export const haveApproved = (order: OrderIn<'awaiting-approval'>): readonly string[] =>
  validApprovals(order.approvals).flatMap((approval) =>
    approval.by === undefined ? [] : [approval.by.userId, authorityOf(approval).userId],
  );

/** Someone who is asked instead of an approver who is away; both are user ids. */
export interface StandIn {
  readonly away: string;
  readonly delegate: string;
}

/** Whether the card of this order names people or groups who can approve. */
export function namesApprovers(order: Order): boolean {
  if (order.status !== 'awaiting-approval') return false;
  const { approvers } = order.needs;
  return approvers !== undefined && approvers.users.length + approvers.groups.length > 0;
}

/** Whether the people who can decide are told at once. If anyone can, no one in particular is. */
export function isCalled(order: OrderIn<'awaiting-approval'>): boolean {
  const { notify = 'off' } = order.needs;
  const asked = peopleAsked(order);
  return notify !== 'off' && asked !== undefined && asked.users.length + asked.groups.length > 0;
}
