import type { Timestamp } from '../../../src/orders/domain/request.js';
import type { Clock } from '../../../src/orders/ports/clock.js';

/** A clock that moves only by hand, and fires every timer on its way at that timer's own time. */
export interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Sets the clock: the time jumps, but timers still fire after the time they were set for. */
  jump(ms: number): void;
  /** The time of a clock that nobody sets, such as everyone else's. */
  trueTime(): Timestamp;
  /** How many timers are set. */
  timers(): number;
}

const MONDAY_MORNING: Timestamp = Date.UTC(2026, 0, 5, 9);

export function makeManualClock(): ManualClock {
  /** What a stopwatch would show; timers follow it, as real ones do. */
  let elapsed = 0;
  let set = MONDAY_MORNING;
  const timers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const earliest = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => set + elapsed,
    trueTime: () => MONDAY_MORNING + elapsed,
    wakeAt(at, wake) {
      const timer = { at: at - set, wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = elapsed + ms;
      await allQuiet();
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer);
        elapsed = Math.max(elapsed, timer.at);
        timer.wake();
        await allQuiet();
      }
      elapsed = until;
    },
    jump(ms) {
      set += ms;
    },
    timers: () => timers.size,
  };
}

/** Resolves when everything that can happen without the clock has happened: nothing in these tests does real I/O. */
export function allQuiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
