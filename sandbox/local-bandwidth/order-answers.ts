import { type Answer, accountUrl, type Call, empty } from './call.js';
import { createdDocument, orderDocument, refusedDocument } from './order-documents.js';
import { isPending, listAnswer } from './order-list.js';
import { readOrder } from './order-request.js';
import { childText } from './read-xml.js';
import { document, responseStatus, tag } from './write-xml.js';

// The calls of /orders.

export function placeOrder({ carrier, request, xml }: Call): Answer {
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
    location: accountUrl({ carrier, request }, `orders/${order.id}`),
    body: createdDocument(order, !carrier.switches().omitOrderStatus),
  };
}

export function showOrder({ carrier, id }: Call): Answer {
  const order = carrier.orders.get(id);
  return order === undefined
    ? empty(404)
    : { status: 200, body: orderDocument(order, order.createdBy ?? carrier.userId, carrier.switches()) };
}

export function closeOrder({ carrier, id, xml }: Call): Answer {
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

export function listOrders({ carrier, request, query }: Call): Answer {
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
  const url = accountUrl({ carrier, request }, 'orders');
  return listAnswer(query, rows, {
    of: 'orders',
    userId: carrier.userId,
    url,
    whenEmpty: emptyOrderList,
    sort,
    days,
  });
}
