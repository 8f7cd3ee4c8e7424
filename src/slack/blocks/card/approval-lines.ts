import type { Approval, Resubmission } from '../../../orders/domain/approval.js';
import { hasTurnedUp } from '../../../orders/domain/lines.js';
import type { Order } from '../../../orders/domain/order.js';
import { givingUp } from '../../../orders/domain/unanswered.js';
import { nameApproval, nameResubmitter } from '../approver-names.js';
import { mention, moment } from '../format.js';
import type { Labeled } from '../order/card-lines.js';

/** Who approved it, and who resubmitted it. */
export const approvalLine = ({ approval }: { readonly approval: Approval }): Labeled => ({
  label: 'Approved by',
  value: [
    `${nameApproval(approval)}${approval.by === undefined ? ' (automatic)' : ''}, ${moment(approval.at)}`,
    ...(approval.again === undefined ? [] : [resubmission(approval.again)]),
  ].join('; '),
});

const resubmission = (again: Resubmission): string =>
  `${again.by === undefined ? 'resubmitted because Bandwidth had no record of it' : `resubmitted by ${nameResubmitter(again)}`}, ${moment(again.at)}`;

/** For an order that turned up after someone gave it up. */
export function turnedUpLines(order: Order): string[] {
  const by = givingUp(order)?.by;
  return by === undefined || !hasTurnedUp(order)
    ? []
    : [`${mention(by)} gave up on it, but Bandwidth has it after all.`];
}
