import type { Log } from '../orders/ports/log.js';
import { StoreError } from '../orders/ports/store-errors.js';
import type { Database, DatabaseUse } from './database.js';
import { readStoreUrl } from './store-url.js';

/**
 * Opens the database of `url`. Each backend is loaded only when used, because its driver costs time and memory. Throws
 * {@link StoreError}, or StoreNotReady when it may succeed next time.
 */
export async function openDatabase(url: string, log: Log, use: DatabaseUse = 'writer'): Promise<Database> {
  const address = readStoreUrl(url);
  if ('problem' in address) throw new StoreError(`STORE_URL ${address.problem}`);
  switch (address.kind) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/sqlite.js');
      return openSqlite(address.path, { use, log });
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres/postgres.js');
      return openPostgres(address, log);
    }
    case 'redis': {
      const { openRedis } = await import('./redis/redis.js');
      return openRedis(address, log);
    }
  }
}
