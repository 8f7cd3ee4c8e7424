import type { Timestamp } from '../../../src/orders/order.js';
import type { Clock } from '../../../src/orders/ports.js';

/** A clock that moves only by hand, and rings every alarm on its way at that alarm's own time. */
export interface HandClock extends Clock {
  advance(ms: number): Promise<void>;
  /** How many alarms are set. */
  alarms(): number;
}

const MONDAY_MORNING = Date.UTC(2026, 0, 5, 9);

export function makeHandClock(): HandClock {
  let now: Timestamp = MONDAY_MORNING;
  const alarms = new Set<{ readonly at: Timestamp; readonly wake: () => void }>();
  const earliest = (until: Timestamp) =>
    [...alarms].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => now,
    wakeAt(at, wake) {
      const alarm = { at, wake };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(ms) {
      const until = now + ms;
      await allQuiet();
      for (let alarm = earliest(until); alarm !== undefined; alarm = earliest(until)) {
        alarms.delete(alarm);
        now = Math.max(now, alarm.at);
        alarm.wake();
        await allQuiet();
      }
      now = until;
    },
    alarms: () => alarms.size,
  };
}

/** Resolves when everything that can happen without the clock has happened: nothing in these tests does real I/O. */
export function allQuiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
