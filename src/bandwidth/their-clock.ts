import type { Timestamp } from '../orders/domain/request.js';
import type { Clock } from '../orders/ports.js';

/** What Bandwidth's clock says, told from the `Date` of its answers. */
export interface TheirClock {
  /** An answer with this `Date` has just arrived. Where it has none, our clock has to do from here on. */
  learn(date: string | undefined): void;
  /** Undefined until an answer has arrived, and again once our clock no longer agrees with a stopwatch. */
  now(): Timestamp | undefined;
}

/** Our clock and the stopwatch may differ by this much; more, and one was set or the machine slept. */
const AGREES_WITHIN_MS = 2_000;

/**
 * Between two answers a stopwatch counts on, which nobody can set. But it may stand still while the machine sleeps; our
 * clock, which then goes on, gives that away.
 */
export function makeTheirClock(
  clock: Pick<Clock, 'now'>,
  stopwatch: () => number = () => performance.now(),
): TheirClock {
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
