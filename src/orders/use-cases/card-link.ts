import { changeOrder } from '../change-order.js';
import type { CardPlace, Order } from '../domain/order.js';
import { cardLinked } from '../domain/transitions.js';
import type { Log } from '../ports/log.js';
import type { OrderStore } from '../ports/order-store.js';

/** Returns the link to a message; `missing` if it was deleted, undefined if Slack doesn't say. Never rejects. */
export type LinkToCard = (place: CardPlace) => Promise<string | 'missing' | undefined>;

/** Returns the link to an order's card; undefined if it has none, or Slack doesn't say. Never rejects. */
export type LinkOf = (order: Order) => Promise<string | 'missing' | undefined>;

/** Asks Slack once for each card, and keeps the answer with the order. */
export function makeLinkOf(deps: {
  readonly orders: Pick<OrderStore, 'get' | 'replace'>;
  readonly linkTo: LinkToCard;
  readonly log: Pick<Log, 'info'>;
}): LinkOf {
  const { orders, linkTo, log } = deps;
  return async (order) => {
    const [{ place, link }] = order.cards;
    if (place === undefined) return undefined;
    if (link?.ts === place.ts) return link.url;
    const url = await linkTo(place);
    if (url === undefined || url === 'missing') return url;
    await changeOrder(orders, order.id, (current) => cardLinked(current, place, url)).catch((err: unknown) =>
      log.info({ err, orderId: order.id }, 'link to a card not saved, it will be fetched again'),
    );
    return url;
  };
}
