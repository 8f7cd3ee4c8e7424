import type { LocalCarrier, Role } from './carrier.js';
import { disconnectCreated, disconnectDocument, disconnectRefused } from './disconnect-documents.js';
import { isOurs, readDisconnect } from './disconnects.js';
import type { SeenRequest } from './faults.js';
import {
  disconnectedAnswer,
  inServiceAnswer,
  locationAnswer,
  locationNumberAnswer,
  numbersAnswer,
  totalAnswer,
} from './inventory-lists.js';
import { listMoves, placeMove, showMove } from './move-documents.js';
import {
  numberDetailsDocument,
  numberDocument,
  numberListDocument,
  numberReservationDocument,
  reservationDocument,
} from './number-documents.js';
import { campaignsAnswer, listOptions, placeOptions, showOptions } from './options-documents.js';
import { createdDocument, orderDocument, refusedDocument } from './order-documents.js';
import { listAnswer } from './order-list.js';
import { readOrder } from './order-request.js';
import { citiesDocument, rateCentersDocument } from './place-lists.js';
import { children, childText, readXml, type XmlElement } from './read-xml.js';
import { searchAnswer, searchRefused } from './search.js';
import { sipPeersAnswer, sitesDocument, smsFeatureAnswer } from './sites.js';
import { spelled, type Version, versionAt, wrongNumbers } from './versions.js';
import { document, responseStatus, tag } from './write-xml.js';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The path of what was created. */
  readonly location?: string;
  /** XML unless said otherwise. */
  readonly contentType?: string;
}

interface CarrierRequest extends SeenRequest {
  readonly contentType: string;
  /** Our address as the client knows it, e.g. `http://127.0.0.1:4000/api`. */
  readonly apiUrl: string;
}

interface Call {
  readonly carrier: LocalCarrier;
  readonly request: CarrierRequest;
  readonly query: URLSearchParams;
  /** The last id in the path, if any. */
  readonly id: string;
  readonly ids: readonly string[];
  /** Undefined when the body is empty or isn't XML. */
  readonly xml: XmlElement | undefined;
  readonly version: Version;
}

