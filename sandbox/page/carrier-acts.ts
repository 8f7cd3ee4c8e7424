import { z } from 'zod';
import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { FaultInjection } from './fault-injection.js';

const onOff = z.object({ on: z.boolean() });
const speed = z.object({ delayMs: z.union([z.int().min(0), z.literal('manual')]) });
const plan = z.object({ ends: z.enum(['COMPLETE', 'PARTIAL', 'FAILED', 'BACKORDERED']) });
const rival = z.object({ number: z.string() });
const pending = z.object({ id: z.string() });

/** What can be done on the Bandwidth tab, by name. */
export function carrierActs(bandwidth: LocalBandwidth, faultInjection: FaultInjection) {
  return {
    async setSpeed(given: unknown) {
      const { delayMs } = speed.parse(given);
      bandwidth.set({ orderDelayMs: delayMs });
    },
    async planNext(given: unknown) {
      bandwidth.nextOrder(plan.parse(given));
    },
    async rivalBuys(given: unknown) {
      const digits = rival
        .parse(given)
        .number.replace(/\D/g, '')
        .replace(/^1(?=\d{10}$)/, '');
      return bandwidth.rivalBuys(digits)
        ? { said: `Another customer bought ${digits}.` }
        : { problem: `${digits || 'That number'} isn't available.` };
    },
    async finish(given: unknown) {
      bandwidth.finish(pending.parse(given).id);
    },
    async outage(given: unknown) {
      faultInjection.outage(onOff.parse(given).on);
    },
    async rateLimit(given: unknown) {
      faultInjection.rateLimit(onOff.parse(given).on);
    },
    async loseAnswer() {
      faultInjection.loseAnswer();
    },
  };
}
