import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OutcomeUnknown, StoreError } from '../../src/orders/ports/store-errors.js';
import type { Database } from '../../src/store/database.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { NotWritten } from '../../src/store/not-written.js';
import { openDatabase } from '../../src/store/open-database.js';
import { makeGroupCommit } from '../../src/store/sqlite/group-commit.js';
import { openSqlite } from '../../src/store/sqlite/sqlite.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { listeningLog } from './store-fixtures.js';

const failure = (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    () => undefined,
    (error: unknown) => error,
  );

for (const server of [postgres, redis]) {
  describeWith([server], `A write in ${server.name}`, () => {
    let proxy: TcpProxy;
    let url: string;
    let database: Database;
    let entries: Namespace;

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      database = await openDatabase(url, listeningLog());
      entries = makeNamespace('entries', await database.adapter('entries'));
      await entries.set('k', { n: 1 });
    });
    afterEach(async () => {
      await database.close();
      await proxy.close();
      await server.discard(url);
    });

    const writes: Readonly<Record<string, () => Promise<unknown>>> = {
      insertIfAbsent: () => entries.insertIfAbsent('new', 'MARK'),
      replace: () => entries.replace('k', { n: 1 }, 'MARK'),
      removeIfSame: () => entries.removeIfSame('k', { n: 1 }),
      set: () => entries.set('k', 'MARK'),
    };
    const isWrite = (sent: string) => /INSERT|UPDATE|DELETE|SET|REMOVE|DEL/.test(sent);

    test.each(Object.entries(writes))(
      'that was carried out without an answer may have happened: %s',
      async (_, write) => {
        proxy.loseAnswerTo(isWrite);
        expect(await failure(write())).toBeInstanceOf(OutcomeUnknown);
        expect(proxy.lost()).toBe(1);
      },
    );

    test.each(Object.entries(writes))(
      'that is not answered in time may have happened: %s',
      async (_, write) => {
        proxy.hang();
        expect(await failure(write())).toBeInstanceOf(OutcomeUnknown);
      },
    );

    test.each(Object.entries(writes))(
      'that could not be sent has certainly not happened: %s',
      async (_, write) => {
        proxy.cut();
        // The first may meet a connection that has not heard of it yet.
        await failure(write());
        const error = await failure(write());
        expect(error).toBeInstanceOf(StoreError);
        expect(error).not.toBeInstanceOf(OutcomeUnknown);
      },
    );

    test('that the server refused has certainly not happened', async () => {
      const error = await failure(
        server === postgres ? entries.insertIfAbsent('x'.repeat(300), 1) : entries.set('k', 1, -5),
      );
      expect(error).toBeInstanceOf(StoreError);
      expect(error).not.toBeInstanceOf(OutcomeUnknown);
    });

    test('on the condition of what was read is carried out no matter how someone formatted it by hand', async () => {
      const adapter = await database.adapter('entries');
      await adapter.set('k', '{\n  "value" : { "n":   1 }\n}');
      const read = await entries.get('k');
      expect(await entries.replace('k', read, { n: 2 })).toBe(true);
      expect(await entries.get('k')).toEqual({ n: 2 });
      expect(await entries.replace('k', read, { n: 3 })).toBe(false);
      await adapter.set('k', '{ "value": {} }');
      expect(await entries.removeIfSame('k', await entries.get('k'))).toBe(true);
    });
  });
}

describe('A write in SQLite', () => {
  const failingAt = (what: string, code: string) => ({
    async exec(sql: string) {
      if (sql.startsWith(what)) throw Object.assign(new Error('disk'), { code });
    },
  });

  test.each([
    ['cannot begin', 'BEGIN', 'SQLITE_BUSY', true],
    ['finds the file locked when it is committed', 'COMMIT', 'SQLITE_BUSY', true],
    ['meets a disk that fails in the commit', 'COMMIT', 'SQLITE_IOERR_FSYNC', false],
    ['meets a full disk in the commit', 'COMMIT', 'SQLITE_FULL', false],
  ])('that %s: certainly not written is %s %s %s', async (_, at, code, certain) => {
    const error = await failure(makeGroupCommit(failingAt(at, code)).commit(() => 1));
    expect(error instanceof NotWritten).toBe(certain);
  });

  test('that breaks by itself is undone, and so are those in the same transaction', async () => {
    const group = makeGroupCommit({ exec: async () => undefined });
    const errors = await Promise.all([
      failure(group.commit(() => 1)),
      failure(
        group.commit(() => {
          throw new Error('full');
        }),
      ),
    ]);
    for (const error of errors) expect(error).toBeInstanceOf(NotWritten);
  });

  test('on the condition of what was read is carried out no matter how someone formatted it by hand; no text is mistaken for nothing', async () => {
    const folder = temporaryFolder();
    const file = await openSqlite(`${folder.path}/numbers.db`);
    try {
      const adapter = file.adapter('entries');
      const entries = makeNamespace('entries', adapter);
      await adapter.set('k', '{\n  "value" : { "n":   1 }\n}');
      const read = await entries.get('k');
      expect(await entries.replace('k', read, { n: 2 })).toBe(true);
      expect(await entries.get('k')).toEqual({ n: 2 });
      for (const text of ['', 'null', '{}', '7', '{"values":1}', '[]']) {
        await adapter.set('k', text);
        await expect(entries.get('k')).rejects.toBeInstanceOf(StoreError);
      }
      await file.close();
      const error = await failure(entries.set('k', 1));
      expect(error).toBeInstanceOf(StoreError);
      expect(error).not.toBeInstanceOf(OutcomeUnknown);
    } finally {
      await file.close();
      folder.remove();
    }
  });
});