interface Route {
  readonly method: string;
  /** Relative to /accounts/{accountId} when it starts with a word; `*` is the id. */
  readonly path: string;
  readonly answer: (call: Call) => Answer;
  /** The role that the credentials need for it. */
  readonly role?: Role;
  /** Only in version 2, and in JSON. */
  readonly json?: true;
}

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: 'availableNumbers',
    answer: searchNumbers,
  },
  { method: 'POST', path: 'orders', answer: placeOrder },
  { method: 'GET', path: 'orders', answer: listOrders },
  { method: 'GET', path: 'orders/*', answer: showOrder },
  { method: 'PUT', path: 'orders/*', answer: closeOrder },
  { method: 'POST', path: 'disconnects', answer: placeDisconnect },
  { method: 'GET', path: 'disconnects', answer: listDisconnects },
  { method: 'GET', path: 'disconnects/*', answer: showDisconnect },
  {
    method: 'POST',
    path: 'moveTns',
    role: 'Moving',
    answer: ({ carrier, request, xml }) =>
      placeMove(carrier, xml, request.body, `${request.apiUrl}/accounts/${carrier.accountId}/moveTns`),
  },
  { method: 'GET', path: 'moveTns', answer: ({ carrier, query }) => listMoves(carrier, query) },
  { method: 'GET', path: 'moveTns/*', answer: ({ carrier, id }) => showMove(carrier, id) },
  {
    method: 'POST',
    path: 'tnoptions',
    role: 'Options',
    answer: ({ carrier, request, xml }) =>
      placeOptions(carrier, xml, request.body, `${request.apiUrl}/accounts/${carrier.accountId}/tnoptions`),
  },
  { method: 'GET', path: 'tnoptions', answer: ({ carrier, query }) => listOptions(carrier, query) },
  { method: 'GET', path: 'tnoptions/*', answer: ({ carrier, id }) => showOptions(carrier, id) },
  { method: 'GET', path: 'products/messaging/a2pCampaigns', role: 'Campaigns', answer: campaignsAnswer },
  { method: 'GET', path: 'sites', answer: listSites },
  { method: 'GET', path: 'sites/*/sippeers', answer: ({ carrier, id }) => sipPeersAnswer(carrier.sites, id) },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/tns',
    role: 'Locations',
    answer: ({ carrier, query, ids }) => locationAnswer(carrier, query, ids),
  },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/tns/*',
    role: 'Locations',
    answer: ({ carrier, ids }) => locationNumberAnswer(carrier, ids),
  },
  {
    method: 'GET',
    path: 'sites/*/sippeers/*/products/messaging/features/sms',
    role: 'Locations',
    answer: ({ carrier, ids }) => smsFeatureAnswer(carrier.sites, ids),
  },
  {
    method: 'GET',
    path: 'inserviceNumbers',
    role: 'InService',
    answer: ({ carrier, query }) => inServiceAnswer(carrier, query),
  },
  {
    method: 'GET',
    path: 'inserviceNumbers/totals',
    role: 'InService',
    answer: ({ carrier }) => totalAnswer(carrier, 'in service'),
  },
  { method: 'GET', path: 'inserviceNumbers/*', answer: checkInService, role: 'InService' },
  { method: 'GET', path: 'discnumbers', answer: ({ carrier, query }) => disconnectedAnswer(carrier, query) },
  {
    method: 'GET',
    path: 'discnumbers/totals',
    answer: ({ carrier }) => totalAnswer(carrier, 'disconnected'),
  },
  { method: 'POST', path: 'tnreservation', answer: reserve },
  { method: 'GET', path: 'tnreservation/*', answer: showReservation },
  { method: 'DELETE', path: 'tnreservation/*', answer: cancelReservation },
  {
    method: 'POST',
    path: 'serviceActivationChecker',
    role: 'Activation',
    json: true,
    answer: ({ carrier, request }) => carrier.activations.check(request.body),
  },
  {
    method: 'POST',
    path: 'serviceActivation',
    role: 'Activation',
    json: true,
    answer: ({ carrier, request }) => carrier.activations.place(request.body),
  },
  {
    method: 'GET',
    path: 'serviceActivation/*',
    role: 'Activation',
    json: true,
    answer: ({ carrier, id }) => carrier.activations.show(id),
  },
  { method: 'POST', path: 'subscriptions', answer: subscribe },
  {
    method: 'GET',
    path: 'subscriptions',
    answer: ({ carrier, query }) => carrier.subscriptions.list(query.get('orderType') ?? undefined),
  },
  { method: 'PUT', path: 'subscriptions/*', answer: resubscribe },
  {
    method: 'DELETE',
    path: 'subscriptions/*',
    answer: ({ carrier, id }) => carrier.subscriptions.remove(id),
  },
  {
    method: 'GET',
    path: '/cities',
    answer: ({ carrier, query }) => ({ status: 200, body: citiesDocument(query, carrier.numbers.all()) }),
  },
  {
    method: 'GET',
    path: '/rateCenters',
    answer: ({ carrier, query }) => ({
      status: 200,
      body: rateCentersDocument(query, carrier.numbers.all()),
    }),
  },
  {
    method: 'GET',
    path: '/tns',
    answer: ({ carrier, query }) => numbersAnswer(carrier, query),
    role: 'Numbers',
  },
  { method: 'POST', path: '/tns', answer: listNumbers, role: 'Numbers' },
  { method: 'GET', path: '/tns/*', answer: showNumber, role: 'Numbers' },
  { method: 'GET', path: '/tns/*/tnreservation', answer: showNumberReservation },
  { method: 'GET', path: '/tns/*/tndetails', answer: showNumberDetails, role: 'Numbers' },
];

