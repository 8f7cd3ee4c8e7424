import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Basket } from '../../src/orders/domain/basket.js';
import { delegated, delegationEnded } from '../../src/orders/domain/delegation.js';
import type { KeptSearch } from '../../src/orders/domain/kept-search.js';
import { parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import {
  type CountedNumbers,
  dayKeyOf,
  type Tally,
  type TallyScope,
  tallyOf,
  withCounted,
} from '../../src/orders/domain/tally.js';
import { redrawRequested, rendered } from '../../src/orders/domain/transitions.js';
import type { NoTally } from '../../src/orders/ports/ledger.js';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import type { Store } from '../../src/store/open-store.js';
import { anOrder, overButUntold, settledAfter } from './store-fixtures.js';

/**
 * What every backend must do. `fresh` makes an empty place; `open` opens it, as often as asked, each time as another
 * instance of the app would.
 */
export function describeStore<Place>(
  name: string,
  backend: {
    fresh(): Promise<Place>;
    open(place: Place): Promise<Store>;
    discard(place: Place): Promise<void>;
  },
): void {
  describe(`orders and searches in ${name}`, () => {
    let place: Place;
    let store: Store;
    let another: Store;

    beforeEach(async () => {
      place = await backend.fresh();
      store = await backend.open(place);
      another = await backend.open(place);
    });

    afterEach(async () => {
      await store.close();
      await another.close();
      await backend.discard(place);
    });

    test('an order comes back as it was written, to every instance', async () => {
      const order = anOrder();
      expect(await store.orders.insert(order)).toBe(true);
      expect(await store.orders.get(order.id)).toEqual(order);
      expect(await another.orders.get(order.id)).toEqual(order);
    });

    test('an order that was never written is undefined', async () => {
      expect(await store.orders.get('none')).toBeUndefined();
    });

    test('an order is inserted once; the second time changes nothing', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      expect(await another.orders.insert({ ...anOrder(order.id), requestedAt: 9 })).toBe(false);
      expect(await store.orders.get(order.id)).toEqual(order);
    });

    test('an order and its index entry survive closing and opening', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      const next = overButUntold(order);
      await store.orders.replace(order, next);
      await store.close();
      await another.close();
      store = await backend.open(place);
      another = await backend.open(place);
      expect(await store.orders.get(order.id)).toEqual(next);
      expect(await store.orders.open()).toEqual([order.id]);
    });

    test('what a person picked is visible to every instance, and of two writers at once one succeeds', async () => {
      const owner = { person: { teamId: 'T1', userId: 'UANA' }, channelId: 'C1' };
      const number = parsePhoneNumber('9102414365');
      if (number === undefined) throw new Error('a number');
      const picked = [{ place: { areaCode: '910' }, numbers: [number] }];
      const basket: Basket = { ...owner, id: 'b1', addedAt: 1_000, ordered: 0, picked };
      expect(await store.baskets.of(owner)).toBeUndefined();
      expect(await store.baskets.insert(basket)).toBe(true);
      expect(await another.baskets.insert(basket)).toBe(false);
      const [here, there] = await Promise.all([store.baskets.of(owner), another.baskets.of(owner)]);
      if (here === undefined || there === undefined) throw new Error('it was not stored');
      expect(there).toEqual(basket);
      expect(await store.baskets.replace(here, { ...here, addedAt: 2_000 })).toBe(true);
      expect(await another.baskets.replace(there, { ...there, addedAt: 3_000 })).toBe(false);
      expect(await another.baskets.remove(there)).toBe(false);
      const now = await another.baskets.of(owner);
      expect(now).toMatchObject({ addedAt: 2_000 });
      expect(now !== undefined && (await another.baskets.remove(now))).toBe(true);
      expect(await store.baskets.of(owner)).toBeUndefined();
      expect(await store.baskets.of({ ...owner, channelId: 'C2' })).toBeUndefined();
    });

    test('who is away is visible to every instance, and of two writers at once one succeeds', async () => {
      const of = { teamId: 'T1', userId: 'UBEN' };
      const to = { teamId: 'T1', userId: 'UCLEO' };
      const first = delegated({ id: 'd1', of, events: [] }, { to, until: 2_000 }, 1_000);
      expect(await store.delegations.of('UBEN')).toBeUndefined();
      expect(await store.delegations.all()).toEqual([]);
      expect(await store.delegations.insert(first)).toBe(true);
      expect(await another.delegations.insert(first)).toBe(false);
      expect(await another.delegations.all()).toEqual([first]);
      const [here, there] = await Promise.all([store.delegations.of('UBEN'), another.delegations.of('UBEN')]);
      if (here === undefined || there === undefined) throw new Error('it was not stored');
      const ended = delegationEnded(here, 1_500);
      expect(await store.delegations.replace(here, ended)).toBe(true);
      expect(await another.delegations.replace(there, delegationEnded(there, 1_600))).toBe(false);
      expect(await another.delegations.of('UBEN')).toEqual(ended);
    });

    test('a month without orders has no tally; one that was started is visible to every instance, and what is counted stays', async () => {
      expect(await store.ledger.read('2026-11', everything)).toEqual({ month: '2026-11', none: 'absent' });
      await begun(store);
      await count(store, 'o1', 5);
      expect(await read(another, 'o1')).toMatchObject({
        totals: { purchase: 5 },
        counted: { o1: { quantity: 5 } },
      });
      expect(await another.ledger.read('2026-12', everything)).toMatchObject({ none: 'absent' });
      await count(another, 'o1', 0);
      expect(await read(store, 'o1')).toMatchObject({
        totals: { purchase: 0 },
        counted: { o1: { quantity: 0 } },
      });
    });

    test('of two who start a month, or count in it, exactly one wins', async () => {
      const absent = await Promise.all(
        [store, another].map(({ ledger }) => ledger.read('2026-11', everything)),
      );
      const beginning = await Promise.all(
        [store, another].map(({ ledger }, index) => ledger.begin(absent[index] as NoTally, new Map(), true)),
      );
      expect(beginning.filter(Boolean)).toHaveLength(1);
      for (let round = 0; round < 10; round++) {
        const tallies = [await read(store, `one-${round}`), await read(another, `other-${round}`)] as const;
        const outcome = await Promise.all([
          store.ledger.replace(tallies[0], withCounted(tallies[0], `one-${round}`, numbers(1))),
          another.ledger.replace(tallies[1], withCounted(tallies[1], `other-${round}`, numbers(1))),
        ]);
        expect(outcome.filter(Boolean)).toHaveLength(1);
        expect((await read(store)).totals.purchase).toBe(round + 1);
      }
    });

    test('a tally is complete no matter how much was moved out of its head, and by whom', async () => {
      await begun(store);
      for (let index = 0; index < 200; index++) {
        await count(index % 2 === 0 ? store : another, `o${index}`, 2);
        if (index % 70 === 0)
          await Promise.all([store.ledger.tidy('2026-11'), another.ledger.tidy('2026-11')]);
      }
      await Promise.all([store.ledger.tidy('2026-11'), another.ledger.tidy('2026-11')]);
      await count(another, 'o3', 1);
      await count(store, 'o5', 0);
      const day = dayKeyOf(numbers(1));
      expect(await read(store, 'o3', 'o4', 'o5')).toMatchObject({
        totals: { purchase: 397 },
        days: { [day]: { numbers: 397 } },
        counted: { o3: { quantity: 1 }, o4: { quantity: 2 }, o5: { quantity: 0 } },
      });
      const whole = (await another.ledger.months()).get('2026-11');
      expect(Object.keys(whole?.counted ?? {})).toHaveLength(200);
      expect(tallyOf('2026-11', new Map(Object.entries(whole?.counted ?? {})))).toEqual(whole);
    });

    test('only the first month after one that is known is known to be new', async () => {
      await begun(store);
      expect(await another.ledger.isNew('2027-01')).toBe(false);
      expect(await another.ledger.isNew('2026-12')).toBe(true);
      expect(await store.ledger.isNew('2026-12')).toBe(false);
    });

    test('of two writers who saw the same order, exactly one wins', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      const wins: boolean[] = [];
      for (let round = 0, current = order; round < 20; round++) {
        const at = (channelId: string) => rendered(current, { channelId, ts: '1' }, 1);
        const outcome = await Promise.all([
          store.orders.replace(current, at('C1')),
          another.orders.replace(current, at('C2')),
        ]);
        expect(outcome.filter(Boolean)).toHaveLength(1);
        wins.push(...outcome);
        current = (await store.orders.get(order.id)) as typeof order;
        expect(current.cards[0].place?.channelId).toBe(outcome[0] ? 'C1' : 'C2');
      }
      expect(wins).toHaveLength(40);
    });

    test('replacing what someone else replaced, or what was never written, is refused and changes nothing', async () => {
      const order = anOrder();
      expect(await store.orders.replace(order, overButUntold(order))).toBe(false);
      expect(await store.orders.get(order.id)).toBeUndefined();
      await store.orders.insert(order);
      const theirs = redrawRequested(order);
      await another.orders.replace(order, theirs);
      expect(await store.orders.replace(order, overButUntold(order))).toBe(false);
      expect(await store.orders.get(order.id)).toEqual(theirs);
    });

    test('a changed order without a new version number is still a different order', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      await another.orders.replace(order, { ...order, requestedAt: 5 });
      expect(await store.orders.replace(order, overButUntold(order))).toBe(false);
    });

    test('the sequence of the keys makes no difference', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      const { id, ...rest } = order;
      expect(await store.orders.replace({ ...rest, id }, overButUntold(order))).toBe(true);
    });

    test('open orders are those that are not settled, oldest first', async () => {
      const [first, second, third] = [anOrder('z'), anOrder('m'), anOrder('a')];
      for (const order of [first, second, third]) {
        await store.orders.insert(order);
        // Their age is told in milliseconds.
        await nextMillisecond();
      }
      expect(await another.orders.open()).toEqual(['z', 'm', 'a']);
      const over = overButUntold(second);
      await store.orders.replace(second, over);
      expect(await another.orders.open()).toEqual(['z', 'm', 'a']);
      await store.orders.replace(over, settledAfter(over));
      expect(await another.orders.open()).toEqual(['z', 'a']);
    });

    test('a settled order that has work again is open again', async () => {
      const order = anOrder();
      const settled = settledAfter(overButUntold(order));
      await store.orders.insert(order);
      await store.orders.replace(order, settled);
      expect(await store.orders.open()).toEqual([]);
      await another.orders.replace(settled, redrawRequested(settled));
      expect(await store.orders.open()).toEqual([order.id]);
    });

    test('more orders than one batch are all listed', async () => {
      const ids = Array.from({ length: 1_100 }, (_, i) => `order-${String(i).padStart(4, '0')}`);
      for (const id of ids) await store.orders.insert(anOrder(id));
      expect([...(await another.orders.open())].sort()).toEqual(ids);
    });

    test('a search comes back as it was last stored', async () => {
      const search = aSearch('s1');
      await store.searches.put(search);
      await store.searches.put({ ...search, page: 3 });
      expect(await another.searches.get('s1')).toEqual({ ...search, page: 3 });
      expect(await another.searches.get('s2')).toBeUndefined();
    });

    test('a search and an order with the same id are separate', async () => {
      const order = anOrder('same');
      await store.searches.put(aSearch('same'));
      expect(await store.orders.insert(order)).toBe(true);
      expect(await store.searches.get('same')).toEqual(aSearch('same'));
      expect(await store.orders.get('same')).toEqual(order);
      expect(await store.orders.open()).toEqual(['same']);
    });

    test('once closed, every call rejects with a StoreError', async () => {
      const order = anOrder();
      await store.orders.insert(order);
      await store.close();
      await expect(store.orders.get(order.id)).rejects.toBeInstanceOf(StoreError);
      await expect(store.orders.insert(anOrder())).rejects.toBeInstanceOf(StoreError);
      await expect(store.orders.replace(order, overButUntold(order))).rejects.toBeInstanceOf(StoreError);
      await expect(store.orders.open()).rejects.toBeInstanceOf(StoreError);
      await expect(store.searches.get('s1')).rejects.toBeInstanceOf(StoreError);
      await expect(store.searches.put(aSearch('s1'))).rejects.toBeInstanceOf(StoreError);
    });
  });
}

