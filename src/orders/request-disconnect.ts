import { isFinal, type NumberInService, namedNumbers, type OrderId } from './order.js';
import type { PhoneNumber } from './phone-number.js';
import type { Carrier, Log, OrderStore } from './ports.js';

/** Why a number cannot be disconnected. Each has its sentence in `slack/blocks/disconnect-problems.ts`. */
export type NumberProblem =
  | { readonly number: PhoneNumber; readonly why: 'not-ours' }
  | { readonly number: PhoneNumber; readonly why: 'not-in-service'; readonly status: string }
  | { readonly number: PhoneNumber; readonly why: 'in-another-order'; readonly orderId: OrderId };

export type CheckNumbers = (
  numbers: readonly PhoneNumber[],
) => Promise<
  { readonly inService: readonly NumberInService[] } | { readonly problems: readonly NumberProblem[] }
>;

/**
 * Looks up every number on the account before anybody is asked to approve its end. One that is not ours, does not work
 * or is in another open order of ours spoils the whole request: a person must not have to guess what was left out.
 * Throws CarrierError or StoreError.
 */
export function makeCheckNumbers(needs: {
  carrier: Pick<Carrier, 'lookUpNumbers'>;
  orders: Pick<OrderStore, 'open' | 'get'>;
  log: Log;
}): CheckNumbers {
  return async (numbers) => {
    const [standings, taken] = await Promise.all([
      needs.carrier.lookUpNumbers(numbers),
      openOrderOf(needs.orders),
    ]);
    const inService: NumberInService[] = [];
    const problems: NumberProblem[] = [];
    for (const standing of standings) {
      const number = standing.standing === 'in-service' ? standing.record.number : standing.number;
      const orderId = taken.get(number);
      if (orderId !== undefined) problems.push({ number, why: 'in-another-order', orderId });
      else if (standing.standing === 'in-service') inService.push(standing.record);
      else if (standing.standing === 'not-ours') problems.push({ number, why: 'not-ours' });
      else problems.push({ number, why: 'not-in-service', status: standing.status });
    }
    return problems.length === 0 ? { inService } : { problems };
  };
}

/** Which numbers are named in an order that has not ended yet. */
async function openOrderOf(
  orders: Pick<OrderStore, 'open' | 'get'>,
): Promise<ReadonlyMap<PhoneNumber, OrderId>> {
  const taken = new Map<PhoneNumber, OrderId>();
  for (const id of await orders.open()) {
    const order = await orders.get(id);
    if (order === undefined || isFinal(order)) continue;
    for (const number of namedNumbers(order.request)) taken.set(number, id);
  }
  return taken;
}
