import type {
  Campaign,
  Known,
  LastCarrierOrder,
  NumberServices,
} from '../../orders/domain/number-details.js';
import { type PhoneNumber, parsePhoneNumber } from '../../orders/domain/phone-number.js';
import { childOf, element, listOf, many, one, text, texts } from '../schema.js';
import type { XmlDocument } from '../xml.js';
import { isAddressActive, serviceShape } from './decode-numbers.js';

/** What one of the two documents about a number says. Dates are in Bandwidth's formats. */
export interface NumberDocument {
  readonly accountId?: string;
  readonly status?: string;
  readonly city?: string;
  readonly state?: string;
  readonly rateCenter?: string;
  readonly siteId?: string;
  readonly siteName?: string;
  readonly peerId?: string;
  readonly peerName?: string;
  readonly inServiceSince?: string;
  readonly services?: NumberServices;
  readonly lastOrder?: LastCarrierOrder;
}

const messagingSettings = one({
  smsenabled: text,
  campaignid: text,
  messageclass: text,
  campaignfullyprovisioned: text,
  a2pstate: text,
});

const detailsSchema = element({
  telephonenumberdetails: one({
    fullnumber: text,
    telephonenumber: text,
    accountid: text,
    status: text,
    city: text,
    state: text,
    ratecenter: text,
    inservicedate: text,
    site: one({ id: text, name: text }),
    sippeer: one({ peerid: text, peername: text }),
    ...serviceShape,
    messagingsettings: messagingSettings,
    tnattributes: one({ tnattribute: texts }),
    hostedtelephonenumberdetails: one({ hostedtelephonenumberdetail: many(serviceShape) }),
  }),
});

/** Decodes GET tns/{tn}/tndetails. Undefined when it is about another number or none. */
export function decodeDetails(document: XmlDocument, number: PhoneNumber): NumberDocument | undefined {
  const details = detailsSchema.parse(document.content).telephonenumberdetails;
  if (parsePhoneNumber(details.fullnumber ?? details.telephonenumber ?? '') !== number) return undefined;
  const { accountid, status, city, state, ratecenter, inservicedate, site, sippeer } = details;
  const services = servicesIn(details, listOf(childOf(document.content, 'telephonenumberdetails'))[0]);
  return given({
    accountId: accountid,
    status,
    city,
    state,
    rateCenter: ratecenter,
    siteId: site.id,
    siteName: site.name,
    peerId: sippeer.peerid,
    peerName: sippeer.peername,
    inServiceSince: inservicedate,
    services,
  });
}

const orderSchema = element({
  telephonenumber: text,
  fullnumber: text,
  status: text,
  accountid: text,
  siteid: text,
  inservicedate: text,
  orderid: text,
  ordertype: text,
  ordercreatedate: text,
});

/** Decodes GET tns/{tn}, which names the order behind a number. Undefined when it is about another number or none. */
export function decodeNumberOrder(document: XmlDocument, number: PhoneNumber): NumberDocument | undefined {
  const found = orderSchema.parse(document.content);
  if (parsePhoneNumber(found.telephonenumber ?? found.fullnumber ?? '') !== number) return undefined;
  return given({
    accountId: found.accountid,
    status: found.status,
    siteId: found.siteid,
    inServiceSince: found.inservicedate,
    lastOrder:
      found.orderid === undefined
        ? undefined
        : given({ id: found.orderid, type: found.ordertype, createdAt: found.ordercreatedate }),
  });
}

type Details = ReturnType<typeof detailsSchema.parse>['telephonenumberdetails'];
type Services = Pick<Details, 'servicetypes' | 'features'> & {
  readonly messagingsettings: Pick<Details['messagingsettings'], 'smsenabled'>;
};

/** Elements that show that Bandwidth lists the services of a number, so that a missing one is a "no". */
const LISTED = ['servicetypes', 'messagingsettings', 'features', 'hostedtelephonenumberdetails'] as const;

/** `unparsed` is the same element, to tell an empty child from a missing one. */
function servicesIn(details: Details, unparsed: unknown): NumberServices {
  const isListed = LISTED.some((name) => childOf(unparsed, name) !== undefined);
  const known = (on: boolean): Known => (on ? 'yes' : isListed ? 'no' : 'not-known');
  const hosted = details.hostedtelephonenumberdetails.hostedtelephonenumberdetail;
  const { servicetype: types } = details.servicetypes;
  const outcome = details.features.e911.map((each) => each.laste911orderoutcome ?? each.status)[0];
  const attributes = childOf(unparsed, 'tnattributes');
  return {
    voice: known(types.some((type) => /voice/i.test(type))),
    e911: known(hasE911(details)),
    ...(outcome === undefined ? {} : { e911Outcome: outcome }),
    messaging: known(hasMessaging(details)),
    campaign: campaignIn(details.messagingsettings),
    hosted: [
      ...(hosted.some(hasE911) ? (['E911'] as const) : []),
      ...(hosted.some(hasMessaging) ? (['messaging'] as const) : []),
    ],
    protected: details.tnattributes.tnattribute.some((each) => /^protected$/i.test(each))
      ? 'yes'
      : attributes === undefined && !isListed
        ? 'not-known'
        : 'no',
  };
}

function hasE911({ servicetypes, features }: Services): boolean {
  return features.e911.length > 0
    ? features.e911.some(isAddressActive)
    : servicetypes.servicetype.some((type) => /e911/i.test(type));
}

function hasMessaging({ servicetypes, messagingsettings, features }: Services): boolean {
  return (
    servicetypes.servicetype.some((type) => /messaging/i.test(type)) ||
    isTrue(messagingsettings.smsenabled) === 'yes' ||
    features.messaging
  );
}

function campaignIn(settings: Details['messagingsettings']): Campaign {
  const { campaignid: id, messageclass: messageClass, campaignfullyprovisioned, a2pstate } = settings;
  if (id !== undefined) {
    const provisioned = isTrue(campaignfullyprovisioned);
    return { state: 'assigned', id, provisioned, ...(messageClass === undefined ? {} : { messageClass }) };
  }
  return { state: /^system_?default$/i.test(a2pstate ?? '') ? 'location-default' : 'not-known' };
}

function isTrue(value: string | undefined): Known {
  if (/^true$/i.test(value ?? '')) return 'yes';
  return /^false$/i.test(value ?? '') ? 'no' : 'not-known';
}

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Leaves out the fields that are undefined. */
function given<Fields extends object>(
  fields: Fields,
): Partial<Given<Fields>> & Pick<Fields, RequiredNames<Fields>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Given<Fields>
  > &
    Pick<Fields, RequiredNames<Fields>>;
}

type RequiredNames<Fields> = {
  [Name in keyof Fields]: undefined extends Fields[Name] ? never : Name;
}[keyof Fields];
