import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';

/** How many calls of a kind per minute succeed while the rate is limited. */
const CALLS_PER_MINUTE = 3;
/** Until someone turns it off. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;
const LOST = 'reset-after-accept';
/** Longer than people expect, shorter than the app's timeout. */
const SLOW_MS = 5_000;

export type FaultInjection = ReturnType<typeof makeFaultInjection>;

/** Switches for problems between the app and Bandwidth, and their current state. */
export function makeFaultInjection(bandwidth: LocalBandwidth) {
  let endOutage: (() => void) | undefined;
  let endSlowness: (() => void) | undefined;
  let rateLimited = false;

  function slow(on: boolean): void {
    endSlowness?.();
    endSlowness = on ? bandwidth.fail({ how: 'slow', afterMs: SLOW_MS, times: FOR_GOOD }) : undefined;
  }
  /** The first fault that fits a request affects it, and slowness fits every request. */
  function keepSlownessLast(): void {
    if (endSlowness !== undefined) slow(true);
  }

  return {
    now: () => ({
      slow: endSlowness !== undefined,
      outage: endOutage !== undefined,
      rateLimited,
      answersToLose: bandwidth.faultsWaiting().filter(({ how }) => how === LOST).length,
    }),

    /** Every call is refused with 503 and an empty body. */
    outage(on: boolean): void {
      endOutage?.();
      endOutage = on ? bandwidth.fail({ how: 503, times: FOR_GOOD }) : undefined;
      keepSlownessLast();
    },
    /** Every answer takes {@link SLOW_MS}. */
    slow,
    rateLimit(on: boolean): void {
      rateLimited = on;
      bandwidth.limitRate(on ? { perMinute: CALLS_PER_MINUTE } : undefined);
    },
    /** Bandwidth accepts the next order or disconnect, but the connection breaks before its answer. */
    loseAnswer(): void {
      bandwidth.fail({ method: 'POST', path: /\/(?:orders|disconnects)$/, how: LOST });
      keepSlownessLast();
    },
  };
}
