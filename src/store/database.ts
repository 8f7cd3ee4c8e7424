import { StoreError } from '../orders/ports.js';
import type { ConditionalAdapter } from './namespace.js';

/**
 * What a database is opened for. Of a file there is one `sole writer`, which is the app itself; where a server keeps the
 * database, instances share it, and it is a `writer` like any other. A `reader` changes nothing.
 */
export type DatabaseUse = 'sole writer' | 'writer' | 'reader';

/** One opened database, with room for as many namespaces as are asked for. */
export interface Database {
  /**
   * A new adapter for one namespace; entries of others are out of its reach. One whose entries are `listedOften` may
   * cost a little more to write.
   */
  adapter(
    namespace: string,
    use?: { readonly listedOften: boolean },
  ): ConditionalAdapter | Promise<ConditionalAdapter>;
  /** Whether other instances, on other machines, may be at work in it. */
  readonly shared: boolean;
  /** Names it in a sentence, without credentials: `the database /data/numbers.db`. */
  readonly where: string;
  /** Rejects with a StoreError when what is written would not be found again. */
  check?(): Promise<void>;
  /** Every call from now on rejects. */
  close(): Promise<void>;
}

/** Nothing is wrong with the settings: it may go well the next time. */
export class StoreNotReady extends StoreError {}
