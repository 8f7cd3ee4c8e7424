import type { Timestamp } from '../orders/domain/request.js';
import type { Clock } from '../orders/ports/clock.js';
import type { Log } from '../orders/ports/log.js';
import type { LookupsMade, QuotaStore } from '../orders/ports/quota-store.js';
import { backgroundShare, believable, ofLastMinute, type SharedQuota } from './lookup-limit.js';

export interface QuotaSharing extends SharedQuota {
  start(): void;
  /** Doesn't wait for an exchange in progress. */
  stop(): void;
}

/** How often instances exchange their counts, in milliseconds. */
const EVERY_MS = 2_000;
/** An instance without lookups for this long gives up its share, however rare its polling is. */
const IDLE_AFTER_MS = 2 * 60_000;
/** The part of a minute's lookups that an idle instance keeps for when it starts again, small enough to ignore. */
const IDLE_PART = 1 / 30;

/**
 * Shares the lookup limit between instances, because Bandwidth counts their lookups together. Each instance publishes
 * how many it made and how many it reserves until its next update, and only then reads the others. Of two that want the
 * last lookups, at least one sees the other, so together they never exceed the limit. While the store is unreachable,
 * each instance counts alone. No clocks are compared: what is new since the last read counts from then on.
 */
export function makeQuotaSharing(deps: {
  perMinute: number;
  shared: QuotaStore;
  clock: Clock;
  log: Pick<Log, 'debug'>;
}): QuotaSharing {
  const { perMinute, shared, clock, log } = deps;
  const most = backgroundShare(perMinute);
  let ours: Timestamp[] = [];
  let theirs: Timestamp[] = [];
  let total = 0;
  let published: LookupsMade | undefined;
  let known: ReadonlyMap<string, LookupsMade> = new Map();
  let reservedByThem = 0;
  /** How many lookups this instance may still make before its next update. */
  let share = Number.POSITIVE_INFINITY;
  let tookSincePublished = 0;
  let followedAt = Number.NEGATIVE_INFINITY;
  let refusals = 0;
  let refusedUntil = 0;
  let theyAreRefusedUntil = 0;
  let cancelTimer = () => {};
  let stopped = false;

  function unclaimed(): number {
    const now = clock.now();
    ours = ofLastMinute(ours, now);
    theirs = ofLastMinute(theirs, now);
    return Math.max(0, most - ours.length - theirs.length - reservedByThem);
  }

  function announcement(): LookupsMade {
    const left = unclaimed();
    const isIdle = clock.now() - followedAt > IDLE_AFTER_MS;
    const part = isIdle ? perMinute * IDLE_PART : left / (known.size + 1);
    const reserved = Math.min(Math.ceil(part), left);
    share = Math.min(share, reserved);
    tookSincePublished = 0;
    const refusedForMs = Math.max(0, refusedUntil - clock.now());
    return { total, lately: ours.length, reserved, refusals, refusedForMs };
  }

  function addUsage(others: ReadonlyMap<string, LookupsMade>, reserved: number): void {
    const now = clock.now();
    reservedByThem = 0;
    for (const [instance, made] of others) {
      const before = known.get(instance);
      const newLookups = before === undefined ? made.lately : made.total - before.total;
      theirs.push(...Array.from({ length: Math.max(0, newLookups) }, () => now));
      reservedByThem += made.reserved;
      if (made.refusals > (before?.refusals ?? 0)) {
        theyAreRefusedUntil = Math.max(theyAreRefusedUntil, now + made.refusedForMs);
      }
    }
    known = others;
    share = reserved - tookSincePublished;
  }

  async function exchange(): Promise<void> {
    try {
      const mine = announcement();
      if (!isSame(mine, published)) await shared.tell(mine);
      published = mine;
      addUsage(await shared.others(), mine.reserved);
    } catch (err) {
      log.debug({ err }, 'lookup counts of other instances unavailable');
      published = undefined;
      reservedByThem = 0;
      share = Number.POSITIVE_INFINITY;
    }
    if (!stopped) cancelTimer = clock.wakeAt(clock.now() + EVERY_MS, () => void exchange());
  }

  return {
    leaves() {
      const now = clock.now();
      theyAreRefusedUntil = believable(theyAreRefusedUntil, now);
      return theyAreRefusedUntil > now ? 0 : Math.min(unclaimed(), share);
    },
    took(priority) {
      ours.push(clock.now());
      total += 1;
      if (priority === 'interactive') return;
      share -= 1;
      tookSincePublished += 1;
      followedAt = clock.now();
    },
    refused(until) {
      refusals += 1;
      refusedUntil = Math.max(refusedUntil, until);
    },
    start: () => void exchange(),
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}

/** Whether there is nothing new to publish. */
function isSame(mine: LookupsMade, published: LookupsMade | undefined): boolean {
  return (
    mine.total === published?.total &&
    mine.reserved === published.reserved &&
    mine.refusals === published.refusals
  );
}
