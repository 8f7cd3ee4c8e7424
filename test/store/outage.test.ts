import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { StoreNotReady } from '../../src/store/database.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { anOrder, listeningLog, overButUntold } from './store-fixtures.js';

/** A few seconds to notice, and some more for a busy machine. */
const NOTICED_WITHIN_MS = 9_000;

for (const server of [postgres, redis]) {
  describeWith([server], `a ${server.name} that goes down`, () => {
    let proxy: TcpProxy;
    let url: string;
    let store: Store;
    const order = anOrder();

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      store = await openStore(url, listeningLog());
      await store.orders.insert(order);
    });
    afterEach(async () => {
      await store.close();
      await proxy.close();
      await server.discard(url);
    });

    const calls: ReadonlyArray<readonly [name: string, call: () => Promise<unknown>]> = [
      ['get', () => store.orders.get(order.id)],
      ['insert', () => store.orders.insert(anOrder())],
      ['replace', () => store.orders.replace(order, overButUntold(order))],
      ['list', () => store.orders.open()],
      ['keep a search', () => store.searches.get('s1')],
      ['take a lease', () => store.leases.take('x')],
    ];

    async function everyCallIsRefused(): Promise<void> {
      const startedAt = Date.now();
      const answers = await Promise.allSettled(calls.map(([, call]) => call()));
      expect(Date.now() - startedAt).toBeLessThan(NOTICED_WITHIN_MS);
      for (const [index, answer] of answers.entries()) {
        expect([calls[index]?.[0], answer.status]).toEqual([calls[index]?.[0], 'rejected']);
        expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(StoreError);
      }
    }

    /** The first call after an outage may still meet a broken connection. */
    async function untilItIsBack(): Promise<void> {
      const isBack = async () => {
        try {
          expect(await store.orders.get(order.id)).toEqual(order);
          return true;
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          return false;
        }
      };
      await until(isBack, 'the database to be back');
    }

    test.each([
      ['breaks', 'cut'],
      ['hangs', 'hang'],
    ] as const)(
      'by a connection that %s refuses every call within seconds, and recovers by itself',
      async (_name, how) => {
        proxy[how]();
        await everyCallIsRefused();
        await everyCallIsRefused();
        proxy.restore();
        await untilItIsBack();
        expect(await store.orders.open()).toEqual([order.id]);
        expect(await store.orders.replace(order, overButUntold(order))).toBe(true);
      },
    );

    test('while orders are being listed never returns half of the list', async () => {
      // As many at once as there are connections, so that none waits too long for one.
      for (let batch = 0; batch < 120; batch++) {
        await Promise.all(Array.from({ length: 10 }, () => store.orders.insert(anOrder())));
      }
      const listed = store.orders.open();
      let heard = 0;
      proxy.onSent(() => {
        heard += 1;
        if (heard === 2) proxy.cut();
      });
      await expect(listed).rejects.toBeInstanceOf(StoreError);
    });

    test('before the start is no reason to change a setting', async () => {
      const nobody = server.fresh(await freePort());
      const startedAt = Date.now();
      await expect(openStore(nobody, listeningLog())).rejects.toBeInstanceOf(StoreNotReady);
      proxy.hang();
      await expect(openStore(url, listeningLog())).rejects.toBeInstanceOf(StoreNotReady);
      expect(Date.now() - startedAt).toBeLessThan(NOTICED_WITHIN_MS);
    });

    test('is still closed', async () => {
      proxy.hang();
      await store.close();
      await expect(store.orders.get(order.id)).rejects.toBeInstanceOf(StoreError);
    });
  });
}

describe('the address of a database', () => {
  test('is shown without its password', async () => {
    const port = await freePort();
    for (const scheme of ['postgres', 'redis']) {
      const log = listeningLog();
      const error = await openStore(`${scheme}://app:hunter22@127.0.0.1:${port}/0`, log).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(StoreNotReady);
      expect((error as Error).message).toContain(`127.0.0.1:${port}`);
      expect(JSON.stringify([(error as Error).message, String((error as Error).cause)])).not.toContain(
        'hunter22',
      );
    }
  });
});
