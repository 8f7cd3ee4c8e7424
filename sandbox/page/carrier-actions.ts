import { z } from 'zod';
import type { LocalBandwidth } from '../local-bandwidth/local-bandwidth.js';
import type { FaultInjection } from './fault-injection.js';

const onOff = z.object({ on: z.boolean() });
const speed = z.object({ delayMs: z.union([z.int().min(0), z.literal('manual')]) });
const plan = z.object({ ends: z.enum(['COMPLETE', 'PARTIAL', 'FAILED', 'BACKORDERED']) });
const otherCustomer = z.object({ number: z.string() });
const pending = z.object({ id: z.string() });

/** A user of the Bandwidth App who makes changes that the bot doesn't know about. */
const COLLEAGUE = 'dashboard-admin';

const digitsOf = (number: string): string => number.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');

/** What can be done on the Bandwidth tab, by name. */
export function carrierActions(bandwidth: LocalBandwidth, faultInjection: FaultInjection) {
  return {
    async setSpeed(given: unknown) {
      const { delayMs } = speed.parse(given);
      bandwidth.set({ orderDelayMs: delayMs });
    },
    async planNext(given: unknown) {
      bandwidth.nextOrder(plan.parse(given));
    },
    async anotherCustomerBuys(given: unknown) {
      const digits = digitsOf(otherCustomer.parse(given).number);
      return bandwidth.anotherCustomerBuys(digits)
        ? { said: `Another customer bought ${digits}.` }
        : { problem: `${digits || 'That number'} isn't available.` };
    },
    /** Somebody else with access to the account orders a number there. */
    async colleagueBuys() {
      const bought = bandwidth.colleagueBuys(COLLEAGUE);
      return bought === undefined
        ? { problem: 'No number is available.' }
        : { said: `${COLLEAGUE} bought ${bought} in the Bandwidth dashboard.` };
    },
    /** Moves one of our numbers to another customer. */
    async portOut(given: unknown) {
      const digits = digitsOf(otherCustomer.parse(given).number);
      const left = digits === '' ? bandwidth.numbersInService()[0] : digits;
      return left !== undefined && bandwidth.leaves(left)
        ? { said: `${left} was ported to another carrier.` }
        : { problem: `${digits || 'That number'} isn't in service on this account.` };
    },
    async finish(given: unknown) {
      bandwidth.finish(pending.parse(given).id);
    },
    async outage(given: unknown) {
      faultInjection.outage(onOff.parse(given).on);
    },
    async slow(given: unknown) {
      faultInjection.slow(onOff.parse(given).on);
    },
    async rateLimit(given: unknown) {
      faultInjection.rateLimit(onOff.parse(given).on);
    },
    async loseAnswer() {
      faultInjection.loseAnswer();
    },
  };
}
