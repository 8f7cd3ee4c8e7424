import { existsSync, realpathSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Log } from '../orders/ports/log.js';
import { StoreError } from '../orders/ports/store-errors.js';
import { openDatabase } from './open-database.js';
import { peekSchema } from './schema-version.js';
import { isLockTaken } from './sqlite/file-lock.js';
import { type Unwritable, whyUnwritable } from './sqlite/writable-file.js';
import { readStoreUrl } from './store-url.js';
import { OLDEST, SCHEMA_VERSION } from './upgrades.js';

/** What kind of disk a file is on, as far as its durability is concerned. */
export type FileSystem = 'disk' | 'memory' | 'network' | 'container' | 'unknown';

/** The state of a store, read without creating or changing anything. */
export type StoreFacts =
  /** A file that the app will create. */
  | {
      readonly state: 'missing';
      readonly where: string;
      readonly unwritable: Unwritable | undefined;
      readonly fileSystem: FileSystem;
    }
  | {
      readonly state: 'there';
      readonly where: string;
      /** Whether several instances may use it. */
      readonly shared: boolean;
      /** `unfinished`: `npm run store:copy` hasn't finished copying into it. */
      readonly schema: 'current' | 'older' | 'newer' | 'none' | 'unfinished' | 'unreadable';
      /** Why written orders may be lost; each begins in lower case. */
      readonly dangers: readonly string[];
      /** Only for a file: whether a running app has it open as its sole writer. */
      readonly isOpen?: boolean;
      readonly unwritable?: Unwritable | undefined;
      readonly fileSystem?: FileSystem;
    };

/** Throws {@link StoreError}. */
export async function inspectStore(url: string): Promise<StoreFacts> {
  const address = readStoreUrl(url);
  const file = 'path' in address ? resolve(address.path) : undefined;
  if (file !== undefined && !existsSync(file)) {
    const where = `the database ${file}`;
    return {
      state: 'missing',
      where,
      unwritable: whyUnwritable(file),
      fileSystem: fileSystemOf(dirname(file)),
    };
  }
  const dangers: string[] = [];
  const quiet = () => {};
  // Opening a server's database warns of what may lose orders.
  const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (_, sentence) => dangers.push(sentence) };
  const database = await openDatabase(url, log, 'reader');
  try {
    const version = await peekSchema(database);
    return {
      state: 'there',
      where: database.where,
      shared: database.shared,
      schema: typeof version === 'number' ? comparedSchema(version) : version,
      dangers,
      ...(file === undefined
        ? {}
        : {
            isOpen: isLockTaken(`${realpathSync(file)}.lock`),
            unwritable: whyUnwritable(realpathSync(file)),
            fileSystem: fileSystemOf(file),
          }),
    };
  } catch (cause) {
    throw cause instanceof StoreError ? cause : new StoreError(`cannot read ${database.where}`, { cause });
  } finally {
    await database.close();
  }
}

function comparedSchema(version: number): 'current' | 'older' | 'newer' | 'unreadable' {
  if (version === SCHEMA_VERSION) return 'current';
  if (version > SCHEMA_VERSION) return 'newer';
  return version >= OLDEST ? 'older' : 'unreadable';
}

/** Linux's numbers of file systems: https://man7.org/linux/man-pages/man2/statfs.2.html */
const fileSystems: ReadonlyMap<number, FileSystem> = new Map([
  [0x0102_1994, 'memory'],
  [0x8584_58f6, 'memory'],
  [0x6969, 'network'],
  [0x517b, 'network'],
  [0xff53_4d42, 'network'],
  [0xfe53_4d42, 'network'],
  [0x794c_7630, 'container'],
]);

/** Returns the kind of the nearest folder that exists. */
function fileSystemOf(path: string): FileSystem {
  if (process.platform !== 'linux') return 'unknown';
  const there = existsSync(path) ? path : undefined;
  if (there === undefined) return dirname(path) === path ? 'unknown' : fileSystemOf(dirname(path));
  try {
    return fileSystems.get(statfsSync(there).type >>> 0) ?? 'disk';
  } catch {
    return 'unknown';
  }
}
