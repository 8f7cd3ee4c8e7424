import type { Disconnect, DisconnectRequest } from './disconnects.js';
import { iso } from './order-documents.js';
import { type CarrierFault, document, errorList, field, tag } from './write-xml.js';

const root = 'DisconnectTelephoneNumberOrderResponse';

/** 201 to POST /disconnects. */
export function disconnectCreated(disconnect: Disconnect, withStatus: boolean): string {
  const { request, createdAt, id } = disconnect;
  return document(
    tag(root, orderRequest(request, createdAt, id), withStatus ? field('OrderStatus', 'RECEIVED') : ''),
  );
}

/** 400 to POST /disconnects, without an id. */
export function disconnectRefused(
  request: DisconnectRequest,
  faults: readonly CarrierFault[],
  at: number,
): string {
  return document(tag(root, errorList(faults), orderRequest(request, at, undefined)));
}

/** GET /disconnects/{id}, which keeps its id. The list of disconnected numbers may be missing. */
export function disconnectDocument(disconnect: Disconnect, withNumbers: boolean): string {
  const { status, numbers, faults, request, createdAt, id } = disconnect;
  const pending = status === 'RECEIVED' || status === 'PROCESSING';
  return document(
    tag(
      root,
      numbers.length === 0 || !withNumbers
        ? ''
        : tag('DisconnectedTelephoneNumberList', ...numbers.map((each) => field('TelephoneNumber', each))),
      pending ? '' : errorList(faults),
      orderRequest(request, createdAt, id),
      field('OrderStatus', status),
    ),
  );
}

function orderRequest(request: DisconnectRequest, createdAt: number, id: string | undefined): string {
  return tag(
    'orderRequest',
    field('Name', request.name),
    field('CustomerOrderId', request.customerOrderId),
    field('OrderCreateDate', iso(createdAt)),
    field('id', id),
    tag(
      'DisconnectTelephoneNumberOrderType',
      tag('TelephoneNumberList', ...request.numbers.map((each) => field('TelephoneNumber', each))),
      field('DisconnectMode', request.mode),
      field('Protected', request.protection),
    ),
  );
}
