import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { openStore, type Store } from '../../../src/store/open-store.js';
import { describeWith, redis } from '../../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from '../store-fixtures.js';

describeWith([redis], 'The open orders on a Redis that is full of other things', () => {
  let proxy: TcpProxy;
  let url: string;
  let store: Store;
  /** How often the whole server was walked, or only what is listed. */
  let walks: Record<'SCAN' | 'SSCAN', number>;

  beforeEach(async () => {
    proxy = await startTcpProxy(redis.host, redis.port);
    url = redis.fresh(proxy.port);
    store = await openStore(url, listeningLog());
    walks = { SCAN: 0, SSCAN: 0 };
    proxy.onSent((bytes) => {
      for (const [, command] of bytes.toString('latin1').matchAll(/\r\n(S?SCAN)\r\n/g)) {
        walks[command as keyof typeof walks] += 1;
      }
    });
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
    await redis.discard(url);
  });

  /** Past the app. */
  const connection = () => createClient({ url: redis.fresh() });
  async function directly<T>(act: (client: ReturnType<typeof connection>, prefix: string) => Promise<T>) {
    const client = connection();
    await client.connect();
    try {
      return await act(client, new URL(url).searchParams.get('prefix') ?? '');
    } finally {
      client.destroy();
    }
  }
  const listed = () =>
    directly(async (client, prefix) => (await client.sMembers(`${prefix}:open-orders`)).map(String));

  test('are listed without scanning those, no matter how often', async () => {
    const orders = [anOrder(), anOrder(), anOrder()];
    for (const order of orders) await store.orders.insert(order);
    await store.orders.open();
    walks.SCAN = 0;
    for (let time = 0; time < 5; time++) {
      expect(new Set(await store.orders.open())).toEqual(new Set(orders.map(({ id }) => id)));
    }
    expect(walks).toEqual({ SCAN: 0, SSCAN: expect.any(Number) });
  });

  test('that a version without the list wrote are found, too', async () => {
    const order = anOrder();
    await store.orders.insert(order);
    await directly((client, prefix) => client.unlink(`${prefix}:open-orders`));
    const another = await openStore(url, listeningLog());
    expect(await another.orders.open()).toEqual([order.id]);
    await another.close();
    expect(await listed()).toEqual([order.id]);
  });

  test('are off the list once they are settled, however they got there', async () => {
    const [one, other] = [anOrder(), anOrder()];
    for (const order of [one, other]) await store.orders.insert(order);
    expect(await listed()).toHaveLength(2);
    await store.orders.replace(one, settledAfter(overButUntold(one)));
    expect(await listed()).toEqual([other.id]);
    await directly((client, prefix) => client.unlink(`${prefix}:open-orders:${other.id}`));
    expect(await store.orders.open()).toEqual([]);
    expect(await listed()).toEqual([]);
  });
});
