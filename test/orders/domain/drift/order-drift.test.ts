import { describe, expect, test } from '@jest/globals';
import { driftOfOrder } from '../../../../src/orders/domain/drift/order-drift.js';
import type { Order } from '../../../../src/orders/domain/order.js';
import {
  approvedDisconnect,
  approvedOrder,
  carrierOrderId,
  declinedOrder,
  noon,
  number,
  placedOrder,
  waiting,
} from '../../../support/sample-orders.js';

const HOUR = 3_600_000;
const held = number('9102414365');

describe('An order', () => {
  const kinds = (order: Order, now: number) => driftOfOrder(order, now).map(({ kind }) => kind);

  test('that waits for more than half of its time to decide is reported', () => {
    expect(kinds(waiting(), noon + 12 * HOUR)).toEqual([]);
    expect(kinds(waiting(), noon + 12 * HOUR + 1)).toEqual(['waiting']);
  });

  test('that Bandwidth has not finished after an hour is reported; a back-order after a week', () => {
    expect(kinds(placedOrder(), noon + HOUR)).toEqual([]);
    expect(kinds(placedOrder(), noon + HOUR + 1)).toEqual(['open']);
    const order = placedOrder();
    const backordered: Order = { ...order, carrierOrder: { ...order.carrierOrder, status: 'backordered' } };
    expect(kinds(backordered, noon + 7 * 24 * HOUR)).toEqual([]);
    expect(driftOfOrder(backordered, noon + 7 * 24 * HOUR + 1)).toMatchObject([
      { kind: 'open', status: 'backordered', carrierOrderId },
    ]);
  });

  test('that can still be undone is not late', () => {
    expect(kinds(approvedDisconnect({}, noon + 5 * HOUR), noon + 5 * HOUR)).toEqual([]);
    expect(kinds(approvedDisconnect({}, noon + 5 * HOUR), noon + 6 * HOUR + 1)).toEqual(['open']);
    expect(kinds(approvedOrder(), noon + HOUR + 1)).toEqual(['open']);
  });

  test('that ended and still has a hold is reported, until the hold ends by itself', () => {
    const until = noon + 4 * HOUR;
    const hold = { number: held, state: 'held', reservationId: 'r1', until } as const;
    const ended: Order = { ...declinedOrder('no'), holds: [hold] };
    expect(kinds(ended, noon + 60_000)).toEqual([]);
    expect(driftOfOrder(ended, noon + HOUR)).toMatchObject([{ kind: 'hold', number: held, until }]);
    expect(kinds(ended, until)).toEqual([]);
    expect(kinds({ ...waiting(), holds: [hold] }, noon + HOUR)).toEqual([]);
  });
});
