import type { Order } from '../../orders/domain/order.js';
import type { OrderId } from '../../orders/domain/request.js';
import type { Log } from '../../orders/ports/log.js';
import type { OrderIndex } from '../../orders/ports/order-index.js';
import type { SortedKeys } from '../sorted-keys.js';
import { makeOrderPages } from './order-pages.js';
import { makeOrdersOfNumbers } from './orders-of-numbers.js';

/** Reads the index that `order-listing.ts` writes. Every key is checked against its order. */
export function makeOrderIndex(deps: {
  readonly keys: SortedKeys;
  readonly get: (id: OrderId) => Promise<Order | undefined>;
  readonly log: Pick<Log, 'warn'>;
}): OrderIndex {
  return { page: makeOrderPages(deps), ofNumbers: makeOrdersOfNumbers(deps) };
}
