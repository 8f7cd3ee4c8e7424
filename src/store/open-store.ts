import { type Ledger, type Log, type OrderStore, type SearchStore, StoreError } from '../orders/ports.js';
import { makeLedger } from './ledger-store.js';
import { makeNamespace } from './namespace.js';
import { makeOrderStore } from './order-store.js';
import { makeSearchStore } from './search-store.js';
import { openSqlite } from './sqlite.js';

export interface Store {
  readonly orders: OrderStore;
  readonly searches: SearchStore;
  readonly ledger: Ledger;
  /** Afterwards every call rejects with a StoreError. */
  close(): Promise<void>;
}

/** `url` is `sqlite:` and a path, relative to the working directory or absolute. Throws {@link StoreError}. */
export async function openStore(url: string, log: Log): Promise<Store> {
  const path = sqlitePath(url);
  if (path === undefined) throw new StoreError('the store must be named sqlite: and a path');
  const file = openSqlite(path);
  const namespace = (name: string) => makeNamespace(name, file.adapter(name));
  return {
    orders: makeOrderStore({
      orders: namespace('orders'),
      index: namespace('open-orders'),
      clock: { now: () => Date.now() },
      log,
    }),
    searches: makeSearchStore(namespace('searches')),
    ledger: makeLedger(namespace('ledger')),
    close: async () => file.close(),
  };
}

/** `sqlite:data/x.db`, `sqlite:/var/x.db`, and with two slashes before either, as other programs write it. */
function sqlitePath(url: string): string | undefined {
  return /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1];
}
