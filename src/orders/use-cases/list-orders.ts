import pMap from 'p-map';
import { withExpiry } from '../domain/expiry.js';
import type { Order } from '../domain/order.js';
import type { OrderFilter } from '../domain/order-filter.js';
import type { OrderId, Person, Timestamp } from '../domain/request.js';
import type { Approvers, Policy } from '../policy/policy.js';
import { approversOf } from '../policy/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { OldOrders, RemovedOrder } from '../ports/old-orders.js';
import type { OrderIndex } from '../ports/order-index.js';
import type { LinkOf } from './card-link.js';

export const ORDERS_ON_A_PAGE = 10;

export interface ListedOrder {
  readonly order: Order;
  /** Who can decide, if it waits for approval. */
  readonly waitsFor?: Approvers;
  /** The link to its card; absent if it has none, or Slack doesn't say. */
  readonly link?: string | 'missing';
}

export interface ListOfOrders {
  /** Newest first. */
  readonly orders: readonly ListedOrder[];
  readonly unreadable: readonly OrderId[];
  readonly next?: string;
  /** See {@link OrderPage.searchedBackTo}. */
  readonly searchedBackTo?: Timestamp;
  /** This person sees only what they requested themselves. */
  readonly onlyOwn: boolean;
  /** Nothing was found for an id, because the order was removed. */
  readonly removed?: RemovedOrder;
}

/** Returns a page of the installation's orders, or the one after `after`. Throws StoreError. */
export type ListOrders = (
  filter: Omit<OrderFilter, 'teamId'>,
  by: Person,
  after?: string,
) => Promise<ListOfOrders>;

/**
 * People of the installation see its orders. People who were let in only to decide (`unplaced`) see their own; the
 * cards on which they are asked show them the others.
 */
export function makeListOrders(deps: {
  readonly index: OrderIndex;
  readonly removed?: OldOrders['removed'];
  readonly linkOf: LinkOf;
  readonly policy: Policy;
  readonly clock: Pick<Clock, 'now'>;
}): ListOrders {
  const { index, removed, linkOf, policy, clock } = deps;
  return async (filter, by, after) => {
    const onlyOwn = by.unplaced === true;
    const seen: OrderFilter = { ...filter, teamId: by.teamId };
    const isOthers = onlyOwn && filter.requestedBy !== undefined && filter.requestedBy !== by.userId;
    if (isOthers) return { orders: [], unreadable: [], onlyOwn };
    const page = await index.page(
      onlyOwn ? { ...seen, requestedBy: by.userId } : seen,
      ORDERS_ON_A_PAGE,
      after,
    );
    const now = clock.now();
    const listed = async (stored: Order): Promise<ListedOrder> => {
      const order = withExpiry(stored, now);
      const link = await linkOf(stored);
      return {
        order,
        ...(order.status === 'awaiting-approval' ? { waitsFor: approversOf(order, policy) } : {}),
        ...(link === undefined ? {} : { link }),
      };
    };
    const isEmpty = page.orders.length === 0 && page.unreadable.length === 0;
    const before =
      isEmpty && after === undefined && !onlyOwn && filter.about !== undefined
        ? await removed?.(filter.about)
        : undefined;
    return {
      ...page,
      ...(before === undefined ? {} : { removed: before }),
      // It isn't known whose orders those are, either.
      unreadable: onlyOwn ? [] : page.unreadable,
      orders: await pMap(page.orders, listed, { concurrency: ORDERS_ON_A_PAGE }),
      onlyOwn,
    };
  };
}
