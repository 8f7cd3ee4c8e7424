import type { Order } from '../../../orders/domain/order.js';
import { approvalsSoFar } from '../approver-names.js';
import { mention, typed } from '../format.js';
import { describeRequest } from '../order/describe-request.js';

/**
 * Tells a person who approved on their Home tab what was saved, because the order disappears from there. Says nothing
 * about what comes next, because the sentence stays while that changes.
 */
export function approvalReceipt(order: Order): string {
  const saved = `You approved the ${typed(describeRequest(order.request), 400)} for ${mention(order.requester)}.`;
  return order.status === 'awaiting-approval' ? `${saved} That makes ${approvalsSoFar(order)}.` : saved;
}
