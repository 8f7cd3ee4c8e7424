import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import { collectOrderEffects } from '../../../src/orders/domain/order-effects.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { fc } from '../../support/properties.js';
import {
  afterReport,
  carrierOrderId,
  declinedOrder,
  disconnectAfterReport,
  manyNumbers,
  noon,
  numbers,
  orderId,
  placedDisconnect,
  placedOrder,
  search,
} from '../../support/sample-orders.js';

const HOUR = 3_600_000;
const [first, second] = numbers('9102414365', '9102414366') as [PhoneNumber, PhoneNumber];

const bought = (...delivered: PhoneNumber[]) => afterReport({ status: 'complete', completed: delivered });

function effectsOf(...orders: readonly Order[]) {
  const { add, effects } = collectOrderEffects();
  for (const order of orders) add(order);
  return effects;
}

describe('What our orders own', () => {
  const owned = (...orders: readonly Order[]) =>
    [...effectsOf(...orders).owned()].map(({ number: each }) => each);

  test('is what they delivered, without what they disconnected or may be disconnecting', () => {
    const earlier = { ...bought(first, second), at: noon - HOUR } as Order;
    const one = disconnectAfterReport({ status: 'partial', completed: [first], failed: [second] });
    expect(owned(earlier)).toEqual([first, second]);
    expect(owned(earlier, one)).toEqual([second]);
    expect(owned(earlier, placedDisconnect())).toEqual([]);
  });

  test('leaves out numbers of a disconnect whose report does not list them', () => {
    const earlier = { ...bought(first, second), at: noon - HOUR } as Order;
    expect(owned(earlier, disconnectAfterReport({ status: 'complete', completedQuantity: 2 }))).toEqual([]);
  });

  test('says how many orders may have delivered numbers it does not know', () => {
    const open = placedOrder({ wanted: { by: 'search', search: search({ areaCode: '910' }) } });
    expect(effectsOf(open).unlisted).toBe(1);
    expect(effectsOf(afterReport({ status: 'complete', completedQuantity: 2 })).unlisted).toBe(1);
    expect(effectsOf(bought(first, second)).unlisted).toBe(0);
  });

  test('knows the carrier orders behind it, and those of orders that ended without a number', () => {
    expect(effectsOf(bought(first)).ownerOf({ id: carrierOrderId })).toEqual({ owner: 'ours' });
    expect(effectsOf(declinedOrder('no')).ownerOf({ id: 'x', customerOrderId: orderId })).toEqual({
      owner: 'ended',
      orderId,
      status: 'declined',
    });
    expect(effectsOf(afterReport({ status: 'failed' })).ownerOf({ id: carrierOrderId })).toMatchObject({
      owner: 'ended',
      status: 'failed',
    });
    expect(effectsOf(bought(first)).ownerOf({ id: 'x', customerOrderId: 'y' })).toBeUndefined();
  });

  test('does not depend on the sequence in which orders are read', () => {
    const history = fc.array(fc.record({ buys: fc.boolean(), which: fc.nat(4), at: fc.nat(1000) }), {
      maxLength: 12,
    });
    const pool = manyNumbers(5);
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (events, shuffle) => {
        const unique = events.filter(({ at }, index) => events.findIndex((each) => each.at === at) === index);
        const orders = unique.map(({ buys, which, at }) => {
          const done = { status: 'complete', completed: [pool[which] ?? first] } as const;
          return { ...(buys ? afterReport(done) : disconnectAfterReport(done)), at } as Order;
        });
        const shuffled = orders
          .map((order) => ({ order, key: shuffle.next().value as number }))
          .sort((one, other) => one.key - other.key)
          .map(({ order }) => order);
        expect(owned(...shuffled).sort()).toEqual(owned(...orders).sort());
        for (const [index, each] of pool.entries()) {
          const last = unique
            .filter(({ which }) => which === index)
            .sort((a, b) => a.at - b.at)
            .at(-1);
          // What is owned is exactly what was bought last.
          expect(owned(...orders).includes(each)).toBe(last?.buys === true);
        }
      }),
    );
  });
});
