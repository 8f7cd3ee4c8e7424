import { NotWritten } from '../not-written.js';

/** The connection that writes. It can't be used for anything else during a transaction. */
export interface WritingConnection {
  /** Runs off this thread: BEGIN may wait for another process, and COMMIT waits for the disk. */
  exec(sql: string): Promise<unknown>;
}

/** Atomic writes to one database. */
export interface GroupCommit {
  /**
   * Runs `write` in a transaction and resolves with its result once that is on disk. Rejects with {@link NotWritten} if
   * nothing was written, and with any other error if the disk failed during the commit; the write may then be there
   * when the file is next opened.
   */
  commit<T>(write: () => T): Promise<T>;
  /** Resolves when nothing is in progress. */
  idle(): Promise<void>;
}

interface Waiting {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** The maximum number of writes per transaction. They run on this thread, where people wait too. */
const MAX_BATCH_SIZE = 100;

/**
 * Runs one transaction at a time. Writes that arrive while the disk is busy share the next one, so that many writers
 * wait for the disk once, and none of them blocks this thread. Batching libraries know nothing about transactions, or
 * that a failed commit may still be on disk.
 */
export function makeGroupCommit(
  connection: WritingConnection,
  /** Throws if data written to this database now would be lost. */
  checkPlace: () => void = () => {},
): GroupCommit {
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  /**
   * Takes the lock first. A libsql statement that fails to get it stays half open; until it runs again, its connection
   * sees no changes, and reports writes as done that never reach the disk.
   */
  async function commitTogether(writes: readonly Waiting[]): Promise<void> {
    let committing = false;
    try {
      checkPlace();
      await connection.exec('BEGIN IMMEDIATE');
      for (const { run } of writes) run();
      committing = true;
      await connection.exec('COMMIT');
      // The file may have been removed in between; then the data is written where no one may ever read it.
      checkPlace();
    } catch (error) {
      // If SQLite has already rolled back, or nothing had begun, this fails and there is nothing to undo.
      await connection.exec('ROLLBACK').catch(() => {});
      const certain = !committing || (error as { code?: unknown }).code === 'SQLITE_BUSY';
      for (const { reject } of writes) reject(certain ? new NotWritten(error) : error);
      return;
    }
    for (const { resolve } of writes) resolve();
  }

  async function work(): Promise<void> {
    // Writes of the same event-loop turn join the transaction.
    await Promise.resolve();
    while (waiting.length > 0) {
      const writes = waiting.slice(0, MAX_BATCH_SIZE);
      waiting = waiting.slice(MAX_BATCH_SIZE);
      await commitTogether(writes);
    }
    working = undefined;
  }

  return {
    commit<T>(write: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let given: T;
        const run = () => {
          given = write();
        };
        waiting.push({ run, resolve: () => resolve(given), reject });
        working ??= work();
      });
    },
    idle: async () => working,
  };
}
