import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inspectStore } from '../../src/store/inspect-store.js';
import { openStore } from '../../src/store/open-store.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { listeningLog } from './store-fixtures.js';

for (const server of [postgres, redis]) {
  describeWith([server], `The doctor’s look at ${server.name}`, () => {
    let url: string;
    beforeEach(() => {
      url = server.fresh();
    });
    afterEach(() => server.discard(url));

    test('creates nothing in an empty database, and reads the version of one that the app uses', async () => {
      const empty = { state: 'there', shared: true, schema: 'none' };
      expect(await inspectStore(url)).toMatchObject(empty);
      expect(await inspectStore(url)).toMatchObject(empty);
      const store = await openStore(url, listeningLog());
      expect(await inspectStore(url)).toMatchObject({ ...empty, schema: 'current' });
      await store.close();
    });
  });
}
