import type { OrderId } from '../../domain/request.js';
import { CarrierError } from '../../ports/carrier.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { nextTryAt } from '../schedule.js';
import type { Attempt } from './hold-attempts.js';
import { ClockWasSet } from './hold-requests.js';
import type { HoldTrouble } from './next-hold-step.js';

/** Remembers for which orders holding or releasing failed, and when it is tried again. */
export interface HoldTroubles {
  of(id: OrderId): HoldTrouble | undefined;
  /**
   * Learns from these attempts. If any failed or isn't known yet, they are tried again after a growing pause.
   *
   * @param message what the log says if any failed.
   */
  note(id: OrderId, attempts: readonly Attempt[], message: string): void;
  forget(id: OrderId): void;
}

export function makeHoldTroubles(clock: Pick<Clock, 'now'>, log: Log): HoldTroubles {
  const troubles = new Map<OrderId, HoldTrouble>();
  return {
    of: (id) => troubles.get(id),
    note(id, attempts, message) {
      const errors = attempts.flatMap((each) => (each.outcome === 'no-answer' ? [each.error] : []));
      const isOpen = errors.length > 0 || attempts.some(({ outcome }) => outcome === 'not-yet');
      if (!isOpen) return void troubles.delete(id);
      const failures = (troubles.get(id)?.failures ?? 0) + 1;
      const named = errors.flatMap((error) => (error instanceof CarrierError ? (error.retryAt ?? []) : []));
      const at = clock.now();
      const nextAt = nextTryAt(failures, at, named.length > 0 ? Math.max(...named) : undefined);
      troubles.set(id, { failures, at, nextAt });
      if (errors.length === 0) return;
      const foreseen = errors.every((error) => error instanceof CarrierError || error instanceof ClockWasSet);
      log[foreseen ? 'warn' : 'error']({ orderId: id, err: errors[0] }, message);
    },
    forget: (id) => void troubles.delete(id),
  };
}
