import type { OrderId } from '../domain/request.js';
import { inTime } from '../in-time.js';
import type { OrderStore } from '../ports/order-store.js';
import type { LinkOf } from './card-link.js';

/** Returns the links to the cards of these orders, as far as Slack tells them in time. Throws StoreError. */
export type LinksOf = (ids: readonly OrderId[]) => Promise<ReadonlyMap<OrderId, string>>;

/** An answer without links is better than a late one. */
const WITHIN_MS = 2_000;

export function makeLinksOf(deps: {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly linkOf: LinkOf;
}): LinksOf {
  const { orders, linkOf } = deps;
  return async (ids) => {
    const links = new Map<OrderId, string>();
    const asking = [...new Set(ids)].map(async (id) => {
      const order = await orders.get(id);
      const link = order && (await linkOf(order));
      if (link !== undefined && link !== 'missing') links.set(id, link);
    });
    await inTime(WITHIN_MS, Promise.all(asking));
    return new Map(links);
  };
}
