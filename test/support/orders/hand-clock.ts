import type { Timestamp } from '../../../src/orders/domain/request.js';
import type { Clock } from '../../../src/orders/ports/clock.js';

/** A clock that moves only by hand, and fires every timer on its way at that timer's own time. */
export interface HandClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Sets the clock: the time jumps, but timers still fire after the time they were set for. */
  jump(ms: number): void;
  /** The time of a clock that nobody sets, such as everyone else's. */
  trueTime(): Timestamp;
  /** How many timers are set. */
  alarms(): number;
}

const MONDAY_MORNING: Timestamp = Date.UTC(2026, 0, 5, 9);

export function makeHandClock(): HandClock {
  /** What a stopwatch would show; timers follow it, as real ones do. */
  let elapsed = 0;
  let set = MONDAY_MORNING;
  const alarms = new Set<{ readonly at: number; readonly wake: () => void }>();
  const earliest = (until: number) =>
    [...alarms].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => set + elapsed,
    trueTime: () => MONDAY_MORNING + elapsed,
    wakeAt(at, wake) {
      const alarm = { at: at - set, wake };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(ms) {
      const until = elapsed + ms;
      await allQuiet();
      for (let alarm = earliest(until); alarm !== undefined; alarm = earliest(until)) {
        alarms.delete(alarm);
        elapsed = Math.max(elapsed, alarm.at);
        alarm.wake();
        await allQuiet();
      }
      elapsed = until;
    },
    jump(ms) {
      set += ms;
    },
    alarms: () => alarms.size,
  };
}

/** Resolves when everything that can happen without the clock has happened: nothing in these tests does real I/O. */
export function allQuiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
