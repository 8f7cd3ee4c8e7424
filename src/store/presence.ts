import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lease, Leases } from '../orders/ports/leases.js';
import type { Log } from '../orders/ports/log.js';

/** How often a lease that was lost in an outage is taken again. */
const EVERY_MS = 2_500;
/** Stopping the app never takes longer than this for the lease, which expires by itself. */
const LEAVE_WITHIN_MS = 500;

export interface Presence {
  end(): Promise<void>;
}

/** What the lease of a running app is called. */
const presenceOf = (instance: string): string => `instance ${instance}`;

/**
 * Keeps a lease while an app uses a database on a server, as a file's lock does for SQLite: a program that must be alone
 * with the database can tell that it isn't.
 */
export async function announcePresence(leases: Leases, log: Pick<Log, 'debug'>): Promise<Presence> {
  const what = presenceOf(randomUUID());
  let lease: Lease | undefined;
  let taking: Promise<void> | undefined;
  const take = async () => {
    if (lease !== undefined && !lease.lost) return;
    const lost = lease;
    lease = undefined;
    try {
      await lost?.giveBack();
      lease = await leases.take(what);
    } catch (err) {
      log.debug({ err }, 'presence not announced, will retry');
    }
  };
  await take();
  const timer = setInterval(() => {
    taking ??= take().finally(() => {
      taking = undefined;
    });
  }, EVERY_MS);
  timer.unref();
  return {
    async end() {
      clearInterval(timer);
      const left = Promise.resolve(taking).then(() => lease?.giveBack());
      await Promise.race([left, pause(LEAVE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}
