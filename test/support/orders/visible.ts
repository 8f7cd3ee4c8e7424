import { linesOf } from '../../../src/orders/domain/lines.js';
import type { Order } from '../../../src/orders/domain/order.js';

/** What a card can show about an order: two orders that differ here must not have the same drawing. */
export function visible(order: Order): object {
  if (order.lines !== undefined) {
    return { now: order.status, request: order.request, lines: linesOf(order).map(visible) };
  }
  switch (order.status) {
    case 'approved':
      // A disconnect says until when it can be undone, or that it is tried again.
      return order.request.kind === 'disconnect' && order.asking.trouble === undefined
        ? { now: 'may be undone', approval: order.approval, until: order.asking.nextAt }
        : { now: 'ordering', approval: order.approval, trouble: order.asking.trouble };
    case 'placing':
      return {
        now: order.answer === 'sent' ? 'ordering' : 'looking for it',
        approval: order.approval,
        trouble: order.asking.trouble,
      };
    case 'placed': {
      const { id, status, completed } = order.carrierOrder;
      return { now: status, id, completed, approval: order.approval, trouble: order.asking.trouble };
    }
    default: {
      const {
        version,
        revision,
        events,
        journaled,
        cards,
        announced,
        announcedLines,
        begun,
        announcedDirectly,
        notified,
        holds,
        part,
        ...shown
      } = order;
      return order.status === 'awaiting-approval' ? { ...shown, holds } : shown;
    }
  }
}
