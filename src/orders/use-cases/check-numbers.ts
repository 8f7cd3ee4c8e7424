import { isFinal } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import { type NumberInService, namedNumbers, type OrderId } from '../domain/request.js';
import { type Carrier, CarrierError, type Log, type NumberStanding, type OrderStore } from '../ports.js';

/** Why a number cannot be disconnected. Each has its sentence in `slack/blocks/disconnect-problems.ts`. */
export type NumberProblem =
  | { readonly number: PhoneNumber; readonly why: 'not-ours' }
  | { readonly number: PhoneNumber; readonly why: 'not-in-service'; readonly status?: string | undefined }
  | { readonly number: PhoneNumber; readonly why: 'in-another-order'; readonly orderId: OrderId };

/** `orderId` is the order being asked for: a form that Slack sends twice must not meet itself as another order. */
export type CheckNumbers = (
  numbers: readonly PhoneNumber[],
  orderId: OrderId,
) => Promise<
  { readonly inService: readonly NumberInService[] } | { readonly problems: readonly NumberProblem[] }
>;

/**
 * Looks up every number on the account before anybody is asked to approve its end. One that is not ours, does not work
 * or is in another open order of ours spoils the whole request: a person must not have to guess what was left out.
 * Both answers are in the order asked, each number once. Throws CarrierError or StoreError.
 *
 * Two people who ask within the same moment may both pass. Then Bandwidth decides: it lets go of a number once, and
 * refuses it to the second order in its own words (5006, 5218).
 */
export function makeCheckNumbers(deps: {
  carrier: Pick<Carrier, 'lookUpNumbers'>;
  orders: Pick<OrderStore, 'openAbout' | 'get'>;
  log: Log;
}): CheckNumbers {
  return async (numbers, orderId) => {
    const asked = [...new Set(numbers)];
    const standings = byNumber(await deps.carrier.lookUpNumbers(asked));
    // Read last: thousands of numbers take Bandwidth long enough for somebody else to ask for one of them.
    const taken = await otherOpenOrders(deps.orders, asked, orderId);
    const inService: NumberInService[] = [];
    const problems: NumberProblem[] = [];
    for (const number of asked) {
      const standing = standings.get(number);
      const otherOrder = taken.get(number);
      if (standing === undefined) throw passedOver(number);
      if (otherOrder !== undefined) problems.push({ number, why: 'in-another-order', orderId: otherOrder });
      else if (standing.standing === 'in-service') inService.push(standing.record);
      else if (standing.standing === 'not-ours') problems.push({ number, why: 'not-ours' });
      else problems.push({ number, why: 'not-in-service', status: standing.status });
    }
    deps.log.info(
      { orderId, asked: asked.length, problems: problems.length },
      'numbers to disconnect were looked up',
    );
    return problems.length === 0 ? { inService } : { problems };
  };
}

/** Read from the question's side afterwards, so that a number nobody asked about never slips in. */
function byNumber(standings: readonly NumberStanding[]): ReadonlyMap<PhoneNumber, NumberStanding> {
  return new Map(
    standings.map((standing) => [
      standing.standing === 'in-service' ? standing.record.number : standing.number,
      standing,
    ]),
  );
}

function passedOver(number: PhoneNumber): CarrierError {
  return new CarrierError('broken', `Bandwidth was asked about ${number} and did not answer for it`, {
    advice: 'Bandwidth did not answer for every number. Please try again in a minute.',
  });
}

/** Which of these numbers are named in an order, other than this one, that has not ended yet. */
async function otherOpenOrders(
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
