import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { StoreError } from '../../orders/ports/store-errors.js';
import { checkReadable, createPrivately } from './file-lock.js';
import { makePrivateFolders } from './private-folders.js';
import { holdsEntries } from './sqlite-connections.js';
import { opening, whyNotWritten } from './sqlite-failures.js';

/** How long to wait for a process that is writing. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Copies a database file, also while an app writes to it: the copy is the state of one moment, and nobody waits. Only its
 * owner can read the copy, which gets its name once it's on disk and was checked. Returns its size in bytes. Throws
 * {@link StoreError}, and leaves no copy behind then.
 */
export async function backUpSqlite(path: string, into: string): Promise<number> {
  const [file, target] = [resolve(path), resolve(into)];
  if (!existsSync(file)) throw new StoreError(`there is no database at ${file}: is STORE_URL right?`);
  if (existsSync(target)) throw isThere(target);
  return opening(file, async () => {
    checkReadable(file);
    const source = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      if (!holdsEntries(source)) {
        throw new StoreError(`there is nothing of this app in the database ${file}: is STORE_URL right?`);
      }
      return copy(source, target);
    } finally {
      source.close();
    }
  });
}

const isThere = (target: string): StoreError =>
  new StoreError(`${target} exists already: name another file for the backup`);

/** What a process that was killed leaves behind isn't called like a backup. */
const draftOf = (target: string): string => join(dirname(target), `unfinished-backup-${randomUUID()}`);

/** Returns its size. */
function copy(source: Database.Database, target: string): number {
  const draft = draftOf(target);
  writing(target, () => {
    makePrivateFolders(dirname(target));
    createPrivately(draft);
  });
  try {
    try {
      source.prepare('VACUUM INTO ?').run(draft);
    } catch (cause) {
      throw isOfTheSource(cause) ? cause : notWritten(target, cause);
    }
    return writing(target, () => {
      check(draft, target);
      flush(draft);
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) throw isThere(target);
      renameSync(draft, target);
      flush(dirname(target));
      return statSync(target).size;
    });
  } catch (error) {
    for (const left of [draft, `${draft}-journal`]) rmSync(left, { force: true });
    throw error;
  }
}

/** Other failures are the copy's: reading a database fails for few reasons. */
const isOfTheSource = (error: unknown): boolean =>
  /^SQLITE_(?:BUSY|CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

/** Says of every failure that the copy can't be written, and why. */
function writing<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw cause instanceof StoreError ? cause : notWritten(target, cause);
  }
}

const notWritten = (target: string, cause: unknown): StoreError =>
  new StoreError(`can't write the backup ${target}: ${whyNotWritten(cause)}`, { cause });

function check(draft: string, target: string): void {
  const database = new Database(draft, { readonly: true });
  try {
    const [found] = database.pragma('integrity_check') as readonly { readonly integrity_check?: string }[];
    if (found?.integrity_check !== 'ok')
      throw new StoreError(`the copy ${target} is damaged, so it was removed`);
  } finally {
    database.close();
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
