import { z } from 'zod';
import type { CarrierReport, Timestamp } from '../orders/order.js';
import type { PhoneNumber } from '../orders/phone-number.js';
import type { Log } from '../orders/ports.js';
import { blamed, readDate, readStatus } from './decode.js';
import { decodeFaults } from './decode-faults.js';
import { element, listOf, numberTexts, one, readNumbers, text } from './schema.js';
import type { XmlDocument } from './xml.js';

const disconnectSchema = element({
  orderstatus: text,
  disconnectedtelephonenumberlist: numberTexts,
  orderrequest: z.unknown().transform((elements) => listOf(elements).length > 0),
});

/**
 * What Bandwidth says of a disconnect. Its failed numbers are named only beside their errors. Undefined when it says
 * nothing of the disconnect at all: no status, and no request either.
 */
export function decodeDisconnectReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = disconnectSchema.parse(document.content);
  if (found.orderstatus === undefined && !found.orderrequest) return undefined;
  const faults = decodeFaults(document, log);
  const completed = readNumbers(found.disconnectedtelephonenumberlist, log);
  return { status: readStatus(found.orderstatus, log), completed, failed: blamed(faults, completed), faults };
}

/** What tells one disconnect from another. */
export interface DisconnectIdentity {
  readonly customerOrderId?: string;
  /** Only when the date can be read without a doubt. */
  readonly createdAt?: Timestamp;
  /** The numbers it was asked for; where the echo of the request has none, those it says what became of. */
  readonly numbers: readonly PhoneNumber[];
}

const identitySchema = element({
  orderrequest: one({
    customerorderid: text,
    ordercreatedate: text,
    disconnecttelephonenumberordertype: one({ telephonenumberlist: numberTexts }),
  }),
});

export function decodeDisconnectIdentity(document: XmlDocument, log: Log): DisconnectIdentity {
  const { orderrequest } = identitySchema.parse(document.content);
  const asked = readNumbers(orderrequest.disconnecttelephonenumberordertype.telephonenumberlist, log);
  const report = decodeDisconnectReport(document, log);
  const createdAt = readDate(orderrequest.ordercreatedate);
  return {
    ...(orderrequest.customerorderid === undefined ? {} : { customerOrderId: orderrequest.customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
    numbers: asked.length > 0 ? asked : [...(report?.completed ?? []), ...(report?.failed ?? [])],
  };
}
