import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { type Database as AnyDatabase, type DatabaseUse, StoreNotReady } from '../database.js';
import type { ConditionalAdapter } from '../namespace.js';
import { NotWritten } from '../not-written.js';
import type { SortedKeys } from '../sorted-keys.js';
import { rememberFile } from './file-identity.js';
import { checkReadable, createPrivately, takeFileLock } from './file-lock.js';
import { makeGroupCommit } from './group-commit.js';
import { makePrivateFolders } from './private-folders.js';
import { entryOf, makeSqliteAdapters } from './sqlite-adapter.js';
import { isBusy } from './sqlite-codes.js';
import { connect, disconnect, type Reads, textFromBytes, type Writes } from './sqlite-connections.js';
import { opening } from './sqlite-failures.js';
import { watchedFiles, watchPlace } from './sqlite-place.js';
import { rawEntriesIn } from './sqlite-raw.js';
import { sortedKeysIn } from './sqlite-sorted-keys.js';

/** How long opening waits while other processes have the file locked. */
const OPEN_WITHIN_MS = 10_000;
/** How long a killed or stopping process may take to exit before the next one gives up on the file. */
const LOCK_WITHIN_MS = 5_000;

export interface SqliteFile extends AnyDatabase {
  adapter(namespace: string): ConditionalAdapter;
  sortedKeys(name: string): SortedKeys;
}

/**
 * Opens the database file, and creates it first if it doesn't exist, readable by its owner only, like a folder created
 * for it. When a write's promise resolves, it is on disk and the file was still in place. Reads are synchronous and
 * take microseconds. Writes have a connection of their own, because a connection runs one statement at a time and a
 * read would wait for the disk.
 *
 * Several processes may open the same file, but only one as its `sole writer`. Throws {@link StoreError} saying what is
 * wrong with the path, and {@link StoreNotReady}.
 */
export async function openSqlite(
  path: string,
  { use = 'writer', log }: { readonly use?: DatabaseUse; readonly log?: Log } = {},
): Promise<SqliteFile> {
  const file = resolve(path);
  const release = await opening(file, async () => {
    if (use !== 'reader') {
      makePrivateFolders(dirname(file));
      // SQLite gives its -wal and -shm files the mode of the database.
      createPrivately(file);
    } else {
      checkReadable(file);
    }
    return use === 'sole writer' ? lockOf(file, log) : undefined;
  });
  const { connections, changeOf } = await opening(file, async () => {
    const main = rememberFile(file, { mayBeEmpty: true });
    const connections = await untilNotBusy(() => connect(file, use));
    try {
      return { connections, changeOf: watchedFiles(file, main, release?.path) };
    } catch (error) {
      disconnect(connections);
      throw error;
    }
  }).catch((error: unknown) => {
    release?.();
    throw error;
  });
  const { reader, writer, reads, writes } = connections;

  const watch = watchPlace({ file, changeOf, log });
  let closed: Promise<void> | undefined;
  // libsql's statements outlive their database and would go on reading and writing after close().
  const refuseIfClosed = () => {
    if (closed !== undefined) throw new NotWritten(`the database ${file} has been closed`);
  };
  const read = <Name extends keyof Reads>(name: Name): Reads[Name] => {
    refuseIfClosed();
    return reads[name];
  };
  const group = makeGroupCommit(writer, watch.check);
  /** Returns whether that changed anything. */
  const change = async (name: keyof Writes, ...values: unknown[]): Promise<boolean> => {
    refuseIfClosed();
    return group.commit(() => writes[name].run(...values).changes > 0);
  };

  return {
    shared: false,
    where: `the database ${file}`,
    async check() {
      refuseIfClosed();
      watch.check();
    },
    async peek(namespace, key) {
      const row = read('get').get(namespace, key, Date.now());
      return row === undefined ? undefined : textFromBytes(entryOf(row).value);
    },
    adapter: makeSqliteAdapters({ read, change }),
    raw: (namespace) =>
      rawEntriesIn(
        { reader, set: writes.set, clear: writes.clear, commit: group.commit, refuseIfClosed },
        namespace,
      ),
    sortedKeys: (name) =>
      sortedKeysIn({ last: reads.last, ...writes, commit: group.commit, refuseIfClosed }, name),
    /** Waits for writes in progress. */
    close() {
      watch.stop();
      closed ??= group.idle().then(() => {
        writer.close();
        try {
          // Otherwise a copy of just the file, made while nothing runs, would lack the last writes.
          if (use !== 'reader') reader.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // Another process is using it; nothing is lost, because the log stays next to the file.
        }
        reader.close();
        release?.();
      });
      return closed;
    },
  };
}

/**
 * Retries while the file is locked. SQLite's own timeout doesn't cover changing the journal mode, recovering after a
 * crash, or reading first and then writing while another process does the same.
 */
async function untilNotBusy<T>(act: () => Promise<T>): Promise<T> {
  const until = performance.now() + OPEN_WITHIN_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
    }
    // Randomized, so that two that started at the same moment get out of step.
    await pause(10 + Math.random() * 90);
  }
}

/** Takes the lock of the sole writer, a file next to the database. The returned function releases it. */
async function lockOf(file: string, log: Log | undefined): Promise<Release> {
  const path = `${realpathSync(file)}.lock`;
  const lock = await takeFileLock(path, {
    withinMs: LOCK_WITHIN_MS,
    onWait: () =>
      log?.warn({ database: file }, 'another process has the database open; waiting for it to stop'),
  });
  if (lock === undefined) {
    throw new StoreError(
      `the database ${file} is in use by another process of this app, and SQLite is for one at a time. Stop that one first, or set STORE_URL to a PostgreSQL or Redis database, which several can share.`,
    );
  }
  return Object.assign(lock.release, { path });
}

type Release = (() => void) & { readonly path: string };
