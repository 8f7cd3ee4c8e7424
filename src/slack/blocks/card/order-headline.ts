import type { Order, OrderIn } from '../../../orders/domain/order.js';
import { kindRules } from '../../../orders/domain/order-kinds.js';
import { figure } from '../format.js';
import { kindWords } from '../kind-words.js';
import { describeRequested, requestedInText } from '../order/describe-request.js';
import { type Finished, quantityDelivered } from '../order/outcome.js';
import { undoableUntil } from './order-buttons.js';

/** Returns the state of an order as one line of plain text, such as "✅ Complete: 2 of 2 numbers in 910". */
export const headline = (order: Order): string => stateInWords(order, describeRequested(order.request));

/** The same, for mrkdwn and the text of a message. */
export const headlineInText = (order: Order): string => stateInWords(order, requestedInText(order.request));

function stateInWords(order: Order, numbers: string): string {
  const words = kindWords[order.request.kind];
  const asked = `${words.of}${numbers}`;
  switch (order.status) {
    case 'awaiting-approval':
      return `⏳ ${words.title}: ${numbers} — waiting for approval`;
    case 'declined':
      return `🚫 Declined: ${asked}`;
    case 'expired':
      return `⌛ Expired: ${asked}`;
    case 'cancelled':
      return isUndone(order) ? `↩️ Undone: ${asked}` : `🚫 Canceled: ${asked}`;
    case 'approved':
      if (undoableUntil(order) !== undefined && isOnHold(order)) return `⏸️ On hold: ${asked}`;
      return undoableUntil(order) === undefined
        ? `🔄 ${words.doing} ${numbers}`
        : `⏸️ Approved: ${numbers} will be ${words.verbed}`;
    case 'placing':
      return order.answer === 'unknown' ? `⚠️ Outcome unknown: ${asked}` : `🔄 ${words.doing} ${numbers}`;
    case 'ordering':
      return `🔄 ${words.doing} ${numbers}`;
    case 'given-up':
      return `🏳️ Given up: ${asked}`;
    case 'refused':
      return `⛔ Refused by Bandwidth: ${asked}`;
    case 'placed':
      return `${
        order.carrierOrder.unknownStatus === undefined
          ? carrierHeadlines[order.carrierOrder.status]
          : '📨 At Bandwidth, status unknown'
      }: ${asked}`;
    case 'complete':
    case 'failed':
      return `${words.over[order.status]}: ${share(order, numbers) ?? numbers}`;
    case 'partial':
      return `${words.over.partial}: ${share(order, numbers) ?? `some of ${numbers}`}`;
  }
}

const carrierHeadlines: Readonly<Record<OrderIn<'placed'>['carrierOrder']['status'], string>> = {
  received: '📨 Received by Bandwidth',
  processing: '📨 Being processed by Bandwidth',
  backordered: '📦 Back-ordered',
};

/** "3 of 5 numbers in 910". */
function share(order: Finished, asked: string): string | undefined {
  const quantity = quantityDelivered(order);
  return quantity === undefined ? undefined : `${figure(quantity)} of ${asked}`;
}

/**
 * Whether it may not be sent for now, with no known end. An order that Bandwidth had no time for isn't on hold: it is
 * sent later.
 */
export const isOnHold = ({ events }: OrderIn<'approved'>): boolean =>
  events.findLast(({ what }) => what === 'held-back' || what === 'not-taken' || what === 'approved')?.what ===
  'held-back';

/** Whether it was canceled within its undo window. */
export const isUndone = ({ request, approval }: OrderIn<'cancelled'>): boolean =>
  kindRules[request.kind].undoWindow && approval !== undefined;
