import { describe, expect, test } from '@jest/globals';
import {
  type Drift,
  driftOfMissing,
  driftOfNumber,
  driftOfOrder,
  type Explanation,
  factsOf,
  indexExplanations,
  subjectOf,
} from '../../../src/orders/domain/drift.js';
import type { AccountNumber } from '../../../src/orders/domain/number-record.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { collectOrderEffects } from '../../../src/orders/domain/order-effects.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { fc } from '../../support/properties.js';
import {
  afterReport,
  approvedDisconnect,
  approvedOrder,
  approver,
  carrierOrderId,
  declinedOrder,
  disconnectAfterReport,
  manyNumbers,
  noon,
  number,
  numbers,
  orderId,
  placedDisconnect,
  placedOrder,
  placingOrder,
  requester,
  search,
  waiting,
} from '../../support/sample-orders.js';

const HOUR = 3_600_000;
const [first, second] = numbers('9102414365', '9102414366') as [PhoneNumber, PhoneNumber];
const mainOffice = { id: '1337', name: 'Main office' };

const bought = (...delivered: PhoneNumber[]) => afterReport({ status: 'complete', completed: delivered });
const onAccount = (each: PhoneNumber, given: Partial<AccountNumber> = {}): AccountNumber => ({
  number: each,
  site: mainOffice,
  ...given,
});

function effectsOf(...orders: readonly Order[]) {
  const { add, effects } = collectOrderEffects();
  for (const order of orders) add(order);
  return effects;
}

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

  test('that an order may just be bringing, or taking, is no drift', () => {
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

describe('A number of ours that is missing from the inventory', () => {
  const [owned] = [...effectsOf(bought(first)).owned()];
  if (owned === undefined) throw new Error('the order delivered a number');

  test('is not gone while Bandwidth, asked about it by itself, says it is in service', () => {
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
    const held = { number: first, state: 'held', reservationId: 'r1', until } as const;
    const ended: Order = { ...declinedOrder('no'), holds: [held] };
    expect(kinds(ended, noon + 60_000)).toEqual([]);
    expect(driftOfOrder(ended, noon + HOUR)).toMatchObject([{ kind: 'hold', number: first, until }]);
    expect(kinds(ended, until)).toEqual([]);
    expect(kinds({ ...waiting(), holds: [held] }, noon + HOUR)).toEqual([]);
  });
});

describe('An explanation', () => {
  const unexplained: Drift = { kind: 'unexplained', number: first, since: noon };
  const explaining = (drift: Drift, given: Partial<Explanation> = {}): Explanation => ({
    kind: drift.kind,
    subjects: [[subjectOf(drift), factsOf(drift)]],
    by: approver,
    at: noon,
    ...given,
  });

  test('applies to the drift it was given for, and to no other', () => {
    const explained = indexExplanations([explaining(unexplained)]);
    expect(explained.of(unexplained)?.by).toEqual(approver);
    expect(explained.of({ ...unexplained, number: second })).toBeUndefined();
    const gone: Drift = { kind: 'gone', number: first, orderId, departure: 'elsewhere' };
    expect(explained.of(gone)).toBeUndefined();
  });

  test('ends when the facts change: the number was bought again, or moved again', () => {
    const explained = indexExplanations([explaining(unexplained)]);
    expect(explained.of({ ...unexplained, since: noon + HOUR })).toBeUndefined();
    expect(explained.of({ kind: 'unexplained', number: first })?.at).toBe(noon);
  });

  test('of an order ends when it waits again, gets stuck elsewhere, or the number is held for another', () => {
    const order = { id: orderId, kind: 'purchase', quantity: 1, requester } as const;
    const isExplained = (drift: Drift, later: Drift) =>
      indexExplanations([explaining(drift)]).of(later) !== undefined;
    const waits: Drift = { kind: 'waiting', order, since: noon };
    expect(isExplained(waits, waits)).toBe(true);
    expect(isExplained(waits, { ...waits, since: noon + HOUR })).toBe(false);
    const open: Drift = { kind: 'open', order, since: noon, status: 'backordered' };
    expect(isExplained(open, open)).toBe(true);
    expect(isExplained(open, { ...open, status: 'placing' })).toBe(false);
    const held: Drift = { kind: 'hold', number: first, order };
    expect(isExplained(held, { ...held, until: noon })).toBe(true);
    expect(isExplained(held, { ...held, order: { ...order, id: 'another' } })).toBe(false);
  });

  test('given later counts more', () => {
    const later = explaining(unexplained, { by: requester, at: noon + 1 });
    expect(indexExplanations([later, explaining(unexplained)]).of(unexplained)?.by).toEqual(requester);
  });
});

test('every number on the account is explained, reported or under way, and never two of them', () => {
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
