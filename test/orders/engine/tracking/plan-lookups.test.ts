import { describe, expect, test } from '@jest/globals';
import {
  type ListKnown,
  planLookups,
  type TrackedOrder,
} from '../../../../src/orders/engine/tracking/plan-lookups.js';
import { fc } from '../../../support/properties.js';
import { countReads } from '../../../support/reads.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const now = 1_000 * DAY;

const order = (id: string, age: number, more: Partial<TrackedOrder> = {}): TrackedOrder => ({
  id,
  kind: 'purchase',
  placedAt: now - age,
  nextLookupAt: now,
  ended: false,
  troubled: false,
  backordered: false,
  ...more,
});
const many = (count: number, age: number, more: Partial<TrackedOrder> = {}) =>
  Array.from({ length: count }, (_, index) => order(`o${index}`, age, more));
const unread: ListKnown = { lastPageAt: 0, notBefore: 0 };

function planned(
  orders: readonly TrackedOrder[],
  given: {
    purchase?: Partial<ListKnown>;
    disconnect?: Partial<ListKnown>;
    allowance?: number;
    lastLookupAt?: number;
  } = {},
) {
  const { purchase, disconnect, allowance = 20, lastLookupAt = now } = given;
  const lists = { purchase: { ...unread, ...purchase }, disconnect: { ...unread, ...disconnect } };
  return planLookups({ now, orders, lists, allowance, lastLookupAt });
}

describe('What is looked up at Bandwidth', () => {
  test('nothing while nothing is due', () => {
    expect(planned(many(500, HOUR, { nextLookupAt: now + 1 }))).toEqual({ lookUp: [], list: [] });
  });

  test('nothing while no lookups are allowed', () => {
    expect(planned(many(500, HOUR), { allowance: 0.9 })).toEqual({ lookUp: [], list: [] });
  });

  test('one order by itself, because that shows its numbers too', () => {
    expect(planned([order('o1', HOUR)])).toEqual({ lookUp: ['o1'], list: [] });
  });

  test('a page of the list for several', () => {
    const orders = [order('o1', HOUR), order('o2', 2 * HOUR), order('o3', 90 * SECOND)];
    expect(planned(orders)).toEqual({
      lookUp: [],
      list: [{ kind: 'purchase', since: now - 2 * HOUR, pages: 1 }],
    });
  });

  test('each by itself while they are fewer than the pages of the list', () => {
    const size = { rows: 20_000, since: now - 2 * HOUR };
    expect(planned(many(15, HOUR), { purchase: { size } })).toMatchObject({ list: [] });
    expect(planned(many(25, HOUR), { purchase: { size } })).toMatchObject({
      lookUp: [],
      list: [{ pages: 20 }],
    });
  });

  test('old ones by themselves if the list would have to go far back for them', () => {
    const size = { rows: 5_000, since: now - 3 * DAY };
    const plan = planned([...many(40, HOUR), order('old', 400 * DAY, { nextLookupAt: now - 1 })], {
      purchase: { size },
    });
    expect(plan.lookUp).toEqual(['old']);
    expect(plan.list).toMatchObject([{ since: now - HOUR }]);
  });

  test('a little early what a list shows anyway', () => {
    const orders = [order('o1', 2 * SECOND), order('o2', 1_900, { nextLookupAt: now + 100 })];
    expect(planned(orders)).toMatchObject({ lookUp: [], list: [{ pages: 1 }] });
  });

  test('orders and disconnects from separate lists', () => {
    const orders = [...many(5, HOUR), ...many(7, 2 * HOUR, { kind: 'disconnect' })];
    expect(planned(orders).list).toEqual(
      expect.arrayContaining([
        { kind: 'purchase', since: now - HOUR, pages: 1 },
        { kind: 'disconnect', since: now - 2 * HOUR, pages: 1 },
      ]),
    );
  });

  test('only the order itself, once the list says that it has ended', () => {
    const orders = many(3, HOUR, { ended: true, nextLookupAt: now + 10 * SECOND });
    expect(planned(orders)).toEqual({ lookUp: ['o0', 'o1', 'o2'], list: [] });
  });

  test('an order that the list leaves out by itself, when its time has come', () => {
    const waits = order('later', HOUR, { aloneAt: now + 1, nextLookupAt: now + 1 });
    expect(planned([order('now', HOUR, { aloneAt: now }), waits]).lookUp).toEqual(['now']);
  });

  test('a back-order by itself, when its time has come, no matter how many pages are read for others', () => {
    const backOrders = [
      order('later', HOUR, { backordered: true, nextLookupAt: now + 1_000 }),
      order('due', HOUR, { backordered: true }),
    ];
    expect(planned([...many(5, HOUR), ...backOrders])).toMatchObject({
      lookUp: ['due'],
      list: [{ pages: 1 }],
    });
  });

  test('orders placed by a clock that has since been set back by themselves: no list shows them yet', () => {
    expect(planned([order('o1', -3 * DAY), order('o2', -3 * DAY)])).toEqual({
      lookUp: ['o1', 'o2'],
      list: [],
    });
  });

  test('one by one while the list cannot be read', () => {
    expect(planned(many(4, HOUR), { purchase: { notBefore: now + SECOND } })).toMatchObject({ list: [] });
  });

  test('the rest of a list that has been started; those placed since by themselves', () => {
    const running = { since: now - HOUR, startedAt: now - 3 * SECOND, pages: 12 };
    const plan = planned([...many(4_000, HOUR), order('new', SECOND)], { purchase: { running } });
    expect(plan.lookUp).toEqual(['new']);
    expect(plan.list).toEqual([{ kind: 'purchase', since: now - HOUR, pages: 12 }]);
  });
});

