import { isFinal } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import { type NumberInService, namedNumbers, type OrderId } from '../domain/request.js';
import type { Carrier, NumberStanding } from '../ports/carrier.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';

/** Why a number can't be disconnected or changed. Each has its sentence in `slack/blocks/answers/number-problems.ts`. */
export type NumberProblem =
  | { readonly number: PhoneNumber; readonly why: 'not-ours' }
  | { readonly number: PhoneNumber; readonly why: 'not-in-service'; readonly status?: string | undefined }
  | { readonly number: PhoneNumber; readonly why: 'in-another-order'; readonly orderId: OrderId }
  /** It is at the location that it's to be moved to. */
  | { readonly number: PhoneNumber; readonly why: 'already-there' }
  /** It has messaging, and the location that it's to be moved to doesn't. */
  | { readonly number: PhoneNumber; readonly why: 'no-messaging-there' }
  /** Its location has no messaging. */
  | { readonly number: PhoneNumber; readonly why: 'no-messaging-here' }
  /** Its messaging is what it's to be changed to. */
  | { readonly number: PhoneNumber; readonly why: 'already-so' }
  /** Toll-free numbers have no 10DLC campaigns. */
  | { readonly number: PhoneNumber; readonly why: 'takes-no-campaign' };

/** `orderId` is the order being requested, so that a form Slack sends twice doesn't conflict with its own order. */
export type CheckNumbers = (
  numbers: readonly PhoneNumber[],
  orderId: OrderId,
) => Promise<
  { readonly inService: readonly NumberInService[] } | { readonly problems: readonly NumberProblem[] }
>;

/**
 * Looks up every number on the account before anyone is asked to approve disconnecting or changing it. One invalid number makes
 * the whole request invalid, so that no one has to guess what was left out. Both answers are in the order asked, each
 * number once. Throws CarrierError or StoreError.
 *
 * Two people who ask at the same moment may both pass. Bandwidth then disconnects a number once and rejects it for the
 * second order (5006, 5218).
 */
export function makeCheckNumbers(deps: {
  carrier: Pick<Carrier, 'lookUpNumbers'>;
  orders: Pick<OrderStore, 'openAbout' | 'get'>;
  log: Log;
}): CheckNumbers {
  return async (numbers, orderId) => {
    const asked = [...new Set(numbers)];
    const standings = byNumber(await deps.carrier.lookUpNumbers(asked));
    // Read last: Bandwidth takes long enough for thousands of numbers that someone else may request one of them.
    const taken = await numbersInOtherOrders(deps.orders, asked, orderId);
    const inService: NumberInService[] = [];
    const problems: NumberProblem[] = [];
    for (const number of asked) {
      const standing = standings.get(number);
      const otherOrder = taken.get(number);
      if (standing === undefined) throw new Error(`the carrier was asked about ${number} and left it out`);
      if (otherOrder !== undefined) problems.push({ number, why: 'in-another-order', orderId: otherOrder });
      else if (standing.standing === 'in-service') inService.push(standing.record);
      else if (standing.standing === 'not-ours') problems.push({ number, why: 'not-ours' });
      else problems.push({ number, why: 'not-in-service', status: standing.status });
    }
    deps.log.info(
      { orderId, asked: asked.length, problems: problems.length },
      'numbers in service looked up',
    );
    return problems.length === 0 ? { inService } : { problems };
  };
}

/** Looked up by the requested numbers, so that a number no one asked about never slips in. */
function byNumber(standings: readonly NumberStanding[]): ReadonlyMap<PhoneNumber, NumberStanding> {
  return new Map(
    standings.map((standing) => [
      standing.standing === 'in-service' ? standing.record.number : standing.number,
      standing,
    ]),
  );
}

/** Returns which of these numbers are in another order that hasn't ended. */
async function numbersInOtherOrders(
  orders: Pick<OrderStore, 'openAbout' | 'get'>,
  numbers: readonly PhoneNumber[],
  except: OrderId,
): Promise<ReadonlyMap<PhoneNumber, OrderId>> {
  const taken = new Map<PhoneNumber, OrderId>();
  for (const id of await orders.openAbout({ numbers })) {
    const order = id === except ? undefined : await orders.get(id);
    if (order === undefined || isFinal(order)) continue;
    for (const number of namedNumbers(order.request)) taken.set(number, id);
  }
  return taken;
}
