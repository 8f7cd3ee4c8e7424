import { nationalDigits, type PhoneNumber } from '../orders/domain/phone-number.js';
import type {
  DisconnectRequest,
  MessagingRequest,
  MoveRequest,
  OrderId,
  PurchaseRequest,
  Timestamp,
  Wanted,
} from '../orders/domain/request.js';
import { rulesOf, type Search } from '../orders/domain/search/search.js';
import type { WriteNumber } from './api-version.js';
import { criteriaParameters, searchAndOrderType } from './criteria.js';
import { buildXml, legalText, type XmlContent } from './xml.js';

/**
 * Returns the query of GET availableNumbers without the question mark. Quantity is always sent: Bandwidth's default is
 * 5,000.
 */
export function encodeSearch(search: Search): string {
  return encodeQuery([
    ...criteriaParameters(search),
    ['quantity', search.quantity],
    ['enableTNDetail', rulesOf(search.kind).detail ? true : undefined],
    ['LCA', search.lca],
    ['orderBy', search.orderBy],
    ['protected', search.protected],
  ]);
}

/** Encodes a space as %20, because not every server decodes a plus as a space. */
export function encodeQuery(
  parameters: readonly (readonly [string, string | number | boolean | undefined])[],
): string {
  return parameters
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}

/**
 * Returns the document of POST orders. It always contains Quantity, PartialAllowed, BackOrderRequested and, where it
 * applies, EnableLCA. Bandwidth's defaults are 5,000, yes, no and yes.
 */
export function encodeOrder(
  orderId: OrderId,
  request: PurchaseRequest,
  writeNumber: WriteNumber = nationalDigits,
  reservationIds: readonly string[] = [],
): string {
  return buildXml('Order', {
    Name: nameOf(request),
    CustomerOrderId: orderId,
    SiteId: request.site.id,
    PeerId: request.location?.id,
    PartialAllowed: String(request.partialAllowed),
    BackOrderRequested: String(request.backOrder),
    TnAttributes: request.protected ? { TnAttribute: 'Protected' } : undefined,
    ...orderType(request.wanted, writeNumber, reservationIds),
  });
}

/** Undefined when no character of the name can be sent. */
function nameOf(request: { readonly name: string }): string | undefined {
  const name = legalText(request.name).trim();
  return name === '' ? undefined : name;
}

/**
 * Returns the document of POST disconnects. It always contains DisconnectMode and Protected, so that the result never
 * depends on a default.
 *
 * The guide's table says Name and its example `name`; this follows the example. The order is found by its
 * CustomerOrderId, so the name doesn't matter.
 */
export function encodeDisconnect(
  orderId: OrderId,
  request: DisconnectRequest,
  writeNumber: WriteNumber = nationalDigits,
): string {
  return buildXml('DisconnectTelephoneNumberOrder', {
    name: nameOf(request),
    CustomerOrderId: orderId,
    DisconnectTelephoneNumberOrderType: {
      TelephoneNumberList: {
        TelephoneNumber: request.inService.map(({ number }) => writeNumber(number)),
      },
      DisconnectMode: request.mode,
      Protected: request.protected,
    },
  });
}

/** Returns the document of POST moveTns. It names no other account, so numbers move only within ours. */
export function encodeMove(
  orderId: OrderId,
  request: MoveRequest,
  writeNumber: WriteNumber = nationalDigits,
): string {
  return buildXml('MoveTnsOrder', {
    CustomerOrderId: orderId,
    SiteId: request.site.id,
    SipPeerId: request.location.id,
    TelephoneNumbers: { TelephoneNumber: request.inService.map(({ number }) => writeNumber(number)) },
  });
}

/** The class of a campaign that Bandwidth lists without one. */
const USUAL_MESSAGE_CLASS = 'M';

/**
 * Returns the document of POST tnoptions that changes messaging and nothing else. An option that is left out stays as it
 * is.
 */
export function encodeMessaging(
  orderId: OrderId,
  { change, inService }: MessagingRequest,
  writeNumber: WriteNumber = nationalDigits,
): string {
  return buildXml('TnOptionOrder', {
    CustomerOrderId: orderId,
    TnOptionGroups: {
      TnOptionGroup: {
        Sms: change.to === 'off' ? 'off' : 'on',
        A2pSettings:
          change.to === 'campaign'
            ? {
                MessageClass: change.campaign.messageClass ?? USUAL_MESSAGE_CLASS,
                CampaignId: change.campaign.id,
                Action: 'asSpecified',
              }
            : undefined,
        TelephoneNumbers: { TelephoneNumber: inService.map(({ number }) => writeNumber(number)) },
      },
    },
  });
}

/**
 * Returns the document of POST tnreservation. It holds one number: of several, Bandwidth would reserve only the last.
 */
export function encodeReservation(number: PhoneNumber, writeNumber: WriteNumber = nationalDigits): string {
  return buildXml('Reservation', { ReservedTn: writeNumber(number) });
}

/**
 * Returns the document of PUT orders/{id} that closes a back-order. It repeats the order's name and id so that
 * Bandwidth keeps them.
 */
export function encodeClose(orderId: OrderId, request: { readonly name: string }): string {
  return buildXml('Order', { Name: nameOf(request), CustomerOrderId: orderId, CloseOrder: 'true' });
}

/** Returns the document of POST tns, which looks up many numbers at once. */
export function encodeNumberList(
  numbers: readonly PhoneNumber[],
  writeNumber: WriteNumber = nationalDigits,
): string {
  return buildXml('TnList', { Tn: numbers.map(writeNumber) });
}

/** Formats a day for Bandwidth's lists of orders: YY-MM-DD in UTC. */
export function encodeDay(at: Timestamp): string {
  return new Date(at).toISOString().slice(2, 10);
}

function orderType(
  wanted: Wanted,
  writeNumber: WriteNumber,
  reservationIds: readonly string[],
): { readonly [name: string]: XmlContent } {
  switch (wanted.by) {
    case 'numbers':
      return {
        ExistingTelephoneNumberOrderType: {
          TelephoneNumberList: { TelephoneNumber: wanted.numbers.map(writeNumber) },
          // Without its reservation id, a reserved number is unavailable even to the account that reserved it.
          ReservationIdList: reservationIds.length > 0 ? { ReservationId: reservationIds } : undefined,
        },
      };
    case 'search':
      return searchAndOrderType(wanted.search);
    case 'lines':
      throw new TypeError('an order of several lines is sent line by line');
  }
}
