import type { LocalCarrier } from './carrier.js';
import { campaigns, type OptionsOrder, type OptionsRequest } from './options.js';
import { iso } from './order-documents.js';
import { child, children, childText, type XmlElement } from './read-xml.js';
import { type CarrierFault, document, field, responseStatus, tag } from './write-xml.js';

interface OptionsAnswer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

/** POST /tnoptions. What doesn't go together passes here and fails later. */
export function placeOptions(
  carrier: LocalCarrier,
  xml: XmlElement | undefined,
  body: string,
  url: string,
): OptionsAnswer {
  const group = child(child(xml, 'TnOptionGroups'), 'TnOptionGroup');
  const a2p = child(group, 'A2pSettings');
  const request: OptionsRequest = {
    customerOrderId: childText(xml, 'CustomerOrderId') || undefined,
    sms: childText(group, 'Sms') || undefined,
    campaignId: childText(a2p, 'CampaignId') || undefined,
    messageClass: childText(a2p, 'MessageClass') || undefined,
    numbers: children(child(group, 'TelephoneNumbers'), 'TelephoneNumber').map((each) => each.text),
  };
  const planned = carrier.refuseNext()?.[0];
  if (xml?.name !== 'TnOptionOrder' || request.numbers.length === 0 || planned !== undefined) {
    const { code, description } = planned ?? { code: '1008', description: 'TnOptionOrder is expected' };
    return { status: 400, body: responseStatus('TnOptionOrderResponse', code, description) };
  }
  const order = carrier.options.place(request, body);
  return {
    status: 201,
    location: `${url}/${order.id}`,
    body: document(tag('TnOptionOrderResponse', optionsElement(carrier, { ...order, status: 'RECEIVED' }))),
  };
}

/** GET /tnoptions/{id} */
export function showOptions(carrier: LocalCarrier, id: string): OptionsAnswer {
  const order = carrier.options.get(id);
  return order === undefined
    ? { status: 404, body: '' }
    : { status: 200, body: document(optionsElement(carrier, order)) };
}

function optionsElement(carrier: LocalCarrier, order: OptionsOrder): string {
  const { request, faults, warnings } = order;
  return tag(
    'TnOptionOrder',
    field('OrderCreateDate', iso(order.createdAt)),
    field('AccountId', carrier.accountId),
    field('CreatedByUser', carrier.userId),
    field('OrderId', order.id),
    field('LastModifiedDate', iso(order.modifiedAt)),
    field('ProcessingStatus', order.status),
    field('CustomerOrderId', request.customerOrderId),
    tag(
      'TnOptionGroups',
      tag(
        'TnOptionGroup',
        field('Sms', request.sms),
        tag('TelephoneNumbers', ...request.numbers.map((each) => field('TelephoneNumber', each))),
      ),
    ),
    tag('ErrorList', ...faults.map((fault) => complaint('Error', fault))),
    tag('Warnings', ...warnings.map((warning) => complaint('Warning', warning))),
  );
}

const complaint = (name: string, { code, description, telephoneNumber }: CarrierFault): string =>
  tag(
    name,
    field('Code', code || undefined),
    field('Description', description),
    field('TelephoneNumber', telephoneNumber),
  );

/** GET /tnoptions */
export function listOptions(carrier: LocalCarrier, query: URLSearchParams): OptionsAnswer {
  const customerOrderId = query.get('customerOrderId');
  const rows = carrier.options
    .all()
    .filter(({ request }) => customerOrderId === null || request.customerOrderId === customerOrderId)
    .map((order) =>
      tag(
        'TnOptionOrderSummary',
        field('accountId', carrier.accountId),
        field('CountOfTNs', order.request.numbers.length),
        field('CustomerOrderId', order.request.customerOrderId),
        field('userId', carrier.userId),
        field('lastModifiedDate', iso(order.modifiedAt)),
        field('OrderDate', iso(order.createdAt)),
        field('OrderType', 'tn_option'),
        field('OrderStatus', order.status),
        field('OrderId', order.id),
      ),
    );
  const list = tag('TnOptionOrders', field('TotalCount', rows.length), ...rows);
  return { status: 200, body: document(tag('TnOptionOrderReportResponse', list)) };
}

/** GET /products/messaging/a2pCampaigns */
export function campaignsAnswer(): OptionsAnswer {
  const rows = campaigns.map(({ id, description, messageClass }) =>
    tag(
      'MessagingA2pCampaign',
      field('CampaignId', id),
      field('Description', description),
      field('MessageClass', messageClass),
      field('Imported', false),
      field('Status', 'ACTIVE'),
    ),
  );
  return {
    status: 200,
    body: document(tag('MessagingA2pCampaignsResponse', tag('MessagingA2pCampaigns', ...rows))),
  };
}
