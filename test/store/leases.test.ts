import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Lease, Leases } from '../../src/orders/ports/leases.js';
import type { Database } from '../../src/store/database.js';
import { makeLeases } from '../../src/store/leases.js';
import { makeNamespace } from '../../src/store/namespace.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { until } from '../support/until.js';
import { listeningLog } from './store-fixtures.js';

const LIVES_FOR_MS = 600;

function describeLeases(name: string, place: { fresh(): string; discard(url: string): Promise<void> }): void {
  describe(`a lease in ${name}`, () => {
    let url: string;
    let opened: Database[];

    beforeEach(() => {
      url = place.fresh();
      opened = [];
    });
    afterEach(async () => {
      for (const database of opened) await database.close();
      await place.discard(url);
    });

    /** As another instance of the app has them. */
    async function instance(stopwatch = () => performance.now()): Promise<Leases & { die(): Promise<void> }> {
      const database = await openDatabase(url, listeningLog());
      opened.push(database);
      const leases = makeNamespace('leases', await database.adapter('leases'));
      return {
        ...makeLeases({ leases, log: listeningLog(), livesForMs: LIVES_FOR_MS, stopwatch }),
        die: async () => database.close(),
      };
    }

    test('has one holder, no matter how many want it at once', async () => {
      const [one, other] = [await instance(), await instance()];
      const wanting = Array.from({ length: 10 }, (_, index) => (index % 2 ? one : other).take('x'));
      const taken = (await Promise.all(wanting)).filter((lease) => lease !== undefined);
      expect(taken).toHaveLength(1);
      expect(await one.take('y')).toBeDefined();
      await taken[0]?.giveBack();
      expect(await other.take('x')).toBeDefined();
    });

    test('stays with its holder for as long as that process lives', async () => {
      const [one, other] = [await instance(), await instance()];
      const lease = await one.take('x');
      // Leases expire by the clock of the database, so only real time shows that this one is renewed.
      const end = Date.now() + 3 * LIVES_FOR_MS;
      while (Date.now() < end) {
        expect(await other.take('x')).toBeUndefined();
        expect(lease?.lost).toBe(false);
        await pause(50);
      }
      await lease?.giveBack();
    });

    test('passes to another process once its holder is dead, which is told that it lost it', async () => {
      const [one, other] = [await instance(), await instance()];
      const lease = await one.take('x');
      await one.die();
      expect(await other.take('x')).toBeUndefined();
      let next: Lease | undefined;
      await until(async () => {
        next = await other.take('x');
        return next !== undefined;
      }, 'the lease to expire by the clock of the database');
      expect(lease?.lost).toBe(true);
      await lease?.giveBack();
      expect(await (await instance()).take('x')).toBeUndefined();
      await next?.giveBack();
    });

    test('is lost to its holder before a database that counts whole milliseconds may give it away', async () => {
      let time = 1000.9;
      const lease = await (await instance(() => time)).take('x');
      time = 1000 + 0.98 * LIVES_FOR_MS;
      expect(lease?.lost).toBe(false);
      time = 1000 + LIVES_FOR_MS;
      expect(lease?.lost).toBe(true);
      time = 2000.9;
      await until(() => lease?.lost === false, 'the lease to be renewed');
      time = 2000 + LIVES_FOR_MS;
      expect(lease?.lost).toBe(true);
      await lease?.giveBack();
    });
  });
}

const folders = new Map<string, ReturnType<typeof temporaryFolder>>();
describeLeases('SQLite', {
  fresh() {
    const folder = temporaryFolder();
    const url = `sqlite:${folder.path}/numbers.db`;
    folders.set(url, folder);
    return url;
  },
  discard: async (url) => folders.get(url)?.remove(),
});

for (const server of [postgres, redis]) {
  describeWith([server], `with a real ${server.name}`, () => {
    describeLeases(server.name, server);
  });
}