const empty = (status: number): Answer => ({ status, body: '' });

/** Returns Bandwidth's answer to an authenticated request, in the version of its path. */
export async function answerRequest(carrier: LocalCarrier, asked: CarrierRequest): Promise<Answer> {
  const version = versionAt(asked.path);
  const request = { ...asked, apiUrl: asked.apiUrl.replace(/\/api$/, version.base) };
  const answer = await answerIn(version, carrier, request);
  return { ...answer, body: version.write(spelled(answer.body, carrier.switches())) };
}

async function answerIn(version: Version, carrier: LocalCarrier, request: CarrierRequest): Promise<Answer> {
  const path = version.readPath(request.path.replace(/^\/api(?:\/v[12])?(?=\/)/, ''));
  const query = version.readQuery(request.query);
  if (path === undefined || query === undefined) return wrongNumbers;
  const account = /^\/accounts\/([^/]+)\/(.+)$/.exec(path);
  // Another account: forbidden, without an explanation.
  if (account !== null && account[1] !== carrier.accountId) return empty(403);
  const rest = account?.[2] ?? path;
  const found = routes
    .filter(({ json }) => json !== true || version.e164)
    .map((route) => ({ route, ids: match(route.path, rest) }))
    .filter((each) => each.ids !== undefined);
  const chosen = found.find(({ route }) => route.method === request.method);
  if (chosen === undefined) return empty(found.length > 0 ? 405 : 404);
  const { role, json } = chosen.route;
  if (role !== undefined && carrier.switches().lacksRoles.includes(role)) return empty(403);
  carrier.reservations.expire();
  const carriesBody = request.method === 'POST' || request.method === 'PUT';
  const expected = json === true ? /^application\/json\b/ : /^(?:application|text)\/xml\b/;
  if (carriesBody && !expected.test(request.contentType)) return empty(415);
  const xml = version.readXml(carriesBody && json !== true ? await readXml(request.body) : undefined);
  if (xml === 'wrong numbers') return wrongNumbers;
  return chosen.route.answer({
    carrier,
    request,
    query,
    id: chosen.ids?.at(-1) ?? '',
    ids: chosen.ids ?? [],
    xml,
    version,
  });
}

/** Returns the ids in the path; undefined when the path doesn't match. */
function match(pattern: string, path: string): readonly string[] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const ids: string[] = [];
  for (const [at, part] of wanted.entries()) {
    const actual = given[at] ?? '';
    if (part === '*' && actual !== '') ids.push(decodeURIComponent(actual));
    else if (part !== actual) return undefined;
  }
  return ids;
}

function searchNumbers({ carrier, query, version }: Call): Answer {
  const country = query.get('countryCodeA3');
  const wantsCountry = query.has('areaCode') || query.has('city');
  const { countryCodes } = carrier.switches();
  const isWrong = countryCodes === 'refused' ? country !== null : wantsCountry && country === null;
  if (version.e164 && countryCodes !== 'optional' && isWrong) {
    return { status: 400, body: searchRefused('5002', 'The combination of search criteria is unsupported.') };
  }
  return searchAnswer(query, version.among(carrier.numbers.all(), country));
}

function placeOrder({ carrier, request, xml }: Call): Answer {
  if (xml?.name !== 'Order') {
    return { status: 400, body: responseStatus('OrderResponse', '1008', "'Order' is not a valid value") };
  }
  const read = readOrder(xml, carrier.sites);
  if (read === 'broken') return empty(500);
  const refused = carrier.refuseNext();
  if (refused !== undefined || 'faults' in read) {
    const faults = refused ?? ('faults' in read ? read.faults : []);
    return { status: 400, body: refusedDocument(read.echo, faults, carrier.now()) };
  }
  const order = carrier.orders.place(read, request.body);
  return {
    status: 201,
    location: `${request.apiUrl}/accounts/${carrier.accountId}/orders/${order.id}`,
    body: createdDocument(order, !carrier.switches().omitOrderStatus),
  };
}

