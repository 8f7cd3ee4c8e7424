import { type Log, StoreError } from '../orders/ports.js';
import { type Database, type DatabaseUse, StoreNotReady } from './database.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/**
 * The layout of the whole store: its namespaces, their keys, and where this number is. When you change any of it,
 * increment this and let {@link checkSchema} upgrade older stores.
 */
export const SCHEMA_VERSION = 1;

/** The same in every version, so that any version can tell what it finds. */
const KEY = 'schema';

/**
 * Reads the layout's version before anything else. A store without one predates versions and is version 1; a new store
 * gets the current one, and if the app creates it, the log says so. Throws a {@link StoreError} for a version that this
 * app can't read, and {@link StoreNotReady}.
 */
export async function checkSchema(deps: {
  readonly about: Namespace;
  readonly database: Pick<Database, 'where'>;
  readonly use: DatabaseUse;
  readonly isEmpty: () => Promise<boolean>;
  readonly log: Pick<Log, 'info'>;
}): Promise<void> {
  const { about, use, log } = deps;
  const { where } = deps.database;
  const version = (await read(about, where)) ?? (await stamp());
  if (version === SCHEMA_VERSION) return;
  throw new StoreError(
    version > SCHEMA_VERSION
      ? `cannot use ${where}: a newer version of this app wrote it (schema ${version}; this one knows schema ${SCHEMA_VERSION}). Start that version again, or restore a backup from before the upgrade.`
      : `cannot use ${where}: an older version of this app wrote it (schema ${version}), and this one can't upgrade it to schema ${SCHEMA_VERSION}. Start a version in between first.`,
  );

  async function stamp(): Promise<number> {
    if (use === 'reader') return 1;
    const isNew = await reaching(where, deps.isEmpty);
    const first = isNew ? SCHEMA_VERSION : 1;
    if (!(await reaching(where, () => about.insertIfAbsent(KEY, { version: first })))) {
      // Another process started at the same moment.
      return (await read(about, where)) ?? first;
    }
    // Others create one on purpose.
    if (isNew && use === 'sole writer') log.info({ database: where }, `created a new database: ${where}`);
    return first;
  }
}

async function read(about: Namespace, where: string): Promise<number | undefined> {
  const stored = await reaching(where, () => about.get(KEY));
  if (stored === undefined) return undefined;
  const { version } = (stored ?? {}) as { version?: unknown };
  if (typeof version === 'number' && Number.isInteger(version)) return version;
  throw unreadable(where);
}

/** Never guesses a version: what the wrong one writes may not be readable by any. */
const unreadable = (where: string, cause?: unknown) =>
  new StoreError(
    `cannot use ${where}: it doesn't say which version of this app wrote it, because its entry "${KEY}" (about) can't be read. Restore a backup; or, if you are sure that this version wrote it, delete that entry.`,
    { cause },
  );

async function reaching<T>(where: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof UnreadableEntry) throw unreadable(where, cause);
    throw new StoreNotReady(`cannot reach ${where}: ${whyNot(cause)}`, { cause });
  }
}

function whyNot(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
