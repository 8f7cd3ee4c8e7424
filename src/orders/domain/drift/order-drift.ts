import { isActive } from '../holds.js';
import { linesOf, wholeOf } from '../lines.js';
import type { Order, OrderStatus } from '../order.js';
import type { PhoneNumber } from '../phone-number.js';
import { namedNumbers, requestedQuantity, type Timestamp } from '../request.js';
import type { DriftOf, OrderBrief } from './drift.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An order waits unusually long after this, or after half of its time to decide if that is shorter. */
const LONG_WAIT_MS = DAY;
/** Bandwidth delivers most orders within minutes. */
const LONG_OPEN_MS = HOUR;
const LONG_BACKORDER_MS = 7 * DAY;
/** Holds are released within moments; a failed release is repeated. */
const LONG_RELEASE_MS = 15 * MINUTE;

/** Returns what is unusual about one order at this time. */
export function driftOfOrder(
  order: Order,
  now: Timestamp,
): ReadonlyArray<DriftOf<'waiting' | 'open' | 'hold'>> {
  return [...lateOrder(order, now), ...unneededHolds(order, now)];
}

function lateOrder(order: Order, now: Timestamp): ReadonlyArray<DriftOf<'waiting' | 'open'>> {
  const brief = briefOf(order);
  switch (order.status) {
    case 'awaiting-approval': {
      const since = order.events.findLast(({ what }) => asksForApproval.has(what))?.at ?? order.requestedAt;
      const patience = Math.min(LONG_WAIT_MS, (order.expiresAt - since) / 2);
      return now - since > patience ? [{ kind: 'waiting', order: brief, since }] : [];
    }
    case 'approved':
    case 'placing': {
      const since = order.status === 'placing' ? order.sentAt : approvedAt(order);
      return now - since > LONG_OPEN_MS ? [{ kind: 'open', order: brief, since, status: order.status }] : [];
    }
    case 'placed': {
      const { id: carrierOrderId, placedAt: since, status } = order.carrierOrder;
      const isBackordered = status === 'backordered';
      if (now - since <= (isBackordered ? LONG_BACKORDER_MS : LONG_OPEN_MS)) return [];
      return [
        {
          kind: 'open',
          order: brief,
          since,
          status: isBackordered ? 'backordered' : order.status,
          carrierOrderId,
        },
      ];
    }
    case 'ordering':
      // One of its lines is enough to look at the order.
      return linesOf(order)
        .flatMap((line) => lateOrder(line, now))
        .slice(0, 1);
    default:
      return [];
  }
}

const asksForApproval: ReadonlySet<string> = new Set(['requested', 'edited', 'reopened']);

/** Until its approval can no longer be undone, an order isn't late. */
function approvedAt({ approval, events }: Extract<Order, { status: 'approved' }>): Timestamp {
  const event = events.findLast(({ what }) => what === 'approved' || what === 'approved-by-rule');
  return event !== undefined && 'actAt' in event ? event.actAt : approval.at;
}

function unneededHolds(order: Order, now: Timestamp): ReadonlyArray<DriftOf<'hold'>> {
  const needed = needsHolds.has(order.status) ? new Set(namedNumbers(order.request)) : new Set<PhoneNumber>();
  const since = order.events.at(-1)?.at ?? order.requestedAt;
  if (now - since <= LONG_RELEASE_MS) return [];
  return order.holds.filter(isActive).flatMap((hold) => {
    if (needed.has(hold.number)) return [];
    if (hold.state === 'held' && hold.until <= now) return [];
    const until = hold.state === 'held' ? { until: hold.until } : {};
    return [{ kind: 'hold' as const, number: hold.number, order: briefOf(order), ...until }];
  });
}

const needsHolds: ReadonlySet<OrderStatus> = new Set([
  'awaiting-approval',
  'approved',
  'placing',
  'placed',
  'ordering',
]);

function briefOf(order: Order): OrderBrief {
  const { id, request, requester, cards } = wholeOf(order);
  const [{ place }] = cards;
  return {
    id,
    kind: request.kind,
    quantity: requestedQuantity(request),
    requester,
    ...(place === undefined ? {} : { card: place }),
  };
}
