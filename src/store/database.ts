import { StoreError } from '../orders/ports.js';
import type { ConditionalAdapter } from './namespace.js';

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
  /** Every call from now on rejects. */
  close(): Promise<void>;
}

/** Nothing is wrong with the settings: it may go well the next time. */
export class StoreNotReady extends StoreError {}