function aSearch(id: string): KeptSearch {
  return {
    id,
    search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 100 },
    found: [],
    askedBy: { teamId: 'T1', userId: 'U1' },
    channelId: 'C1',
    at: 1,
    page: 0,
    picks: {},
    drawn: { count: 0, viewer: { teamId: 'T1', userId: 'U1' }, picks: {} },
  };
}

const everything: TallyScope = { orders: [], days: [] };

const numbers = (quantity: number): CountedNumbers => ({
  kind: 'purchase',
  userId: 'UANNA',
  quantity,
  at: Date.UTC(2026, 10, 25),
});

async function begun({ ledger }: Store): Promise<void> {
  const absent = await ledger.read('2026-11', everything);
  expect(await ledger.begin(absent, new Map(), true)).toBe(true);
}

async function read({ ledger }: Store, ...orders: string[]): Promise<Tally> {
  const tally = await ledger.read('2026-11', { orders, days: [dayKeyOf(numbers(1))] });
  if ('none' in tally) throw new Error('there is no tally');
  return tally;
}

async function count(store: Store, id: string, quantity: number): Promise<void> {
  const tally = await read(store, id);
  expect(await store.ledger.replace(tally, withCounted(tally, id, numbers(quantity)))).toBe(true);
}

async function nextMillisecond(): Promise<void> {
  const before = Date.now();
  while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
}
