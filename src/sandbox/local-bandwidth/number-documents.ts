import type { TelephoneNumber } from './numbers.js';
import { iso } from './order-documents.js';
import type { Reservation } from './reservations.js';
import type { LocalSite } from './sites.js';
import { document, field, tag } from './write-xml.js';

/** GET /tns/{tn}: whoever's it is, its account is named. */
export function numberDocument(number: TelephoneNumber): string {
  const { account } = number;
  const since = account === undefined ? undefined : iso(account.at);
  return document(
    tag(
      'TelephoneNumberResponse',
      field('TelephoneNumber', number.fullNumber),
      field('Status', number.status),
      field(
        'LastModifiedDate',
        iso(number.modifiedAt)
          .replace('T', ' ')
          .replace(/\.\d+Z$/, '.0'),
      ),
      field('OrderCreateDate', since),
      field('OrderId', account?.orderId),
      field('OrderType', account === undefined ? undefined : 'NEW_NUMBER_ORDER'),
      field('InServiceDate', since),
      field('SiteId', account?.siteId),
      field('AccountId', account?.accountId),
    ),
  );
}

/** GET /tns/{tn}/tndetails. */
export function numberDetailsDocument(number: TelephoneNumber, sites: readonly LocalSite[]): string {
  const { account } = number;
  const site = sites.find((each) => each.id === account?.siteId);
  const peer = site?.peers.find((each) => each.id === account?.peerId);
  return document(
    tag(
      'TelephoneNumberResponse',
      tag(
        'TelephoneNumberDetails',
        field('City', number.city || undefined),
        field('Lata', number.lata || undefined),
        field('State', number.state || undefined),
        field('FullNumber', number.fullNumber),
        field('Tier', number.tier),
        field('VendorId', 49),
        field('VendorName', 'Bandwidth CLEC'),
        field('OnNetVendor', true),
        field('RateCenter', number.rateCenter || undefined),
        field('Status', number.status),
        field('AccountId', account?.accountId),
        site === undefined ? '' : tag('Site', field('Id', site.id), field('Name', site.name)),
        peer === undefined
          ? ''
          : tag(
              'SipPeer',
              field('PeerId', peer.id),
              field('PeerName', peer.name),
              field('IsDefaultPeer', peer.isDefault === true),
            ),
        tag('ServiceTypes', field('ServiceType', 'Voice')),
        field('LastModified', iso(number.modifiedAt)),
        field('InServiceDate', account === undefined ? undefined : iso(account.at)),
        number.isProtected ? tag('TnAttributes', field('TnAttribute', 'Protected')) : '',
      ),
    ),
  );
}

/** GET /tnreservation/{id}: ReservationExpires is the seconds left. */
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
