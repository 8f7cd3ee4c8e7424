import type { CarrierFault } from '../orders/domain/carrier-report.js';
import { CarrierError, type PartlyRead, partlyRead } from '../orders/ports/carrier.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { documentIn, makeCalls } from './calls.js';
import type { Credentials } from './credentials.js';
import { statusError, unreachable, unreadable } from './errors.js';
import { type MakeHttpsAgent, NoAnswer } from './http.js';
import { childOf, element, holdsMore, listOf, many, one, text } from './schema.js';
import { buildXml, MalformedXml } from './xml.js';

/**
 * The kinds of orders that have notices, by Bandwidth's names: messaging changes are `tnoptions`. Each needs a
 * subscription of its own. Moves and activations have none.
 */
export const orderTypes = ['orders', 'disconnects', 'tnoptions'] as const;
export type OrderType = (typeof orderTypes)[number];

/** A subscription of the account. With a url its notices are sent by HTTP, otherwise by email or another channel. */
export interface Subscription {
  readonly id: string;
  /** Absent when it is about events instead of orders. */
  readonly orderType?: string;
  /** Set when it is limited to this carrier order. */
  readonly orderId?: string;
  readonly url?: string;
  readonly username?: string;
  readonly secondsLeft?: number;
  /** Bandwidth's description of the last delivery. */
  readonly lastDelivery?: string;
}

/** The settings of a subscription. */
export interface Subscribing {
  readonly orderType: OrderType;
  readonly url: string;
  readonly basic: { readonly username: string; readonly password: string };
}

/** Bandwidth's subscriptions to XML notices. Every method throws {@link CarrierError}. */
export interface Subscriptions {
  list(): Promise<readonly Subscription[]>;
  /** Throws {@link DUPLICATE} when there is already one of this type with this url. */
  create(wanted: Subscribing): Promise<void>;
  /** Restarts its lifetime with these credentials. */
  renew(id: string, wanted: Subscribing): Promise<void>;
  remove(id: string): Promise<void>;
  close(): void;
}

/** "Duplicate subscription already exists" */
export const DUPLICATE = '16008';
/** "Subscription … not found", "Subscriptions for account … not found" */
const notFound: readonly string[] = ['16000', '16001', '16002'];

/**
 * The lifetime in Bandwidth's own example: 99 years. The default is one day, and a subscription that ends unnoticed is
 * worse than one that has to be removed by hand.
 */
const EXPIRY_S = 3_122_064_000;

const ASKED = 'the list of subscriptions';
const CHANGED = 'this subscription';

export function makeSubscriptions(deps: {
  accountId: string;
  apiUrl: string;
  credentials: Credentials;
  clock: Pick<Clock, 'now'>;
  log: Log;
  httpsAgent?: MakeHttpsAgent | undefined;
}): Subscriptions {
  const { clock } = deps;
  const { send, ask, expect, faultsIn, close } = makeCalls(deps);
  const path = `/accounts/${encodeURIComponent(deps.accountId)}/subscriptions`;
  const one = (id: string) => `${path}/${encodeURIComponent(id)}`;

  const change = async (method: 'POST' | 'PUT' | 'DELETE', where: string, body?: string): Promise<void> => {
    const answer = await send(method, where, body === undefined ? {} : { body }).catch((error: unknown) => {
      throw error instanceof NoAnswer ? unreachable(CHANGED, error) : error;
    });
    const faults = await faultsIn(answer);
    const done = answer.status >= 200 && answer.status < 300 && faults.length === 0;
    const gone = method === 'DELETE' && faults.some(isNotFound);
    if (!done && !gone) throw statusError(answer, CHANGED, faults, clock.now());
  };

  return {
    async list() {
      const answer = await ask(path, ASKED);
      if (answer.status === 204) return [];
      if (answer.status === 404) {
        // Bandwidth reports "none" as an error. Any other 404 is a wrong address.
        if ((await faultsIn(answer)).some(isNotFound)) return [];
        const document = await documentIn(answer);
        if (!(document instanceof MalformedXml) && document.root === 'links') return [];
      }
      const { content } = await expect(answer, ASKED, 'subscriptionsresponse');
      const found = decodeSubscriptions(content);
      // An unreadable subscription may be the one we would create a second time.
      if (found.unread !== undefined) throw unreadable(ASKED, 'subscriptions that cannot be read');
      return found;
    },
    create: (wanted) => change('POST', path, encodeSubscription(wanted)),
    renew: (id, wanted) => change('PUT', one(id), encodeSubscription(wanted)),
    remove: (id) => change('DELETE', one(id)),
    close,
  };
}

export function isDuplicate(error: unknown): boolean {
  return (
    error instanceof CarrierError &&
    error.trouble === 'refused' &&
    error.faults.some(({ code }) => code === DUPLICATE)
  );
}

function isNotFound({ code }: CarrierFault): boolean {
  return notFound.includes(code);
}

function encodeSubscription({ orderType, url, basic }: Subscribing): string {
  return buildXml('Subscription', {
    OrderType: orderType,
    CallbackSubscription: {
      URL: url,
      Expiry: String(EXPIRY_S),
      CallbackCredentials: {
        BasicAuthentication: { Username: basic.username, Password: basic.password },
      },
    },
  });
}

const subscriptionShape = {
  subscriptionid: text,
  ordertype: text,
  orderid: text,
  callbacksubscription: one({
    url: text,
    expiry: text,
    status: text,
    callbackcredentials: one({ basicauthentication: one({ username: text }) }),
  }),
};

/** With or without `Subscriptions` around them. */
const listSchema = element({
  subscriptions: one({ subscription: many(subscriptionShape) }),
  subscription: many(subscriptionShape),
});

function decodeSubscriptions(content: unknown): PartlyRead<Subscription> {
  const found = listSchema.parse(content);
  const entries = [...found.subscriptions.subscription, ...found.subscription];
  const strangers =
    holdsMore(content, ['subscriptions', 'subscription']) ||
    listOf(childOf(content, 'subscriptions')).some((each) => holdsMore(each, ['subscription']));
  const read = entries.flatMap((each) => {
    const { subscriptionid: id, ordertype, orderid, callbacksubscription: callback } = each;
    const { username } = callback.callbackcredentials.basicauthentication;
    // Published examples have quotes around the URL, and a plus before a port that was mistaken for a telephone number.
    const url = callback.url?.replace(/^"(.*)"$/, '$1');
    const secondsLeft = secondsIn(callback.expiry);
    return id === undefined
      ? []
      : [
          {
            id,
            ...(ordertype === undefined ? {} : { orderType: ordertype }),
            ...(orderid === undefined ? {} : { orderId: orderid }),
            ...(url === undefined ? {} : { url }),
            ...(username === undefined ? {} : { username }),
            ...(secondsLeft === undefined ? {} : { secondsLeft }),
            ...(callback.status === undefined ? {} : { lastDelivery: callback.status }),
          },
        ];
  });
  return partlyRead(read, Math.max(entries.length - read.length, strangers ? 1 : 0));
}

function secondsIn(expiry: string | undefined): number | undefined {
  const figure = /^\+?(\d{1,12})$/.exec(expiry ?? '')?.[1];
  return figure === undefined ? undefined : Number(figure);
}
