import type { LocalCarrier } from './carrier.js';
import type { Move, MoveRequest } from './moves.js';
import { iso } from './order-documents.js';
import { child, children, childText, type XmlElement } from './read-xml.js';
import type { LocalSite } from './sites.js';
import { type CarrierFault, document, field, responseStatus, tag } from './write-xml.js';

interface MoveAnswer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

/** Reads the body of POST /moveTns. */
function readMove(xml: XmlElement, sites: readonly LocalSite[]) {
  const request: MoveRequest = {
    customerOrderId: childText(xml, 'CustomerOrderId') || undefined,
    siteId: childText(xml, 'SiteId') ?? '',
    peerId: childText(xml, 'SipPeerId') ?? '',
    numbers: children(child(xml, 'TelephoneNumbers'), 'TelephoneNumber').map((each) => each.text),
  };
  const site = sites.find(({ id }) => id === request.siteId);
  const faults: CarrierFault[] = [];
  const fault = (code: string, description: string) => faults.push({ code, description });
  if (site === undefined) fault('7309', `The SiteId ${request.siteId} submitted is invalid.`);
  else if (!site.peers.some(({ id }) => id === request.peerId)) {
    fault('7312', `The SipPeerId ${request.peerId} submitted is invalid.`);
  }
  if (request.numbers.length === 0) fault('5001', 'Invalid input telephone number list');
  if (request.numbers.length > 5000) fault('5095', 'At most 5000 telephone numbers can be moved at once');
  if (!/^[A-Za-z0-9 -]{0,40}$/.test(request.customerOrderId ?? '')) {
    fault('5052', 'Customer order ID is invalid.');
  }
  return { request, faults };
}

/** POST /moveTns */
export function placeMove(
  carrier: LocalCarrier,
  xml: XmlElement | undefined,
  body: string,
  url: string,
): MoveAnswer {
  if (xml?.name !== 'MoveTnsOrder') {
    return { status: 400, body: responseStatus('MoveTnsOrderResponse', '1008', 'MoveTnsOrder is expected') };
  }
  const { request, faults: wrong } = readMove(xml, carrier.sites);
  const faults = carrier.refuseNext() ?? wrong;
  if (faults.length > 0) {
    // Each error is an element Errors of its own, without an Error in it.
    const errors = faults.map(({ code, description }) =>
      tag('Errors', field('Code', code), field('Description', description)),
    );
    return {
      status: 400,
      body: document(tag('MoveTnsOrderResponse', field('ProcessingStatus', 'FAILED'), ...errors)),
    };
  }
  const move = carrier.moves.place(request, body);
  return {
    status: 201,
    location: `${url}/${move.id}`,
    body: document(tag('MoveTnsOrderResponse', moveElement(carrier, { ...move, status: 'RECEIVED' }))),
  };
}

/** GET /moveTns/{id} */
export function showMove(carrier: LocalCarrier, id: string): MoveAnswer {
  const move = carrier.moves.get(id);
  return move === undefined
    ? { status: 404, body: '' }
    : { status: 200, body: document(moveElement(carrier, move)) };
}

function moveElement(carrier: LocalCarrier, move: Move): string {
  const { request, status, numbers, faults, skipped } = move;
  const listed = status === 'COMPLETE' || status === 'PARTIAL' ? numbers : request.numbers;
  return tag(
    'MoveTnsOrder',
    field('OrderCreateDate', iso(move.createdAt)),
    field('AccountId', carrier.accountId),
    field('CreatedByUser', carrier.userId),
    field('OrderId', move.id),
    field('CustomerOrderId', request.customerOrderId),
    field('LastModifiedDate', iso(move.modifiedAt)),
    field('ProcessingStatus', status),
    field('SiteId', request.siteId),
    field('SipPeerId', request.peerId),
    tag('TelephoneNumbers', ...listed.map((each) => field('TelephoneNumber', each))),
    faults.length === 0
      ? ''
      : tag(
          'Errors',
          ...faults.map(({ code, description, telephoneNumber }) =>
            tag(
              'Error',
              field('Code', code),
              field('Description', description),
              tag('TelephoneNumbers', field('TelephoneNumber', telephoneNumber)),
            ),
          ),
        ),
    skipped.length === 0
      ? ''
      : tag(
          'Warnings',
          tag(
            'Warning',
            field('Description', 'Telephone numbers of other accounts are skipped'),
            tag('TelephoneNumbers', ...skipped.map((each) => field('TelephoneNumber', each))),
          ),
        ),
  );
}

/** GET /moveTns */
export function listMoves(carrier: LocalCarrier, query: URLSearchParams): MoveAnswer {
  const customerOrderId = query.get('customerOrderId');
  const rows = carrier.moves
    .all()
    .filter(({ request }) => customerOrderId === null || request.customerOrderId === customerOrderId)
    .filter(({ status }) => !(carrier.switches().listOmitsReceived && status === 'RECEIVED'));
  return {
    status: 200,
    body: document(
      tag(
        'MoveTnsOrders',
        field('TotalCount', rows.length),
        ...rows.map((move) =>
          tag(
            'MoveTnsOrderSummary',
            field('accountId', carrier.accountId),
            field('CountOfTNs', move.request.numbers.length),
            field('CustomerOrderId', move.request.customerOrderId),
            field('userId', carrier.userId),
            field('lastModifiedDate', iso(move.modifiedAt)),
            field('OrderDate', iso(move.createdAt)),
            field('OrderType', 'move_tn_orders'),
            field('OrderStatus', move.status),
            field('OrderId', move.id),
          ),
        ),
      ),
    ),
  };
}
