import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { StoreError } from '../orders/ports.js';
import { checkReadable, createPrivately } from './file-lock.js';
import { makePrivateFolders } from './private-folders.js';
import { holdsEntries } from './sqlite-connections.js';
import { opening } from './sqlite-failures.js';

/** How long to wait for a process that is writing. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Copies a database file, also while an app writes to it: the copy is the state of one moment, and nobody waits. Only its
 * owner can read the copy. Returns its size in bytes once it's on disk and was checked. Throws {@link StoreError}, and
 * leaves no copy behind then.
 */
export async function backUpSqlite(path: string, into: string): Promise<number> {
  const [file, target] = [resolve(path), resolve(into)];
  if (!existsSync(file)) throw new StoreError(`there is no database at ${file}: is STORE_URL right?`);
  if (existsSync(target)) throw new StoreError(`${target} exists already: name another file for the backup`);
  return opening(file, async () => {
    checkReadable(file);
    const source = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      if (!holdsEntries(source)) {
        throw new StoreError(`there is nothing of this app in the database ${file}: is STORE_URL right?`);
      }
      createFor(target);
      return copy(source, target);
    } finally {
      source.close();
    }
  });
}

function createFor(target: string): void {
  try {
    makePrivateFolders(dirname(target));
    createPrivately(target);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(`can't write the backup ${target}: ${reason}`, { cause });
  }
}

/** Returns its size. */
function copy(source: Database.Database, target: string): number {
  try {
    source.prepare('VACUUM INTO ?').run(target);
    check(target);
    for (const each of [target, dirname(target)]) flush(each);
    return statSync(target).size;
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

function check(target: string): void {
  const database = new Database(target, { readonly: true });
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
