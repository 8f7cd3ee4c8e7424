import {
  type OrderType,
  orderTypes,
  type Subscription,
  type Subscriptions,
} from '../bandwidth/subscriptions.js';
import type { Callbacks } from '../config/callback-settings.js';
import { CarrierError } from '../orders/ports/carrier.js';
import { type Finding, ok, undetermined, wrong } from './finding.js';

/** A subscription that ends sooner than this gets a warning: a month. */
const SOON_S = 30 * 86_400;

/** Checks the subscriptions to XML notices and their last delivery. Polling works without them. */
export async function checkCallbacks(deps: {
  readonly callbacks: Callbacks;
  readonly subscriptions: Pick<Subscriptions, 'list'>;
}): Promise<readonly Finding[]> {
  const { callbacks } = deps;
  if (callbacks.basic === undefined) {
    return [undetermined('Callbacks', 'Bandwidth shows JSON notices in the Bandwidth App only.')];
  }
  try {
    const all = await deps.subscriptions.list();
    return orderTypes.map((type) =>
      judge(
        type,
        all.find(
          ({ url, orderId, orderType }) =>
            url === callbacks.url && orderId === undefined && orderType === type,
        ),
      ),
    );
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    return [undetermined('Callbacks', error.advice)];
  }
}

const whatOf: Readonly<Record<OrderType, string>> = {
  orders: 'orders',
  disconnects: 'disconnects',
  tnoptions: 'messaging changes',
};

function judge(type: OrderType, found: Subscription | undefined): Finding {
  const check = `Callbacks for ${whatOf[type]}`;
  if (found === undefined) {
    return wrong(
      check,
      `CALLBACK_URL is set, but Bandwidth has no subscription with this address: the app hears of ${whatOf[type]} by polling only.`,
      'Run: npm run callbacks -- create.',
    );
  }
  if (found.secondsLeft !== undefined && found.secondsLeft < SOON_S) {
    return wrong(check, 'The subscription ends within a month.', 'Run: npm run callbacks -- renew.');
  }
  const last = found.lastDelivery?.slice(0, 200);
  return last === undefined
    ? undetermined(check, 'Subscribed, but Bandwidth says nothing about the last delivery.')
    : ok(check, `Subscribed; last delivery: ${last}.`);
}
