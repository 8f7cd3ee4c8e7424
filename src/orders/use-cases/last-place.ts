import type { Person } from '../domain/request.js';
import type { OrderIndex } from '../ports/order-index.js';

/** Returns where this person's last purchase in this channel went; undefined if there is none among the latest. */
export type LastPlace = (by: Person, channelId: string) => Promise<ChosenPlace | undefined>;

export interface ChosenPlace {
  readonly siteId: string;
  readonly peerId?: string;
}

/** How many of a person's orders are read. */
const LOOKED_AT = 20;

/** Throws StoreError. */
export function makeLastPlace({ index }: { readonly index: OrderIndex }): LastPlace {
  return async ({ teamId, userId }, channelId) => {
    const { orders } = await index.page({ teamId, requestedBy: userId }, LOOKED_AT);
    for (const { request, channelId: requestedIn } of orders) {
      if (request.kind !== 'purchase' || requestedIn !== channelId) continue;
      const { site, location } = request;
      return { siteId: site.id, ...(location === undefined ? {} : { peerId: location.id }) };
    }
    return undefined;
  };
}
