import type { ApprovalAnnouncement } from '../../../orders/domain/announcement.js';
import { type Approval, validApprovals } from '../../../orders/domain/approval.js';
import { reopening } from '../../../orders/domain/editions.js';
import type { Order, OrderIn } from '../../../orders/domain/order.js';
import {
  approvalsSoFar,
  nameApproval,
  nameDecider,
  stillNeeded,
  voidedApproval,
  voidedSentence,
} from '../approver-names.js';
import { undoableUntil } from '../card/order-buttons.js';
import { isUndone } from '../card/order-headline.js';
import { exactMoment, figure, mention, moment, quoted, typed } from '../format.js';
import { kindWords } from '../kind-words.js';
import { describeRequested, requestInText } from '../order/describe-request.js';

// What the thread says about decisions on a request. Each is undefined for an order without that decision.

/** Says that one of several approvals was given. The last one is {@link approvedText}. */
export function oneApprovalText(order: Order, kind: ApprovalAnnouncement): string[] {
  const { given, required } = quorumOf(order);
  const index = Number(kind.slice('approval-'.length));
  const approval = given[index - 1];
  if (approval === undefined) throw new Error(`order ${order.id} has no approval number ${index}`);
  const soFar = validApprovals(given.slice(0, index)).length;
  const said = `Approved by ${nameApproval(approval)}`;
  if (order.status === 'awaiting-approval' && index === given.length && order.needs.stages !== undefined) {
    return [
      `${said}: ${approvalsSoFar(order)}. Still needed: ${stillNeeded(order)}.${voidedSentence(approval)}`,
    ];
  }
  return [`${said}: ${figure(soFar)} of ${figure(required)} approvals.${voidedSentence(approval)}`];
}

function quorumOf(order: Order): { given: readonly Approval[]; required: number } {
  if (order.status === 'awaiting-approval') {
    return { given: order.approvals, required: order.needs.required };
  }
  const given = ('approval' in order && order.approval?.also) || [];
  return { given, required: validApprovals(given).length + 1 };
}

export function approvedText(order: Order): string[] | undefined {
  if (!('approval' in order) || order.approval === undefined) return undefined;
  const { approval } = order;
  const approved = approval.by === undefined ? 'Approved automatically' : 'Approved';
  return [`${approved} by ${nameApproval(approval)}.${voidedSentence(approval)}${untilWhenUndoable(order)}`];
}

/** Says until when an approval can be undone, if that time hasn't passed. */
function untilWhenUndoable(order: Order): string {
  const until = undoableUntil(order);
  return until === undefined
    ? ''
    : ` ${describeRequested(order.request)} will be ${kindWords[order.request.kind].verbed} ${exactMoment(until)}; until then *Undo* on the card stops it.`;
}

/** Says that the approval of an order is no longer enough, and why. */
export function reopenedText(order: Order): string[] | undefined {
  const event = reopening(order);
  if (event === undefined) return undefined;
  const { rule, voids = [], needs, requesterNotMember } = event;
  const isWaiting = order.status === 'awaiting-approval';
  // Otherwise every approval still counts, but the policy now requires more of them.
  const isExplained = rule !== undefined || voids.length > 0;
  const more = isExplained ? '' : `: ${figure(needs.required)} people must approve it now`;
  const nothingDone = isWaiting ? ` ${kindWords[order.request.kind].nothingDone}` : '';
  const notMember = requesterNotMember
    ? `: it is for full members, and I can't confirm that ${mention(order.requester)} is one`
    : '';
  return [
    `${mention(order.requester)} your ${requestInText(order.request)} needs approval again${more}.${nothingDone}`,
    ...(rule === undefined ? [] : [`The rule “${typed(rule, 200)}” no longer covers it${notMember}.`]),
    ...voids.map((person) => voidedApproval(person)),
    ...(isWaiting ? [howFarItIs(order)] : []),
  ];
}

function howFarItIs(order: OrderIn<'awaiting-approval'>): string {
  const needed = stillNeeded(order);
  const missing = needed === '' ? '' : `; still needed: ${needed}`;
  return `${approvalsSoFar(order)} so far${missing}. It waits until ${moment(order.expiresAt)}.`;
}

export const declinedText = (order: Order): string[] | undefined =>
  order.status === 'declined'
    ? [
        `${mention(order.requester)} ${nameDecider(order)} declined your ${requestInText(order.request)}:`,
        quoted(order.why, 2800),
      ]
    : undefined;

export const expiredText = (order: Order): string[] | undefined =>
  order.status === 'expired'
    ? [
        `${mention(order.requester)} your ${requestInText(order.request)} expired: it wasn't approved in time. ${kindWords[order.request.kind].nothingDone}`,
        '*Ask again…* on the card opens the form with the same values.',
      ]
    : undefined;

export const canceledText = (order: Order): string[] | undefined =>
  order.status === 'cancelled'
    ? [
        `${isUndone(order) ? 'Undone' : 'Canceled'} by ${mention(order.by)}. ${kindWords[order.request.kind].notSent}`,
      ]
    : undefined;
