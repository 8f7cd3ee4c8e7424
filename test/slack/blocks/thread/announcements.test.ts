import { expect, test } from '@jest/globals';
import type { Order } from '../../../../src/orders/domain/order.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { approvedOrder, declinedOrder, waiting } from '../../../support/sample-orders.js';

test('an order is never said to be what it is not', () => {
  const never: [Order, Parameters<typeof announcement>[1]][] = [
    [waiting(), 'approved'],
    [waiting(), 'outcome'],
    [approvedOrder(), 'declined'],
    [approvedOrder(), 'refused'],
    [declinedOrder('no'), 'cancelled'],
  ];
  for (const [order, kind] of never) expect(() => announcement(order, kind)).toThrow(order.status);
});
