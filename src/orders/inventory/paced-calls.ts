import type { Timestamp } from '../domain/request.js';
import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { InventorySource } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';

/** Calls that read the account's numbers, spaced so that they leave lookups to orders. */
export interface PacedCalls {
  /**
   * Makes one call when it doesn't hold up others, and repeats it where that helps. Throws CarrierError, or
   * {@link Interrupted} once it is stopped or another instance has taken over.
   */
  call<Result>(make: () => Promise<Result>): Promise<Result>;
  stop(): void;
}

/** Ends a run: the app stops, or another instance continues. */
export class Interrupted extends Error {}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const CALLS_APART_MS = SECOND;
/** The largest part of a minute's lookups that a walk uses. The rest is left to orders. */
const PART_OF_LOOKUPS = 0.5;
const LOOK_AGAIN_MS = 5 * SECOND;
const WAIT_AFTER_429_MS = MINUTE;
const MAX_WAIT_MS = 10 * MINUTE;
/** Waits after a failed call. After the last one, the call fails. */
const RETRY_AFTER_MS = [5 * SECOND, 30 * SECOND];

export function makePacedCalls(deps: {
  source: Pick<InventorySource, 'lookups'>;
  lease: { acquire(): Promise<'ours' | 'acquired' | 'taken'> };
  clock: Clock;
  log: Log;
}): PacedCalls {
  const { source, lease, clock, log } = deps;
  let calledAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let wake = () => {};

  /** Resolves at that time, or as soon as the app stops. */
  const until = (at: Timestamp): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.wakeAt(at, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      if (stopped) wake();
    });

  /** Waits until a call doesn't hold up any others. */
  async function turn(): Promise<void> {
    for (;;) {
      if (stopped) throw new Interrupted();
      const { left, perMinute } = source.lookups();
      const now = clock.now();
      const nextCallAt = calledAt + Math.max(CALLS_APART_MS, MINUTE / (perMinute * PART_OF_LOOKUPS));
      if (now < nextCallAt) await until(nextCallAt);
      // An idle instance that shares the limit with others has few lookups at first, and gets more as it uses them.
      else if (left < 1) await until(now + LOOK_AGAIN_MS);
      else break;
    }
    if ((await lease.acquire()) !== 'ours') throw new Interrupted();
    calledAt = clock.now();
  }

  return {
    async call(make) {
      for (let failures = 0; ; ) {
        await turn();
        try {
          return await make();
        } catch (error) {
          if (!(error instanceof CarrierError)) throw error;
          if (stopped) throw new Interrupted();
          const wait = error.trouble === 'throttled' ? 0 : RETRY_AFTER_MS[failures];
          if (wait === undefined || error.trouble === 'forbidden') throw error;
          const now = clock.now();
          log.info({ err: error }, 'inventory call failed, will retry');
          if (error.trouble === 'throttled') {
            const retryAt = error.retryAt ?? now + WAIT_AFTER_429_MS;
            await until(Math.min(Math.max(retryAt, now + SECOND), now + MAX_WAIT_MS));
          } else {
            failures += 1;
            await until(now + wait);
          }
        }
      }
    },
    stop() {
      stopped = true;
      wake();
    },
  };
}
