import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { isBusy } from './sqlite-codes.js';

export interface FileLock {
  /** The file that stands for the lock. */
  readonly path: string;
  release(): void;
}

const TRY_AGAIN_AFTER_MS = 50;

/**
 * Takes the lock that `path` stands for, or gives undefined if another process keeps it for longer than `withinMs`.
 *
 * Node can't lock files, SQLite can: the lock is a transaction that stays open on an empty database of its own. The
 * operating system ends it with the process, however that dies, so a lock is never left behind. Nobody else may open
 * and close the file in this process: POSIX gives up all locks on a file with the first descriptor closed.
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
    // The journal would be a second file.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    const now = statSync(path, { bigint: true, throwIfNoEntry: false });
    // Deleted in between: whoever comes next would lock another file.
    if (now?.ino === before.ino) return { path, release: () => release(database) };
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    return undefined;
  }
  release(database);
  return undefined;
}

/** Closing alone leaves it to the garbage collector when the transaction ends. */
function release(database: Database.Database): void {
  database.exec('ROLLBACK');
  database.close();
}

/**
 * Makes an empty file that only its owner can read, unless there is one. That one isn't opened, only asked about: throws
 * Node's EISDIR where it is a folder, and EACCES where it can't be written.
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (statSync(path).isDirectory())
      throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    accessSync(path, constants.R_OK | constants.W_OK);
  }
}
