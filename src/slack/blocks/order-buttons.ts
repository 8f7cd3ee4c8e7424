import type { ActionsBlock } from '@slack/types';
import { type Order, type OrderId, requestDigest } from '../../orders/order.js';
import { plainText } from '../escape.js';
import { actions } from './action-ids.js';
import { button, row } from './vocabulary.js';
import { subject } from './wanted.js';

/** What people can do about an order as it stands; undefined when there is nothing left to do. */
export function buttonsFor(order: Order): ActionsBlock | undefined {
  switch (order.status) {
    case 'awaiting-approval':
      return row([approveButton(order), declineButton(order), cancelButton(order)]);
    case 'approved':
      // Without trouble it is on its way to Bandwidth already.
      return order.asking.trouble === undefined ? undefined : row([cancelButton(order)]);
    case 'declined':
    case 'cancelled':
    case 'placing':
    case 'refused':
    case 'placed':
    case 'complete':
    case 'partial':
    case 'failed':
      return undefined;
  }
}

const approveButton = (order: Order) =>
  button({
    label: 'Approve & order',
    spoken: `Approve & order ${subject(order.request.wanted)}`,
    action: actions.approve,
    value: `${order.id}:${requestDigest(order)}`,
    style: 'primary',
  });

const declineButton = (order: Order) =>
  button({
    label: 'Decline…',
    spoken: `Decline the order of ${subject(order.request.wanted)}`,
    action: actions.decline,
    value: order.id,
  });

/** Asks back: it stands beside the other two, and a cancelled order has to be asked for and approved anew. */
const cancelButton = (order: Order) =>
  button({
    label: 'Cancel',
    spoken: `Cancel the order of ${subject(order.request.wanted)}`,
    action: actions.cancel,
    value: order.id,
    confirm: {
      title: plainText('Cancel this order?'),
      text: plainText('Nothing will be ordered. To order after all, somebody has to ask again.'),
      confirm: plainText('Cancel the order'),
      deny: plainText('Keep it'),
      style: 'danger',
    },
  });

/** Takes an approve button's value apart: which order, and the digest of what the card showed. */
export function readApproveValue(value: string): { orderId: OrderId; digest: string } {
  const [orderId = '', digest = ''] = value.split(':');
  return { orderId, digest };
}
