import type { Log } from '../orders/ports/log.js';
import type { OrderArchive } from '../orders/ports/order-store.js';
import type { Namespace } from './namespace.js';
import type { NamespaceName } from './namespaces.js';
import { buildOrderIndex } from './orders/build-order-index.js';
import type { SortedKeys } from './sorted-keys.js';

/** What an upgrade may read and write. */
export interface UpgradedStore {
  readonly archive: OrderArchive;
  readonly orderIndex: SortedKeys;
  readonly namespace: (name: NamespaceName) => Promise<Namespace>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** One step from a layout of the store to the next. */
export interface Upgrade {
  /** Whether a program that only reads can read the layout before it just as well. */
  readonly isOptionalToRead: boolean;
  /**
   * Changes what is stored. It may be interrupted anywhere, and is then repeated at the next start; several instances may
   * run it at once. No older version of the app is running.
   */
  run(store: UpgradedStore): Promise<void>;
}

/** The oldest layout that can be upgraded. */
export const OLDEST = 1;

/**
 * The layout of the whole store is its namespaces, their keys, and where its number is. When you change any of it, add
 * the step that leads there, and record a store of the new layout for `test/store/recorded-stores.test.ts`, which says
 * how. The format of one kind of entry has a number of its own, such as the one in `order-format.ts`.
 */
export const upgrades: readonly Upgrade[] = [
  /** To 2, which has an index of all orders. */
  {
    isOptionalToRead: true,
    run: ({ archive, orderIndex, log }) => buildOrderIndex({ archive, keys: orderIndex, log }),
  },
];

/** The layout that this version of the app writes. */
export const SCHEMA_VERSION = OLDEST + upgrades.length;
