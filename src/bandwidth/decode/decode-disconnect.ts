import type { CarrierReport } from '../../orders/domain/carrier-report.js';
import type { Log } from '../../orders/ports/log.js';
import type { CarrierOrderIdentity } from '../find/likeness.js';
import { element, one, phoneNumberTexts, readAllNumbers, text } from '../schema.js';
import type { XmlDocument } from '../xml.js';
import { blamed, readDate, readStatus } from './decode.js';
import { decodeFaults } from './decode-faults.js';

const disconnectSchema = element({
  orderstatus: text,
  disconnectedtelephonenumberlist: phoneNumberTexts,
  orderrequest: one({
    orderstatus: text,
    id: text,
    ordercreatedate: text,
    customerorderid: text,
    name: text,
  }),
});

/**
 * Decodes the status of a disconnect. Failed numbers are named only next to their errors. Returns undefined if the
 * document has neither a status nor a request.
 */
export function decodeDisconnectReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = disconnectSchema.parse(document.content);
  const { orderrequest } = found;
  const echoes = Object.values(orderrequest).some((value) => value !== undefined);
  if (found.orderstatus === undefined && !echoes) return undefined;
  const faults = decodeFaults(document, log);
  const { numbers: completed, unread } = readAllNumbers(found.disconnectedtelephonenumberlist, log);
  const hasMoved = found.disconnectedtelephonenumberlist.length > 0 || faults.length > 0;
  return {
    ...readStatus([found.orderstatus, orderrequest.orderstatus], hasMoved, log),
    completed,
    ...(unread === 0 ? {} : { unread }),
    failed: unread === 0 ? blamed(faults, completed) : [],
    faults,
  };
}

const identitySchema = element({
  orderrequest: one({
    customerorderid: text,
    ordercreatedate: text,
    disconnecttelephonenumberordertype: one({ telephonenumberlist: phoneNumberTexts }),
  }),
});

export function decodeDisconnectIdentity(document: XmlDocument, log: Log): CarrierOrderIdentity {
  const { orderrequest } = identitySchema.parse(document.content);
  const { numbers: asked, unread } = readAllNumbers(
    orderrequest.disconnecttelephonenumberordertype.telephonenumberlist,
    log,
  );
  const report = decodeDisconnectReport(document, log);
  const createdAt = readDate(orderrequest.ordercreatedate);
  return {
    ...(orderrequest.customerorderid === undefined ? {} : { customerOrderId: orderrequest.customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
    numbers:
      unread > 0 || report?.unread !== undefined
        ? []
        : asked.length > 0
          ? asked
          : [...(report?.completed ?? []), ...(report?.failed ?? [])],
  };
}
