import type { ActionsBlock } from '@slack/types';
import { awaitedQuantity, isCloseable } from '../../../orders/domain/back-order.js';
import { isEditedOut } from '../../../orders/domain/editions.js';
import { canBeAskedAgain, deliveredNumbers, stillMissing } from '../../../orders/domain/follow-ups.js';
import { isNothingLeft } from '../../../orders/domain/holds.js';
import { linesOf } from '../../../orders/domain/lines.js';
import type { Order, OrderIn } from '../../../orders/domain/order.js';
import { kindRules } from '../../../orders/domain/order-kinds.js';
import { type OrderId, requestedQuantity, type Timestamp } from '../../../orders/domain/request.js';
import { requestDigest } from '../../../orders/domain/request-digest.js';
import { reversalsOf } from '../../../orders/domain/reversal.js';
import { readyServices } from '../../../orders/domain/service-check.js';
import { asksPeople, mayBeGivenUp } from '../../../orders/domain/unanswered.js';
import { plainText } from '../../text/escape.js';
import { actions } from '../action-ids.js';
import { button, row } from '../elements.js';
import { count, figure } from '../format.js';
import { kindWords } from '../kind-words.js';
import { describeRequest, describeRequested } from '../order/describe-request.js';

/** Returns the buttons for an order in its current state; undefined when there is nothing left to do. */
export function buttonsFor(order: Order): ActionsBlock | undefined {
  switch (order.status) {
    case 'awaiting-approval':
      return row([
        ...(isNothingLeft(order) ? [] : [approveButton(order)]),
        declineButton(order),
        ...(isEditedOut(order) || kindRules[order.request.kind].follows ? [] : [editButton(order)]),
        cancelButton(order),
      ]);
    case 'approved':
      if (undoableUntil(order) !== undefined) return row([undoButton(order)]);
      // Without trouble it is already on its way to Bandwidth.
      return order.asking.trouble === undefined ? undefined : row([cancelButton(order)]);
    case 'placing':
      if (asksPeople(order)) return row([checkAgainButton(order), againButton(order), giveUpButton(order)]);
      return mayBeGivenUp(order) ? row([giveUpButton(order)]) : undefined;
    case 'placed':
      return isCloseable(order) ? row([closeButton(order, awaitedQuantity(order))]) : undefined;
    case 'ordering':
      return buttonsForLines(order);
    case 'declined':
    case 'expired':
    case 'cancelled':
    case 'given-up':
    case 'refused':
    case 'complete':
    case 'partial':
    case 'failed':
      return followUps(order);
  }
}

/** The buttons for lines that need a person's decision. Each acts on every line that it applies to. */
function buttonsForLines(order: Order): ActionsBlock | undefined {
  const lines = linesOf(order);
  const lost = lines.filter((line) => line.status === 'placing');
  const isAsked = lost.some(asksPeople);
  const backordered = lines.filter((line) => line.status === 'placed').filter(isCloseable);
  const unsent = lines.filter((line) => line.status === 'approved');
  const isHeldBack = unsent.some(({ asking }) => asking.trouble !== undefined);
  const givable = lost.filter(mayBeGivenUp);
  const awaited = backordered.reduce((sum, line) => sum + awaitedQuantity(line), 0);
  const about = (those: readonly Order[]) =>
    `This applies to ${figure(those.length)} of ${count(lines.length, 'line')}. `;
  const buttons = [
    ...(isAsked ? [checkAgainButton(order), againButton(order, about(lost.filter(asksPeople)))] : []),
    ...(givable.length === 0 ? [] : [giveUpButton(order, about(givable))]),
    ...(isHeldBack ? [cancelButton(order, about(unsent))] : []),
    ...(backordered.length === 0 ? [] : [closeButton(order, awaited, about(backordered))]),
  ];
  return buttons.length === 0 ? undefined : row(buttons);
}

/** What people may want to do next when an order has ended. */
function followUps(order: Order): ActionsBlock | undefined {
  const missing = stillMissing(order);
  const buttons = [
    ...(canBeAskedAgain(order) ? [askAgainButton(order)] : []),
    ...(missing === undefined ? [] : [orderMissingButton(order, requestedQuantity(missing))]),
    ...(readyServices(order).length === 0 ? [] : [activateButton(order)]),
    ...(deliveredNumbers(order).length === 0 ? [] : [disconnectDeliveredButton(order)]),
    ...(reversalsOf(order).length === 0 ? [] : [changeBackButton(order)]),
  ];
  return buttons.length === 0 ? undefined : row(buttons);
}

/** Returns the buttons for deciding on a waiting order. */
export function decisionButtons(order: OrderIn<'awaiting-approval'>): ActionsBlock {
  return row([...(isNothingLeft(order) ? [] : [approveButton(order)]), declineButton(order)]);
}

/**
 * Returns until when an approved disconnect can be undone, because it isn't sent to Bandwidth before. Undefined for
 * orders that can't be undone, and when the undo window is turned off.
 */
