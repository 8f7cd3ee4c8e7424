import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { outcomeOfNumber } from '../domain/number-outcome.js';
import type { InventoryNumber, NumberOrigin, NumberRecord } from '../domain/number-record.js';
import type { Order } from '../domain/order.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { OrderId } from '../domain/request.js';
import type { Log } from '../ports/log.js';
import type { OrderIndex } from '../ports/order-index.js';
import type { OrderStore } from '../ports/order-store.js';
import { StoreError } from '../ports/store-errors.js';
import type { BoughtBy } from './merge-walk.js';

/** Joins numbers with the orders that bought them. */
export interface Origins {
  /** Never rejects: if the orders can't be read, the origin is not known. */
  join(numbers: readonly InventoryNumber[]): Promise<readonly NumberRecord[]>;
  readonly boughtBy: BoughtBy;
}

/** An order doesn't change once it has delivered, so a number's origin can be cached. */
const ORIGINS_KEPT = 1_000;
/** How many numbers are looked up before yielding to the event loop. */
const LOOKUPS_A_TURN = 50;

export function makeOrigins(deps: {
  index: Pick<OrderIndex, 'ofNumbers'>;
  orders: Pick<OrderStore, 'get'>;
  log: Log;
}): Origins {
  const { index, orders, log } = deps;
  const known = new LRUCache<
    OrderId,
    { readonly delivered: ReadonlySet<PhoneNumber>; readonly origin: NumberOrigin }
  >({
    max: ORIGINS_KEPT,
  });

  const purchase = async (id: OrderId, number: PhoneNumber): Promise<NumberOrigin | undefined> => {
    const kept = known.get(id);
    if (kept?.delivered.has(number)) return kept.origin;
    const order = await orders.get(id);
    if (order?.request.kind !== 'purchase' || outcomeOfNumber(order, number) !== 'done') return undefined;
    const origin = originOf(order);
    if ('outcome' in order) known.set(id, { delivered: new Set(order.outcome.completed), origin });
    return origin;
  };

  /** Throws StoreError. */
  const originsOf = async (
    numbers: readonly PhoneNumber[],
  ): Promise<ReadonlyMap<PhoneNumber, NumberOrigin>> => {
    const found = new Map<PhoneNumber, NumberOrigin>();
    for (const [number, ids] of await index.ofNumbers(numbers)) {
      for (const id of ids) {
        const origin = await purchase(id, number);
        if (origin === undefined) continue;
        found.set(number, origin);
        break;
      }
    }
    return found;
  };

  const ifReadable = async <Result>(read: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await read();
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      log.warn({ err }, 'orders behind numbers could not be read');
      return undefined;
    }
  };

  return {
    async join(numbers) {
      const origins = await ifReadable(() => originsOf(numbers.map(({ number }) => number)));
      return numbers.map(({ bought: _, ...each }) => ({
        ...each,
        origin: origins === undefined ? 'not-known' : (origins.get(each.number) ?? 'unexplained'),
      }));
    },
    boughtBy: (numbers) =>
      ifReadable(async () => {
        const bought = new Map<PhoneNumber, { readonly orderId: OrderId; readonly by: string }>();
        for (let from = 0; from < numbers.length; from += LOOKUPS_A_TURN) {
          for (const [number, origin] of await originsOf(numbers.slice(from, from + LOOKUPS_A_TURN))) {
            bought.set(number, { orderId: origin.orderId, by: origin.requester.userId });
          }
          await yieldToEventLoop();
        }
        return bought;
      }),
  };
}

function originOf(order: Order): NumberOrigin {
  const { id, requester, requestedAt, request, cards } = order;
  const [card] = cards;
  return {
    orderId: id,
    requester,
    requestedAt,
    reason: request.reason,
    ...('approval' in order && order.approval !== undefined ? { approval: order.approval } : {}),
    ...(card.place === undefined ? {} : { card: card.place }),
  };
}
