import { StoreError } from '../orders/ports/store-errors.js';
import { type Database, type DatabaseUse, StoreNotReady } from './database.js';
import { type Namespace, UnreadableEntry } from './namespace.js';
import { upgrades as allUpgrades, OLDEST, type UpgradedStore } from './upgrades.js';

/** The same in every version, so that any version can tell what it finds. */
const KEY = 'schema';

/** What a store says of its layout: `none` if nothing, `unfinished` while it's being copied into. */
export type FoundSchema = number | 'none' | 'unfinished' | 'unreadable';

/** Reads the version without creating anything. */
export async function peekSchema(database: Pick<Database, 'peek'>): Promise<FoundSchema> {
  const text = await database.peek('about', KEY);
  if (text === undefined) return 'none';
  try {
    return inStored((JSON.parse(text) as { value?: unknown }).value);
  } catch {
    return 'unreadable';
  }
}

function inStored(stored: unknown): Exclude<FoundSchema, 'none'> {
  const { version, copy } = (stored ?? {}) as { version?: unknown; copy?: unknown };
  if (typeof copy === 'string') return 'unfinished';
  return typeof version === 'number' && Number.isInteger(version) ? version : 'unreadable';
}

/**
 * Reads the layout's version before anything else. A store without one predates versions and is version 1; a new store
 * gets the current one, and if the app creates it, the log says so. An older store is upgraded step by step, unless it's
 * only read and can be read as it is. Throws a {@link StoreError} for a version that this app can't read, and
 * {@link StoreNotReady}.
 */
export async function checkSchema(
  deps: UpgradedStore & {
    readonly database: Pick<Database, 'where'>;
    readonly use: DatabaseUse;
    readonly isEmpty: () => Promise<boolean>;
  },
  upgrades = allUpgrades,
): Promise<void> {
  const { use, log } = deps;
  const { where } = deps.database;
  const about = await deps.namespace('about');
  const current = OLDEST + upgrades.length;
  let found = (await read(about, where)) ?? (await stamp());
  while (found.version !== current) {
    const { version, stored } = found;
    const upgrade = upgrades[version - OLDEST];
    if (upgrade === undefined) throw unusable(where, version, current);
    if (use === 'reader') {
      if (upgrades.slice(version - OLDEST).every(({ isOptionalToRead }) => isOptionalToRead)) return;
      throw new StoreError(
        `cannot read ${where}: an older version of this app wrote it (schema ${version}). Start this version once, which upgrades it to schema ${current}.`,
      );
    }
    log.info({ database: where, from: version, to: version + 1 }, 'upgrading the database');
    await reaching(where, () => upgrade.run(deps));
    const next = { version: version + 1 };
    if (await reaching(where, () => about.replace(KEY, stored, next))) {
      found = { ...next, stored: next };
      continue;
    }
    // If another instance was faster, it wrote the same, or a newer one that must stay.
    const theirs = await read(about, where);
    if (theirs === undefined || theirs.version <= version) {
      throw new StoreNotReady(`cannot use ${where}: another process changed its schema at the same moment`);
    }
    found = theirs;
  }

  async function stamp(): Promise<Stamp> {
    if (use === 'reader') return { version: OLDEST, stored: undefined };
    const isNew = await reaching(where, deps.isEmpty);
    const stored = { version: isNew ? current : OLDEST };
    const first = { ...stored, stored };
    if (!(await reaching(where, () => about.insertIfAbsent(KEY, stored)))) {
      // Another process started at the same moment.
      return (await read(about, where)) ?? first;
    }
    // Others create one on purpose.
    if (isNew && use === 'sole writer') log.info({ database: where }, `created a new database: ${where}`);
    return first;
  }
}

/**
 * Marks a store as unfinished, so that no app starts on it, until {@link endCopy}. Any earlier mark is replaced: the copy
 * that made it can't end anymore.
 */
export const beginCopy = (about: Namespace, copy: string): Promise<void> => about.set(KEY, { copy });

/** Makes the store usable. Returns false if another copy has begun since. */
export const endCopy = (about: Namespace, copy: string, version: number): Promise<boolean> =>
  about.replace(KEY, { copy }, { version });

const unusable = (where: string, version: number, current: number) =>
  new StoreError(
    version > current
      ? `cannot use ${where}: a newer version of this app wrote it (schema ${version}; this one knows schema ${current}). Start that version again, or restore a backup from before the upgrade.`
      : `cannot use ${where}: an older version of this app wrote it (schema ${version}), and this one can't upgrade it to schema ${current}. Start a version in between first.`,
  );

/** A version, and the stored value that says so. */
interface Stamp {
  readonly version: number;
  readonly stored: unknown;
}

async function read(about: Namespace, where: string): Promise<Stamp | undefined> {
  const stored = await reaching(where, () => about.get(KEY));
  if (stored === undefined) return undefined;
  const version = inStored(stored);
  if (version === 'unfinished') {
    throw new StoreError(
      `cannot use ${where}: npm run store:copy hasn't finished copying into it. Run it again, or set STORE_URL to the database it copied from.`,
    );
  }
  if (version === 'unreadable') throw unreadable(where);
  return { version, stored };
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
