import type { Timestamp } from '../orders/domain/request.js';
import type { Clock } from '../orders/ports/clock.js';

/** Bandwidth's clock, learned from the `Date` header of its answers. */
export interface CarrierClock {
  /** Takes the `Date` of an answer that has just arrived. Without one, our clock is used from here on. */
  learn(date: string | undefined): void;
  /** Undefined until an answer has arrived, and when our clock no longer agrees with the stopwatch. */
  now(): Timestamp | undefined;
}

/**
 * How far our clock and the stopwatch may differ, in milliseconds. More means a clock was changed or the machine slept.
 */
const AGREES_WITHIN_MS = 2_000;

/**
 * Between answers a stopwatch advances the time, because it can't be set. It may stop while the machine sleeps, which
 * the difference from our clock reveals.
 */
export function makeCarrierClock(
  clock: Pick<Clock, 'now'>,
  stopwatch: () => number = () => performance.now(),
): CarrierClock {
  let last: { readonly theirs: Timestamp; readonly ours: Timestamp; readonly stopwatch: number } | undefined;
  return {
    learn(date) {
      const ours = clock.now();
      const theirs = Date.parse(date ?? '');
      last = { theirs: Number.isNaN(theirs) ? ours : theirs, ours, stopwatch: stopwatch() };
    },
    now() {
      if (last === undefined) return undefined;
      const passed = stopwatch() - last.stopwatch;
      const agrees = Math.abs(clock.now() - last.ours - passed) <= AGREES_WITHIN_MS;
      return agrees ? Math.round(last.theirs + passed) : undefined;
    },
  };
}
