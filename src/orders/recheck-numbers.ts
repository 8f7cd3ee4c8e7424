import { changeOrder } from './change-order.js';
import { holdsOf, numbersToHold } from './holds.js';
import type { Order, Timestamp } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import type { Carrier, Clock, Log, OrderStore } from './ports.js';
import { gone } from './transitions.js';

/** Looks whether the numbers of a waiting order that nobody holds can still be had, and puts on record which cannot. */
export type RecheckNumbers = (order: Order) => Promise<void>;

/** Whoever presses a button waits three seconds at most, and an approval must not fail for want of an answer. */
const RECHECK_WITHIN_MS = 1_500;

/** Never throws for Bandwidth's sake: what cannot be known now, the order's own outcome tells. Throws StoreError. */
export function makeRecheckNumbers(needs: {
  orders: Pick<OrderStore, 'get' | 'replace'>;
  carrier: Pick<Carrier, 'notOffered'>;
  clock: Clock;
  log: Log;
}): RecheckNumbers {
  const { orders, carrier, clock, log } = needs;
  return async (order) => {
    const doubtful = doubtfulNumbers(order, clock.now());
    if (doubtful.length === 0) return;
    const missing = await inTime(clock, carrier.notOffered(doubtful)).catch((error: unknown) => {
      log.warn({ orderId: order.id, err: error }, 'whether the numbers can still be had cannot be seen');
      return undefined;
    });
    if (missing === undefined || missing.length === 0) return;
    await changeOrder(orders, order.id, (current) => {
      const now = clock.now();
      const still = doubtfulNumbers(current, now);
      const lost = missing.filter((number) => still.includes(number));
      return current.status === 'awaiting-approval' ? gone(current, lost, now) : current;
    });
  };
}

/**
 * Neither held nor known to be gone. Of a number whose hold was asked for and not answered nothing can be said: it may be
 * kept aside for this very order.
 */
function doubtfulNumbers(order: Order, now: Timestamp): readonly PhoneNumber[] {
  const sure = holdsOf(order).filter(
    (hold) => hold.state === 'gone' || hold.state === 'asked' || (hold.state === 'held' && hold.until > now),
  );
  const known = new Set(sure.map(({ number }) => number));
  return numbersToHold(order.request).filter((number) => !known.has(number));
}

/** Undefined when it takes too long. */
async function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T | undefined> {
  let callOff = () => {};
  const tooLate = new Promise<undefined>((resolve) => {
    callOff = clock.wakeAt(clock.now() + RECHECK_WITHIN_MS, () => resolve(undefined));
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    callOff();
  }
}
