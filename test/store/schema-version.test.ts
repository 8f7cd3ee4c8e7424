import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { type DatabaseUse, StoreNotReady } from '../../src/store/database.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { openDatabase } from '../../src/store/open-database.js';
import { openStore } from '../../src/store/open-store.js';
import { toStore } from '../../src/store/orders/order-format.js';
import { SCHEMA_VERSION } from '../../src/store/upgrades.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { anOrder, listeningLog } from './store-fixtures.js';

interface Place {
  readonly url: string;
  discard(): unknown;
}

function describeSchema(name: string, fresh: () => Place): void {
  let place: Place;
  beforeEach(() => {
    place = fresh();
  });
  afterEach(async () => {
    await place.discard();
  });

  async function within<T>(act: (about: Namespace, orders: Namespace) => Promise<T>): Promise<T> {
    const database = await openDatabase(place.url, listeningLog());
    try {
      const namespace = async (of: string) => makeNamespace(of, await database.adapter(of));
      return await act(await namespace('about'), await namespace('orders'));
    } finally {
      await database.close();
    }
  }
  const stamped = () => within((about) => about.get('schema'));
  const opened = async (use: DatabaseUse = 'sole writer') => {
    const log = listeningLog();
    const store = await openStore(place.url, log, use);
    await store.close();
    return log.heard.map(({ sentence }) => sentence);
  };
  const refusal = (use?: DatabaseUse) =>
    opened(use).then(
      () => 'opened',
      (error: unknown) =>
        error instanceof StoreError && !(error instanceof StoreNotReady) ? error.message : error,
    );

  test(`${name}: a new one logs once that it is new, and its version`, async () => {
    expect(await opened()).toContainEqual(expect.stringMatching(/^created a new database: /));
    expect(await stamped()).toEqual({ version: SCHEMA_VERSION });
    expect((await opened()).join()).not.toContain('created a new database');
  });

  test(`${name}: one without a version is version 1, is upgraded, and gets its number`, async () => {
    const order = anOrder();
    await within((_about, orders) => orders.insertIfAbsent(order.id, toStore(order)));
    expect((await opened()).join()).not.toContain('created a new database');
    expect(await stamped()).toEqual({ version: SCHEMA_VERSION });
    const store = await openStore(place.url, listeningLog());
    expect(await store.orders.get(order.id)).toEqual(order);
    expect((await store.index.page({ state: 'waiting' }, 10)).orders).toEqual([order]);
    await store.close();
  });

  test(`${name}: one of a newer version is refused in a sentence, and left as it is`, async () => {
    await within((about) => about.set('schema', { version: SCHEMA_VERSION + 1 }));
    const said = `a newer version of this app wrote it (schema ${SCHEMA_VERSION + 1}; this one knows schema ${SCHEMA_VERSION}). Start that version again`;
    for (const use of ['sole writer', 'writer', 'reader'] as const) {
      expect(await refusal(use)).toContain(said);
    }
    expect(await stamped()).toEqual({ version: SCHEMA_VERSION + 1 });
  });

  test(`${name}: one of an older version that cannot be upgraded is refused in a sentence`, async () => {
    await within((about) => about.set('schema', { version: 0 }));
    expect(await refusal()).toContain('an older version of this app wrote it (schema 0)');
  });

  test.each([{ version: 'two' }, { version: 1.5 }, null, 7])(
    `${name}: one that does not say which version it is (%j) is refused, never guessed`,
    async (stored) => {
      await within((about) => about.set('schema', stored));
      expect(await refusal()).toContain("doesn't say which version of this app wrote it");
    },
  );

  test(`${name}: a program that only reads does not write a version`, async () => {
    await within((_about, orders) => orders.insertIfAbsent('o', { v: 1 }));
    await opened('reader');
    expect(await stamped()).toBeUndefined();
  });
}

describeSchema('SQLite', () => {
  const folder = temporaryFolder();
  return { url: `sqlite:${folder.path}/numbers.db`, discard: () => folder.remove() };
});

for (const server of [postgres, redis]) {
  describeWith([server], `with a real ${server.name}`, () => {
    describeSchema(server.name, () => {
      const url = server.fresh();
      return { url, discard: () => server.discard(url) };
    });
  });
}
