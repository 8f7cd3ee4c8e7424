import type { Leases, Log, OrderStore, SearchStore } from '../orders/ports.js';
import { alone } from '../orders/turn.js';
import { makeLeases } from './leases.js';
import { makeNamespace } from './namespace.js';
import { openDatabase } from './open-database.js';
import { makeOrderStore } from './order-store.js';
import { makeSearchStore } from './search-store.js';

export interface Store {
  readonly orders: OrderStore;
  readonly searches: SearchStore;
  readonly leases: Leases;
  /** Afterwards every call rejects with a StoreError. */
  close(): Promise<void>;
}

/** See `store-url.ts` for what `url` may be. Throws StoreError. */
export async function openStore(url: string, log: Log): Promise<Store> {
  const database = await openDatabase(url, log);
  const namespace = async (name: string) => makeNamespace(name, await database.adapter(name));
  return {
    orders: makeOrderStore({
      orders: await namespace('orders'),
      index: await namespace('open-orders'),
      clock: { now: () => Date.now() },
      log,
    }),
    searches: makeSearchStore(await namespace('searches')),
    leases: database.shared ? makeLeases({ leases: await namespace('leases'), log }) : alone,
    close: async () => database.close(),
  };
}
