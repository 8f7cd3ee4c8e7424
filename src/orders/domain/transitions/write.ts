import type { AnnouncementKind, DirectAnnouncement } from '../announcement.js';
import { applyEvent } from '../apply-event.js';
import type { Facts, LookupState, Order } from '../order.js';
import type { OrderEvent } from '../order-event.js';

/** Returns the next version of an order, with this event added. */
export function withEvent(order: Order, event: OrderEvent): Order {
  return { ...applyEvent(order, event), version: order.version + 1 };
}

/** Returns the next version of an order, with this change but no event. */
export function withoutEvent(order: Order, change: Partial<Facts>): Order {
  return { ...order, ...change, version: order.version + 1 };
}

/** Returns the order with another plan for its next lookup. This isn't an event. */
export function withLookupPlan(order: Order, change: Partial<Omit<LookupState, 'trouble'>>): Order {
  return 'asking' in order ? { ...order, asking: { ...order.asking, ...change } } : order;
}

/** Marks these announcements as not yet made. */
export function announceAgain(order: Order, kinds: readonly AnnouncementKind[]): Order {
  const { announcedDirectly: direct } = order;
  return {
    ...order,
    announced: order.announced.filter((kind) => !kinds.includes(kind)),
    ...(direct === undefined ? {} : { announcedDirectly: direct.filter((kind) => !isOneOf(kinds, kind)) }),
  };
}

const isOneOf = (kinds: readonly AnnouncementKind[], kind: DirectAnnouncement): boolean =>
  kind !== 'held-back' && kinds.includes(kind);
