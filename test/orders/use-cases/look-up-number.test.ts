import { describe, expect, test } from '@jest/globals';
import type { NumberDetails } from '../../../src/orders/domain/number-details.js';
import { outcomeOfNumber } from '../../../src/orders/domain/number-outcome.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeLookUpNumber } from '../../../src/orders/use-cases/look-up-number.js';
import { afterReport, number, numbers, requester, waiting } from '../../support/sample-orders.js';

const NUMBER = number('9102414365');
const inService: NumberDetails = {
  number: NUMBER,
  whereabouts: 'in-service',
  site: { id: '461', name: 'Raleigh office' },
  notRead: [],
};
const silent = { warn: () => {} };

function lookUp(
  given: {
    details?: () => Promise<NumberDetails>;
    orders?: readonly Order[];
    index?: () => Promise<never>;
    offered?: readonly string[] | 'unreadable';
  },
  by = requester,
) {
  const { details = async () => inService, orders = [], index, offered = [] } = given;
  const look = makeLookUpNumber({
    carrier: {
      numberDetails: details,
      async search() {
        if (offered === 'unreadable') throw new CarrierError('broken', 'broken', { advice: 'Broken.' });
        return numbers(...offered).map((each) => ({ number: each }));
      },
    },
    places: { sites: async () => [], locations: async () => [] },
    index: {
      ofNumbers: index ?? (async () => new Map([[NUMBER, orders.map(({ id }) => id)]])),
    },
    orders: { get: async (id) => orders.find((order) => order.id === id) },
    linkOf: async () => undefined,
    clock: { now: () => Date.UTC(2026, 10, 23, 12, 5) },
    log: silent,
  });
  return look([NUMBER], by).then(([found]) => found);
}

describe('A number that is looked up', () => {
  test('while our own records cannot be read: Bandwidth’s answer is shown, and its history is not known', async () => {
    const found = await lookUp({ index: () => Promise.reject(new StoreError('away')) });
    expect(found).toMatchObject({ details: inService });
    expect(found?.history).toBeUndefined();
  });

  test('while Bandwidth is down: our orders are shown, with advice about Bandwidth', async () => {
    const order = waiting();
    const found = await lookUp({
      details: () => Promise.reject(new CarrierError('unreachable', 'away', { advice: 'Try again.' })),
      orders: [order],
    });
    expect(found?.details).toEqual({ advice: 'Try again.' });
    expect(found?.history?.orders.map(({ id }) => id)).toEqual([order.id]);
    expect(found?.offered).toBe('not-known');
  });

  test('by an approver who was let in only to decide: other people’s orders stay hidden, and are not denied', async () => {
    const found = await lookUp({ orders: [waiting()] }, { ...requester, userId: 'UOTHER', unplaced: true });
    expect(found?.history).toMatchObject({ orders: [], hidden: true });
  });

  test('in an index that also has an order for another number: only its own is shown', async () => {
    const other = waiting({ wanted: { by: 'numbers', numbers: numbers('9102414399') } });
    expect((await lookUp({ orders: [other] }))?.history?.orders).toEqual([]);
  });

  test.each([
    [['9102414365'], 'yes'],
    [['9102414300'], 'no'],
    ['unreadable', 'not-known'],
  ] as const)('and that Bandwidth offers as %j: can be ordered: %s', async (offered, answer) => {
    const details = async (): Promise<NumberDetails> => ({
      number: NUMBER,
      whereabouts: 'no-record',
      notRead: [],
    });
    expect((await lookUp({ details, offered }))?.offered).toBe(answer);
  });
});

describe('The effect of an order on a number', () => {
  const over = (
    status: 'complete' | 'partial' | 'failed',
    given: Omit<Parameters<typeof afterReport>[0], 'status'>,
  ): Order => afterReport({ status, ...given });

  test.each<readonly [string, Order, ReturnType<typeof outcomeOfNumber>]>([
    ['a waiting one', waiting(), 'pending'],
    ['a complete one that lists it', over('complete', { completed: [NUMBER] }), 'done'],
    ['a complete one that lists another', over('complete', { completed: numbers('9102414366') }), 'not-done'],
    ['a complete one that lists nothing', over('complete', {}), 'not-known'],
    ['a partial one that counts more than it lists', over('partial', { completedQuantity: 2 }), 'not-known'],
    [
      'a partial one that lists it as failed',
      over('partial', { failed: [NUMBER], completedQuantity: 2 }),
      'not-done',
    ],
    ['a failed one', over('failed', {}), 'not-done'],
  ])('%s', (_, order, fate) => {
    expect(outcomeOfNumber(order, NUMBER)).toBe(fate);
  });
});
