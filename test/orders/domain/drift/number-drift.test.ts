import { describe, expect, test } from '@jest/globals';
import { driftOfMissing, driftOfNumber } from '../../../../src/orders/domain/drift/number-drift.js';
import type { AccountNumber } from '../../../../src/orders/domain/number-record.js';
import type { Order } from '../../../../src/orders/domain/order.js';
import { collectOrderEffects } from '../../../../src/orders/domain/order-effects.js';
import type { PhoneNumber } from '../../../../src/orders/domain/phone-number.js';
import { fc } from '../../../support/properties.js';
import {
  afterReport,
  disconnectAfterReport,
  manyNumbers,
  noon,
  number,
  numbers,
  orderId,
  placedDisconnect,
  placedOrder,
  placingOrder,
} from '../../../support/sample-orders.js';

const HOUR = 3_600_000;
const [first, second] = numbers('9102414365', '9102414366') as [PhoneNumber, PhoneNumber];
const mainOffice = { id: '1337', name: 'Main office' };

const bought = (...delivered: PhoneNumber[]) => afterReport({ status: 'complete', completed: delivered });

function effectsOf(...orders: readonly Order[]) {
  const { add, effects } = collectOrderEffects();
  for (const order of orders) add(order);
  return effects;
}

const onAccount = (each: PhoneNumber, given: Partial<AccountNumber> = {}): AccountNumber => ({
  number: each,
  site: mainOffice,
  ...given,
});

const driftOf = (each: AccountNumber, ...orders: readonly Order[]) =>
  driftOfNumber(each, effectsOf(...orders), noon + HOUR);

describe('A number on the account', () => {
  test('that an order delivered is explained by it', () => {
    expect(driftOf(onAccount(first), bought(first, second))).toBeUndefined();
  });

  test('that no order delivered is unexplained', () => {
    const since = noon - HOUR;
    expect(driftOf(onAccount(first, { inServiceSince: since }), bought(second))).toEqual({
      kind: 'unexplained',
      number: first,
      site: mainOffice,
      since,
    });
  });

  test('that an order may be delivering or removing right now is no drift', () => {
    expect(driftOf(onAccount(first), placingOrder())).toBeUndefined();
    expect(driftOf(onAccount(first), placedOrder())).toBeUndefined();
    expect(driftOf(onAccount(first), bought(first), placedDisconnect())).toBeUndefined();
  });

  test('that an order disconnected before the inventory was read is unexplained', () => {
    const gone = disconnectAfterReport({ status: 'complete', completed: [first, second] });
    const earlier = { ...bought(first), at: noon - HOUR } as Order;
    expect(driftOf(onAccount(first), earlier, gone)).toMatchObject({ kind: 'unexplained' });
    expect(driftOfNumber(onAccount(first), effectsOf(earlier, gone), noon - 1)).toBeUndefined();
  });

  test('in another sub-account than its order asked for is misplaced', () => {
    const site = { id: '9', name: 'Somewhere else' };
    expect(driftOf(onAccount(first, { site }), bought(first))).toEqual({
      kind: 'misplaced',
      number: first,
      orderId,
      ordered: mainOffice,
      site,
    });
  });

  test('is expected where one of our orders moved it', () => {
    const elsewhere = { id: '462', name: 'Warehouse' };
    const moved: Order = {
      ...disconnectAfterReport({ status: 'complete', completed: [first] }),
      id: '00000000-0000-4000-8000-000000000009',
      request: {
        kind: 'move',
        name: 'Move',
        inService: [{ number: first }],
        site: elsewhere,
        location: { id: '7', name: 'Dock' },
        reason: 'calls',
      },
    };
    const orders = [bought(first), moved] as const;
    expect(driftOf(onAccount(first, { site: elsewhere }), ...orders)).toBeUndefined();
    expect(driftOf(onAccount(first), ...orders)).toMatchObject({ kind: 'misplaced', ordered: elsewhere });
  });

  test('whose sub-account is not known is not called misplaced', () => {
    expect(driftOf({ number: first }, bought(first))).toBeUndefined();
  });
});

describe('One of our numbers that is missing from the inventory', () => {
  const [owned] = [...effectsOf(bought(first)).owned()];
  if (owned === undefined) throw new Error('the order delivered a number');

  test('is not gone while Bandwidth says, about this number alone, that it is in service', () => {
    const verdict = { verdict: 'in-service', number: onAccount(first) } as const;
    expect(driftOfMissing(owned, verdict)).toBeUndefined();
  });

  test('is gone once Bandwidth says that it is aging, or not ours', () => {
    expect(driftOfMissing(owned, { verdict: 'not-in-service', status: 'Aging' })).toMatchObject({
      kind: 'gone',
      departure: 'not-in-service',
      status: 'Aging',
    });
    expect(driftOfMissing(owned, { verdict: 'not-ours' })).toMatchObject({ departure: 'elsewhere' });
  });
});

test('every number on the account is explained, reported or being changed, and never two of them', () => {
  const pool = manyNumbers(8);
  const pick = fc.subarray(pool);
  fc.assert(
    fc.property(pick, pick, pick, (account, mine, moving) => {
      const orders = [
        bought(...mine),
        placingOrder({
          wanted: { by: 'numbers', numbers: moving.length === 0 ? [number('9195550100')] : moving },
        }),
      ];
      const effects = effectsOf(...orders);
      for (const each of account) {
        const drift = driftOfNumber(onAccount(each), effects, noon + HOUR);
        expect(drift !== undefined).toBe(!mine.includes(each) && !moving.includes(each));
      }
      const missing = [...effects.owned()].filter((one) => !account.includes(one.number));
      // Nothing that an order may be changing right now is ever asked for as gone.
      for (const one of missing) expect(mine.includes(one.number) && !moving.includes(one.number)).toBe(true);
    }),
  );
});
