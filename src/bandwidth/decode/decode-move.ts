import type { CarrierReport } from '../../orders/domain/carrier-report.js';
import type { Log } from '../../orders/ports/log.js';
import type { CarrierOrderIdentity } from '../find/likeness.js';
import { element, phoneNumberTexts, readAllNumbers, text } from '../schema.js';
import type { XmlDocument } from '../xml.js';
import { blamed, readDate, readStatus } from './decode.js';
import { decodeFaults } from './decode-faults.js';
import { decodeWarnings } from './decode-warnings.js';

const moveSchema = element({
  orderid: text,
  customerorderid: text,
  processingstatus: text,
  orderstatus: text,
  ordercreatedate: text,
  telephonenumbers: phoneNumberTexts,
});

/**
 * Decodes GET moveTns/{id}. Once the order has ended, its TelephoneNumbers are those that were moved; before that, and
 * in a failed order, they may be those requested. Returns undefined if it says nothing about an order.
 */
export function decodeMoveReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = moveSchema.parse(document.content);
  const { processingstatus, orderstatus, orderid } = found;
  if (processingstatus === undefined && orderstatus === undefined && orderid === undefined) return undefined;
  const standing = readStatus([processingstatus, orderstatus], false, log);
  const faults = decodeFaults(document, log);
  const { numbers, unread } = readAllNumbers(found.telephonenumbers, log);
  const refused = new Set(faults.flatMap((fault) => fault.numbers));
  const hasMoved = standing.status === 'complete' || standing.status === 'partial';
  const completed = hasMoved ? numbers.filter((number) => !refused.has(number)) : [];
  return {
    ...standing,
    completed,
    ...(hasMoved && unread > 0 ? { unread } : {}),
    failed: unread === 0 ? blamed(faults, completed) : [],
    faults: [...faults, ...decodeWarnings(document, log)],
  };
}

export function decodeMoveIdentity(document: XmlDocument, log: Log): CarrierOrderIdentity {
  const { customerorderid, ordercreatedate, telephonenumbers } = moveSchema.parse(document.content);
  const { numbers, unread } = readAllNumbers(telephonenumbers, log);
  const named = [...numbers, ...decodeFaults(document, log).flatMap((fault) => fault.numbers)];
  const createdAt = readDate(ordercreatedate);
  return {
    ...(customerorderid === undefined ? {} : { customerOrderId: customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
    numbers: unread > 0 ? [] : [...new Set(named)],
  };
}
