import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { StoreError } from '../orders/ports.js';
import { type Database as AnyDatabase, StoreNotReady } from './database.js';
import type { ConditionalAdapter } from './namespace.js';

/** How long a statement waits for another process that is writing. It waits in this thread, so not for long. */
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
  close(): void;
}

/**
 * Opens the database file, and makes it first (readable by its owner only, like a folder made for it) if there is none.
 * A write is on the disk when its promise resolves. Several processes may have the same file open.
 * Throws {@link StoreError} saying what is wrong with the path, and {@link StoreNotReady}.
 */
export function openSqlite(path: string): SqliteFile {
  const file = resolve(path);
  const db = opening(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its -wal and -shm files the mode of the database itself.
    closeSync(openSync(file, 'a+', 0o600));
    const opened = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    opened.pragma('journal_mode = WAL');
    // In WAL mode the default, NORMAL, may forget the last writes when the power goes.
    opened.pragma('synchronous = FULL');
    opened.exec(SCHEMA);
    return opened;
  });

  const live = '(expires IS NULL OR expires > ?)';
  const statements = {
    get: db.prepare(`SELECT value FROM entry WHERE namespace = ? AND key = ? AND ${live}`),
    set: db.prepare(
      `INSERT INTO entry (namespace, key, value, expires) VALUES (?, ?, ?, ?)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
    ),
    remove: db.prepare('DELETE FROM entry WHERE namespace = ? AND key = ?'),
    clear: db.prepare('DELETE FROM entry WHERE namespace = ?'),
    after: db.prepare(
      `SELECT key, value FROM entry WHERE namespace = ? AND key > ? AND ${live} ORDER BY key LIMIT ${BATCH}`,
    ),
    insertIfAbsent: db.prepare(
      `INSERT INTO entry (namespace, key, value, expires) VALUES (?, ?, ?, ?)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires
       WHERE entry.expires <= ?`,
    ),
    replace: db.prepare(
      `UPDATE entry SET value = ?, expires = ? WHERE namespace = ? AND key = ? AND value = ? AND ${live}`,
    ),
    removeIfSame: db.prepare('DELETE FROM entry WHERE namespace = ? AND key = ? AND value = ?'),
    sweep: db.prepare('DELETE FROM entry WHERE expires <= ?'),
  };
  type Name = keyof typeof statements;

  let closed = false;
  // libsql's statements outlive their database, and would go on writing after close().
  const statement = (name: Name) => {
    if (closed) throw new Error(`the database ${file} has been closed`);
    return statements[name];
  };
  /**
   * The lock is taken first. A statement of libsql's that fails to get it stays half open; until it is run again, this
   * connection sees nothing new, and writes nothing to the disk while it says that it did.
   */
  const change = (name: Name, ...values: unknown[]): boolean => {
    const prepared = statement(name);
    db.exec('BEGIN IMMEDIATE');
    try {
      const { changes } = prepared.run(...values);
      db.exec('COMMIT');
      return changes > 0;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  let sweepAt = 0;
  const sweepNowAndThen = (now: number) => {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    change('sweep', now);
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
          const row = statement('get').get(namespace, key, Date.now());
          return row === undefined ? undefined : (entryOf(row).value as Value);
        },
        async set(key: string, text: string, ttl?: number) {
          const now = Date.now();
          sweepNowAndThen(now);
          change('set', namespace, key, text, expiry(now, ttl));
        },
        delete: async (key) => change('remove', namespace, key),
        async clear() {
          change('clear', namespace);
        },
        /** Goes on from the last key seen, so that entries removed meanwhile make it skip nothing. */
        async *iterator<Value>() {
          let last = '';
          for (;;) {
            const rows = statement('after').all(namespace, last, Date.now()).map(entryOf);
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
        removeIfSame: async (key, current) => change('removeIfSame', namespace, key, current),
      };
      return adapter;
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        // Else a copy of the file alone, made while nothing runs, would lack the last writes.
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // Somebody else is at work; nothing is lost, the log stays beside the file.
      }
      db.close();
    },
  };
}

function entryOf(row: unknown): { key: string; value: string } {
  return row as { key: string; value: string };
}

function opening<T>(file: string, open: () => T): T {
  try {
    return open();
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
