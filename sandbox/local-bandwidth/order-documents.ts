import { type Echo, quantityOf } from './order-request.js';
import { type CarrierOrder, isOver } from './orders.js';
import { type CarrierFault, document, errorList, field, tag } from './write-xml.js';

/** 201 to POST /orders, the only answer with the id. */
export function createdDocument(order: CarrierOrder, withStatus: boolean): string {
  return document(
    tag(
      'OrderResponse',
      tag(
        'Order',
        ...echoed(order.echo, order.createdAt, order.echo.peerId, field('id', order.id), order.echo.typeXml),
      ),
      withStatus ? field('OrderStatus', 'RECEIVED') : '',
    ),
  );
}

/** 400 to POST /orders: the errors, and what was understood. */
export function refusedDocument(echo: Echo, faults: readonly CarrierFault[], at: number): string {
  return document(
    tag('OrderResponse', errorList(faults), tag('Order', ...echoed(echo, at, echo.peerId, '', echo.typeXml))),
  );
}

interface OrderDocumentStyle {
  /** Adds error 5019 while an order is pending, which isn't an error. */
  readonly pendingError: boolean;
  /** Writes empty lists instead of omitting them. */
  readonly emptyLists: boolean;
}

/** GET /orders/{id}. Errors come in a 200, the order inside has no id, and the peer is the one actually used. */
export function orderDocument(order: CarrierOrder, createdBy: string, style: OrderDocumentStyle): string {
  const { status, request, echo } = order;
  const named = 'named' in request.wants;
  const pending = status === 'RECEIVED' || status === 'PROCESSING';
  const faults =
    pending && style.pendingError
      ? [{ code: '5019', description: 'Order is pending. Please check the status of your order later.' }]
      : order.faults;
  // For a failed order for named numbers Bandwidth returns only the empty element.
  const typeXml = status === 'FAILED' && named ? tag(request.type) : echo.typeXml;
  const modified = iso(order.modifiedAt);
  return document(
    tag(
      'OrderResponse',
      pending ? '' : field('CompletedQuantity', order.numbers.length),
      field('CreatedByUser', createdBy),
      faults.length > 0 || style.emptyLists ? errorList(faults) : '',
      order.failed.length > 0 || style.emptyLists
        ? tag('FailedNumbers', ...order.failed.map((each) => field('FullNumber', each)))
        : '',
      field('LastModifiedDate', modified),
      isOver(status) ? field('OrderCompleteDate', modified) : '',
      tag('Order', ...echoed(echo, order.createdAt, pending ? echo.peerId : request.peerId, '', typeXml)),
      field('OrderStatus', status),
      pending && !style.emptyLists
        ? ''
        : tag(
            'CompletedNumbers',
            ...order.numbers.map((each) => tag('TelephoneNumber', field('FullNumber', each))),
          ),
      field('Summary', summary(order)),
      status === 'BACKORDERED' ? field('PendingQuantity', quantityOf(request) - order.numbers.length) : '',
      isOver(status) ? field('FailedQuantity', quantityOf(request) - order.numbers.length) : '',
    ),
  );
}

function summary({ numbers, request }: CarrierOrder): string {
  const asked = quantityOf(request);
  const areas = [...new Set(numbers.map((each) => each.slice(0, 3)))].join(', ');
  if (numbers.length === 0) return `${asked} ${plural(asked)} requested`;
  return numbers.length === asked
    ? `${asked} ${plural(asked)} ordered in (${areas})`
    : `${numbers.length} out of ${asked} ${plural(asked)} ordered in (${areas})`;
}

function plural(count: number): string {
  return count === 1 ? 'number' : 'numbers';
}

function echoed(
  echo: Echo,
  createdAt: number,
  peerId: string | undefined,
  idXml: string,
  typeXml: string,
): string[] {
  return [
    field('CustomerOrderId', echo.customerOrderId),
    field('Name', echo.name),
    field('OrderCreateDate', iso(createdAt)),
    field('PeerId', peerId),
    field('BackOrderRequested', echo.backOrderRequested),
    idXml,
    typeXml,
    echo.attributesXml,
    field('PartialAllowed', echo.partialAllowed),
    field('SiteId', echo.siteId),
  ];
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
