import { nationalDigits, type PhoneNumber } from '../orders/domain/phone-number.js';
import type {
  DisconnectRequest,
  OrderId,
  PurchaseRequest,
  Timestamp,
  Wanted,
} from '../orders/domain/request.js';
import { rulesOf, type Search } from '../orders/domain/search.js';
import { criteriaParameters, searchAndOrderType } from './criteria.js';
import { buildXml, legalText, type XmlContent } from './xml.js';

/** How this version of the API wants its numbers: version 2 in E.164, before that ten digits. */
export type WriteNumber = (number: PhoneNumber) => string;

export function writeNumberFor(apiUrl: string): WriteNumber {
  return /\/v2\/*$/.test(apiUrl) ? (number) => number : nationalDigits;
}

/** The query of GET availableNumbers, without the question mark. Quantity is always sent: left out it means 5,000. */
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

/** A space is %20: a plus means a space only to those who know it does. */
export function encodeQuery(
  parameters: readonly (readonly [string, string | number | boolean | undefined])[],
): string {
  return parameters
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}

/**
 * The document of POST orders. Quantity, PartialAllowed, BackOrderRequested and, where it applies, EnableLCA always
 * stand in it: what Bandwidth takes when they are missing is 5,000, yes, no and yes.
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

/** Undefined when nothing of the name is left. */
function nameOf(request: { readonly name: string }): string | undefined {
  const name = legalText(request.name).trim();
  return name === '' ? undefined : name;
}

/**
 * The document of POST disconnects. DisconnectMode and Protected always stand in it, so that what becomes of a number
 * never hangs on a default.
 *
 * The guide's table says Name and its example `name`; Bandwidth's own clients send either, or neither. What is known to
 * have been sent is the example. Nothing hangs on it: the order is known by its CustomerOrderId.
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

/** The document of POST tnreservation. One number each: of several only the last would be reserved. */
export function encodeReservation(number: PhoneNumber, writeNumber: WriteNumber = nationalDigits): string {
  return buildXml('Reservation', { ReservedTn: writeNumber(number) });
}

/** The document of PUT orders/{id} that ends a back-order. It says the order's name and id again, so that they stay. */
export function encodeClose(orderId: OrderId, request: { readonly name: string }): string {
  return buildXml('Order', { Name: nameOf(request), CustomerOrderId: orderId, CloseOrder: 'true' });
}

/** The document of POST tns, which asks what is known of many numbers at once. */
export function encodeNumberList(
  numbers: readonly PhoneNumber[],
  writeNumber: WriteNumber = nationalDigits,
): string {
  return buildXml('TnList', { Tn: numbers.map(writeNumber) });
}

/** A day as Bandwidth's lists of orders take it, YY-MM-DD in UTC. */
export function encodeDay(at: Timestamp): string {
  return new Date(at).toISOString().slice(2, 10);
}

function orderType(
  wanted: Wanted,
  writeNumber: WriteNumber,
  reservationIds: readonly string[],
): { readonly [name: string]: XmlContent } {
  return wanted.by === 'numbers'
    ? {
        ExistingTelephoneNumberOrderType: {
          TelephoneNumberList: { TelephoneNumber: wanted.numbers.map(writeNumber) },
          // Whoever reserved a number must say so, or it is unavailable to them as well.
          ReservationIdList: reservationIds.length > 0 ? { ReservationId: reservationIds } : undefined,
        },
      }
    : searchAndOrderType(wanted.search);
}
