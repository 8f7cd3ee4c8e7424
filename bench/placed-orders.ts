import { randomUUID } from 'node:crypto';
import { type LocalBandwidth, startLocalBandwidth } from '../sandbox/local-bandwidth/local-bandwidth.js';
import { makeBandwidth } from '../src/bandwidth/client.js';
import { basicCredentials } from '../src/bandwidth/credentials.js';
import type { Order } from '../src/orders/domain/order.js';
import type { PurchaseRequest } from '../src/orders/domain/request.js';
import {
  announced,
  approved,
  journaled,
  newOrder,
  placed,
  placing,
  rendered,
} from '../src/orders/domain/transitions.js';
import { openStore } from '../src/store/open-store.js';
import { silentLog } from './silent-log.js';

export const purchase: PurchaseRequest = {
  kind: 'purchase',
  name: 'Bench',
  wanted: { by: 'search', search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 1 } },
  site: { id: '461', name: 'Raleigh office' },
  reason: 'to be measured',
  partialAllowed: true,
  backOrder: false,
  protected: false,
};

const PUT_AT_ONCE = 100;

export interface PlacedOrder {
  readonly id: string;
  readonly carrierOrderId: string;
}

/** Inserts orders in progress at Bandwidth, with their cards and announcements done, as after a busy day. */
export async function putPlacedOrders(
  storeUrl: string,
  orders: readonly (PlacedOrder & { readonly ts: string })[],
  placedAt: number,
): Promise<void> {
  const store = await openStore(storeUrl, silentLog);
  const ben = { teamId: 'T0LOCAL', userId: 'U0BEN' };
  const put = async ({ id, carrierOrderId, ts }: (typeof orders)[number]) => {
    const asked = newOrder({
      id,
      request: purchase,
      requester: { teamId: 'T0LOCAL', userId: 'U0ANA' },
      channelId: 'C0NUMBERS',
      now: placedAt,
      expiresAt: placedAt + 86_400_000,
    });
    const sent = expectStatus(
      placing(expectStatus(approved(asked, ben, placedAt), 'approved'), placedAt),
      'placing',
    );
    const taken = announced(placed(sent, carrierOrderId, placedAt, placedAt), 'approved');
    const shown = rendered(taken, { channelId: 'C0NUMBERS', ts }, taken.revision);
    // Marks their events as journaled, so that startup doesn't write tens of thousands of entries.
    await store.orders.insert(journaled(shown, shown.events.length));
  };
  for (let from = 0; from < orders.length; from += PUT_AT_ONCE) {
    await Promise.all(orders.slice(from, from + PUT_AT_ONCE).map(put));
  }
  await store.close();
}

function expectStatus<S extends Order['status']>(order: Order, status: S): Order & { status: S } {
  if (order.status !== status) throw new Error(`expected ${status}, not ${order.status}`);
  return order as Order & { status: S };
}

/**
 * Starts a Bandwidth with `count` of our orders RECEIVED and as many others COMPLETE, alternating, all within the last
 * hour. None of them ends by itself.
 */
export async function bandwidthWith(
  count: number,
): Promise<{ bandwidth: LocalBandwidth; orders: readonly PlacedOrder[]; listed: readonly string[] }> {
  const first = await startLocalBandwidth({ orderDelayMs: 'manual' });
  const client = makeBandwidth({
    accountId: first.accountId,
    apiUrl: first.apiUrl,
    credentials: basicCredentials({ username: first.username, password: first.password }, { clock: Date }),
    clock: Date,
    log: silentLog,
  });
  await client.place(randomUUID(), purchase);
  client.close();
  const remembered = first.remember();
  await first.close();
  const [pattern] = remembered.orders;
  if (pattern === undefined) throw new Error('the pattern of all orders was not accepted');
  const began = Date.now() - 60 * 60_000;
  const orders = Array.from({ length: 2 * count }, (_, index) => {
    const customerOrderId = randomUUID();
    return {
      ...pattern,
      id: randomUUID(),
      request: { ...pattern.request, customerOrderId },
      echo: { ...pattern.echo, customerOrderId },
      status: index % 2 === 0 ? ('RECEIVED' as const) : ('COMPLETE' as const),
      createdAt: began + index * 10,
      modifiedAt: began + index * 10,
    };
  });
  const bandwidth = await startLocalBandwidth({ remembered: { ...remembered, orders } });
  return {
    bandwidth,
    orders: orders
      .filter(({ status }) => status === 'RECEIVED')
      .map(({ id, request }) => ({ id: request.customerOrderId, carrierOrderId: id })),
    listed: orders.map(({ id }) => id),
  };
}

/** A purchase that waits for approval. */
export function waitingOrder(): Order {
  return newOrder({
    id: randomUUID(),
    request: purchase,
    requester: { teamId: 'T0LOCAL', userId: 'U0ANA' },
    channelId: 'C0NUMBERS',
    now: Date.now(),
    expiresAt: Date.now() + 86_400_000,
  });
}
