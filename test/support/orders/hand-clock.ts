import type { Timestamp } from '../../../src/orders/domain/request.js';
import type { Clock } from '../../../src/orders/ports.js';

/** A clock that moves only by hand, and rings every alarm on its way at that alarm's own time. */
export interface HandClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Somebody sets the clock: what it says jumps, alarms still ring after as much time as they were set for. */
  jump(ms: number): void;
  /** What a clock says that nobody sets: that of everybody else. */
  trueTime(): Timestamp;
  /** How many alarms are set. */
  alarms(): number;
}

const MONDAY_MORNING: Timestamp = Date.UTC(2026, 0, 5, 9);

export function makeHandClock(): HandClock {
  /** What a stopwatch would show; alarms go by it, as real timers do. */
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
