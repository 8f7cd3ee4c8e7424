import type { OpenCarrierStatus } from '../../domain/carrier-report.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { Carrier } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { makeKeyedQueue } from '../keyed-queue.js';
import type { OpenOrders } from './open-orders.js';
import { makeOrderListSync } from './order-list-sync.js';
import { planLookups } from './plan-lookups.js';

/** Learns the status of the open orders from Bandwidth, with as few lookups as possible. */
export interface LookupLoop {
  /**
   * Makes every lookup that is due and allowed now, as part of a pass; resolves when they are answered. Never rejects.
   */
  lookUpDue(): Promise<void>;
  /** Call it when an order was placed or someone requested a lookup, so that it doesn't wait for the next pass. */
  soon(): void;
  stop(): Promise<void>;
}

/** The part of a minute's lookups that may be made at once after a quiet time; the rest is spread evenly. */
const AT_ONCE_OF_A_MINUTE = 1 / 4;

export function makeLookupLoop(deps: {
  carrier: Pick<Carrier, 'listOrders' | 'lookups'>;
  open: OpenOrders;
  /** Whether no other instance makes lookups for the orders known here. */
  alone: boolean;
  /** Looks up these orders one by one, a few at a time. */
  lookUp: (ids: readonly OrderId[]) => Promise<void>;
  /** The list shows an open order in a different open status. */
  statusChanged: (id: OrderId, status: OpenCarrierStatus) => Promise<void>;
  clock: Clock;
  log: Log;
}): LookupLoop {
  const { carrier, open, clock, log } = deps;
  const lists = makeOrderListSync({ carrier, open, statusChanged: deps.statusChanged, clock, log });
  const pace = makePace();
  const queue = makeKeyedQueue(runLookups, (_, err) => log.error({ err }, 'background lookups interrupted'));
  let lastLookupAt: Timestamp = 0;
  let timer: { readonly at: Timestamp; readonly cancel: () => void } | undefined;
  let inPass = false;
  let stopped = false;

  async function runLookups(): Promise<void> {
    // Between passes, what is known here about other orders may be out of date; the leader looks those up.
    const orders = deps.alone || inPass ? open.placed : open.prompt;
    inPass = false;
    // A list may reveal more to look up. Each iteration leaves less that is due or less that is allowed, so the loop
    // ends.
    while (!stopped) {
      const now = clock.now();
      const { left, perMinute } = carrier.lookups();
      const allowance = Math.min(left, pace.allows(now, perMinute));
      const plan = planLookups({
        now,
        orders: orders(),
        lists: lists.known(),
        allowance,
        lastLookupAt,
      });
      if (plan.lookUp.length + plan.list.length === 0) break;
      if (plan.lookUp.length > 0) lastLookupAt = now;
      pace.spend(plan.lookUp.length + plan.list.reduce((sum, { pages }) => sum + pages, 0));
      await Promise.all([
        deps.lookUp(plan.lookUp),
        ...plan.list.map(({ kind, since, pages }) => lists.read(kind, since, pages)),
      ]);
    }
    soon();
  }

  function soon(): void {
    const at = open.nextPromptLookupAt();
    if (stopped || at === undefined || (timer !== undefined && timer.at <= at)) return;
    timer?.cancel();
    const cancel = clock.wakeAt(at, () => {
      timer = undefined;
      void queue.enqueue('lookups');
    });
    timer = { at, cancel };
  }

  return {
    lookUpDue() {
      inPass = true;
      return queue.enqueue('lookups');
    },
    soon,
    async stop() {
      stopped = true;
      timer?.cancel();
      await queue.idle();
    },
  };
}

/** Spreads a minute's lookups over the minute, so that some are always left. */
function makePace() {
  let tokens: number | undefined;
  let filledAt = 0;
  return {
    allows(now: Timestamp, perMinute: number): number {
      const most = Math.max(1, perMinute * AT_ONCE_OF_A_MINUTE);
      const gained = (Math.max(0, now - filledAt) / 60_000) * perMinute;
      tokens = Math.min(most, (tokens ?? most) + gained);
      filledAt = now;
      return tokens;
    },
    spend(count: number) {
      tokens = (tokens ?? 0) - count;
    },
  };
}