function showOrder({ carrier, id }: Call): Answer {
  const order = carrier.orders.get(id);
  return order === undefined
    ? empty(404)
    : { status: 200, body: orderDocument(order, order.createdBy ?? carrier.userId, carrier.switches()) };
}

function closeOrder({ carrier, id, xml }: Call): Answer {
  const order = carrier.orders.get(id);
  if (order === undefined) return empty(404);
  const fault =
    xml?.name === 'Order' && childText(xml, 'CloseOrder') === 'true'
      ? carrier.orders.close(id)
      : { code: '1003', description: 'CloseOrder is required' };
  return fault === undefined
    ? { status: 200, body: document(tag('OrderResponse')) }
    : { status: 400, body: refusedDocument(order.echo, [fault], order.createdAt) };
}

function listOrders({ carrier, request, query }: Call): Answer {
  const { emptyOrderList, listOmitsReceived, listSort: sort, listDays: days } = carrier.switches();
  const rows = carrier.orders
    .all()
    .filter(({ status }) => !(listOmitsReceived && isPending(status)))
    .map((order) => ({
      id: order.id,
      customerOrderId: order.request.customerOrderId,
      createdBy: order.createdBy,
      status: order.status,
      count: order.numbers.length,
      createdAt: order.createdAt,
      modifiedAt: order.modifiedAt,
    }));
  const url = `${request.apiUrl}/accounts/${carrier.accountId}/orders`;
  return listAnswer(query, rows, {
    of: 'orders',
    userId: carrier.userId,
    url,
    whenEmpty: emptyOrderList,
    sort,
    days,
  });
}

function isPending(status: string): boolean {
  return status === 'RECEIVED' || status === 'PROCESSING';
}

function placeDisconnect({ carrier, request, xml }: Call): Answer {
  if (xml?.name !== 'DisconnectTelephoneNumberOrder') {
    return {
      status: 400,
      body: responseStatus(
        'DisconnectTelephoneNumberOrderResponse',
        '1008',
        "'DisconnectTelephoneNumberOrder' is not a valid value",
      ),
    };
  }
  const read = readDisconnect(xml);
  if (read.faults.length > 0) {
    return { status: 400, body: disconnectRefused(read.request, read.faults, carrier.now()) };
  }
  const disconnect = carrier.disconnects.place(read.request, request.body);
  return {
    status: 201,
    location: `${request.apiUrl}/accounts/${carrier.accountId}/disconnects/${disconnect.id}`,
    body: disconnectCreated(disconnect, !carrier.switches().omitOrderStatus),
  };
}

function showDisconnect({ carrier, id }: Call): Answer {
  const disconnect = carrier.disconnects.get(id);
  if (disconnect === undefined) return empty(404);
  return { status: 200, body: disconnectDocument(disconnect, !carrier.switches().omitDisconnectedNumbers) };
}

function listDisconnects({ carrier, request, query }: Call): Answer {
  const { disconnectListNamesOrders, listOmitsReceived, listSort: sort, listDays: days } = carrier.switches();
  const listed = carrier.disconnects.all().filter(({ status }) => !(listOmitsReceived && isPending(status)));
  const rows = listed.map((disconnect) => ({
    id: disconnect.id,
    customerOrderId: disconnectListNamesOrders ? disconnect.request.customerOrderId : undefined,
    status: disconnect.status,
    count: disconnect.numbers.length,
    createdAt: disconnect.createdAt,
    modifiedAt: disconnect.modifiedAt,
  }));
  const url = `${request.apiUrl}/accounts/${carrier.accountId}/disconnects`;
  return listAnswer(query, rows, {
    of: 'disconnects',
    userId: carrier.userId,
    url,
    whenEmpty: 404,
    sort,
    days,
  });
}

