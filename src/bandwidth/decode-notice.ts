import type { Notice } from '../orders/use-cases/handle-notice.js';
import { element, text } from './schema.js';
import { parseXml } from './xml.js';

/*
 * Only whose notice it is is read. What a notice claims is never looked at: one of a failed order lists its numbers
 * under CompletedTelephoneNumbers.
 */

const notificationSchema = element({ orderid: text, customerorderid: text });

/** What a `<Notification>` is about; nothing where it is about no order (MESSAGING_LOST). Throws MalformedXml. */
export async function decodeXmlNotice(body: string): Promise<readonly Notice[]> {
  const document = await parseXml(body);
  if (document.root !== 'notification') return [];
  const { orderid, customerorderid } = notificationSchema.parse(document.content);
  return aboutOrder(orderid, customerorderid);
}

/** How deep in a JSON notice its order may stand, and how many one delivery may be about. */
const DEEPEST = 4;
const MOST_NOTICES = 100;

/**
 * What a JSON notice is about. Its shape is not published, so the order is taken from wherever it stands, in any usual
 * spelling; a wrong one would only have us look in vain. Throws SyntaxError.
 */
export function decodeJsonNotice(body: string): readonly Notice[] {
  return noticesIn(JSON.parse(body), DEEPEST).slice(0, MOST_NOTICES);
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
