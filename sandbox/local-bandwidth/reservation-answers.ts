import { type Answer, accountUrl, type Call, empty } from './call.js';
import { numberReservationDocument, reservationDocument } from './number-documents.js';
import { children } from './read-xml.js';
import { responseStatus } from './write-xml.js';

// The calls of /tnreservation.

export function reserve({ carrier, request, xml }: Call): Answer {
  const refuse = (code: string, description: string): Answer => ({
    status: 400,
    body: responseStatus('ReservationResponse', code, description),
  });
  const numbers = children(xml, 'ReservedTn').map((each) => each.text);
  if (xml?.name !== 'Reservation' || numbers.length === 0) {
    return refuse('5044', 'Reservation object is invalid.');
  }
  if (!carrier.switches().reservationsAllowed) {
    return refuse('5046', `Reservation not allowed for account ${carrier.accountId} .`);
  }
  const reserved = carrier.reservations.reserve(numbers);
  if ('code' in reserved) return refuse(reserved.code, reserved.description);
  return {
    status: 201,
    location: accountUrl({ carrier, request }, `tnreservation/${reserved.id}`),
    body: '',
  };
}

export function showReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.get(id);
  return reservation === undefined
    ? reservationMissing(id)
    : { status: 200, body: reservationDocument(reservation, carrier.accountId, carrier.now()) };
}

export function cancelReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.get(id);
  if (reservation === undefined) return reservationMissing(id);
  if (carrier.orders.uses(id)) {
    const description = `Cannot unreserve telephone number ${reservation.telephoneNumber}`;
    return { status: 400, body: responseStatus('ReservationResponse', '5047', description) };
  }
  carrier.reservations.cancel(reservation);
  return { status: 200, body: reservationDocument(reservation, carrier.accountId, carrier.now()) };
}

export function showNumberReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.of(id);
  return reservation === undefined
    ? empty(404)
    : { status: 200, body: numberReservationDocument(reservation, carrier.accountId, carrier.now()) };
}

function reservationMissing(id: string): Answer {
  return {
    status: 404,
    body: responseStatus('ReservationResponse', '5043', `Reservation ${id} not found.`),
  };
}
