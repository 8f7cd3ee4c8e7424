import { accessSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { isBusy } from './sqlite-codes.js';

export interface FileLock {
  /** The file that represents the lock. */
  readonly path: string;
  release(): void;
}

const TRY_AGAIN_AFTER_MS = 50;

/**
 * Takes the lock that `path` represents; returns undefined if another process keeps it for longer than `withinMs`.
 *
 * Node can't lock files but SQLite can: the lock is an open transaction on an empty database of its own. The operating
 * system ends it with the process, however it dies, so no lock is left behind. Nothing else in this process may open
 * and close the file, because POSIX drops all locks on a file when any of its descriptors is closed.
 */
export async function takeFileLock(
  path: string,
  { withinMs, onWait }: { readonly withinMs: number; readonly onWait?: () => void },
): Promise<FileLock | undefined> {
  const until = performance.now() + withinMs;
  for (let waits = 0; ; waits++) {
    const lock = tryLock(path);
    if (lock !== undefined) return lock;
    if (performance.now() >= until) return undefined;
    if (waits === 0) onWait?.();
    await pause(TRY_AGAIN_AFTER_MS);
  }
}

function tryLock(path: string): FileLock | undefined {
  createPrivately(path);
  const before = statSync(path, { bigint: true });
  const database = new Database(path);
  try {
    // A journal file would be a second file.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    const now = statSync(path, { bigint: true, throwIfNoEntry: false });
    // If the file was deleted in between, the next process would lock a different file.
    if (now?.ino === before.ino) return { path, release: () => release(database) };
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    return undefined;
  }
  release(database);
  return undefined;
}

/** Whether another process has taken the lock that `path` represents. Creates and changes nothing. */
export function isLockTaken(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new Database(path, { readonly: true, timeout: 0 });
  try {
    database.prepare('SELECT 1 FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

/** Ends the transaction explicitly: closing alone leaves that to the garbage collector. */
function release(database: Database.Database): void {
  database.exec('ROLLBACK');
  database.close();
}

/**
 * Creates an empty file that only its owner can read, unless it exists. An existing file isn't opened, only checked.
 * Throws Node's EISDIR for a folder and EACCES for a file that can't be written.
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    checkAccess(path, constants.R_OK | constants.W_OK);
  }
}

/** Throws Node's EISDIR for a folder, and EACCES for a file that can't be read: libsql says only that it can't open it. */
export const checkReadable = (path: string): void => checkAccess(path, constants.R_OK);

function checkAccess(path: string, mode: number): void {
  if (statSync(path).isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  accessSync(path, mode);
}
