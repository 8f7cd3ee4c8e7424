import { existsSync, realpathSync } from 'node:fs';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { type FileChange, rememberFile } from './file-identity.js';

// Notices when the open database file is no longer where it was: writes to it would be lost.

/** How often the file is checked while no one writes. */
const LOOK_EVERY_MS = 5_000;

/**
 * Returns what happened to the database file or SQLite's files next to it, if anything.
 *
 * @param main the file as it was before it was opened.
 * @param lock the path of the sole writer's lock, if there is one.
 */
export function watchedFiles(
  file: string,
  main: () => FileChange | undefined,
  lock: string | undefined,
): () => FileChange | undefined {
  const real = realpathSync(file);
  const beside = [`${real}-wal`, `${real}-shm`, ...(lock === undefined ? [] : [lock])];
  const checks = [
    main,
    // Once opened, it isn't empty.
    rememberFile(file, { mayBeEmpty: false }),
    ...beside.filter((each) => existsSync(each)).map((each) => rememberFile(each, { mayBeEmpty: true })),
  ];
  return () => {
    for (const check of checks) {
      const change = check();
      if (change !== undefined) return change;
    }
    return undefined;
  };
}

/** Checks the files every few seconds, and logs each change once. */
export function watchPlace(deps: {
  readonly file: string;
  readonly changeOf: () => FileChange | undefined;
  readonly log: Log | undefined;
}) {
  const { file, changeOf, log } = deps;
  /** The last reported change of the file. */
  let said: FileChange | undefined;
  /** Throws a {@link StoreError} if the file isn't in place. */
  const check = (): void => {
    const change = changeOf();
    if (change?.became !== said?.became || change?.file !== said?.file) {
      if (change === undefined) log?.info({ database: file }, 'the database file is back');
      else log?.error({ database: file, ...change }, whatToDo(change));
    }
    said = change;
    if (change !== undefined) throw new StoreError(`${change.file} ${inWords(change)}`);
  };
  const looking = setInterval(() => {
    try {
      check();
    } catch {
      // Already logged.
    }
  }, LOOK_EVERY_MS);
  looking.unref();
  return { check, stop: () => clearInterval(looking) };
}

function inWords(change: FileChange): string {
  switch (change.became) {
    case 'gone':
      return 'is gone: it was deleted or moved, or its volume was unmounted';
    case 'another file':
      return 'was replaced by another file';
    case 'empty':
      return 'was emptied';
    case 'unknown':
      return `can't be checked (${change.code})`;
  }
}

function whatToDo(change: FileChange): string {
  return `the database file ${inWords(change)}; nothing is saved or acknowledged until this is fixed. Stop the app, put the file back (with its -wal file, or a backup without one), and start the app again.`;
}
