import type { Notice } from '../../orders/use-cases/handle-notice.js';
import { element, text } from '../schema.js';
import { parseXml } from '../xml.js';

/*
 * Reads only which order a notice is about. What a notice claims is ignored: one about a failed order lists its numbers
 * under CompletedTelephoneNumbers.
 */

const notificationSchema = element({ orderid: text, customerorderid: text });

/**
 * Returns what a `<Notification>` is about; empty when it isn't about an order (MESSAGING_LOST). Throws MalformedXml.
 */
export async function decodeXmlNotice(body: string): Promise<readonly Notice[]> {
  const document = await parseXml(body);
  if (document.root !== 'notification') return [];
  const { orderid, customerorderid } = notificationSchema.parse(document.content);
  return aboutOrder(orderid, customerorderid);
}

/** How deep the order may be nested in a JSON notice, and how many orders one delivery may name. */
const DEEPEST = 4;
const MAX_NOTICES = 100;

/**
 * Returns what a JSON notice is about. Its shape isn't published, so this finds the order at any place and in any usual
 * spelling; a wrong match only causes one useless lookup. Throws SyntaxError.
 */
export function decodeJsonNotice(body: string): readonly Notice[] {
  return noticesIn(JSON.parse(body), DEEPEST).slice(0, MAX_NOTICES);
}

function noticesIn(value: unknown, depth: number): readonly Notice[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
  const here = aboutOrder(fields.get('orderid'), fields.get('customerorderid'));
  if (here.length > 0) return here;
  return [...fields.values()].flatMap((field) => noticesIn(field, depth - 1));
}

function aboutOrder(orderId: unknown, customerOrderId: unknown): readonly Notice[] {
  const notice: Notice = {
    ...(typeof orderId === 'string' ? { carrierOrderId: orderId } : {}),
    ...(typeof customerOrderId === 'string' ? { orderId: customerOrderId } : {}),
  };
  return Object.keys(notice).length > 0 ? [notice] : [];
}
