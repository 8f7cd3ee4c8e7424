import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { InventorySource, InventoryStore } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { StoreError } from '../ports/store-errors.js';
import type { BoughtBy } from './merge-walk.js';
import { Interrupted, makePacedCalls } from './paced-calls.js';
import { makeRunWalk } from './run-walk.js';
import { nextCheckAt } from './walk-schedule.js';

/** Reads the account's numbers whenever they may have changed. */
export interface InventoryKeeper {
  /** Starts what is due without waiting for it. Call it every few seconds, from the leader only. Never throws. */
  readIfDue(): void;
  /** Somebody is waiting for the first walk, so it starts at once. */
  readNow(): void;
  /** Ends the walk in progress; another process, or the next start, continues it. */
  stop(): Promise<void>;
}

const MINUTE = 60_000;

/** After a start, orders are looked up first. */
const FIRST_AFTER_MS = MINUTE;
/** How long the walk rests when Bandwidth can't be asked. */
const REST_MS = 5 * MINUTE;

export function makeInventoryKeeper(deps: {
  source: InventorySource;
  store: InventoryStore;
  /** Held while a check or a walk is in progress. */
  lease: { acquire(): Promise<'ours' | 'acquired' | 'taken'>; end(): Promise<void> };
  boughtBy?: BoughtBy | undefined;
  clock: Clock;
  log: Log;
}): InventoryKeeper {
  const { lease, clock, log } = deps;
  const calls = makePacedCalls(deps);
  const runWalk = makeRunWalk({ ...deps, call: calls.call });
  let nextAt = clock.now() + FIRST_AFTER_MS;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    try {
      if ((await lease.acquire()) === 'taken') {
        nextAt = clock.now() + MINUTE;
        return;
      }
      const checkedAt = clock.now();
      const walkedSince = await runWalk();
      // What changed during the walk may have been missed.
      nextAt = nextCheckAt(walkedSince ?? checkedAt);
    } catch (error) {
      if (error instanceof Interrupted) {
        nextAt = clock.now() + MINUTE;
        return;
      }
      const expected = error instanceof CarrierError || error instanceof StoreError;
      log[expected ? 'warn' : 'error']({ err: error }, 'inventory walk interrupted, will continue');
      nextAt = clock.now() + (error instanceof StoreError ? MINUTE : REST_MS);
    } finally {
      await lease.end();
    }
  }

  return {
    readIfDue() {
      if (stopped || running !== undefined || clock.now() < nextAt) return;
      running = run().finally(() => {
        running = undefined;
      });
    },
    readNow() {
      if (running === undefined) nextAt = Math.min(nextAt, clock.now());
    },
    async stop() {
      stopped = true;
      calls.stop();
      await running;
    },
  };
}
