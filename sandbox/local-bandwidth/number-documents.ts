import type { Attached, TelephoneNumber } from './numbers.js';
import { iso } from './order-documents.js';
import type { Reservation } from './reservations.js';
import type { LocalSite } from './sites.js';
import { document, field, tag } from './write-xml.js';

/** GET /tns/{tn}: names the number's account, even if it isn't ours. */
export function numberDocument(number: TelephoneNumber): string {
  const { account, lastOrder } = number;
  return document(
    tag(
      'TelephoneNumberResponse',
      field('TelephoneNumber', number.fullNumber),
      field('Status', statusOf(number)),
      field(
        'LastModifiedDate',
        iso(number.modifiedAt)
          .replace('T', ' ')
          .replace(/\.\d+Z$/, '.0'),
      ),
      field('OrderCreateDate', lastOrder === undefined ? undefined : iso(lastOrder.at)),
      field('OrderId', lastOrder?.id),
      field('OrderType', lastOrder?.type),
      field('InServiceDate', account === undefined ? undefined : iso(account.at)),
      field('SiteId', number.status === 'Inservice' ? account?.siteId : undefined),
      field('AccountId', account?.accountId),
    ),
  );
}

const statusOf = ({ status, attached }: TelephoneNumber): string =>
  status === 'Inservice' && attached?.unrouted === true ? 'InAccount' : status;

/** The fields of a number that all lists share. */
function facts(number: TelephoneNumber): string {
  return [
    field('City', number.city || undefined),
    field('Lata', number.lata || undefined),
    field('State', number.state || undefined),
    field('FullNumber', number.fullNumber),
    field('Tier', number.tier),
    field('VendorId', 49),
    field('VendorName', 'Bandwidth CLEC'),
    field('OnNetVendor', true),
    field('RateCenter', number.rateCenter || undefined),
    field('Status', statusOf(number)),
    field('AccountId', number.account?.accountId),
  ].join('');
}

function dates({ account, modifiedAt }: TelephoneNumber): string {
  return (
    field('LastModified', iso(modifiedAt)) +
    field('InServiceDate', account === undefined ? undefined : iso(account.at))
  );
}

/** A number in a list. */
export const numberRow = (number: TelephoneNumber): string =>
  tag('TelephoneNumber', facts(number), dates(number));

/** GET /tns/{tn}/tndetails. */
export function numberDetailsDocument(number: TelephoneNumber, sites: readonly LocalSite[]): string {
  const { account, status } = number;
  const site = status === 'Inservice' ? sites.find((each) => each.id === account?.siteId) : undefined;
  const peer = site?.peers.find((each) => each.id === account?.peerId);
  const attached: Attached = { ...peer?.services, ...number.attached };
  return document(
    tag(
      'TelephoneNumberResponse',
      tag(
        'TelephoneNumberDetails',
        facts(number),
        site === undefined ? '' : tag('Site', field('Id', site.id), field('Name', site.name)),
        peer === undefined
          ? ''
          : tag(
              'SipPeer',
              field('PeerId', peer.id),
              field('PeerName', peer.name),
              field('IsDefaultPeer', peer.isDefault === true),
            ),
        tag(
          'ServiceTypes',
          field('ServiceType', 'Voice'),
          field('ServiceType', attached.messaging === true ? 'Messaging' : undefined),
        ),
        dates(number),
        account === undefined ? '' : features(attached, account.accountId),
        attached.messaging === true ? messagingSettings(attached) : '',
        number.isProtected ? tag('TnAttributes', field('TnAttribute', 'Protected')) : '',
        hosted(attached),
      ),
    ),
  );
}

/** An empty element for a number without any. */
const features = ({ e911 }: Attached, accountId: string): string =>
  tag('Features', ...(e911 === true ? [emergency(accountId)] : []));

function messagingSettings({ campaign }: Attached): string {
  return tag(
    'MessagingSettings',
    field('SmsEnabled', true),
    field('CampaignId', campaign?.id),
    field('MessageClass', campaign?.messageClass),
    field('A2pState', campaign === undefined ? 'system_default' : 'overridden'),
    field('CampaignFullyProvisioned', campaign?.provisioned),
  );
}

function hosted({ hosted: services = [] }: Attached): string {
  if (services.length === 0) return '';
  return tag(
    'HostedTelephoneNumberDetails',
    ...services.map((service) =>
      tag(
        'HostedTelephoneNumberDetail',
        field('AccountId', hostingAccountId),
        tag('ServiceTypes', field('ServiceType', service === 'E911' ? 'Hosted E911' : 'Hosted Messaging')),
        service === 'E911' ? tag('Features', emergency(hostingAccountId)) : messagingSettings({}),
        tag('TnAttributes', field('TnAttribute', 'Hosted')),
      ),
    ),
  );
}

const hostingAccountId = '9900555';

function emergency(accountId: string): string {
  return tag(
    'E911',
    field('AccountId', accountId),
    field('LastE911OrderOutcome', 'SUCCESS'),
    field('CallerName', 'Front desk'),
    tag(
      'Address',
      field('HouseNumber', 100),
      field('StreetName', 'Fayetteville'),
      field('StreetSuffix', 'St'),
      field('City', 'RALEIGH'),
      field('StateCode', 'NC'),
      field('Zip', '27601'),
    ),
  );
}

/** POST /tns: numbers of any account. Unassigned and invalid ones are named in the errors. */
export function numberListDocument(
  found: readonly TelephoneNumber[],
  unassigned: readonly string[],
  invalid: readonly string[],
): string {
  const errors = [
    numbersError('15608', 'Input contains invalid Telephone Numbers', invalid),
    numbersError('15610', 'Telephone Numbers cannot be found on accounts', unassigned),
  ].join('');
  return document(
    tag(
      'TelephoneNumbersResponse',
      field('TelephoneNumberCount', found.length),
      tag('TelephoneNumbers', ...found.map(numberRow)),
      errors === '' ? '' : tag('ErrorList', errors),
    ),
  );
}

function numbersError(code: string, description: string, numbers: readonly string[]): string {
  if (numbers.length === 0) return '';
  return tag(
    'Error',
    field('Code', code),
    field('Description', description),
    tag('TelephoneNumbers', ...numbers.map((each) => field('TelephoneNumber', each))),
  );
}

/** GET /tnreservation/{id}. ReservationExpires is the seconds left. */
export function reservationDocument(reservation: Reservation, accountId: string, now: number): string {
  return document(
    tag(
      'ReservationResponse',
      tag(
        'Reservation',
        field('ReservationId', reservation.id),
        field('AccountId', accountId),
        field('ReservationExpires', Math.ceil((reservation.expiresAt - now) / 1000)),
        field('ReservedTn', reservation.telephoneNumber),
      ),
    ),
  );
}

/** GET /tns/{tn}/tnreservation: the same with other element names. */
export function numberReservationDocument(reservation: Reservation, accountId: string, now: number): string {
  return document(
    tag(
      'TNReservation',
      field('ReservationID', reservation.id),
      field('Account', accountId),
      field('ReservationExpires', Math.ceil((reservation.expiresAt - now) / 1000)),
      field('ReservedTN', reservation.telephoneNumber),
    ),
  );
}
