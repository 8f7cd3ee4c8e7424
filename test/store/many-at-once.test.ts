import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../src/store/database.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { openDatabase } from '../../src/store/open-database.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { listeningLog } from './store-fixtures.js';

const AT_ONCE = 2_000;
/** A way this long makes 2,000 writes to PostgreSQL over ten connections last longer than anybody waits for a lost database. */
const WAY_MS = 12;

for (const server of [postgres, redis]) {
  describeWith([server], `2,000 writes at once in ${server.name}`, () => {
    let proxy: TcpProxy;
    let url: string;
    let database: Database;
    let entries: Namespace;

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      database = await openDatabase(url, listeningLog());
      entries = makeNamespace('entries', await database.adapter('entries'));
    });
    afterEach(async () => {
      await database.close();
      await proxy.close();
      await server.discard(url);
    });

    const writes = () =>
      Promise.allSettled(Array.from({ length: AT_ONCE }, (_, index) => entries.set(`k${index}`, index)));

    test('are all written, although they wait for one another', async () => {
      // An app that is running has its connections.
      await Promise.all(Array.from({ length: 10 }, (_, index) => entries.set(`k${index}`, index)));
      proxy.delay(WAY_MS);
      const answers = await writes();
      expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect(await entries.entries()).toHaveLength(AT_ONCE);
    });

    test.each(['cut', 'hang'] as const)(
      'are all refused within seconds when the database goes down (%s)',
      async (how) => {
        await entries.set('warm', 1);
        const startedAt = Date.now();
        const writing = writes();
        proxy.onSent(() => proxy[how]());
        const answers = await writing;
        expect(answers.at(-1)?.status).toBe('rejected');
        // Ten at a time that each wait out their own two seconds would take minutes.
        expect(Date.now() - startedAt).toBeLessThan(30_000);
        proxy.onSent(() => {});
        proxy.restore();
      },
    );
  });
}
