import { statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { orderStatusOnRecord } from '../read-database.js';
import { postgres, redis } from '../store-servers.js';

export const storeKinds = ['sqlite', 'postgres', 'redis'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** Where the app of one run keeps its orders. */
export interface Records {
  readonly storeUrl: string;
  statusOf(orderId: string): Promise<string | undefined>;
  discard(): Promise<void>;
}

/** @param onWrite called when a file was written. Writes to a database server can't be seen. */
export function makeRecords(kind: StoreKind, folder: string, onWrite: () => void): Records {
  if (kind === 'sqlite') return inFile(folder, onWrite);
  const server = kind === 'postgres' ? postgres : redis;
  const storeUrl = server.fresh();
  return {
    storeUrl,
    statusOf: (orderId) => server.statusOnRecord(storeUrl, orderId),
    discard: () => server.discard(storeUrl),
  };
}

function inFile(folder: string, onWrite: () => void): Records {
  const file = join(folder, 'numbers.db');
  let written = 0;
  const watcher = watch(folder, (_event, name) => {
    if (name !== 'numbers.db-wal') return;
    const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size > written) onWrite();
    written = size;
  });
  return {
    storeUrl: `sqlite:${file}`,
    statusOf: async (orderId) => orderStatusOnRecord(file, orderId),
    discard: async () => watcher.close(),
  };
}
