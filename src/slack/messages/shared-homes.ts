import type { Order } from '../../orders/domain/order.js';
import type { OrderId, Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';
import type { OpenedHome, OpenedHomeStore } from '../../orders/ports/home-store.js';
import type { Lease, Leases } from '../../orders/ports/leases.js';
import type { Log } from '../../orders/ports/log.js';
import { StoreError } from '../../orders/ports/store-errors.js';
import { PACE } from './publish-queue.js';

/** Home tabs among instances: whichever changes an order publishes the Home tabs it is on. No method rejects. */
export interface SharedHomes {
  /** Tells the others what was published. */
  note(home: OpenedHome, keptForMs: number): Promise<void>;
  forget(userId: string): void;
  /** Has `found` called with the order and with everyone who has opened a Home tab, within about a second. */
  changed(order: Order): void;
  /**
   * Asks for a background publish. Undefined: it's this instance's turn; otherwise when to ask again. One instance
   * publishes at a time, and holds its turn for as long as the next publish has to wait.
   */
  roomFor(userId: string): Promise<Timestamp | undefined>;
  stop(): Promise<void>;
}

/** In a storm of changes, reading everyone's entry after each would be all that the instances do. */
const LOOK_EVERY_MS = 1_000;

export function makeSharedHomes(deps: {
  readonly opened: OpenedHomeStore;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Called with what is on record, and the orders that have changed. */
  readonly found: (homes: readonly OpenedHome[], orders: readonly Order[]) => void;
}): SharedHomes {
  const { opened, leases, clock, log, found } = deps;
  const changedOrders = new Map<OrderId, Order>();
  const held = new Set<() => Promise<void>>();
  let lookedAt: Timestamp = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  const ifReachable = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      log.warn({ err }, 'home tabs of other instances not known');
      return undefined;
    }
  };

  async function look(): Promise<void> {
    lookedAt = clock.now();
    const orders = [...changedOrders.values()];
    changedOrders.clear();
    found((await ifReachable(() => opened.all())) ?? [], orders);
  }

  function plan(): void {
    if (stopped || changedOrders.size === 0 || cancelTimer !== undefined || looking !== undefined) return;
    cancelTimer = clock.wakeAt(Math.max(clock.now(), lookedAt + LOOK_EVERY_MS), () => {
      cancelTimer = undefined;
      looking = look().finally(() => {
        looking = undefined;
        plan();
      });
    });
  }

  /** Gives the lease back when another publish may follow. */
  function holdFor(lease: Lease, ms: number): void {
    const end = async () => {
      cancel();
      held.delete(end);
      await lease.giveBack();
    };
    const cancel = clock.wakeAt(clock.now() + ms, () => void end());
    held.add(end);
  }

  return {
    async note(home, keptForMs) {
      await ifReachable(() => opened.put(home, keptForMs));
    },
    forget(userId) {
      void ifReachable(() => opened.remove(userId));
    },
    changed(order) {
      changedOrders.set(order.id, order);
      plan();
    },
    async roomFor(userId) {
      const lease = await ifReachable(() => leases.take('home-tabs'));
      const now = clock.now();
      if (lease === undefined) return now + PACE.allMs;
      holdFor(lease, PACE.allMs);
      const home = await ifReachable(() => opened.of(userId));
      if (home === undefined) return undefined;
      found([home], []);
      // Another instance's clock may be ahead.
      const at = Math.min(home.publishedAt, now) + PACE.eachMs;
      return at > now ? at : undefined;
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await looking;
      await Promise.all([...held].map((end) => end()));
    },
  };
}
