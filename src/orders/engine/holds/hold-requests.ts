import type { HoldIn } from '../../domain/hold.js';
import { arrivedBy, ownerOf, USUAL_HOLD_MS } from '../../domain/holds.js';
import type { Order } from '../../domain/order.js';
import type { PhoneNumber } from '../../domain/phone-number.js';
import type { Timestamp } from '../../domain/request.js';
import { type Carrier, CarrierError, type CarrierTrouble } from '../../ports/carrier.js';
import type { OrderStore } from '../../ports/order-store.js';
import type { Attempt } from './hold-attempts.js';
import { otherOpenOrders } from './other-open-orders.js';

/** Requests holds from Bandwidth and finds out what came of requests. All times are by Bandwidth's clock. */
export interface HoldRequests {
  /** Returns the time by Bandwidth's clock, from a lookup of this number if it isn't known. Throws CarrierError or ClockWasSet. */
  readCarrierTime(number: PhoneNumber): Promise<Timestamp>;
  /** Requests holds that are already on record as sent at `sentAt`. */
  requestAll(numbers: readonly PhoneNumber[], sentAt: Timestamp): Promise<readonly Attempt[]>;
  /** Finds out what came of a request that was never answered. */
  lookUp(hold: HoldIn<'asked'>, order: Order): Promise<Attempt>;
}

/** The time by Bandwidth's clock is unknown although Bandwidth answered. */
export class ClockWasSet extends Error {}

/** Refusals that Bandwidth would repeat. */
const lasting: readonly CarrierTrouble[] = ['refused', 'forbidden', 'missing'];

/** A request must be sent within this fraction of the time after which others look it up. */
const LEAVES_WITHIN = 1 / 5;

export function makeHoldRequests(deps: {
  orders: Pick<OrderStore, 'get' | 'openAbout'>;
  carrier: Pick<Carrier, 'hold' | 'findHold' | 'now'>;
  /** How long after it was recorded a request has either taken effect or never will. */
  requestWithinMs: number;
}): HoldRequests {
  const { orders, carrier, requestWithinMs } = deps;
  /** From the last answer: it may be a setting of the account. */
  let keptForMs = USUAL_HOLD_MS;

  async function readCarrierTime(number: PhoneNumber): Promise<Timestamp> {
    const known = carrier.now();
    if (known !== undefined) return known;
    const failure = await carrier.findHold(number).then(
      () => undefined,
      (error: unknown) => error,
    );
    const told = carrier.now();
    if (told !== undefined) return told;
    throw failure ?? new ClockWasSet('our clock was set while Bandwidth was asked for the time');
  }

  async function askFor(number: PhoneNumber, at: Timestamp): Promise<Attempt> {
    try {
      const answer = await carrier.hold(number);
      if (answer.outcome === 'unavailable-for-account') return { number, at, outcome: 'unavailable' };
      if (answer.outcome === 'gone') return { number, at, outcome: 'gone' };
      keptForMs = answer.until - at;
      return { ...answer, number, at };
    } catch (error) {
      if (error instanceof CarrierError && lasting.includes(error.trouble)) {
        return { number, at, outcome: 'unavailable', advice: error.advice };
      }
      return { number, at, outcome: 'no-answer', error };
    }
  }

  return {
    readCarrierTime,
    async requestAll(numbers, sentAt) {
      const carrierNow = carrier.now();
      // If this process was suspended, others may have taken it for dead and looked up its requests already.
      if (carrierNow === undefined || carrierNow - sentAt > requestWithinMs * LEAVES_WITHIN) {
        return numbers.map((number) => ({ number, at: sentAt, outcome: 'not-yet' }));
      }
      return Promise.all(numbers.map((number) => askFor(number, sentAt)));
    },
    async lookUp(hold, order) {
      const { number, at } = hold;
      try {
        const carrierNow = await readCarrierTime(number);
        const found = await carrier.findHold(number);
        const mayYet = arrivedBy(hold, requestWithinMs) > carrierNow;
        if (found === undefined) return { number, at, outcome: mayYet ? 'not-yet' : 'no-effect' };
        const others = await otherOpenOrders(orders, order.id, { numbers: [number] });
        const owner = ownerOf(found, hold, order, others, { carrierNow, requestWithinMs, keptForMs });
        if (owner === 'ours') return { ...found, number, at, outcome: 'held' };
        // If that reservation were released now, ours could still succeed.
        return { number, at, outcome: mayYet || owner === 'not-known' ? 'not-yet' : 'gone' };
      } catch (error) {
        return { number, at, outcome: 'no-answer', error };
      }
    },
  };
}
