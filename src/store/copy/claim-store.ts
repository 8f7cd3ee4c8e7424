import { setTimeout as pause } from 'node:timers/promises';
import type { Lease } from '../../orders/ports/leases.js';
import type { Log } from '../../orders/ports/log.js';
import type { Database } from '../database.js';
import { makeLeases } from '../leases.js';
import { makeNamespace } from '../namespace.js';
import { adapterOf } from '../namespaces.js';

/** A killed app's leases expire by then. */
const WAIT_MS = 13_000;
const LOOK_EVERY_MS = 500;

/** Being alone with a store. */
export interface StoreClaim {
  /** Whether another process may have claimed it. */
  readonly isLost: boolean;
  /** Whether an app has begun to use the store since it was claimed. */
  isShared(): Promise<boolean>;
  release(): Promise<void>;
}

const COPYING = 'copy';

/**
 * Claims a store for a copy, or returns undefined if an app or another copy uses it. An open file is claimed already, by
 * its lock.
 */
export async function claimStore(
  database: Database,
  deps: {
    readonly log: Pick<Log, 'debug' | 'error'>;
    readonly onWait: () => void;
    readonly waitMs?: number;
  },
): Promise<StoreClaim | undefined> {
  const { log, onWait, waitMs = WAIT_MS } = deps;
  if (!database.shared) return { isLost: false, isShared: async () => false, release: async () => {} };
  const entries = makeNamespace('leases', await adapterOf(database, 'leases'));
  const leases = makeLeases({ leases: entries, log });
  const isShared = async () => (await entries.entries()).some(([what]) => what !== COPYING);
  let lease: Lease | undefined;
  const until = performance.now() + waitMs;
  for (let looks = 0; performance.now() < until; looks += 1) {
    lease ??= await leases.take(COPYING);
    if (lease !== undefined && !(await isShared())) return claimOf(lease, isShared);
    if (looks === 0) onWait();
    await pause(LOOK_EVERY_MS);
  }
  await lease?.giveBack();
  return undefined;
}

const claimOf = (lease: Lease, isShared: StoreClaim['isShared']): StoreClaim => ({
  get isLost() {
    return lease.lost;
  },
  isShared,
  release: () => lease.giveBack(),
});
