import { createHmac } from 'node:crypto';
import type { Change, LocalCarrier } from './carrier.js';
import type { Subscription } from './subscriptions.js';
import { document, field, tag } from './write-xml.js';

/** Where notices of the newer generation are sent. People create such a subscription in the Bandwidth App. */
export interface JsonSubscription {
  readonly url: string;
  readonly secret: string;
}

/** What happened to one order of any kind. */
interface Happening {
  /** Moves have notices of the newer generation only; how it calls them isn't published. */
  readonly orderType: 'orders' | 'disconnects' | 'tnoptions' | 'move_tn_orders';
  readonly orderId: string;
  readonly customerOrderId: string | undefined;
  readonly status: string;
  readonly message: string;
  readonly numbers: readonly string[];
}

/** One attempt to deliver; there is never a second. */
export interface DeliveredNotice {
  readonly url: string;
  readonly orderId: string;
  readonly status: string;
  /** The HTTP status, or why there was none. */
  readonly result: string;
}

export interface Notices {
  subscribeJson(subscription: JsonSubscription): void;
  /** The deliveries so far, oldest first. */
  readonly delivered: readonly DeliveredNotice[];
  stop(): void;
}

const told: Readonly<Record<Happening['orderType'], readonly string[]>> = {
  orders: ['COMPLETE', 'PARTIAL', 'BACKORDERED', 'FAILED'],
  disconnects: ['COMPLETE', 'PARTIAL', 'FAILED'],
  tnoptions: ['RECEIVED', 'PROCESSING', 'COMPLETE', 'PARTIAL', 'FAILED'],
  move_tn_orders: ['COMPLETE', 'PARTIAL', 'FAILED'],
};

const ANSWERED_WITHIN_MS = 5_000;

/** Sends notices to subscribers, once. Only 200 counts as delivered, and nothing is retried. */
export function startNotices(carrier: LocalCarrier): Notices {
  const json: JsonSubscription[] = [];
  const delivered: DeliveredNotice[] = [];
  const seen = new Map<string, string>();
  const stopping = new AbortController();

  const send = async (url: string, headers: Record<string, string>, body: string): Promise<Response> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer;
  };

  /** Credentials are sent only after a challenge. */
  const sendXml = async ({ url, username, password }: Subscription, body: string): Promise<number> => {
    const xml = { 'content-type': 'application/xml; charset=utf-8' };
    if (username === undefined) return (await send(url, xml, body)).status;
    const first = await send(url, {}, '');
    const asked = first.status === 401 && /^Basic realm=/.test(first.headers.get('www-authenticate') ?? '');
    if (!asked) return first.status;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return (await send(url, { ...xml, authorization }, body)).status;
  };

  const sendJson = async ({ url, secret }: JsonSubscription, body: string): Promise<number> => {
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    const headers = { 'content-type': 'application/json', 'x-bandwidth-signature-sha-256': signature };
    return (await send(url, headers, body)).status;
  };

  const deliver = async (url: string, what: Happening, attempt: Promise<number>): Promise<string> => {
    const result = await attempt.then(String, (error: unknown) => `no answer (${String(error)})`);
    delivered.push({ url, orderId: what.orderId, status: what.status, result });
    return result;
  };

  const tell = (what: Happening): void => {
    if (stopping.signal.aborted || carrier.switches().noticesLost) return;
    for (const each of carrier.subscriptions.all()) {
      if (each.orderType !== what.orderType || (each.orderId ?? what.orderId) !== what.orderId) continue;
      void deliver(each.url, what, sendXml(each, xmlNotice(each, what))).then((result) =>
        carrier.subscriptions.delivered(each.id, result),
      );
    }
    for (const each of json) void deliver(each.url, what, sendJson(each, jsonNotice(what)));
  };

  const stopListening = carrier.onChange(({ what, id }) => {
    const happening = happeningTo(carrier, what, id);
    if (happening === undefined || seen.get(id) === happening.status) return;
    seen.set(id, happening.status);
    if (told[happening.orderType].includes(happening.status)) tell(happening);
  });

  return {
    subscribeJson: (subscription) => void json.push(subscription),
    delivered,
    stop() {
      stopListening();
      stopping.abort();
    },
  };
}

function happeningTo(carrier: LocalCarrier, what: Change['what'], id: string): Happening | undefined {
  switch (what) {
    case 'order':
      return happening('orders', carrier.orders.get(id));
    case 'disconnect':
      return happening('disconnects', carrier.disconnects.get(id));
    case 'options': {
      const found = carrier.options.get(id);
      return happening('tnoptions', found && { ...found, numbers: found.request.numbers });
    }
    case 'move':
      return happening('move_tn_orders', carrier.moves.get(id));
    default:
      return undefined;
  }
}

function happening(
  orderType: Happening['orderType'],
  found:
    | {
        readonly id: string;
        readonly status: string;
        readonly request: { readonly customerOrderId: string | undefined };
        readonly numbers: readonly string[];
        readonly failed?: readonly string[];
        readonly faults: readonly { readonly code: string; readonly description: string }[];
      }
    | undefined,
): Happening | undefined {
  if (found === undefined) return undefined;
  const { id, status, request, numbers, failed = numbers, faults } = found;
  const [fault] = faults;
  return {
    orderType,
    orderId: id,
    customerOrderId: request.customerOrderId,
    status,
    message: fault === undefined ? `The order is ${status}` : `${fault.code}: ${fault.description}`,
    // A notice of a failed order really lists the numbers it didn't get.
    numbers: status === 'FAILED' ? failed : numbers,
  };
}

function xmlNotice({ id, e164 }: Subscription, what: Happening): string {
  const numbers = e164 ? what.numbers.map((each) => `+1${each}`) : what.numbers;
  return document(
    tag(
      'Notification',
      field('Status', what.status),
      field('SubscriptionId', id),
      field('Message', what.message),
      field('OrderId', what.orderId),
      field('OrderType', what.orderType),
      field('CustomerOrderId', what.customerOrderId),
      tag('CompletedTelephoneNumbers', ...numbers.map((each) => field('TelephoneNumber', each))),
    ),
  );
}

/** The shape isn't published; this one is consistent with what is. */
function jsonNotice(what: Happening): string {
  return JSON.stringify({
    subscriptionDefinition: 'Bandwidth_App_Order_Update',
    eventType: 'order_change',
    order: {
      orderType: what.orderType,
      orderId: what.orderId,
      customerOrderId: what.customerOrderId,
      status: what.status,
      message: what.message,
      completedTelephoneNumbers: what.numbers,
    },
  });
}
