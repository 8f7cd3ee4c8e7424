import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LookupsMade } from '../../src/orders/ports/quota-store.js';
import type { Database } from '../../src/store/database.js';
import { makeNamespace } from '../../src/store/namespace.js';
import { openDatabase } from '../../src/store/open-database.js';
import { makeQuotaStore } from '../../src/store/quota-store.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { until } from '../support/until.js';
import { listeningLog } from './store-fixtures.js';

/** Longer than a busy machine takes for the writes and reads before the first of them is forgotten. */
const KNOWN_FOR_MS = 3_000;
const looks = (total: number): LookupsMade => ({
  total,
  lately: total,
  reserved: 3,
  refusals: 0,
  refusedForMs: 0,
});

for (const server of [postgres, redis]) {
  describeWith([server], `The lookup counts that instances share in ${server.name}`, () => {
    let url: string;
    let opened: Database[];

    beforeEach(() => {
      url = server.fresh();
      opened = [];
    });
    afterEach(async () => {
      for (const database of opened) await database.close();
      await server.discard(url);
    });

    async function instance() {
      const database = await openDatabase(url, listeningLog());
      opened.push(database);
      const entries = makeNamespace('lookups', await database.adapter('lookups', { listedOften: true }));
      return { ...makeQuotaStore(entries, KNOWN_FOR_MS), entries };
    }

    test('are what each of the others last wrote, and expire when nothing more comes', async () => {
      const [one, other] = [await instance(), await instance()];
      await one.tell(looks(1));
      await one.tell(looks(2));
      await other.tell(looks(9));
      expect([...(await one.others()).values()]).toEqual([looks(9)]);
      expect([...(await other.others()).values()]).toEqual([looks(2)]);
      // By the clock of the database, which nobody can put forward.
      await until(async () => (await one.others()).size === 0, 'the look-ups of the other to be forgotten');
      await other.tell(looks(10));
      expect([...(await one.others()).values()]).toEqual([looks(10)]);
    });

    test('are ignored if they make no sense', async () => {
      const one = await instance();
      await one.entries.insertIfAbsent('from another version', { looks: 'many' }, KNOWN_FOR_MS);
      expect((await one.others()).size).toBe(0);
    });
  });
}
