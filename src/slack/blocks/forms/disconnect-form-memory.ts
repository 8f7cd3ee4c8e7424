import type { OrderId } from '../../../orders/domain/request.js';

/** What the form remembers while it is open. Slack keeps it as private_metadata; people cannot change it. */
export interface DisconnectFormMemory {
  /** Made when the form opens, so that a form sent twice is one order. */
  readonly orderId: OrderId;
  /** Where the card is to be posted. */
  readonly channelId: string;
  /** The name the form offered; left as it is, it follows the numbers. */
  readonly offeredName: string;
  /** Which edition of the order this form changes; absent in the form of a new one. */
  readonly edition?: number | undefined;
}

/** Undefined for the memory of a form that another version of the app has opened. */
export function readMemory(text: string): DisconnectFormMemory | undefined {
  let written: Partial<Record<keyof DisconnectFormMemory, unknown>> | null;
  try {
    written = JSON.parse(text) as typeof written;
  } catch {
    return undefined;
  }
  const { orderId, channelId, offeredName, edition } = written ?? {};
  return typeof orderId === 'string' && typeof channelId === 'string' && typeof offeredName === 'string'
    ? { orderId, channelId, offeredName, ...(typeof edition === 'number' ? { edition } : {}) }
    : undefined;
}
