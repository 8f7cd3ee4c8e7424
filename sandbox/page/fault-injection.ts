import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';

/** How few calls of a kind a minute are let through when the rate is limited. */
const CALLS_PER_MINUTE = 3;
/** Until it is switched off again. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;
const LOST = 'reset-after-accept';

export type FaultInjection = ReturnType<typeof makeFaultInjection>;

/** What can be made to go wrong between the app and Bandwidth, and what is wrong now. */
export function makeFaultInjection(bandwidth: LocalBandwidth) {
  let endOutage: (() => void) | undefined;
  let rateLimited = false;

  return {
    now: () => ({
      outage: endOutage !== undefined,
      rateLimited,
      answersToLose: bandwidth.faultsWaiting().filter(({ how }) => how === LOST).length,
    }),

    /** Every call is refused with 503 and an empty body. */
    outage(on: boolean): void {
      endOutage?.();
      endOutage = on ? bandwidth.fail({ how: 503, times: FOR_GOOD }) : undefined;
    },
    rateLimit(on: boolean): void {
      rateLimited = on;
      bandwidth.limitRate(on ? { perMinute: CALLS_PER_MINUTE } : undefined);
    },
    /** Bandwidth takes the next order or disconnect, but the connection breaks before its answer. */
    loseAnswer(): void {
      bandwidth.fail({ method: 'POST', path: /\/(?:orders|disconnects)$/, how: LOST });
    },
  };
}
