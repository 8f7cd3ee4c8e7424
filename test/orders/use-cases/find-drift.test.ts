import { describe, expect, test } from '@jest/globals';
import type { AccountNumber } from '../../../src/orders/domain/number-record.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import type { NumberChange } from '../../../src/orders/ports/drift.js';
import type { InventoryState, NumberVerdict } from '../../../src/orders/ports/inventory.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeFindDrift } from '../../../src/orders/use-cases/find-drift.js';
import { makeExplanationStore } from '../../../src/store/drift-store.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import {
  afterReport,
  carrierOrderId,
  manyNumbers,
  noon,
  number,
  orderId,
} from '../../support/sample-orders.js';

const HOUR = 3_600_000;
const first = number('9102414365');
const bought = (...delivered: PhoneNumber[]) => afterReport({ status: 'complete', completed: delivered });
const cannot = (trouble: 'forbidden' | 'throttled') =>
  new CarrierError(trouble, 'no', { advice: 'Bandwidth does not answer.' });

const listed = (asOf: number): InventoryState => ({ asOf, count: 1, unread: 0, missingRoles: [] });

/** What Bandwidth and the store say, and what they were asked. */
function scripted(given: {
  readonly numbers?: readonly PhoneNumber[];
  readonly orders?: ReadonlyArray<Order | StoreError>;
  readonly state?: InventoryState;
  readonly verdicts?: ReadonlyMap<PhoneNumber, NumberVerdict> | CarrierError;
  readonly changes?: (each: PhoneNumber) => NumberChange | undefined | CarrierError;
  readonly lookupsLeft?: number;
}) {
  const asked: string[] = [];
  const explanations = makeExplanationStore(makeMemoryNamespace(), { error: () => {} });
  const account = (given.numbers ?? []).map((each): AccountNumber => ({ number: each }));
  const findDrift = makeFindDrift({
    archive: {
      async *all() {
        asked.push('orders');
        for (const order of given.orders ?? []) yield { id: orderId, order };
      },
    },
    inventory: {
      state: async () => given.state ?? listed(noon - HOUR),
      get: async () => undefined,
      async slice() {
        return { numbers: [], total: 0 };
      },
      async *list() {
        asked.push('numbers');
        yield account;
      },
    },
    source: {
      async judge(numbers) {
        asked.push(`judge ${numbers.length}`);
        if (given.verdicts instanceof CarrierError) throw given.verdicts;
        return given.verdicts ?? new Map();
      },
      lookups: () => ({ left: given.lookupsLeft ?? 80, perMinute: 90 }),
    },
    history: {
      async lastChange(each) {
        asked.push(`history ${each}`);
        const change = given.changes?.(each);
        if (change instanceof CarrierError) throw change;
        return change;
      },
    },
    explanations,
    clock: { now: () => noon },
    log: { warn: () => {} },
  });
  return { findDrift, asked, explanations };
}

describe('A report about numbers', () => {
  test('reads the orders after the numbers, so a number delivered in between has its order', async () => {
    const { findDrift, asked } = scripted({ numbers: [first], orders: [bought(first)] });
    expect((await findDrift()).drifts).toEqual([]);
    expect(asked).toEqual(['numbers', 'orders']);
  });

  test('says nothing about numbers if they were never listed completely', async () => {
    const trouble = 'Bandwidth limits how often I can ask.';
    const { findDrift, asked } = scripted({
      orders: [bought(first)],
      state: { count: 0, unread: 0, missingRoles: [], trouble },
    });
    const found = await findDrift();
    expect(found.inventory).toEqual({ standing: 'incomplete', missingRoles: [], trouble });
    expect(found.drifts).toEqual([]);
    expect(asked).toEqual(['orders']);
  });

  test('says nothing about numbers if they were listed two days ago', async () => {
    const { findDrift, asked } = scripted({ orders: [bought(first)], state: listed(noon - 48 * HOUR) });
    expect((await findDrift()).inventory).toEqual({ standing: 'too-old', asOf: noon - 48 * HOUR });
    expect(asked).toEqual(['orders']);
  });
});