export function undoableUntil(order: Order): Timestamp | undefined {
  if (order.status !== 'approved' || !kindRules[order.request.kind].undoWindow) return undefined;
  return order.asking.nextAt > order.approval.at ? order.asking.nextAt : undefined;
}

const approveButton = (order: Order) => {
  const { label, style } = kindWords[order.request.kind].approve;
  return button({
    label,
    spoken: `${label} ${describeRequested(order.request)}`,
    action: actions.approve,
    value: `${order.id}:${requestDigest(order)}`,
    style,
  });
};

/** A button without confirmation. */
const plainButton = (label: string, verb: string, action: string) => (order: Order) =>
  button({ label, spoken: `${verb} the ${describeRequest(order.request)}`, action, value: order.id });

const declineButton = plainButton('Decline…', 'Decline', actions.decline);
const editButton = plainButton('Edit…', 'Edit', actions.edit);
const askAgainButton = plainButton('Ask again…', 'Ask again for', actions.askAgain);

const orderMissingButton = (order: Order, quantity: number) =>
  button({
    label: `Order the missing ${figure(quantity)}…`,
    spoken: `Order the missing ${count(quantity, 'number')} of the ${describeRequest(order.request)}`,
    action: actions.orderMissing,
    value: order.id,
  });

const activateButton = plainButton('Activate…', 'Activate the numbers of', actions.activate);

const disconnectDeliveredButton = plainButton(
  'Disconnect…',
  'Disconnect the numbers of',
  actions.disconnectDelivered,
);

/** Opens a form: the reverse change is an order like any other. */
const changeBackButton = plainButton('Change back…', 'Change back the numbers of', actions.changeBack);

/* `about` says of how many lines a button is, in front of what is to be confirmed. */

/** Needs confirmation: it is next to other buttons, and a canceled order has to be requested and approved again. */
const cancelButton = (order: Order, about = '') =>
  button({
    label: 'Cancel',
    spoken: `Cancel the ${describeRequest(order.request)}`,
    action: actions.cancel,
    value: order.id,
    confirm: {
      title: plainText(`Cancel this ${kindWords[order.request.kind].title.toLowerCase()}?`),
      text: plainText(
        about === ''
          ? kindWords[order.request.kind].toAskAgain
          : `${about}They won't be ordered, and the others continue. To order them after all, submit a new request.`,
      ),
      confirm: plainText(`Cancel the ${kindWords[order.request.kind].title.toLowerCase()}`),
      deny: plainText('Keep it'),
      style: 'danger',
    },
  });

/** Has no confirmation, because the undo window is only seconds long. */
const undoButton = plainButton('Undo', 'Undo', actions.undo);

const checkAgainButton = plainButton('Check again', 'Check again for', actions.checkAgain);

/** Needs confirmation: it's the one button that may cost money twice. */
const againButton = (order: Order, about = '') => {
  const words = kindWords[order.request.kind];
  return button({
    label: words.again,
    spoken: `${words.again}: the ${describeRequest(order.request)}`,
    action: actions.orderAgain,
    value: order.id,
    style: 'danger',
    confirm: {
      title: plainText(`${words.again}?`),
      text: plainText(
        `${about}I'll check once more and resubmit it only if Bandwidth doesn't have it. ${words.riskOfAgain}`,
      ),
      confirm: plainText(words.again),
      deny: plainText('Not now'),
      style: 'danger',
    },
  });
};

/** Needs confirmation: it ends the order, and the lost request may have arrived after all. */
const giveUpButton = (order: Order, about = '') =>
  button({
    label: 'Give up',
    spoken: `Give up the ${describeRequest(order.request)}`,
    action: actions.giveUp,
    value: order.id,
    confirm: {
      title: plainText(`Give up this ${kindWords[order.request.kind].title.toLowerCase()}?`),
      text: plainText(
        `${about}${kindWords[order.request.kind].notResubmitted} If Bandwidth did receive it, it can't be stopped: I'll keep looking for a day, and if it turns up, I'll follow it and say so.`,
      ),
      confirm: plainText('Give up'),
      deny: plainText('Not now'),
      style: 'danger',
    },
  });

/** Needs confirmation: a closed back-order can't be reopened. */
const closeButton = (order: Order, awaited: number, about = '') =>
  button({
    label: 'Close back-order',
    spoken: `Close the back-order of ${describeRequested(order.request)}`,
    action: actions.closeBackOrder,
    value: order.id,
    style: 'danger',
    confirm: {
      title: plainText('Close this back-order?'),
      text: plainText(
        `${about}Bandwidth will stop looking for ${count(awaited, 'number')}. Delivered numbers are kept. This can't be undone: for more numbers, submit a new order.`,
      ),
      confirm: plainText('Close back-order'),
      deny: plainText('Keep waiting'),
      style: 'danger',
    },
  });

/** Parses an approve button's value: the order, and the digest of what the card showed. */
export function readApproveValue(value: string): { orderId: OrderId; digest: string } {
  const [orderId = '', digest = ''] = value.split(':');
  return { orderId, digest };
}
