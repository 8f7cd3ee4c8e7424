import { isUtf8 } from 'node:buffer';
import Database from 'libsql';
import AsyncDatabase from 'libsql/promise';
import { StoreError } from '../../orders/ports/store-errors.js';
import type { DatabaseUse } from '../database.js';
import type { WritingConnection } from './group-commit.js';

/** How long a transaction waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 2_000;
/** How many entries an iteration reads at a time. */
export const BATCH = 500;

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

interface Writer extends WritingConnection {
  prepare(sql: string): Promise<{ run(...values: unknown[]): { changes: number } }>;
  close(): void;
}

/** The connections to one file, and their prepared statements. */
type Connections = Awaited<ReturnType<typeof connect>>;

export type Reads = Connections['reads'];
export type Writes = Connections['writes'];

export const live = '(expires IS NULL OR expires > ?)';

export async function connect(file: string, use: DatabaseUse) {
  const reader = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  const writer: Writer = new AsyncDatabase(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    if (use !== 'reader') {
      // Checked first: switching it on takes a lock that SQLite doesn't wait for, whatever the timeout.
      const [mode] = reader.pragma('journal_mode') as readonly { readonly journal_mode?: string }[];
      if (mode?.journal_mode !== 'wal') reader.pragma('journal_mode = WAL');
      reader.exec(SCHEMA);
    } else if (!holdsEntries(reader)) {
      throw new StoreError(`there is nothing in the database ${file} yet: is STORE_URL right?`);
    }
    // In WAL mode the default, NORMAL, may lose the last writes in a power failure.
    await writer.exec('PRAGMA synchronous = FULL');
    // `entry.key`, because `key` would be the column as bytes, which no index sorts.
    const reads = {
      get: reader.prepare(`SELECT ${bytes('value')} FROM entry WHERE namespace = ? AND key = ? AND ${live}`),
      after: reader.prepare(
        `SELECT ${bytes('key')}, ${bytes('value')} FROM entry
         WHERE namespace = ? AND key > CAST(? AS TEXT) AND ${live} ORDER BY entry.key LIMIT ${BATCH}`,
      ),
      last: reader.prepare(
        `SELECT ${bytes('key')} FROM entry WHERE namespace = ? AND key >= ? AND key < ? ORDER BY entry.key DESC LIMIT ?`,
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
      insertKey: await writer.prepare(
        `INSERT INTO entry (namespace, key, value) VALUES (?, ?, '') ON CONFLICT (namespace, key) DO NOTHING`,
      ),
      replace: await writer.prepare(
        `UPDATE entry SET value = ?, expires = ? WHERE namespace = ? AND key = ? AND value = ? AND ${live}`,
      ),
      removeIfSame: await writer.prepare('DELETE FROM entry WHERE namespace = ? AND key = ? AND value = ?'),
      sweep: await writer.prepare('DELETE FROM entry WHERE expires <= ?'),
    };
    return { reader, writer, reads, writes };
  } catch (error) {
    disconnect({ reader, writer });
    throw error;
  }
}

export function disconnect({ reader, writer }: Pick<Connections, 'reader' | 'writer'>): void {
  writer.close();
  reader.close();
}

export function holdsEntries(reader: Database.Database): boolean {
  return (
    reader.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'entry'").get() !== undefined
  );
}

/** Reads a column as bytes: libsql ends the whole process when it reads text that isn't UTF-8. */
export const bytes = (column: string): string => `CAST(${column} AS BLOB) AS ${column}`;

/** Returns an empty text for damaged bytes; no reader takes that for a value. */
export function textFromBytes(value: ArrayBuffer): string {
  const all = Buffer.from(value);
  return isUtf8(all) ? all.toString() : '';
}
