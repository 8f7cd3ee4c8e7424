import { type Answer, accountUrl, type Call, empty } from './call.js';
import { disconnectCreated, disconnectDocument, disconnectRefused } from './disconnect-documents.js';
import { readDisconnect } from './disconnects.js';
import { isPending, listAnswer } from './order-list.js';
import { responseStatus } from './write-xml.js';

// The calls of /disconnects.

export function placeDisconnect({ carrier, request, xml }: Call): Answer {
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
    location: accountUrl({ carrier, request }, `disconnects/${disconnect.id}`),
    body: disconnectCreated(disconnect, !carrier.switches().omitOrderStatus),
  };
}

export function showDisconnect({ carrier, id }: Call): Answer {
  const disconnect = carrier.disconnects.get(id);
  if (disconnect === undefined) return empty(404);
  return { status: 200, body: disconnectDocument(disconnect, !carrier.switches().omitDisconnectedNumbers) };
}

export function listDisconnects({ carrier, request, query }: Call): Answer {
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
  const url = accountUrl({ carrier, request }, 'disconnects');
  return listAnswer(query, rows, {
    of: 'disconnects',
    userId: carrier.userId,
    url,
    whenEmpty: 404,
    sort,
    days,
  });
}
