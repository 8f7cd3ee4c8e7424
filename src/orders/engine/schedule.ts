import type { CarrierReport } from '../domain/carrier-report.js';
import type { OrderIn } from '../domain/order.js';
import type { Timestamp } from '../domain/request.js';

/* When an order is looked up again, and when something that failed is tried again. No side effects. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nothing waits longer than this, except a disconnect that can be undone and a request that waits for approval. */
export const MAX_WAIT_MS = HOUR;

/**
 * Whether the time for something has come. A time further away than any wait was set by a clock that has since been
 * corrected, so it counts as passed.
 */
export function isDue(at: Timestamp, now: Timestamp): boolean {
  return at <= now || at > now + MAX_WAIT_MS;
}

/**
 * The longest pause between lookups of an order that Bandwidth is working on, so that a status is at most half a minute
 * old unless the rate limit forbids it.
 */
const MAX_LOOKUP_PAUSE_MS = 15 * SECOND;

/** Most orders end within seconds while people watch the card, so the first lookups come quickly after the POST. */
const QUICK_LOOKUPS = [300, 700, 1_200, 1_900, 2_800, 3_900, 5_200, 7_000, 10_000];

/** Schedules the next lookup of an order placed at `placedAt` that Bandwidth just reported in this status. */
export function nextStatusLookupAt(
  placedAt: Timestamp,
  status: CarrierReport['status'],
  now: Timestamp,
): Timestamp {
  const age = now - placedAt;
  // Missed quick lookups (downtime, a slow Bandwidth) aren't made up for; nor are any if the clock was set back to
  // before the order was placed.
  const quick = age < 0 ? undefined : QUICK_LOOKUPS.find((after) => after > age);
  if (quick !== undefined) return placedAt + quick;
  // A back-order waits days for a number to become available; anything else takes minutes at most.
  return status === 'backordered'
    ? now + between(age / 10, MINUTE, MAX_WAIT_MS)
    : now + between(age / 4, 5 * SECOND, MAX_LOOKUP_PAUSE_MS);
}

/** Like {@link nextStatusLookupAt}, but sooner when someone wants the back-order closed and is waiting. */
export function nextLookupAt(
  { closing, carrierOrder, asking }: OrderIn<'placed'>,
  status: CarrierReport['status'],
  now: Timestamp,
): Timestamp {
  return closing === undefined
    ? nextStatusLookupAt(carrierOrder.placedAt, status, now)
    : nextFindAt(asking.times, now);
}

export function firstStatusLookupAt(now: Timestamp): Timestamp {
  return now + (QUICK_LOOKUPS[0] ?? 0);
}

/**
 * Schedules the next lookup by CustomerOrderId after `times` lookups. Bandwidth may list an order a moment after
 * accepting it, so one empty answer proves nothing.
 */
export function nextFindAt(times: number, now: Timestamp): Timestamp {
  return now + between(SECOND * 2 ** times, SECOND, 5 * MINUTE);
}

/**
 * Returns when to try again after `failures` failures in a row.
 *
 * @param named the time Bandwidth asked us to wait for, if any. If it has passed we still pause, and since Bandwidth's
 *   limits reset within minutes, a distant time is taken for a misunderstanding.
 */
export function nextTryAt(failures: number, now: Timestamp, named: Timestamp = now): Timestamp {
  const ours = now + between(SECOND * 2 ** failures, 2 * SECOND, MINUTE);
  return Math.max(ours, Math.min(named, now + MAX_WAIT_MS));
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
