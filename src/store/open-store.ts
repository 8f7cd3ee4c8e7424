import { alone } from '../orders/engine/lease-guard.js';
import type {
  Journal,
  JournalArchive,
  Leases,
  Ledger,
  LedgerArchive,
  Log,
  OrderArchive,
  OrderStore,
  QuotaStore,
  SearchStore,
} from '../orders/ports.js';
import { systemClock } from '../orders/system-clock.js';
import type { Database, DatabaseUse } from './database.js';
import { makeJournal } from './journal-store.js';
import { makeLeases } from './leases.js';
import { makeLedger } from './ledger-store.js';
import { makeNamespace, type Namespace } from './namespace.js';
import { openDatabase } from './open-database.js';
import { makeOrderStore } from './order-store.js';
import { makeQuotaStore } from './quota-store.js';
import { checkSchema } from './schema-version.js';
import { makeSearchStore } from './search-store.js';

export interface Store {
  readonly orders: OrderStore & OrderArchive;
  readonly journal: Journal & JournalArchive;
  readonly searches: SearchStore;
  readonly ledger: Ledger & LedgerArchive;
  readonly leases: Leases;
  /** Present if other instances may be using the store. */
  readonly lookups?: QuotaStore;
  /** Resolves if the database answers; rejects with a StoreError if it doesn't. */
  reach(): Promise<void>;
  /** Closes the store; every later call rejects with a StoreError. */
  close(): Promise<void>;
}

/** Opens the store; see `store-url.ts` for valid URLs. Throws StoreError. */
export async function openStore(url: string, log: Log, use: DatabaseUse = 'writer'): Promise<Store> {
  const database = await openDatabase(url, log, use);
  try {
    return await storeIn(database, use, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function storeIn(database: Database, use: DatabaseUse, log: Log): Promise<Store> {
  const namespace = async (name: string) => makeNamespace(name, await database.adapter(name));
  const listedNamespace = async (name: string) =>
    makeNamespace(name, await database.adapter(name, { listedOften: true }));
  const orders = await namespace('orders');
  const entries = await namespace('journal');
  await checkSchema({
    about: await namespace('about'),
    database,
    use,
    isEmpty: async () => (await isEmpty(orders)) && isEmpty(entries),
    log,
  });
  return {
    orders: makeOrderStore({
      orders,
      index: await listedNamespace('open-orders'),
      clock: systemClock,
      log,
    }),
    journal: makeJournal({
      entries,
      claims: await namespace('journal-claims'),
      clock: systemClock,
      log,
    }),
    searches: makeSearchStore(await namespace('searches')),
    ledger: makeLedger(await namespace('ledger')),
    leases: database.shared ? makeLeases({ leases: await namespace('leases'), log }) : alone,
    ...(database.shared ? { lookups: makeQuotaStore(await listedNamespace('lookups')) } : {}),
    async reach() {
      await database.check?.();
      await orders.get('-');
    },
    close: () => database.close(),
  };
}

async function isEmpty(namespace: Namespace): Promise<boolean> {
  for await (const _ of namespace.walk()) return false;
  return true;
}
