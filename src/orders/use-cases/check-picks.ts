import type { PhoneNumber } from '../domain/phone-number.js';
import type { NumberInService, OrderId, Wanted } from '../domain/request.js';
import { inTime } from '../in-time.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';

/** The picked numbers of a request. */
export interface CheckedPicks {
  /** Already in service on this account, so no one has to order them. */
  readonly ours: readonly NumberInService[];
  readonly others: readonly PhoneNumber[];
}

/**
 * Finds which picked numbers are already in service on this account. A number that can't be looked up in time counts as
 * not in service, and Bandwidth will reject it if it is. Throws StoreError.
 *
 * @param id of the order being submitted, if it is.
 */
export type CheckPicks = (
  id: OrderId | undefined,
  wanted: Wanted,
  withinMs?: number,
) => Promise<CheckedPicks>;

/** Someone is waiting with the form open, and Slack times out after three seconds. */
const WITHIN_MS = 1_200;
/** Each costs a lookup. A longer list comes from search results, which contain none of our numbers. */
const MAX_LOOKED_UP = 10;

export function makeCheckPicks(deps: {
  carrier: Pick<Carrier, 'lookUpNumbers'>;
  orders: Pick<OrderStore, 'get'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckPicks {
  return async (id, wanted, withinMs = WITHIN_MS) => {
    const numbers = wanted.by === 'numbers' ? wanted.numbers : [];
    const nothingKnown = { ours: [], others: numbers };
    if (numbers.length === 0 || numbers.length > MAX_LOOKED_UP) return nothingKnown;
    // When Slack sends a form twice, its numbers may already have been bought by its own order.
    if (id !== undefined && (await deps.orders.get(id)) !== undefined) return nothingKnown;
    const lookUp = deps.carrier.lookUpNumbers(numbers);
    const standings = await inTime(withinMs, lookUp, deps.clock).catch((err: unknown) => {
      deps.log.warn({ orderId: id, err }, 'lookup of picked numbers failed, continuing without it');
      return undefined;
    });
    const ours = (standings ?? []).flatMap((each) => (each.standing === 'in-service' ? [each.record] : []));
    const known = new Set(ours.map(({ number }) => number));
    return { ours, others: numbers.filter((number) => !known.has(number)) };
  };
}
