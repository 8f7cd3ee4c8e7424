import { randomUUID } from 'node:crypto';
import { child, childText, type XmlElement } from './read-xml.js';
import { document, field, responseStatus, tag } from './write-xml.js';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Where notices of one kind of order are sent, in the older generation. */
export interface Subscription {
  readonly id: string;
  readonly orderType: string;
  /** Limits it to one order; absent for all. */
  readonly orderId: string | undefined;
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly endsAt: number;
  /** Whether its notices have numbers in E.164: it was created in version 2 of the API. */
  readonly e164: boolean;
  /** The result of the last delivery. */
  readonly lastResult: string;
}

export interface Subscriptions {
  /** POST; returns the id when accepted. */
  add(xml: XmlElement | undefined, version: { readonly e164: boolean }): Answer & { readonly id?: string };
  list(orderType: string | undefined): Answer;
  change(id: string, xml: XmlElement | undefined): Answer;
  remove(id: string): Answer;
  /** Returns those that haven't expired. */
  all(): readonly Subscription[];
  /** Records the result of a delivery. */
  delivered(id: string, result: string): void;
}

/** "Only %s global subscriptions are permitted for any supported order-type" */
const MAX_PER_TYPE = 5;
const DAY_S = 86_400;
/** There are more, but none for moves. */
const orderTypes: readonly string[] = ['orders', 'disconnects', 'tnoptions'];

export function makeSubscriptions(now: () => number): Subscriptions {
  const subscriptions = new Map<string, Subscription>();
  const all = () => [...subscriptions.values()].filter(({ endsAt }) => endsAt > now());
  const refuse = (status: number, code: string, description: string): Answer => ({
    status,
    body: responseStatus('SubscriptionResponse', code, description),
  });

  const put = (id: string, read: Read, e164: boolean): Answer => {
    const others = all().filter((each) => each.id !== id && each.orderType === read.orderType);
    if (others.some(({ url, orderId }) => url === read.url && orderId === read.orderId)) {
      return refuse(409, '16008', 'Duplicate subscription already exists');
    }
    if (read.orderId === undefined && others.length >= MAX_PER_TYPE) {
      const most = `Only ${MAX_PER_TYPE} global subscriptions are permitted for any supported order-type`;
      return refuse(400, '16006', most);
    }
    subscriptions.set(id, { ...read, id, e164, endsAt: now() + read.expiry * 1000, lastResult: 'READY' });
    return { status: 200, body: '' };
  };
  const missing = (id: string) => refuse(404, '16000', `Subscription ${id} not found`);

  return {
    add(xml, { e164 }) {
      const read = readSubscription(xml);
      if ('code' in read) return refuse(400, read.code, read.description);
      const id = randomUUID();
      const answer = put(id, read, e164);
      return answer.status === 200 ? { status: 201, body: '', id } : answer;
    },
    list(orderType) {
      const found = all().filter((each) => orderType === undefined || each.orderType === orderType);
      if (found.length === 0) return refuse(404, '16001', 'Subscriptions for the account not found');
      const rows = found.map((each) => written(each, now()));
      return { status: 200, body: document(tag('SubscriptionsResponse', tag('Subscriptions', ...rows))) };
    },
    change(id, xml) {
      const before = all().find((each) => each.id === id);
      if (before === undefined) return missing(id);
      const read = readSubscription(xml);
      return 'code' in read ? refuse(400, read.code, read.description) : put(id, read, before.e164);
    },
    remove: (id) => (subscriptions.delete(id) ? { status: 200, body: '' } : missing(id)),
    all,
    delivered(id, lastResult) {
      const subscription = subscriptions.get(id);
      if (subscription !== undefined) subscriptions.set(id, { ...subscription, lastResult });
    },
  };
}

type Read = Pick<Subscription, 'orderType' | 'orderId' | 'url' | 'username' | 'password'> & {
  readonly expiry: number;
};

function readSubscription(
  xml: XmlElement | undefined,
): Read | { readonly code: string; readonly description: string } {
  if (xml?.name !== 'Subscription') return { code: '14501', description: 'Subscription object is invalid' };
  const orderType = childText(xml, 'OrderType') ?? '';
  if (!orderTypes.includes(orderType)) {
    return { code: '14500', description: `Incorrect order type. Valid values: ${orderTypes.join(', ')}` };
  }
  const callback = child(xml, 'CallbackSubscription');
  const url = childText(callback, 'URL') ?? '';
  if (url === '') return { code: '14503', description: 'Callback URL is empty' };
  if (!URL.canParse(url)) return { code: '14506', description: 'Callback URL is invalid' };
  const basic = child(child(callback, 'CallbackCredentials'), 'BasicAuthentication');
  const [username, password] = [childText(basic, 'Username'), childText(basic, 'Password')];
  if (basic !== undefined && (!username || !password)) {
    const description = 'Basic authentication must contain both a non-blank username and password';
    return { code: '14505', description };
  }
  const expiry = Number(childText(callback, 'Expiry') ?? DAY_S);
  const orderId = childText(xml, 'OrderId');
  return { orderType, orderId, url, username, password, expiry };
}

/** The password is never returned. */
function written({ id, orderType, orderId, url, username, endsAt, lastResult }: Subscription, now: number) {
  return tag(
    'Subscription',
    field('SubscriptionId', id),
    field('OrderType', orderType),
    field('OrderId', orderId),
    tag(
      'CallbackSubscription',
      field('URL', url),
      field('Expiry', Math.round((endsAt - now) / 1000)),
      field('Status', lastResult),
      username === undefined
        ? ''
        : tag('CallbackCredentials', tag('BasicAuthentication', field('Username', username))),
    ),
  );
}
