import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../orders/ports/leases.js';
import type { Log } from '../orders/ports/log.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

/** When a dead instance's lease expires. Long enough for a brief outage of the store and a busy machine. */
const LIVES_FOR_MS = 10_000;

/**
 * How much of that its holder relies on. SQLite and Redis count whole milliseconds, so an entry may expire almost one
 * early, and the database's clock may run a little faster.
 */
const SAFE_SHARE = 0.99;

/**
 * Leases as entries that expire by the database's clock, so that instances with different clocks agree. While its
 * holder lives, an entry is renewed several times before it expires. Lock libraries support only Redis; these work on
 * PostgreSQL too.
 */
export function makeLeases(deps: {
  leases: Namespace;
  log: Pick<Log, 'debug' | 'error'>;
  livesForMs?: number;
  stopwatch?: () => number;
}): Leases {
  const { leases, log, livesForMs = LIVES_FOR_MS, stopwatch = () => performance.now() } = deps;
  const safeForMs = livesForMs * SAFE_SHARE;

  function hold(what: string, holder: string, since: number): Lease {
    // Measured by a monotonic clock from before the entry was written, so it never outlasts the entry.
    let safeUntil = since + safeForMs;
    let renewing: Promise<void> | undefined;

    const renew = async () => {
      const askedAt = stopwatch();
      try {
        if (await leases.replace(what, holder, holder, livesForMs)) safeUntil = askedAt + safeForMs;
        else safeUntil = 0;
      } catch (err) {
        log.debug({ err, what }, 'lease renewal failed');
      }
    };
    /** Returns false if the store couldn't be reached. */
    const remove = async (): Promise<boolean> => {
      try {
        await leases.removeIfSame(what, holder);
        return true;
      } catch (err) {
        log.debug({ err, what }, 'lease release failed');
        return false;
      }
    };
    const timer = setInterval(() => {
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
    }, livesForMs / 4);
    timer.unref();

    return {
      get lost() {
        return stopwatch() >= safeUntil;
      },
      async giveBack() {
        clearInterval(timer);
        await renewing;
        if (await remove()) return;
        const again = setInterval(async () => {
          if (stopwatch() >= safeUntil || (await remove())) clearInterval(again);
        }, livesForMs / 20);
        again.unref();
      },
    };
  }

  /** When a taken lease was last checked. */
  const lookedAt = new Map<string, number>();

  /**
   * Replaces an unreadable entry, which has no holder and may never expire. It gets an expiry but no holder, so that
   * instances that find it at the same time don't take it from each other.
   */
  async function replaceUnreadable(what: string): Promise<void> {
    const now = stopwatch();
    if (now - (lookedAt.get(what) ?? Number.NEGATIVE_INFINITY) < livesForMs) return;
    lookedAt.set(what, now);
    const stored = await leases.get(what).catch((error: unknown) => {
      if (error instanceof UnreadableEntry) return error;
      throw error;
    });
    if (stored === undefined || typeof stored === 'string') return;
    log.error({ what }, 'lease unreadable, will be free once it expires');
    await leases.set(what, 'nobody', livesForMs);
  }

  return {
    alone: false,
    async take(what) {
      const holder = randomUUID();
      const since = stopwatch();
      if (await leases.insertIfAbsent(what, holder, livesForMs)) {
        lookedAt.delete(what);
        return hold(what, holder, since);
      }
      await replaceUnreadable(what);
      return undefined;
    },
  };
}
