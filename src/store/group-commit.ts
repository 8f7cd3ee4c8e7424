import { NotWritten } from './not-written.js';

/** The connection that writes. Nothing else may be done with it while a transaction is open. */
export interface WritingConnection {
  /** Off this thread: beginning may wait for another process, and committing waits for the disk. */
  exec(sql: string): Promise<unknown>;
}

/** Writes to one database, each of them whole or not at all. */
export interface GroupCommit {
  /**
   * Runs `write` within a transaction and resolves with what it gave once that is on the disk. Rejects with
   * {@link NotWritten} when nothing of it is there, and with anything else when the disk failed in the commit itself:
   * then a later opening of the file may find it.
   */
  commit<T>(write: () => T): Promise<T>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Waiting {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** As many writes share a transaction; they run in this thread, where people wait too. */
const MOST_AT_ONCE = 100;

/**
 * One transaction at a time. Whatever is to be written while the disk is busy goes into the next one together, so that
 * many writers wait for the disk once, and none of them, nor anybody else, waits for it in this thread. Libraries
 * that batch calls know nothing of transactions, nor that a commit that failed may be on the disk.
 */
export function makeGroupCommit(
  connection: WritingConnection,
  /** Throws when nothing written to this database would be found again. */
  checkPlace: () => void = () => {},
): GroupCommit {
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  /**
   * The lock is taken first. A statement of libsql's that fails to get it stays half open; until it is run again, its
   * connection sees nothing new, and writes nothing to the disk while it says that it did.
   */
  async function commitTogether(writes: readonly Waiting[]): Promise<void> {
    let committing = false;
    try {
      checkPlace();
      await connection.exec('BEGIN IMMEDIATE');
      for (const { run } of writes) run();
      committing = true;
      await connection.exec('COMMIT');
      // Its file may have been taken away in between: then it is written, and perhaps nobody will ever read it.
      checkPlace();
    } catch (error) {
      // Where SQLite has rolled back by itself, or nothing had begun, this is refused, and there is nothing to undo.
      await connection.exec('ROLLBACK').catch(() => {});
      const certain = !committing || (error as { code?: unknown }).code === 'SQLITE_BUSY';
      for (const { reject } of writes) reject(certain ? new NotWritten(error) : error);
      return;
    }
    for (const { resolve } of writes) resolve();
  }

  async function work(): Promise<void> {
    // Whoever writes in the same turn of the event loop comes along.
    await Promise.resolve();
    while (waiting.length > 0) {
      const writes = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
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
