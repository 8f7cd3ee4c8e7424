import type { OrderId, Timestamp } from '../domain/request.js';
import type { Lease, Leases } from '../ports/leases.js';
import type { LeadershipHandover } from './reachability.js';

/**
 * One run of work that no other instance may do at the same time. The lease is taken only when there is something to
 * do, because most checks of an order find nothing.
 */
export interface LeaseGuard {
  /**
   * Call it before each step. `taken`: another instance is doing it. `acquired`: it is ours from now on, but what was
   * read before may be out of date, so read again.
   */
  acquire(): Promise<'ours' | 'acquired' | 'taken'>;
  end(): Promise<void>;
  /** Whether it is ours, as far as is known without asking. */
  holds(): boolean;
}

export function makeLeaseGuard(leases: Leases, what: string): LeaseGuard {
  let lease: Lease | undefined;
  const end = async () => {
    const held = lease;
    lease = undefined;
    await held?.giveBack();
  };
  return {
    async acquire() {
      if (lease !== undefined && !lease.lost) return 'ours';
      await end();
      lease = await leases.take(what);
      return lease === undefined ? 'taken' : 'acquired';
    },
    end,
    holds: () => lease !== undefined && !lease.lost,
  };
}

/** When to look again at an order that another instance is working on, in case it leaves something undone. */
export const retryLeaseAt = (now: Timestamp): Timestamp => now + 500;

/**
 * Runs the work under a lease of this kind of work for this order alone, so that a slow card doesn't hold up the work
 * with Bandwidth in another instance, or the reverse.
 */
export function underLease(
  leases: Leases,
  kind: string,
  work: (id: OrderId, guard: LeaseGuard) => Promise<void>,
): (id: OrderId) => Promise<void> {
  return async (id) => {
    const guard = makeLeaseGuard(leases, `${kind} ${id}`);
    try {
      await work(id, guard);
    } finally {
      await guard.end();
    }
  };
}

/**
 * Lets only one instance make the passes, because they share Bandwidth's rate limit. Another instance takes over when
 * the leader stops, dies or hands over.
 */
export function makeLeader(leases: Leases, what: string, handOver?: LeadershipHandover) {
  const guard = makeLeaseGuard(leases, what);
  return {
    /** Runs `work` if this instance is the leader; otherwise does nothing. */
    async run(work: () => Promise<void>): Promise<void> {
      if (handOver?.mayTake() === false) return;
      const lease = await guard.acquire();
      if (lease === 'taken') return;
      if (lease === 'acquired') handOver?.took();
      else if (handOver?.isDue()) return guard.end();
      await work();
    },
    end: guard.end,
    /** Whether this instance is the leader. */
    leads: guard.holds,
  };
}

/** For a store that no other instance uses. */
export const alone: Leases = {
  alone: true,
  take: async () => ({ lost: false, giveBack: async () => {} }),
};
