import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import type { Timestamp } from '../../orders/domain/request.js';
import type { NumberChange } from '../../orders/ports/drift.js';
import { element, one, text } from '../schema.js';
import type { XmlDocument } from '../xml.js';

const changeSchema = element({
  telephonenumber: text,
  fullnumber: text,
  status: text,
  orderid: text,
  ordertype: text,
  ordercreatedate: text,
});

/** Decodes GET tns/{tn}. Undefined when it names no order. */
export function decodeChange(
  document: XmlDocument,
  number: PhoneNumber,
): NumberChange | undefined | 'another number' {
  const { telephonenumber, fullnumber, status, orderid, ordertype, ordercreatedate } = changeSchema.parse(
    document.content,
  );
  if (parsePhoneNumber(telephonenumber ?? fullnumber ?? '') !== number) return 'another number';
  if (orderid === undefined) return undefined;
  const at = readLooseDate(ordercreatedate);
  return {
    carrierOrderId: orderid,
    disconnects: /disconnect/i.test(ordertype ?? ''),
    ...(status === undefined ? {} : { inService: /^inservice$/i.test(status) }),
    ...(at === undefined ? {} : { at }),
  };
}

const creatorSchema = element({
  createdbyuser: text,
  order: one({ customerorderid: text, createdbyuser: text }),
});

/** Decodes who created an order, from GET orders/{id}. */
export function decodeCreator(document: XmlDocument): { user?: string; customerOrderId?: string } {
  const { createdbyuser, order } = creatorSchema.parse(document.content);
  const user = createdbyuser ?? order.createdbyuser;
  return {
    ...(user === undefined ? {} : { user }),
    ...(order.customerorderid === undefined ? {} : { customerOrderId: order.customerorderid }),
  };
}

/** Bandwidth mixes ISO dates with `2014-03-25 12:55:11.0`; the time zone of the latter isn't documented, so UTC. */
function readLooseDate(written: string | undefined): Timestamp | undefined {
  if (written === undefined || !/^\d{4}-\d{2}-\d{2}/.test(written)) return undefined;
  const iso = written.includes('T') ? written : `${written.trim().replace(' ', 'T')}Z`;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? undefined : at;
}
