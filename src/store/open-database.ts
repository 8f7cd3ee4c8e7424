import { type Log, StoreError } from '../orders/ports.js';
import type { Database, DatabaseUse } from './database.js';
import { readStoreUrl } from './store-url.js';

/**
 * Opens what `url` names. Each backend is loaded only where it is used, because its driver costs time and memory.
 * Throws {@link StoreError}, and StoreNotReady when it may go well the next time.
 */
export async function openDatabase(url: string, log: Log, use: DatabaseUse = 'writer'): Promise<Database> {
  const address = readStoreUrl(url);
  if ('problem' in address) throw new StoreError(`STORE_URL ${address.problem}`);
  switch (address.kind) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite.js');
      return openSqlite(address.path, { use, log });
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres.js');
      return openPostgres(address, log);
    }
    case 'redis': {
      const { openRedis } = await import('./redis.js');
      return openRedis(address, log);
    }
  }
}
