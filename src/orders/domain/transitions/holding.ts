import type { Unheld } from '../hold.js';
import { isActive } from '../holds.js';
import type { Order } from '../order.js';
import type { HeldNumber } from '../order-event.js';
import type { PhoneNumber } from '../phone-number.js';
import type { Timestamp } from '../request.js';
import { withEvent } from './write.js';

/* The reservations of numbers at Bandwidth while an order waits. */

/** Saved before each request for these holds is sent: from here on they may exist at Bandwidth. */
export function holding(
  order: Order,
  numbers: readonly PhoneNumber[],
  now: Timestamp,
  sentAt: Timestamp,
): Order {
  return withEvent(order, { what: 'holding', at: now, numbers, sentAt });
}

export function held(order: Order, holds: readonly HeldNumber[], now: Timestamp): Order {
  return holds.length === 0 ? order : withEvent(order, { what: 'held', at: now, holds });
}

/** Someone else has these numbers, or they don't exist. */
export function gone(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  return numbers.length === 0 ? order : withEvent(order, { what: 'gone', at: now, numbers });
}

export function notHeld(
  order: Order,
  numbers: readonly PhoneNumber[],
  because: Unheld,
  now: Timestamp,
): Order {
  return numbers.length === 0 ? order : withEvent(order, { what: 'not-held', at: now, numbers, because });
}

/** These holds expired. */
export function lapsed(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  return numbers.length === 0 ? order : withEvent(order, { what: 'lapsed', at: now, numbers });
}

/** Bandwidth no longer holds these numbers for us. */
export function released(order: Order, numbers: readonly PhoneNumber[], now: Timestamp): Order {
  const bound = numbers.filter((number) =>
    order.holds.some((hold) => hold.number === number && isActive(hold)),
  );
  return bound.length === 0 ? order : withEvent(order, { what: 'released', at: now, numbers: bound });
}
