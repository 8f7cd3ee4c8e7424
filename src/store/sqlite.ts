import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import AsyncDatabase from 'libsql/promise';
import { StoreError } from '../orders/ports.js';
import { type Database as AnyDatabase, StoreNotReady } from './database.js';
import { makeGroupCommit, type WritingConnection } from './group-commit.js';
import type { ConditionalAdapter } from './namespace.js';
import { NotWritten } from './not-written.js';

/** How long a transaction waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 2_000;
const SWEEP_EVERY_MS = 10 * 60_000;
/** How many entries an iteration reads at a time. */
const BATCH = 500;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires INTEGER,
    PRIMARY KEY (namespace, key)
  );
  CREATE INDEX IF NOT EXISTS entry_expires ON entry (expires) WHERE expires IS NOT NULL;
`;

/** Codes of what passes, or is mended elsewhere than in the settings. */
const passing: readonly unknown[] = ['SQLITE_BUSY', 'SQLITE_FULL', 'ENOSPC'];

export interface SqliteFile extends AnyDatabase {
  adapter(namespace: string): ConditionalAdapter;
}

interface Writer extends WritingConnection {
  prepare(sql: string): Promise<{ run(...values: unknown[]): { changes: number } }>;
  close(): void;
}

/**
 * Opens the database file, and makes it first (readable by its owner only, like a folder made for it) if there is none.
 * A write is on the disk when its promise resolves. Several processes may have the same file open. Reading takes
 * microseconds and is done at once; what is written goes through a connection of its own, because no two statements can
 * be at work on one, and a read would wait for the disk with it.
 * Throws {@link StoreError} saying what is wrong with the path, and {@link StoreNotReady}.
 */
export async function openSqlite(path: string): Promise<SqliteFile> {
  const file = resolve(path);
  const { reader, writer } = await opening(file, async () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its -wal and -shm files the mode of the database itself.
    closeSync(openSync(file, 'a+', 0o600));
    const reader = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    reader.pragma('journal_mode = WAL');
    reader.exec(SCHEMA);
    const writer: Writer = new AsyncDatabase(file, { timeout: BUSY_TIMEOUT_MS });
    // In WAL mode the default, NORMAL, may forget the last writes when the power goes.
    await writer.exec('PRAGMA synchronous = FULL');
    return { reader, writer };
  });

  const live = '(expires IS NULL OR expires > ?)';
  const reads = {
    get: reader.prepare(`SELECT value FROM entry WHERE namespace = ? AND key = ? AND ${live}`),
    after: reader.prepare(
      `SELECT key, value FROM entry WHERE namespace = ? AND key > ? AND ${live} ORDER BY key LIMIT ${BATCH}`,
    ),
  };
  const writes = {
    set: await writer.prepare(
      `INSERT INTO entry (namespace, key, value, expires) VALUES (?, ?, ?, ?)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
    ),
    remove: await writer.prepare('DELETE FROM entry WHERE namespace = ? AND key = ?'),
    clear: await writer.prepare('DELETE FROM entry WHERE namespace = ?'),
    insertIfAbsent: await writer.prepare(
      `INSERT INTO entry (namespace, key, value, expires) VALUES (?, ?, ?, ?)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires
       WHERE entry.expires <= ?`,
    ),
    replace: await writer.prepare(
      `UPDATE entry SET value = ?, expires = ? WHERE namespace = ? AND key = ? AND value = ? AND ${live}`,
    ),
    removeIfSame: await writer.prepare('DELETE FROM entry WHERE namespace = ? AND key = ? AND value = ?'),
    sweep: await writer.prepare('DELETE FROM entry WHERE expires <= ?'),
  };

  let closed: Promise<void> | undefined;
  // libsql's statements outlive their database, and would go on reading and writing after close().
  const refuseIfClosed = () => {
    if (closed !== undefined) throw new NotWritten(`the database ${file} has been closed`);
  };
  const read = (name: keyof typeof reads) => {
    refuseIfClosed();
    return reads[name];
  };
  const group = makeGroupCommit(writer);
  /** Whether that changed anything. */
  const change = async (name: keyof typeof writes, ...values: unknown[]): Promise<boolean> => {
    refuseIfClosed();
    return group.commit(() => writes[name].run(...values).changes > 0);
  };

  let sweepAt = 0;
  const sweepNowAndThen = async (now: number) => {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    await change('sweep', now);
  };

  const expiry = (now: number, ttl: number | undefined) => (ttl === undefined ? null : now + ttl);

  return {
    shared: false,
    adapter(namespace) {
      const adapter: ConditionalAdapter = {
        // Keyv iterates only over dialects it knows.
        opts: { dialect: 'sqlite' },
        // Nothing goes wrong in the background: there is never an event to tell of.
        on: () => adapter,
        // Keyv's `get` takes a value or undefined for whatever type it asks: the text is deserialised there.
        async get<Value>(key: string) {
          const row = read('get').get(namespace, key, Date.now());
          return row === undefined ? undefined : (entryOf(row).value as Value);
        },
        async set(key: string, text: string, ttl?: number) {
          const now = Date.now();
          // What could not be swept is swept the next time.
          const swept = sweepNowAndThen(now).catch(() => {});
          await change('set', namespace, key, text, expiry(now, ttl));
          await swept;
        },
        delete: (key) => change('remove', namespace, key),
        async clear() {
          await change('clear', namespace);
        },
        /** Goes on from the last key seen, so that entries removed meanwhile make it skip nothing. */
        async *iterator<Value>() {
          let last = '';
          for (;;) {
            const rows = read('after').all(namespace, last, Date.now()).map(entryOf);
            for (const { key, value } of rows) {
              last = key;
              yield [key, value as Awaited<Value>];
            }
            if (rows.length < BATCH) return;
          }
        },
        async insertIfAbsent(key, text, ttl) {
          const now = Date.now();
          return change('insertIfAbsent', namespace, key, text, expiry(now, ttl), now);
        },
        async replace(key, current, next, ttl) {
          const now = Date.now();
          return change('replace', next, expiry(now, ttl), namespace, key, current, now);
        },
        removeIfSame: (key, current) => change('removeIfSame', namespace, key, current),
      };
      return adapter;
    },
    /** What is being written comes to its end first. */
    close() {
      closed ??= group.idle().then(() => {
        writer.close();
        try {
          // Else a copy of the file alone, made while nothing runs, would lack the last writes.
          reader.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // Somebody else is at work; nothing is lost, the log stays beside the file.
        }
        reader.close();
      });
      return closed;
    },
  };
}

function entryOf(row: unknown): { key: string; value: string } {
  return row as { key: string; value: string };
}

async function opening<T>(file: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const Kind = passing.includes((cause as { code?: unknown }).code) ? StoreNotReady : StoreError;
    throw new Kind(`cannot open the database ${file}: ${whyNot(cause)}`, { cause });
  }
}

function whyNot(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  switch (code) {
    case 'EISDIR':
      return 'it is a folder. Name a file in it, e.g. STORE_URL=sqlite:data/numbers.db.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'what should be its folder is a file. Choose another path in STORE_URL.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
      return 'this user may not write there. Change its owner, or choose another path in STORE_URL.';
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'the disk is full.';
    case 'SQLITE_NOTADB':
      return 'it is some other kind of file. Choose another path in STORE_URL.';
    case 'SQLITE_CORRUPT':
      return 'it is damaged. Put back a backup, or move it away to begin with an empty one.';
    case 'SQLITE_BUSY':
      return 'another process keeps it locked.';
    default:
      return message ?? 'the reason is not known.';
  }
}