function listSites({ carrier, query }: Call): Answer {
  const withPeers = query.get('sipPeerDetails') === 'true' || query.get('summary') === 'true';
  return { status: 200, body: sitesDocument(carrier.sites, withPeers) };
}

function checkInService({ carrier, id }: Call): Answer {
  return empty(isOurs(id, carrier.numbers, carrier.accountId) ? 200 : 404);
}

function showNumber({ carrier, id }: Call): Answer {
  const number = carrier.numbers.get(id);
  return number === undefined ? empty(404) : { status: 200, body: numberDocument(number) };
}

/** "The count of Telephone numbers in POST body exceeds the maximum size": 15607. */
const mostListed = 2500;

function listNumbers({ carrier, xml }: Call): Answer {
  const refuse = (code: string, description: string): Answer => ({
    status: 400,
    body: responseStatus('TelephoneNumbersResponse', code, description),
  });
  const asked = [...new Set(children(xml, 'Tn').map((each) => each.text))];
  if (xml?.name !== 'TnList' || asked.length === 0) return refuse('1003', 'TnList is required');
  if (asked.length > mostListed) {
    return refuse(
      '15607',
      `The count of Telephone numbers in POST body exceeds the maximum size of ${mostListed}`,
    );
  }
  const valid = asked.filter(isTelephoneNumber);
  const invalid = asked.filter((each) => !isTelephoneNumber(each));
  const found = valid.flatMap((each) => carrier.numbers.get(each) ?? []);
  const unassigned = valid.filter((each) => carrier.numbers.get(each) === undefined);
  return { status: 200, body: numberListDocument(found, unassigned, invalid) };
}

function isTelephoneNumber(text: string): boolean {
  return /^[2-9]\d{9}$/.test(text);
}

function showNumberDetails({ carrier, id }: Call): Answer {
  if (!isTelephoneNumber(id)) {
    return {
      status: 400,
      body: responseStatus('TelephoneNumberResponse', '12512', `Telephone number '${id}' is not valid`),
    };
  }
  const number = carrier.numbers.get(id);
  return number === undefined
    ? empty(404)
    : { status: 200, body: numberDetailsDocument(number, carrier.sites) };
}

function reserve({ carrier, request, xml }: Call): Answer {
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
    location: `${request.apiUrl}/accounts/${carrier.accountId}/tnreservation/${reserved.id}`,
    body: '',
  };
}

function showReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.get(id);
  return reservation === undefined
    ? reservationMissing(id)
    : { status: 200, body: reservationDocument(reservation, carrier.accountId, carrier.now()) };
}

function cancelReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.get(id);
  if (reservation === undefined) return reservationMissing(id);
  if (carrier.orders.uses(id)) {
    const description = `Cannot unreserve telephone number ${reservation.telephoneNumber}`;
    return { status: 400, body: responseStatus('ReservationResponse', '5047', description) };
  }
  carrier.reservations.cancel(reservation);
  return { status: 200, body: reservationDocument(reservation, carrier.accountId, carrier.now()) };
}

function showNumberReservation({ carrier, id }: Call): Answer {
  const reservation = carrier.reservations.of(id);
  return reservation === undefined
    ? empty(404)
    : { status: 200, body: numberReservationDocument(reservation, carrier.accountId, carrier.now()) };
}

function subscribe({ carrier, request, xml, version }: Call): Answer {
  const { id, ...answer } = carrier.subscriptions.add(xml, version);
  return id === undefined
    ? answer
    : { ...answer, location: `${request.apiUrl}/accounts/${carrier.accountId}/subscriptions/${id}` };
}

function resubscribe({ carrier, id, xml }: Call): Answer {
  return carrier.subscriptions.change(id, xml);
}

function reservationMissing(id: string): Answer {
  return {
    status: 404,
    body: responseStatus('ReservationResponse', '5043', `Reservation ${id} not found.`),
  };
}
