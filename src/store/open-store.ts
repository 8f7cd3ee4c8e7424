import {
  type Journal,
  type JournalArchive,
  type Log,
  type OrderArchive,
  type OrderStore,
  type SearchStore,
  StoreError,
} from '../orders/ports.js';
import { makeJournal } from './journal-store.js';
import { makeNamespace } from './namespace.js';
import { makeOrderStore } from './order-store.js';
import { makeSearchStore } from './search-store.js';
import { openSqlite } from './sqlite.js';

export interface Store {
  readonly orders: OrderStore & OrderArchive;
  readonly journal: Journal & JournalArchive;
  readonly searches: SearchStore;
  /** Afterwards every call rejects with a StoreError. */
  close(): Promise<void>;
}

/** `url` is `sqlite:` and a path, relative to the working directory or absolute. Throws {@link StoreError}. */
export async function openStore(url: string, log: Log): Promise<Store> {
  const path = sqlitePath(url);
  if (path === undefined) throw new StoreError('the store must be named sqlite: and a path');
  const file = openSqlite(path);
  const namespace = (name: string) => makeNamespace(name, file.adapter(name));
  const clock = { now: () => Date.now() };
  return {
    orders: makeOrderStore({ orders: namespace('orders'), index: namespace('open-orders'), clock, log }),
    journal: makeJournal({ entries: namespace('journal'), claims: namespace('journal-claims'), clock }),
    searches: makeSearchStore(namespace('searches')),
    close: async () => file.close(),
  };
}

/** `sqlite:data/x.db`, `sqlite:/var/x.db`, and with two slashes before either, as other programs write it. */
function sqlitePath(url: string): string | undefined {
  return /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1];
}