describe('When not everything can be looked up', () => {
  test('the youngest come first, then those that have ended, then those that waited longest', () => {
    const orders = [
      order('left out', HOUR, { aloneAt: now - 5 }),
      order('left out longer', HOUR, { aloneAt: now - 9 }),
      order('ended', HOUR, { ended: true }),
      order('new', 2 * SECOND),
    ];
    expect(planned(orders, { allowance: 3 }).lookUp).toEqual(['new', 'ended', 'left out longer']);
  });

  test('a page of the list goes first now and then, no matter how many have ended', () => {
    const ended = many(500, HOUR, { ended: true });
    const open = Array.from({ length: 500 }, (_, index) => order(`open${index}`, HOUR));
    const at = (lastPageAt: number) =>
      planned([...ended, ...open], { purchase: { lastPageAt }, allowance: 5 });
    expect(at(now - 10 * SECOND)).toMatchObject({ lookUp: { length: 4 }, list: [{ pages: 1 }] });
    expect(at(now - SECOND)).toMatchObject({ lookUp: { length: 5 }, list: [] });
  });

  test('pages of the list come before back-orders, except for one', () => {
    const running = { since: now - HOUR, startedAt: now - 3 * SECOND, pages: 40 };
    const backOrders = Array.from({ length: 9 }, (_, index) =>
      order(`back${index}`, DAY, { backordered: true, nextLookupAt: now - index }),
    );
    const plan = planned([...many(50, HOUR), ...backOrders], {
      purchase: { running, lastPageAt: now - SECOND },
      allowance: 6,
      lastLookupAt: now - SECOND,
    });
    expect(plan).toMatchObject({ lookUp: ['back8'], list: [{ pages: 5 }] });
  });

  test.each([
    ['that have ended', { ended: true }],
    ['that are back-ordered', { backordered: true }],
    ['that the list leaves out', { aloneAt: now - HOUR }],
  ])('one at a time: pages of both lists and orders %s take turns, so neither starves', (_, those) => {
    let left = many(5, HOUR, those);
    const running = { since: now - DAY, startedAt: now - SECOND, pages: 40 };
    const lastPageAt = { purchase: now - 60 * SECOND, disconnect: now - 50 * SECOND };
    let lastLookupAt = now - 61 * SECOND;
    const turns: string[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const at = now + turn * 7 * SECOND;
      const open = [...left, order('p', HOUR), order('d', HOUR, { kind: 'disconnect' })];
      const lists = {
        purchase: { running, notBefore: 0, lastPageAt: lastPageAt.purchase },
        disconnect: { running, notBefore: 0, lastPageAt: lastPageAt.disconnect },
      };
      const { lookUp, list } = planLookups({
        now: at,
        orders: open,
        lists,
        allowance: 1,
        lastLookupAt,
      });
      if (lookUp.length > 0) lastLookupAt = at;
      for (const { kind } of list) lastPageAt[kind] = at;
      left = left.filter(({ id }) => !lookUp.includes(id));
      turns.push(...lookUp.map(() => 'order'), ...list.map(({ kind }) => kind));
    }
    const inTurn = ['order', 'purchase', 'order', 'disconnect'];
    expect(turns.slice(0, 9)).toEqual([...inTurn, ...inTurn, 'order']);
    expect(turns.slice(9)).not.toContain('order');
    expect(turns).toHaveLength(15);
  });
});

