import { alone } from '../orders/engine/lease-guard.js';
import type { BasketStore } from '../orders/ports/basket-store.js';
import type { DelegationStore } from '../orders/ports/delegation-store.js';
import type { DriftReportStore, ExplanationStore } from '../orders/ports/drift.js';
import type { OpenedHomeStore } from '../orders/ports/home-store.js';
import type { InventoryStore } from '../orders/ports/inventory.js';
import type { Journal, JournalArchive } from '../orders/ports/journal.js';
import type { Leases } from '../orders/ports/leases.js';
import type { Ledger, LedgerArchive } from '../orders/ports/ledger.js';
import type { Log } from '../orders/ports/log.js';
import type { Measurements } from '../orders/ports/measurements.js';
import type { OldOrders } from '../orders/ports/old-orders.js';
import type { OrderIndex } from '../orders/ports/order-index.js';
import type { OrderArchive, OrderStore } from '../orders/ports/order-store.js';
import type { QuotaStore } from '../orders/ports/quota-store.js';
import type { SearchStore } from '../orders/ports/search-store.js';
import { systemClock } from '../orders/system-clock.js';
import { makeBasketStore } from './basket-store.js';
import type { Database, DatabaseUse } from './database.js';
import { makeDelegationStore } from './delegation-store.js';
import { makeDriftReportStore, makeExplanationStore } from './drift-store.js';
import { makeOpenedHomeStore } from './home-store.js';
import { makeInventoryStore } from './inventory-store.js';
import { makeJournal } from './journal-store.js';
import { makeLeases } from './leases.js';
import { makeLedger } from './ledger-store.js';
import { makeNamespace, type Namespace } from './namespace.js';
import { adapterOf, type NamespaceName, sortedKeysOf } from './namespaces.js';
import { openDatabase } from './open-database.js';
import { makeOldOrders } from './orders/old-orders.js';
import { makeOrderIndex } from './orders/order-index.js';
import { makeOrderListing } from './orders/order-listing.js';
import { makeOrderStore } from './orders/order-store.js';
import { announcePresence } from './presence.js';
import { makeQuotaStore } from './quota-store.js';
import { checkSchema } from './schema-version.js';
import { makeSearchStore } from './search-store.js';
import { reportingFailures } from './sorted-keys.js';

export interface Store {
  readonly orders: OrderStore & OrderArchive;
  readonly index: OrderIndex;
  readonly oldOrders: OldOrders;
  readonly journal: Journal & JournalArchive;
  readonly delegations: DelegationStore;
  readonly searches: SearchStore;
  readonly baskets: BasketStore;
  readonly ledger: Ledger & LedgerArchive;
  readonly explanations: ExplanationStore;
  readonly driftReports: DriftReportStore;
  readonly inventory: InventoryStore;
  readonly leases: Leases;
  /** Present if other instances may be using the store. */
  readonly lookups?: QuotaStore;
  /** Present if other instances may be using the store. */
  readonly openedHomes?: OpenedHomeStore;
  /** Resolves if the database answers; rejects with a StoreError if it doesn't. */
  reach(): Promise<void>;
  /** Closes the store; every later call rejects with a StoreError. */
  close(): Promise<void>;
}

/** Opens the store; see `store-url.ts` for valid URLs. Throws StoreError. */
export async function openStore(
  url: string,
  log: Log,
  use: DatabaseUse = 'writer',
  failed: Measurements['storeFailed'] = () => {},
): Promise<Store> {
  const database = await openDatabase(url, log, use);
  try {
    return await storeIn(database, use, log, failed);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The records that `audit:verify` compares, whatever the database says of its layout. */
export type StoredRecords = Pick<Store, 'orders' | 'oldOrders' | 'journal' | 'delegations' | 'explanations'>;

/** Opens only these, also in a database that a copy hasn't finished. It must have the current layout otherwise. */
export async function recordsIn(database: Database, log: Log): Promise<StoredRecords> {
  const namespaces = namespacesOf(database);
  return recordsOf(await ordersOf(database, namespaces, log), namespaces, log);
}

type Namespaces = (name: NamespaceName) => Promise<Namespace>;

const namespacesOf =
  (database: Database, failed?: Measurements['storeFailed']): Namespaces =>
  async (name) =>
    makeNamespace(name, await adapterOf(database, name), failed);

async function ordersOf(
  database: Database,
  namespaces: Namespaces,
  log: Log,
  failed: Measurements['storeFailed'] = () => {},
) {
  const entries = await namespaces('orders');
  const keys = reportingFailures(await sortedKeysOf(database, 'order-index'), failed);
  const orders = makeOrderStore({
    orders: entries,
    index: await namespaces('open-orders'),
    listing: makeOrderListing({ keys, log }),
    clock: systemClock,
    log,
  });
  return { entries, keys, orders };
}

async function recordsOf(
  { entries, keys, orders }: Awaited<ReturnType<typeof ordersOf>>,
  namespaces: Namespaces,
  log: Log,
): Promise<StoredRecords> {
  return {
    orders,
    oldOrders: makeOldOrders({ orders: entries, keys, log }),
    journal: makeJournal({
      entries: await namespaces('journal'),
      claims: await namespaces('journal-claims'),
      clock: systemClock,
      log,
    }),
    delegations: makeDelegationStore(await namespaces('delegations')),
    explanations: makeExplanationStore(await namespaces('explanations'), log),
  };
}

async function storeIn(
  database: Database,
  use: DatabaseUse,
  log: Log,
  failed: Measurements['storeFailed'],
): Promise<Store> {
  const namespaces = namespacesOf(database, failed);
  const stored = await ordersOf(database, namespaces, log, failed);
  const { entries, keys, orders } = stored;
  const events = await namespaces('journal');
  await checkSchema({
    database,
    use,
    isEmpty: async () => (await isEmpty(entries)) && isEmpty(events),
    archive: orders,
    orderIndex: keys,
    namespace: namespaces,
    log,
  });
  const leases = database.shared ? makeLeases({ leases: await namespaces('leases'), log }) : alone;
  const presence = use === 'sole writer' ? await announcePresence(leases, log) : undefined;
  return {
    ...(await recordsOf(stored, namespaces, log)),
    index: makeOrderIndex({ keys, get: orders.get, log }),
    searches: makeSearchStore(await namespaces('searches')),
    baskets: makeBasketStore(await namespaces('baskets')),
    ledger: makeLedger(await namespaces('ledger')),
    driftReports: makeDriftReportStore(await namespaces('drift-reports')),
    inventory: makeInventoryStore({
      inventory: await namespaces('inventory'),
      chunks: await namespaces('inventory-chunks'),
      chunkIds: await namespaces('inventory-chunk-ids'),
      clock: systemClock,
    }),
    leases,
    ...(database.shared
      ? {
          lookups: makeQuotaStore(await namespaces('lookups')),
          openedHomes: makeOpenedHomeStore(await namespaces('opened-homes')),
        }
      : {}),
    async reach() {
      await database.check?.();
      await entries.get('-');
    },
    async close() {
      await presence?.end();
      await database.close();
    },
  };
}

async function isEmpty(namespace: Namespace): Promise<boolean> {
  for await (const _ of namespace.walk()) return false;
  return true;
}
