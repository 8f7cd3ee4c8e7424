import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import Database from 'libsql';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { makeNamespace, UnreadableEntry } from '../../src/store/namespace.js';
import { openSqlite, type SqliteFile } from '../../src/store/sqlite.js';
import { temporaryFolder } from '../support/folder.js';

/** Another process, which says why it cannot write. */
const WRITES = `
  const Database = require('libsql');
  try {
    new Database(process.argv[1]).exec('BEGIN IMMEDIATE');
    process.stdout.write('wrote');
  } catch ({ code }) {
    process.stdout.write(code);
  }`;

describe('keyv over a SQLite file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: SqliteFile;
  const path = () => `${folder.path}/numbers.db`;
  const namespace = (name: string, from: SqliteFile = file) => makeNamespace(name, from.adapter(name));
  const rows = (): unknown[] => new Database(path()).prepare('SELECT * FROM entry ORDER BY key').all();

  beforeEach(async () => {
    folder = temporaryFolder();
    file = await openSqlite(path());
  });
  afterEach(async () => {
    await file.close();
    folder.remove();
  });

  test('namespaces are separate', async () => {
    const [a, b] = [namespace('a'), namespace('b')];
    await a.set('k', 1);
    await b.set('k', 2);
    await b.set('a:k', 3);
    expect([await a.get('k'), await b.get('k'), await a.get('a:k')]).toEqual([1, 2, undefined]);
    expect(await a.entries()).toEqual([['k', 1]]);
    expect(await b.insertIfAbsent('j', 4)).toBe(true);
    expect(await a.insertIfAbsent('j', 5)).toBe(true);
    await file.adapter('a').clear();
    expect(await b.entries()).toEqual([
      ['a:k', 3],
      ['j', 4],
      ['k', 2],
    ]);
  });

  test('an entry that has expired is never returned, and makes room for another', async () => {
    const searches = namespace('searches');
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    await searches.set('k', 'old', 1_000);
    expect(await searches.get('k')).toBe('old');
    clock.mockReturnValue(now + 1_000);
    expect(await searches.get('k')).toBeUndefined();
    expect(await searches.entries()).toEqual([]);
    expect(await searches.replace('k', 'old', 'new')).toBe(false);
    expect(await searches.insertIfAbsent('k', 'new')).toBe(true);
    clock.mockReturnValue(now + 1_000_000);
    expect(await searches.get('k')).toBe('new');
  });

  test('expired entries are removed from the file over time', async () => {
    const searches = namespace('searches');
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    await searches.set('short', 1, 1_000);
    await searches.set('for ever', 2);
    clock.mockReturnValue(now + 60_000);
    await searches.set('next', 3);
    expect(rows()).toHaveLength(3);
    clock.mockReturnValue(now + 11 * 60_000);
    await searches.set('later', 4);
    expect(rows()).toMatchObject([{ key: 'for ever' }, { key: 'later' }, { key: 'next' }]);
  });

  test('removing entries while listing them skips none', async () => {
    const adapter = file.adapter('many');
    for (let i = 0; i < 1_300; i++) await adapter.set(`key ${i}`, `{"value":${i}}`);
    const seen: unknown[] = [];
    for await (const [key] of adapter.iterator?.('many') ?? []) {
      seen.push(key);
      await adapter.delete(String(key));
    }
    expect(new Set(seen).size).toBe(1_300);
    expect(await namespace('many').entries()).toEqual([]);
  });

  test('a conditional write happens only if its condition holds', async () => {
    const orders = namespace('orders');
    expect(await orders.replace('k', 'a', 'b')).toBe(false);
    expect(await orders.insertIfAbsent('k', 'a')).toBe(true);
    expect(await orders.insertIfAbsent('k', 'b')).toBe(false);
    expect(await orders.replace('k', 'x', 'b')).toBe(false);
    expect(await orders.get('k')).toBe('a');
    expect(await orders.replace('k', 'a', 'b')).toBe(true);
    expect(await orders.removeIfSame('k', 'a')).toBe(false);
    expect(await orders.get('k')).toBe('b');
    expect(await orders.removeIfSame('k', 'b')).toBe(true);
    expect(await orders.get('k')).toBeUndefined();
  });

  test('one reader sees at once what another wrote', async () => {
    const other = await openSqlite(path());
    const [mine, theirs] = [namespace('orders'), namespace('orders', other)];
    for (let i = 0; i < 50; i++) {
      await mine.set('k', i);
      expect(await theirs.get('k')).toBe(i);
    }
    await other.close();
  });

  test('a text that is not JSON is an error where it is read, and does not hide the others', async () => {
    const orders = namespace('orders');
    await orders.set('good', 1);
    await file.adapter('orders').set('bad', '{"value":');
    await expect(orders.get('bad')).rejects.toBeInstanceOf(UnreadableEntry);
    expect((await orders.entries()).map(([key]) => key)).toEqual(['bad', 'good']);
  });

  test('bytes that are not text are an error where they are read, and end nothing', async () => {
    const orders = namespace('orders');
    for (const key of ['a', 'b', 'c']) await orders.set(key, key);
    const other = new Database(path());
    other.exec("UPDATE entry SET value = CAST(x'7b22ff00fe' AS TEXT) WHERE key = 'b'");
    other.exec("UPDATE entry SET key = CAST(x'62ff' AS TEXT) WHERE key = 'a'");
    other.close();
    await expect(orders.get('b')).rejects.toBeInstanceOf(UnreadableEntry);
    expect(await orders.get('c')).toBe('c');
    expect((await orders.entries()).map(([key]) => key)).toEqual(['b', 'b\uFFFD', 'c']);
  });

  test('a database that is kept locked is an error, not an empty answer', async () => {
    const orders = namespace('orders');
    await orders.set('k', 1);
    const other = new Database(path());
    other.exec('BEGIN EXCLUSIVE');
    await expect(orders.set('k', 2)).rejects.toMatchObject({
      name: 'StoreError',
      cause: { code: 'SQLITE_BUSY' },
    });
    other.exec('ROLLBACK');
    expect(await orders.get('k')).toBe(1);
    await other.close();
  });

  test('a database that was locked for a while is read and written afterwards as if nothing had happened', async () => {
    const orders = namespace('orders');
    await orders.set('k', 1);
    const other = await openSqlite(path());
    const theirs = namespace('orders', other);
    const locker = new Database(path());
    locker.exec('BEGIN IMMEDIATE');
    await expect(orders.insertIfAbsent('j', 1)).rejects.toBeInstanceOf(StoreError);
    locker.exec('ROLLBACK');
    locker.close();

    expect(await theirs.replace('k', 1, 2)).toBe(true);
    expect(await orders.get('k')).toBe(2);
    expect(await orders.replace('k', 2, 3)).toBe(true);
    expect(await theirs.get('k')).toBe(3);
    await other.close();
  });

  test('opening one that another process is using or recovering waits until it is free', async () => {
    const fresh = `${folder.path}/fresh.db`;
    const locker = new Database(fresh);
    locker.exec('BEGIN EXCLUSIVE');
    let opened = false;
    const opening = openSqlite(fresh).then((other) => {
      opened = true;
      return other;
    });
    // By now SQLite's own timeout is over, and the first try has failed.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(opened).toBe(false);
    locker.exec('ROLLBACK');
    locker.close();
    await (await opening).close();
  });

  test('two that open it at the same moment after a crash both succeed', async () => {
    for (let round = 0; round < 5; round++) {
      const both = await Promise.all([
        openSqlite(`${folder.path}/${round}`),
        openSqlite(`${folder.path}/${round}`),
      ]);
      for (const each of both) await expect(each.close()).resolves.toBeUndefined();
    }
  });

  test('a lock that this process holds on it survives opening it once more', async () => {
    const locker = new Database(path());
    locker.exec('BEGIN IMMEDIATE');
    const other = await openSqlite(path());
    const theirs = spawnSync(process.execPath, ['-e', WRITES, path()], { encoding: 'utf8' });
    expect(theirs.stdout).toBe('SQLITE_BUSY');
    locker.exec('ROLLBACK');
    locker.close();
    await other.close();
  });

  test('many writers at once are each told the truth, and all of it is on the disk', async () => {
    const orders = namespace('orders');
    await orders.set('k', 0);
    const won = await Promise.all([
      ...Array.from({ length: 150 }, (_, i) => orders.replace('k', 0, i + 1)),
      ...Array.from({ length: 150 }, (_, i) => orders.insertIfAbsent(`j${i}`, i)),
    ]);
    expect(won.filter((each, i) => i < 150 && each)).toHaveLength(1);
    expect(won.slice(150)).toEqual(Array(150).fill(true));
    expect(await orders.get('k')).toBe(won.indexOf(true) + 1);
    expect(rows()).toHaveLength(151);
  });

  test('while the database is locked by another process, this one continues with everything else', async () => {
    const orders = namespace('orders');
    await orders.set('k', 1);
    const locker = new Database(path());
    locker.exec('BEGIN IMMEDIATE');
    let ended = 0;
    const writes = [orders.set('k', 2), orders.insertIfAbsent('j', 1)].map((write) =>
      write.finally(() => {
        ended += 1;
      }),
    );
    expect(await orders.get('k')).toBe(1);
    // A read that waited for the lock, which ends only below, would end after the writes gave up.
    expect(ended).toBe(0);
    locker.exec('ROLLBACK');
    locker.close();
    await Promise.all(writes);
    expect(await orders.get('k')).toBe(2);
  });

  test('if one of several entries that are written together cannot be, none is, and each writer is told so', async () => {
    const orders = namespace('orders');
    await orders.set('k', 1);
    const locker = new Database(path());
    locker.exec(`CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN NEW.key = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    locker.close();
    const told = await Promise.allSettled([
      orders.replace('k', 1, 2),
      orders.insertIfAbsent('bad', 1),
      orders.insertIfAbsent('good', 1),
    ]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await orders.entries()).toEqual([['k', 1]]);
    expect(await orders.replace('k', 1, 2)).toBe(true);
  });

  test('what was being written when it was closed is written', async () => {
    const orders = namespace('orders');
    const writes = Array.from({ length: 250 }, (_, i) => orders.insertIfAbsent(`k${i}`, i));
    await Promise.all([file.close(), ...writes]);
    expect(rows()).toHaveLength(250);
  });

  test('once closed, nothing is answered or written', async () => {
    const orders = namespace('orders');
    await orders.set('k', 1);
    await file.close();
    await expect(orders.get('k')).rejects.toBeInstanceOf(StoreError);
    await expect(orders.set('k', 2)).rejects.toBeInstanceOf(StoreError);
    await expect(orders.entries()).rejects.toBeInstanceOf(StoreError);
    await expect(orders.insertIfAbsent('j', 2)).rejects.toBeInstanceOf(StoreError);
    await expect(orders.replace('k', 1, 2)).rejects.toBeInstanceOf(StoreError);
    await expect(orders.removeIfSame('k', 1)).rejects.toBeInstanceOf(StoreError);
    expect(rows()).toMatchObject([{ key: 'k', value: '{"value":1}' }]);
  });

  test('the write-ahead log does not grow forever', async () => {
    const searches = namespace('searches');
    const large = 'x'.repeat(100_000);
    for (let i = 0; i < 150; i++) await searches.set('k', large + i);
    expect(statSync(`${path()}-wal`).size).toBeLessThan(6_000_000);
  });
});