const anOrder = fc.record({
  kind: fc.constantFrom('purchase' as const, 'disconnect' as const),
  placedAt: fc.integer({ min: now - 700 * DAY, max: now + HOUR }),
  nextLookupAt: fc.integer({ min: now - HOUR, max: now + HOUR }),
  ended: fc.boolean(),
  troubled: fc.boolean(),
  backordered: fc.boolean(),
  aloneAt: fc.option(fc.integer({ min: now - HOUR, max: now + HOUR }), { nil: undefined }),
});
const aList = fc.record({
  size: fc.option(
    fc.record({ rows: fc.nat(50_000), since: fc.integer({ min: now - 700 * DAY, max: now }) }),
    {
      nil: undefined,
    },
  ),
  running: fc.option(
    fc.record({
      since: fc.integer({ min: now - 700 * DAY, max: now }),
      startedAt: fc.integer({ min: now - HOUR, max: now }),
      pages: fc.integer({ min: 1, max: 50 }),
    }),
    { nil: undefined },
  ),
  lastPageAt: fc.integer({ min: now - HOUR, max: now + HOUR }),
  notBefore: fc.integer({ min: now - HOUR, max: now + HOUR }),
});

test('Whatever is open, no more is looked up than allowed, nothing twice, and something whenever something is due', () => {
  fc.assert(
    fc.property(
      fc.array(anOrder, { maxLength: 60 }),
      fc.record({ purchase: aList, disconnect: aList }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: now - HOUR, max: now + HOUR }),
      (drafts, lists, allowance, lastLookupAt) => {
        const orders = drafts.map((draft, index) => ({ id: `o${index}`, ...draft }));
        const { lookUp, list } = planLookups({
          now,
          orders,
          lists,
          allowance,
          lastLookupAt,
        });
        const pages = list.reduce((sum, each) => sum + each.pages, 0);
        expect(lookUp.length + pages).toBeLessThanOrEqual(allowance);
        expect(new Set(lookUp).size).toBe(lookUp.length);
        for (const each of list) expect(each.pages).toBeGreaterThan(0);
        const due = orders.some(({ ended, nextLookupAt }) => ended || nextLookupAt <= now);
        if (due && allowance > 0) expect(lookUp.length + pages).toBeGreaterThan(0);
      },
    ),
  );
});

test('Planning for ten thousand open orders costs little more per order than for a hundred', () => {
  const readsEach = (count: number) => {
    const orders = Array.from({ length: count }, (_, index) => order(`o${index}`, index * 10 * SECOND));
    const { watched, reads } = countReads(orders);
    expect(planned(watched).list).toHaveLength(1);
    return reads() / count;
  };
  // Sorting reads each a few times more. Comparing each with each would read it a hundred times as often.
  expect(readsEach(10_000)).toBeLessThan(10 * readsEach(100));
});
