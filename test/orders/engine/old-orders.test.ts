import { expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import { makeSentOrders } from '../../../src/orders/engine/placing/sent-orders.js';
import type { OrderStore } from '../../../src/orders/ports/order-store.js';
import { listeningLog } from '../../store/store-fixtures.js';
import { approvedOrder, noon, orderId, placingOrder } from '../../support/sample-orders.js';

/** A store that had this order sent by this process, and has none now. */
async function emptied(isRemoved: boolean) {
  const records = new Map<string, Order>([[orderId, approvedOrder()]]);
  const store: OrderStore = {
    insert: async (order) => !records.has(order.id) && records.set(order.id, order).size > 0,
    get: async (id) => records.get(id),
    replace: async (_current, next) => records.set(next.id, next).size > 0,
    open: async () => [],
    openAbout: async () => [],
  };
  const log = listeningLog();
  const sent = makeSentOrders({
    alone: true,
    open: { forget: () => {}, doubt: () => {} },
    count: async () => {},
    removed: async (id) => (isRemoved ? { id, requestedAt: noon, events: 3 } : undefined),
    clock: { now: () => noon },
    log,
  });
  const orders = sent.remembering(store);
  await orders.replace(approvedOrder(), placingOrder());
  records.clear();
  return { orders, records, log };
}

test('An order that this process sent and that was removed as old is not restored', async () => {
  const { orders, records, log } = await emptied(true);
  expect(await orders.get(orderId)).toBeUndefined();
  expect(await orders.get(orderId)).toBeUndefined();
  expect(records.size).toBe(0);
  expect(log.heard).toEqual([]);
});

test('One that the database lost is restored', async () => {
  const { orders, records } = await emptied(false);
  expect(await orders.get(orderId)).toMatchObject({ id: orderId, status: 'placing' });
  expect(records.size).toBe(1);
});
