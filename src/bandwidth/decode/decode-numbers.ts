import type { CarrierFault } from '../../orders/domain/carrier-report.js';
import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import type { NumberInService } from '../../orders/domain/request.js';
import { childOf, element, filled, listOf, many, manyFilled, one, text, texts } from '../schema.js';
import type { XmlDocument } from '../xml.js';

/** What Bandwidth knows about one telephone number on any account. */
export interface NumberOnAnyAccount {
  readonly facts: NumberInService;
  /** The account that owns it. */
  readonly accountId?: string;
  /** Bandwidth's status: Inservice, Aging … */
  readonly status?: string;
}

export const serviceShape = {
  servicetypes: one({ servicetype: texts }),
  messagingsettings: one({ smsenabled: text, campaignid: text }),
  features: one({
    messaging: filled,
    e911: manyFilled({ laste911orderoutcome: text, status: text, address: filled }),
  }),
};

const numberShape = {
  fullnumber: text,
  telephonenumber: text,
  city: text,
  state: text,
  status: text,
  accountid: text,
  inservicedate: text,
  site: one({ id: text, name: text }),
  sippeer: one({ peerid: text, peername: text }),
};

const detailsSchema = element({
  telephonenumberdetails: one({
    ...numberShape,
    ...serviceShape,
    // Another account's messaging or emergency calling on this number ends with it too.
    hostedtelephonenumberdetails: one({ hostedtelephonenumberdetail: many(serviceShape) }),
  }),
});

/** Decodes GET tns/{tn}/tndetails. Undefined when it holds no telephone number. */
export function decodeNumberDetails(document: XmlDocument): NumberOnAnyAccount | undefined {
  const details = detailsSchema.parse(document.content).telephonenumberdetails;
  const record = recordFrom(details);
  if (record === undefined) return undefined;
  const found = listOf(childOf(document.content, 'telephonenumberdetails'))[0];
  const listsServices = [
    'servicetypes',
    'messagingsettings',
    'features',
    'hostedtelephonenumberdetails',
  ].some((name) => childOf(found, name) !== undefined);
  const services = [details, ...details.hostedtelephonenumberdetails.hostedtelephonenumberdetail];
  const hanging = {
    e911: services.some(({ servicetypes, features }) =>
      features.e911.length > 0
        ? features.e911.some(isAddressActive)
        : servicetypes.servicetype.some((type) => /e911/i.test(type)),
    ),
    messaging: services.some(
      ({ servicetypes, messagingsettings, features }) =>
        servicetypes.servicetype.some((type) => /messaging/i.test(type)) ||
        messagingsettings.smsenabled?.toLowerCase() === 'true' ||
        features.messaging,
    ),
  };
  const campaign = details.messagingsettings.campaignid;
  // When Bandwidth doesn't list a number's services, "no E911" would be a guess.
  return listsServices
    ? {
        ...record,
        facts: { ...record.facts, hanging: { ...hanging, ...(campaign === undefined ? {} : { campaign }) } },
      }
    : record;
}

/**
 * Whether an emergency address is active. After a failed change the previous one may still be; without an address there
 * was none.
 */
export function isAddressActive(e911: {
  laste911orderoutcome: string | undefined;
  status: string | undefined;
  address: boolean;
}): boolean {
  return e911.address || !/^fail/i.test(e911.laste911orderoutcome ?? e911.status ?? '');
}

const listSchema = element({ telephonenumbers: one({ telephonenumber: many(numberShape) }) });

/** Decodes the answer to POST tns: the known numbers, including other accounts'. */
export function decodeNumberList(document: XmlDocument): readonly NumberOnAnyAccount[] {
  return listSchema
    .parse(document.content)
    .telephonenumbers.telephonenumber.flatMap((each) => recordFrom(each) ?? []);
}

/** "Input contains invalid Telephone Numbers", "Telephone Numbers can't be found on accounts". */
const unknownNumbers: readonly string[] = ['15608', '15610'];

/** Whether an error says only that Bandwidth doesn't know the numbers it names. */
export function namesUnknownNumbers(fault: CarrierFault): boolean {
  return unknownNumbers.includes(fault.code);
}

const lastOrderSchema = element({ telephonenumber: text, fullnumber: text, orderid: text, ordertype: text });

/** The order that last changed a number. */
export interface LastOrder {
  readonly id: string;
  readonly disconnects: boolean;
}

/**
 * Decodes GET tns/{tn}. Undefined when it names no order, or is about another number; `unreadable` when the number or
 * the kind of order is missing.
 */
export function decodeLastOrder(
  document: XmlDocument,
  number: PhoneNumber,
): LastOrder | 'unreadable' | undefined {
  const { telephonenumber, fullnumber, orderid, ordertype } = lastOrderSchema.parse(document.content);
  const written = telephonenumber ?? fullnumber;
  if (written === undefined) return 'unreadable';
  if (parsePhoneNumber(written) !== number || orderid === undefined) return undefined;
  return ordertype === undefined ? 'unreadable' : { id: orderid, disconnects: /disconnect/i.test(ordertype) };
}

interface Named {
  fullnumber: string | undefined;
  telephonenumber: string | undefined;
  city: string | undefined;
  state: string | undefined;
  status: string | undefined;
  accountid: string | undefined;
  inservicedate: string | undefined;
  site: { id: string | undefined; name: string | undefined };
  sippeer: { peerid: string | undefined; peername: string | undefined };
}

function recordFrom(found: Named): NumberOnAnyAccount | undefined {
  const number = parsePhoneNumber(found.fullnumber ?? found.telephonenumber ?? '');
  if (number === undefined) return undefined;
  const { city, state, site, sippeer, inservicedate: since, accountid: accountId, status } = found;
  return {
    facts: {
      number,
      ...(city === undefined ? {} : { city }),
      ...(state === undefined ? {} : { state }),
      ...(site.id === undefined ? {} : { site: { id: site.id, name: site.name ?? site.id } }),
      ...(sippeer.peerid === undefined
        ? {}
        : { location: { id: sippeer.peerid, name: sippeer.peername ?? sippeer.peerid } }),
      ...(since === undefined ? {} : { since }),
    },
    ...(accountId === undefined ? {} : { accountId }),
    ...(status === undefined ? {} : { status }),
  };
}
