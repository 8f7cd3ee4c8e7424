import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { openStore } from '../../src/store/open-store.js';
import { temporaryFolder } from '../support/folder.js';
import { phone } from '../support/orders/people.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { describeDriftStore } from './describe-drift.js';
import { describeOldOrders } from './describe-old-orders.js';
import { describeStore } from './describe-store.js';
import { anOrder, listeningLog } from './store-fixtures.js';

for (const describeBackend of [describeStore, describeDriftStore, describeOldOrders]) {
  describeBackend('SQLite', {
    fresh: async () => temporaryFolder(),
    open: (folder) => openStore(`sqlite:${folder.path}/numbers.db`, listeningLog()),
    discard: async (folder) => folder.remove(),
  });

  for (const server of [postgres, redis]) {
    describeWith([server], `with a real ${server.name}`, () => {
      describeBackend(server.name, {
        fresh: async () => server.fresh(),
        open: (url) => openStore(url, listeningLog()),
        discard: (url) => server.discard(url),
      });
    });
  }
}

describe('the database file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const open = (path: string) => openStore(`sqlite:${path}`, listeningLog());
  const failure = (path: string) =>
    open(path).then(
      () => 'opened',
      (error: unknown) => (error instanceof StoreError ? error.message : error),
    );
  const mode = (path: string) => statSync(path).mode & 0o777;

  test('can be read by its owner only, like a folder made for it', async () => {
    const store = await open(join(folder.path, 'data', 'deep', 'numbers.db'));
    await store.orders.insert(anOrder());
    expect(mode(join(folder.path, 'data'))).toBe(0o700);
    const made = readdirSync(join(folder.path, 'data', 'deep')).sort();
    expect(made).toEqual(['numbers.db', 'numbers.db-shm', 'numbers.db-wal']);
    for (const file of made) expect(mode(join(folder.path, 'data', 'deep', file))).toBe(0o600);
    await store.close();
  });

  test('in an existing folder leaves that folder as it was', async () => {
    chmodSync(folder.path, 0o755);
    await (await open(join(folder.path, 'numbers.db'))).close();
    expect(mode(folder.path)).toBe(0o755);
  });

  test('is found with or without slashes before its path', async () => {
    const order = anOrder();
    const store = await openStore(`sqlite://${folder.path}/x.db`, listeningLog());
    await store.orders.insert(order);
    const again = await open(`${folder.path}/x.db`);
    expect(await again.orders.get(order.id)).toEqual(order);
    await again.close();
    await store.close();
  });

  test('is complete once it is closed, so that a copy of it alone is a backup', async () => {
    const order = anOrder();
    const store = await open(join(folder.path, 'numbers.db'));
    await store.orders.insert(order);
    await store.close();
    copyFileSync(join(folder.path, 'numbers.db'), join(folder.path, 'backup.db'));
    const backup = await open(join(folder.path, 'backup.db'));
    expect(await backup.orders.get(order.id)).toEqual(order);
    await backup.close();
  });

  test('whose path is a folder is refused, saying so', async () => {
    expect(await failure(folder.path)).toMatch(/cannot open the database .*: it is a folder/);
  });

  test('whose folder would be a file is refused, saying so', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    expect(await failure(join(folder.path, 'file', 'numbers.db'))).toMatch(/its parent folder is a file/);
    expect(await failure(join(folder.path, 'file', 'deeper', 'numbers.db'))).toMatch(
      /its parent folder is a file/,
    );
  });

  test('that is something else is refused and left as it was', async () => {
    const file = join(folder.path, 'letter.txt');
    writeFileSync(file, 'Dear database, '.repeat(200));
    expect(await failure(file)).toContain("it isn't a SQLite database");
    expect(statSync(file).size).toBe(3_000);
  });

  const isRoot = process.getuid?.() === 0;
  // `doctor.test.ts` asks the same as another user where the tests run as root.
  (isRoot ? test.skip : test)(
    `in a folder we may not write to is refused${isRoot ? ' (skipped: root may write anywhere)' : ''}`,
    async () => {
      mkdirSync(join(folder.path, 'locked'), { mode: 0o500 });
      expect(await failure(join(folder.path, 'locked', 'numbers.db'))).toMatch(/may not write there/);
    },
  );

  test('is not opened for an unknown scheme', async () => {
    await expect(openStore('mysql://somewhere/db', listeningLog())).rejects.toBeInstanceOf(StoreError);
    expect(existsSync('mysql:')).toBe(false);
  });
});

describe('a search', () => {
  const aSearch = {
    id: 's1',
    search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 100 },
    found: [],
    askedBy: { teamId: 'T1', userId: 'U1' },
    channelId: 'C1',
    at: 7,
    page: 0,
    picks: {},
    drawn: { count: 0, viewer: { teamId: 'T1', userId: 'U1' }, picks: {} },
  } as const;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  test('of thousands of numbers is stored compactly, and read as it was', async () => {
    const store = await openStore(`sqlite:${folder.path}/numbers.db`, listeningLog());
    const raleigh = { city: 'RALEIGH', state: 'NC', rateCenter: 'RALEIGH', lata: '426', tier: '0' };
    const places = [raleigh, { ...raleigh, city: 'CARY' }, { state: 'NC' }, {}];
    const found = Array.from({ length: 5_000 }, (_, index) => ({
      number: phone(String(9_192_000_000 + index)),
      ...places[index % places.length],
    }));
    await store.searches.put({ ...aSearch, found });
    expect((await store.searches.get('s1'))?.found).toEqual(found);
    await store.close();
    expect(statSync(join(folder.path, 'numbers.db')).size).toBeLessThan(250_000);
  });

  test('is deleted a day after it was last used', async () => {
    const store = await openStore(`sqlite:${folder.path}/numbers.db`, listeningLog());
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    await store.searches.put(aSearch);
    clock.mockReturnValue(now + 86_399_000);
    expect(await store.searches.get('s1')).toEqual(aSearch);
    clock.mockReturnValue(now + 86_400_001);
    expect(await store.searches.get('s1')).toBeUndefined();
    await store.close();
  });
});
