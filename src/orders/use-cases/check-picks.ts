import type { PhoneNumber } from '../domain/phone-number.js';
import type { NumberInService, OrderId, Wanted } from '../domain/request.js';
import { inTime } from '../in-time.js';
import type { Carrier, Clock, Log, OrderStore } from '../ports.js';

/** The picked numbers of a request. */
export interface CheckedPicks {
  /** In service on this account already: nobody has to order them. */
  readonly ours: readonly NumberInService[];
  readonly others: readonly PhoneNumber[];
}

/**
 * Which numbers of a request are in service on this account already. One that can't be looked up in time is among the
 * others, and then it is for Bandwidth to refuse it. Throws StoreError.
 */
export type CheckPicks = (id: OrderId, wanted: Wanted) => Promise<CheckedPicks>;

/** Somebody waits with the form open, and Slack gives up after three seconds. */
const WITHIN_MS = 1_200;
/** Each costs a look-up. A longer list comes from search results, which offer no number that is ours. */
const MOST_LOOKED_UP = 10;

export function makeCheckPicks(deps: {
  carrier: Pick<Carrier, 'lookUpNumbers'>;
  orders: Pick<OrderStore, 'get'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckPicks {
  return async (id, wanted) => {
    const numbers = wanted.by === 'numbers' ? wanted.numbers : [];
    const nothingKnown = { ours: [], others: numbers };
    if (numbers.length === 0 || numbers.length > MOST_LOOKED_UP) return nothingKnown;
    // A form that Slack sends twice must not meet the numbers its own order has bought since.
    if ((await deps.orders.get(id)) !== undefined) return nothingKnown;
    const lookUp = deps.carrier.lookUpNumbers(numbers);
    const standings = await inTime(WITHIN_MS, lookUp, deps.clock).catch((err: unknown) => {
      deps.log.warn({ orderId: id, err }, 'number lookup failed, taking the order without it');
      return undefined;
    });
    const ours = (standings ?? []).flatMap((each) => (each.standing === 'in-service' ? [each.record] : []));
    const known = new Set(ours.map(({ number }) => number));
    return { ours, others: numbers.filter((number) => !known.has(number)) };
  };
}
