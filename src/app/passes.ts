import type { makeBandwidth } from '../bandwidth/client.js';
import type { Config } from '../config/config.js';
import type { Engine } from '../orders/engine/engine.js';
import { makeLeader } from '../orders/engine/lease-guard.js';
import { makeLeadershipHandover, type Reachability } from '../orders/engine/reachability.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import { makeRemoveOldOrders } from '../orders/use-cases/remove-old-orders.js';
import { makePoller } from '../poller.js';
import type { Store } from '../store/open-store.js';
import type { buildAccountNumbers } from './account-numbers.js';

/** Builds what runs on a schedule: most of it in the leader only, because instances share Bandwidth's rate limit. */
export function buildPasses(deps: {
  config: Pick<Config, 'pollSchedule' | 'keepFinishedMs'>;
  store: Store;
  reachability: Readonly<Record<'Slack' | 'Bandwidth', Reachability>>;
  /** Restores what the store lost, whether or not this instance is the leader. Never rejects. */
  restoreLost: () => Promise<void>;
  engine: Pick<Engine, 'pass'>;
  accountNumbers: Pick<ReturnType<typeof buildAccountNumbers>, 'pass' | 'journalAll'>;
  delegateApprovals: { journalAll(): Promise<void> };
  carrier: Pick<ReturnType<typeof makeBandwidth>, 'now'>;
  clock: Clock;
  log: Log;
}) {
  const { config, store, restoreLost, engine, accountNumbers, delegateApprovals, clock, log } = deps;
  const handOver = makeLeadershipHandover({ dependencies: deps.reachability, clock, log });
  // A single instance has no one to hand over to.
  const leader = makeLeader(store.leases, 'passes', store.leases.alone ? undefined : handOver);
  const keepMs = config.keepFinishedMs;
  const oldOrders =
    keepMs === undefined
      ? undefined
      : makeRemoveOldOrders({ ...store, keepMs, clock, carrierNow: deps.carrier.now, log });
  const poller = makePoller({
    schedule: config.pollSchedule,
    pass: async () => {
      const restored = restoreLost();
      await leader.run(() => {
        accountNumbers.pass();
        void oldOrders?.pass();
        return engine.pass();
      });
      await restored;
      await delegateApprovals.journalAll();
      await accountNumbers.journalAll();
    },
    log,
  });
  return {
    /** Starts the schedule, and the first pass at once. */
    start() {
      poller.start();
      void poller.requestPass();
    },
    /** Starts no more passes and waits for the one that is running. */
    stop: poller.stop,
    /** Waits for the batch of old orders that is being removed, and starts no more. */
    stopRemoval: async () => oldOrders?.stop(),
    /** Whether this instance is the leader. */
    leads: leader.leads,
    /** Lets another instance lead. */
    giveUpLead: leader.end,
  };
}
