import { changeOrder } from '../change-order.js';
import type { HoldIn } from '../domain/hold.js';
import { holdsOf, numbersToHold } from '../domain/holds.js';
import type { Order } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Timestamp } from '../domain/request.js';
import { gone, lapsed } from '../domain/transitions.js';
import { inTime } from '../in-time.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';

/**
 * Records which holds of a waiting order have ended since the last check, and which numbers without a hold are no
 * longer available, so that approving an outdated card is refused.
 */
export type RecheckAvailability = (order: Order) => Promise<void>;

/**
 * A button press has to be answered within three seconds, and an approval must not fail because an answer is missing.
 */
const RECHECK_WITHIN_MS = 1_500;

/** Never throws because of Bandwidth: what can't be learned now will show in the order's outcome. Throws StoreError. */
export function makeRecheckAvailability(deps: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  carrier: Pick<Carrier, 'notOffered' | 'now'>;
  clock: Clock;
  log: Log;
}): RecheckAvailability {
  const { orders, carrier, clock, log } = deps;

  async function withEndedHolds(order: Order): Promise<Order> {
    if (endedHolds(order, carrier.now()).length === 0) return order;
    const changed = await changeOrder<never>(orders, order.id, (current) => {
      const ended = endedHolds(current, carrier.now());
      return current.status === 'awaiting-approval' ? lapsed(current, ended, clock.now()) : current;
    });
    return changed ?? order;
  }

  return async (stored) => {
    const order = await withEndedHolds(stored);
    const doubtful = doubtfulNumbers(order, carrier.now());
    if (doubtful.length === 0) return;
    const missing = await inTime(RECHECK_WITHIN_MS, carrier.notOffered(doubtful), clock).catch(
      (error: unknown) => {
        log.warn({ orderId: order.id, err: error }, 'number availability check failed');
        return undefined;
      },
    );
    if (missing === undefined || missing.length === 0) return;
    await changeOrder(orders, order.id, (current) => {
      const still = doubtfulNumbers(current, carrier.now());
      const lost = missing.filter((number) => still.includes(number));
      return current.status === 'awaiting-approval' ? gone(current, lost, clock.now()) : current;
    });
  };
}

/**
 * Whether it has expired by Bandwidth's clock. Assumes not if that clock isn't known: ours may be wrong, and a number
 * still held for this order would look taken by someone else.
 */
function hasEnded({ until }: HoldIn<'held'>, carrierNow: Timestamp | undefined): boolean {
  return carrierNow !== undefined && until <= carrierNow;
}

function endedHolds(order: Order, carrierNow: Timestamp | undefined): readonly PhoneNumber[] {
  return holdsOf(order).flatMap((hold) =>
    hold.state === 'held' && hasEnded(hold, carrierNow) ? [hold.number] : [],
  );
}

/**
 * Returns the numbers that are neither held nor known to be gone. Excludes numbers with an unanswered hold, which may
 * be held for this very order.
 */
function doubtfulNumbers(order: Order, carrierNow: Timestamp | undefined): readonly PhoneNumber[] {
  const sure = holdsOf(order).filter(
    (hold) =>
      hold.state === 'gone' ||
      hold.state === 'asked' ||
      (hold.state === 'held' && !hasEnded(hold, carrierNow)),
  );
  const known = new Set(sure.map(({ number }) => number));
  return numbersToHold(order.request).filter((number) => !known.has(number));
}
