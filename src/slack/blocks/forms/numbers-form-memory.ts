import type { OrderId } from '../../../orders/domain/request.js';
import { keptIn } from './form-memory.js';

/** What a form for numbers keeps while it is open. */
export interface NumbersFormMemory {
  /** Created when the form opens, so that a form submitted twice is one order. */
  readonly orderId: OrderId;
  /** The channel to post the card in. */
  readonly channelId: string;
  /** The name the form suggested. If no one changes it, it is updated when the numbers change. */
  readonly offeredName: string;
  /** The edition of the order that this form edits; absent for a new order. */
  readonly edition?: number | undefined;
}

/** Undefined for a form that another version of the app opened. */
export function readNumbersFormMemory(metadata: string): NumbersFormMemory | undefined {
  const { orderId, channelId, offeredName, edition } = keptIn<NumbersFormMemory>(metadata);
  return typeof orderId === 'string' && typeof channelId === 'string' && typeof offeredName === 'string'
    ? { orderId, channelId, offeredName, ...(typeof edition === 'number' ? { edition } : {}) }
    : undefined;
}
