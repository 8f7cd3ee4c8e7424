import type { OrderId, Timestamp } from '../domain/request.js';
import type { Clock } from '../ports/clock.js';

/** A shorter wait gets its own timer; a longer one is left to the next pass. */
const WORTH_A_TIMER_MS = 10_000;

export function isWorthATimer(at: Timestamp, now: Timestamp): boolean {
  return at - now <= WORTH_A_TIMER_MS;
}

/** At most one timer per order: the earliest that was requested. */
export interface WakeTimers {
  set(id: OrderId, at: Timestamp): void;
  clear(): void;
}

export function makeWakeTimers(clock: Clock, wake: (id: OrderId) => void): WakeTimers {
  const timers = new Map<OrderId, { readonly at: Timestamp; readonly cancel: () => void }>();
  return {
    set(id, at) {
      if (!isWorthATimer(at, clock.now())) return;
      const timer = timers.get(id);
      if (timer !== undefined && timer.at <= at) return;
      timer?.cancel();
      const cancel = clock.wakeAt(at, () => {
        timers.delete(id);
        wake(id);
      });
      timers.set(id, { at, cancel });
    },
    clear() {
      for (const { cancel } of timers.values()) cancel();
      timers.clear();
    },
  };
}
