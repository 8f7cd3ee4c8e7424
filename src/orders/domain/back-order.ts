import type { PersonsRequest } from './approval.js';
import { deliveredSoFar } from './carrier-report.js';
import type { Order, OrderIn } from './order.js';
import { requestedQuantity } from './request.js';

/* An order that waits at Bandwidth until numbers become available, which may take weeks. People can have it closed. */

/** Whether it can still be closed. Bandwidth closes only back-ordered (5060) purchases. */
export function isCloseable({ request, carrierOrder, closing }: OrderIn<'placed'>): boolean {
  return request.kind === 'purchase' && carrierOrder.status === 'backordered' && closing === undefined;
}

/** Returns who asked to close the back-order, whether or not Bandwidth did. */
export function closeRequestOf(order: Order): PersonsRequest | undefined {
  if (order.status === 'placed') return order.closing ?? order.notClosed?.wanted;
  return 'closed' in order ? order.closed : undefined;
}

/** Returns how many numbers Bandwidth has yet to deliver. */
export function awaitedQuantity({ request, carrierOrder }: OrderIn<'placed'>): number {
  return Math.max(0, requestedQuantity(request) - deliveredSoFar(carrierOrder));
}
