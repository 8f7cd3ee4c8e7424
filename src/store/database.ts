import { StoreError } from '../orders/ports/store-errors.js';
import type { ConditionalAdapter } from './namespace.js';
import type { RawEntries } from './raw-entries.js';
import type { SortedKeys } from './sorted-keys.js';

/**
 * What a database is opened for. A file has one `sole writer`, the app itself; on a server, where instances share the
 * database, that is a `writer` like any other. A `reader` changes nothing.
 */
export type DatabaseUse = 'sole writer' | 'writer' | 'reader';

/** An open database with any number of namespaces. */
export interface Database {
  /**
   * Returns a new adapter for one namespace, which can't reach the entries of others. A namespace that is `listedOften`
   * may cost a little more to write.
   */
  adapter(
    namespace: string,
    use?: { readonly listedOften: boolean },
  ): ConditionalAdapter | Promise<ConditionalAdapter>;
  /** Returns the entries of a namespace as they are stored. Tell the same use as for its adapter. */
  raw(namespace: string, use?: { readonly listedOften: boolean }): RawEntries | Promise<RawEntries>;
  /** Returns a set of keys in alphabetical order, which no adapter can reach. */
  sortedKeys(name: string): SortedKeys | Promise<SortedKeys>;
  /** Returns the text of one entry without creating anything, also in a database the app never used. */
  peek(namespace: string, key: string): Promise<string | undefined>;
  /** Whether instances on other machines may be using it. */
  readonly shared: boolean;
  /** Names it for use in a sentence, without credentials: `the database /data/numbers.db`. */
  readonly where: string;
  /** Rejects with a StoreError if data written now would be lost. */
  check?(): Promise<void>;
  /** Closes it; every later call rejects. */
  close(): Promise<void>;
}

/** A failure that may be gone next time; nothing is wrong with the settings. */
export class StoreNotReady extends StoreError {}
