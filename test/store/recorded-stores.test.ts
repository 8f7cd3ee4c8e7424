import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { verifyJournal } from '../../src/orders/journal/verify-journal.js';
import { verifyLedger } from '../../src/orders/journal/verify-ledger.js';
import { makeOpenedHomeStore } from '../../src/store/home-store.js';
import { makeNamespace } from '../../src/store/namespace.js';
import { adapterOf, rawOf, sortedKeysOf } from '../../src/store/namespaces.js';
import { openDatabase } from '../../src/store/open-database.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { SCHEMA_VERSION } from '../../src/store/upgrades.js';
import { temporaryFolder } from '../support/folder.js';
import { type RecordedStore, recordStore } from '../support/record-store.js';
import { postgres } from '../support/servers.js';
import { anOrder, listeningLog } from './store-fixtures.js';

/*
 * Stores as earlier versions of the app left them, one for each layout, which the present one must read. After a change
 * of the layout (`src/store/upgrades.ts`), or when the app keeps something new, record the present one, and never change
 * the others:
 *
 *   RECORD_STORE=1 npx jest recorded-stores
 *
 * People then do a little of everything with the app: see `test/support/record-store.ts`. It needs PostgreSQL.
 */
const FOLDER = 'test/fixtures/stores';
const fileOf = (schema: number) => join(FOLDER, `schema-${schema}.json`);

const isRecording = process.env.RECORD_STORE !== undefined;
const recorded = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

if (isRecording) {
  test('People use every feature of the app once, and the store is recorded', async () => {
    await recordStore(postgres, fileOf(SCHEMA_VERSION));
    expect(existsSync(fileOf(SCHEMA_VERSION))).toBe(true);
  }, 90_000);
} else {
  test('A store in the current format is on record', () => {
    expect(recorded.map((name) => join(FOLDER, name))).toContain(fileOf(SCHEMA_VERSION));
  });
}

const describeRecorded = (name: string) => {
  const { recordedAt, entries, sortedKeys } = JSON.parse(
    readFileSync(join(FOLDER, name), 'utf8'),
  ) as RecordedStore;
  const keysOf = (part: string) => Object.keys(entries[part] ?? {});
  let folder: ReturnType<typeof temporaryFolder>;
  let store: Store;

  beforeEach(async () => {
    // Otherwise a search would have expired since.
    jest.spyOn(Date, 'now').mockReturnValue(recordedAt);
    folder = temporaryFolder();
    const url = `sqlite:${folder.path}/numbers.db`;
    const database = await openDatabase(url, listeningLog());
    for (const [part, found] of Object.entries(entries)) {
      const raw = await rawOf(database, part as 'orders');
      await raw.write(
        Object.entries(found).map(([key, [text, expiresInMs]]) => ({
          key,
          text,
          ...(expiresInMs === undefined ? {} : { expiresInMs }),
        })),
      );
    }
    for (const [part, keys] of Object.entries(sortedKeys)) {
      await (await sortedKeysOf(database, part as 'order-index')).add(keys);
    }
    await database.close();
    store = await openStore(url, listeningLog(), 'sole writer');
  });
  afterEach(async () => {
    await store.close();
    folder.remove();
    jest.restoreAllMocks();
  });

  test('has something of everything, or this would show nothing', () => {
    const empty = Object.entries(entries).filter(([, found]) => Object.keys(found).length === 0);
    expect(empty).toEqual([]);
    expect(keysOf('orders').length).toBeGreaterThan(4);
  });

  test('has its orders, each found by the index, with a journal and limits that agree with them', async () => {
    const ids = keysOf('orders').sort();
    for (const id of ids) expect(await store.orders.get(id)).toMatchObject({ id });
    const page = await store.index.page({}, 100);
    expect(page.unreadable).toEqual([]);
    expect(page.orders.map(({ id }) => id).sort()).toEqual(ids);
    expect((await store.orders.open()).length).toBeGreaterThan(0);
    const found = await verifyJournal(store);
    expect(found.problems).toEqual([]);
    expect(found.orders).toBe(ids.length);
    expect(found.chains[0]?.entries).toBe(keysOf('journal').length);
    expect(await verifyLedger(store)).toEqual([]);
    expect([...(await store.ledger.months()).values()].every((tally) => tally !== undefined)).toBe(true);
  });

  test('has everything else', async () => {
    expect(await store.delegations.all()).toHaveLength(keysOf('delegations').length);
    expect(await store.explanations.all()).toHaveLength(keysOf('explanations').length);
    for (const id of keysOf('searches')) expect(await store.searches.get(id)).toMatchObject({ id });
    for (const key of keysOf('baskets')) {
      const [userId = '', channelId = ''] = key.split(':');
      const owner = { person: { teamId: '', userId }, channelId };
      expect(await store.baskets.of(owner)).toMatchObject({ channelId });
    }
    for (const id of keysOf('drift-reports')) {
      expect(id === 'next' || (await store.driftReports.get(id))?.id === id).toBe(true);
    }
    expect(await store.inventory.index()).toBeDefined();
    for (const id of keysOf('inventory-chunks')) expect(await store.inventory.readChunk(id)).toBeDefined();
    const database = await openDatabase(`sqlite:${folder.path}/numbers.db`, listeningLog());
    const homes = makeNamespace('opened-homes', await adapterOf(database, 'opened-homes'));
    expect(await makeOpenedHomeStore(homes).all()).toHaveLength(keysOf('opened-homes').length);
    await database.close();
  });

  test('still works: an order is changed, another arrives, and the journal stays complete', async () => {
    const [open = ''] = await store.orders.open();
    const order = await store.orders.get(open);
    if (order === undefined) throw new Error('there is no open order');
    expect(await store.orders.replace(order, { ...order, version: order.version + 1 })).toBe(true);
    const next = anOrder('next');
    expect(await store.orders.insert(next)).toBe(true);
    await store.journal.append(next);
    expect((await verifyJournal(store)).problems.filter(({ what }) => what !== 'order differs')).toEqual([]);
  });
};
if (!isRecording) describe.each(recorded)('A store that an earlier version left (%s)', describeRecorded);