describe('One of our numbers that is missing from the list', () => {
  test('is looked up by itself, and is gone only if Bandwidth says so', async () => {
    const [here, gone, unsaid] = manyNumbers(3) as [PhoneNumber, PhoneNumber, PhoneNumber];
    const { findDrift, asked } = scripted({
      orders: [bought(here, gone, unsaid)],
      verdicts: new Map<PhoneNumber, NumberVerdict>([
        [here, { verdict: 'in-service', number: { number: here } }],
        [gone, { verdict: 'not-in-service', status: 'Aging' }],
      ]),
    });
    const found = await findDrift();
    expect(found.drifts).toEqual([
      { kind: 'gone', number: gone, orderId, departure: 'not-in-service', status: 'Aging' },
    ]);
    expect(found.unverified).toEqual({ count: 1 });
    expect(asked).toContain('judge 3');
  });

  test('is not called gone while Bandwidth cannot be asked', async () => {
    const { findDrift } = scripted({ orders: [bought(...manyNumbers(3))], verdicts: cannot('forbidden') });
    const found = await findDrift();
    expect(found.drifts).toEqual([]);
    expect(found.unverified).toEqual({ count: 3, advice: 'Bandwidth does not answer.' });
  });
});

describe('A number that no order explains', () => {
  const change = (given: Partial<NumberChange> = {}): NumberChange => ({
    carrierOrderId: 'theirs',
    disconnects: false,
    user: 'dashboard-admin',
    ...given,
  });

  test('is shown with the order it came with and the user', async () => {
    const { findDrift } = scripted({ numbers: [first], changes: () => change({ at: noon - HOUR }) });
    expect((await findDrift()).drifts).toEqual([
      {
        kind: 'unexplained',
        number: first,
        behind: { carrierOrderId: 'theirs', user: 'dashboard-admin', at: noon - HOUR },
      },
    ]);
  });

  test('is explained after all if Bandwidth names one of our orders, which did not list it', async () => {
    const unlisting = afterReport({ status: 'complete', completedQuantity: 1 });
    const { findDrift } = scripted({
      numbers: [first],
      orders: [unlisting],
      changes: () => change({ carrierOrderId }),
    });
    const found = await findDrift();
    expect(found.drifts).toEqual([]);
    expect(found.unlistedOrders).toBe(1);
  });

  test('stays in the report, without its order, while Bandwidth cannot be asked or orders need the lookups', async () => {
    for (const given of [{ changes: () => cannot('throttled') }, { lookupsLeft: 1 }]) {
      const { findDrift, asked } = scripted({ numbers: [first], ...given });
      expect((await findDrift()).drifts).toEqual([
        { kind: 'unexplained', number: first, behind: 'not-known' },
      ]);
      expect(asked.filter((each) => each.startsWith('history'))).toHaveLength('lookupsLeft' in given ? 0 : 1);
    }
  });

  test('is not looked up after a 429: somebody is waiting for the report', async () => {
    const { findDrift, asked } = scripted({ numbers: manyNumbers(5), changes: () => cannot('throttled') });
    expect((await findDrift()).drifts).toHaveLength(5);
    expect(asked.filter((each) => each.startsWith('history'))).toHaveLength(1);
  });

  test('is no drift once it has been disconnected, unless it is still in service', async () => {
    const disconnected = (inService: boolean) =>
      scripted({ numbers: [first], changes: () => change({ disconnects: true, inService }) }).findDrift();
    expect((await disconnected(false)).drifts).toEqual([]);
    expect((await disconnected(true)).drifts).toMatchObject([
      { kind: 'unexplained', number: first, behind: { carrierOrderId: 'theirs', disconnects: true } },
    ]);
  });

  test('is looked up only if it is among the ten that a report shows', async () => {
    const { findDrift, asked } = scripted({ numbers: manyNumbers(50), changes: () => change() });
    const { drifts } = await findDrift();
    expect(drifts).toHaveLength(50);
    expect(asked.filter((each) => each.startsWith('history'))).toHaveLength(10);
    expect(drifts.filter((drift) => 'behind' in drift)).toEqual(drifts.slice(0, 10));
  });

  test('may belong to an order that cannot be read, and the report says how many there are', async () => {
    const { findDrift } = scripted({ numbers: [first], orders: [new StoreError('unreadable')] });
    expect((await findDrift()).unreadableOrders).toBe(1);
  });
});
