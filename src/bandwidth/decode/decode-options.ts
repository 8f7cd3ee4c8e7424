import type { CarrierReport } from '../../orders/domain/carrier-report.js';
import type { ListedCampaign } from '../../orders/domain/request.js';
import { type PartlyRead, partlyRead } from '../../orders/ports/carrier.js';
import type { Log } from '../../orders/ports/log.js';
import type { CarrierOrderIdentity } from '../find/likeness.js';
import {
  element,
  elementsIn,
  many,
  one,
  phoneNumberTexts,
  readAllNumbers,
  text,
  textsIn,
} from '../schema.js';
import type { XmlDocument } from '../xml.js';
import { blamed, readDate, readStatus } from './decode.js';
import { decodeFaults } from './decode-faults.js';
import { decodeWarnings } from './decode-warnings.js';

const optionsSchema = element({
  orderid: text,
  customerorderid: text,
  processingstatus: text,
  orderstatus: text,
  ordercreatedate: text,
  tnoptiongroups: one({ tnoptiongroup: many({ telephonenumbers: phoneNumberTexts }) }),
});

/**
 * Decodes GET tnoptions/{id}. It lists the numbers that were requested, so those without an error are the ones that
 * were changed. Returns undefined if it says nothing about an order.
 */
export function decodeOptionsReport(document: XmlDocument, log: Log): CarrierReport | undefined {
  const found = optionsSchema.parse(document.content);
  const { processingstatus, orderstatus, orderid } = found;
  if (processingstatus === undefined && orderstatus === undefined && orderid === undefined) return undefined;
  const standing = readStatus([processingstatus, orderstatus], false, log);
  const faults = decodeFaults(document, log);
  const { numbers, unread } = readAllNumbers(requestedIn(found), log);
  const refused = new Set(faults.flatMap((fault) => fault.numbers));
  const isDone = standing.status === 'complete' || standing.status === 'partial';
  const completed = isDone ? numbers.filter((number) => !refused.has(number)) : [];
  // Part of it was done and no error names the rest, so it isn't known which numbers were changed.
  const isClear = standing.status !== 'partial' || refused.size > 0;
  return {
    ...standing,
    completed: isClear ? completed : [],
    ...(isDone && unread > 0 ? { unread } : {}),
    failed: unread === 0 ? blamed(faults, completed) : [],
    faults: [...faults, ...decodeWarnings(document, log)],
  };
}

export function decodeOptionsIdentity(document: XmlDocument, log: Log): CarrierOrderIdentity {
  const found = optionsSchema.parse(document.content);
  const { numbers, unread } = readAllNumbers(requestedIn(found), log);
  const createdAt = readDate(found.ordercreatedate);
  return {
    ...(found.customerorderid === undefined ? {} : { customerOrderId: found.customerorderid }),
    ...(createdAt === undefined ? {} : { createdAt }),
    numbers: unread > 0 ? [] : numbers,
  };
}

const requestedIn = (found: {
  readonly tnoptiongroups: {
    readonly tnoptiongroup: readonly { readonly telephonenumbers: readonly string[] }[];
  };
}): readonly string[] =>
  found.tnoptiongroups.tnoptiongroup.flatMap(({ telephonenumbers }) => telephonenumbers);

const campaignNames = ['campaignid', 'description', 'messageclass'] as const;

/** Decodes the list of the account's campaigns, whatever it is wrapped in. */
export function decodeCampaigns(document: XmlDocument): PartlyRead<ListedCampaign> {
  const found = [...elementsIn(document)].filter(([name]) => name === 'messaginga2pcampaign');
  const campaigns = found.flatMap(([, campaign]) => {
    const { campaignid: id, description, messageclass: messageClass } = textsIn(campaign, campaignNames);
    return id === undefined
      ? []
      : [
          {
            id,
            ...(description === undefined ? {} : { description }),
            ...(messageClass === undefined ? {} : { messageClass }),
          },
        ];
  });
  return partlyRead(campaigns, found.length - campaigns.length);
}
