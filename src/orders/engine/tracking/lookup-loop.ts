import type { OpenCarrierStatus } from '../../domain/carrier-report.js';
import type { OrderId, Timestamp } from '../../domain/request.js';
import type { Carrier, Clock, Log } from '../../ports.js';
import { makeKeyedQueue } from '../keyed-queue.js';
import type { OpenOrders } from './open-orders.js';
import { makeOrderListSync } from './order-list-sync.js';
import { planLookups } from './plan-lookups.js';

/** Learns from Bandwidth how the open orders go, with as few look-ups as it takes. */
export interface LookupLoop {
  /** In a pass: asks everything that is due and may be asked now; resolves when it has been answered. Never rejects. */
  look(): Promise<void>;
  /** An order was placed, or somebody called for a look at it: when that is due, it comes without waiting for a pass. */
  soon(): void;
  stop(): Promise<void>;
}

/** As much as may be asked at once after a quiet time, as a part of a minute's look-ups; then they are spread evenly. */
const AT_ONCE_OF_A_MINUTE = 1 / 4;

export function makeLookupLoop(deps: {
  carrier: Pick<Carrier, 'listOrders' | 'lookups'>;
  open: OpenOrders;
  /** No other instance looks after the orders that this one knows of. */
  alone: boolean;
  /** Asks about these orders one by one, some at a time. */
  ask: (ids: readonly OrderId[]) => Promise<void>;
  /** The list shows an open order in another open status. */
  moved: (id: OrderId, status: OpenCarrierStatus) => Promise<void>;
  clock: Clock;
  log: Log;
}): LookupLoop {
  const { carrier, open, clock, log } = deps;
  const lists = makeOrderListSync({ carrier, open, moved: deps.moved, clock, log });
  const pace = makePace();
  const lane = makeKeyedQueue(lookAround, (_, err) =>
    log.error({ err }, 'looking after the open orders broke off'),
  );
  let lastAskedAt: Timestamp = 0;
  let alarm: { readonly at: Timestamp; readonly callOff: () => void } | undefined;
  let inPass = false;
  let stopped = false;

  async function lookAround(): Promise<void> {
    // Between passes, what is known here of other orders may be long out of date: who makes the passes asks about them.
    const orders = deps.alone || inPass ? open.placed : open.prompt;
    inPass = false;
    // What a list tells may call for more at once; each turn leaves less that is due, or less that may be asked.
    while (!stopped) {
      const now = clock.now();
      const { left, perMinute } = carrier.lookups();
      const allowance = Math.min(left, pace.allows(now, perMinute));
      const plan = planLookups({ now, orders: orders(), lists: lists.known(), allowance, lastAskedAt });
      if (plan.ask.length + plan.list.length === 0) break;
      if (plan.ask.length > 0) lastAskedAt = now;
      pace.spend(plan.ask.length + plan.list.reduce((sum, { pages }) => sum + pages, 0));
      await Promise.all([
        deps.ask(plan.ask),
        ...plan.list.map(({ kind, since, pages }) => lists.read(kind, since, pages)),
      ]);
    }
    soon();
  }

  function soon(): void {
    const at = open.nextPromptLook();
    if (stopped || at === undefined || (alarm !== undefined && alarm.at <= at)) return;
    alarm?.callOff();
    const callOff = clock.wakeAt(at, () => {
      alarm = undefined;
      void lane.ask('lookups');
    });
    alarm = { at, callOff };
  }

  return {
    look() {
      inPass = true;
      return lane.ask('lookups');
    },
    soon,
    async stop() {
      stopped = true;
      alarm?.callOff();
      await lane.idle();
    },
  };
}

/** Spreads a minute's look-ups over the minute, so that there are some left at any time. */
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
