import { describe, expect, test } from '@jest/globals';
import { type Basket, linesOfBasket, markOf, numbersInBasket } from '../../../src/orders/domain/basket.js';
import { type PhoneNumber, parsePhoneNumber } from '../../../src/orders/domain/phone-number.js';
import type { BasketStore } from '../../../src/orders/ports/basket-store.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports/store-errors.js';
import { isBasket, type KeepBasket, makeKeepBasket } from '../../../src/orders/use-cases/keep-basket.js';
import { makeBasketStore } from '../../../src/store/basket-store.js';
import { anOrder } from '../../store/store-fixtures.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { noon, requester } from '../../support/sample-orders.js';

const owner = { person: requester, channelId: 'C1' };
const in910 = { areaCode: '910' };

/** So many numbers, from this one on. */
function numbers(count: number, from = 9_102_410_000): readonly PhoneNumber[] {
  return Array.from({ length: count }, (_, index) => {
    const number = parsePhoneNumber(String(from + index));
    if (number === undefined) throw new Error(`no number: ${from + index}`);
    return number;
  });
}

const clock = { now: () => noon };
/** No order is on record, unless a test says otherwise. */
const orders = { get: async () => undefined };
const instances = (stores: readonly BasketStore[]): readonly KeepBasket[] =>
  stores.map((baskets) => makeKeepBasket({ baskets, orders, clock }));

async function basketOf(keeper: KeepBasket): Promise<Basket> {
  const now = await keeper.now(owner);
  if (!isBasket(now)) throw new Error('nothing is picked');
  return now;
}

describe('Two instances that share a database', () => {
  test('lose nothing that a person picks in two windows at the same moment', async () => {
    const entries = makeMemoryNamespace();
    const [here, there] = instances([makeBasketStore(entries), makeBasketStore(entries)]);
    if (here === undefined || there === undefined) throw new Error('two instances');
    const picks = numbers(12);
    const added = await Promise.all(
      picks.map((number, index) =>
        (index % 2 === 0 ? here : there).add(owner, { place: in910, numbers: [number] }),
      ),
    );
    expect(added.every((each) => 'added' in each && each.added === 1)).toBe(true);
    expect([...numbersInBasket(await basketOf(there))].sort()).toEqual([...picks].sort());
  });

  test('take each number out once when two forms with the same numbers are submitted', async () => {
    const entries = makeMemoryNamespace();
    const [here, there] = instances([makeBasketStore(entries), makeBasketStore(entries)]);
    if (here === undefined || there === undefined) throw new Error('two instances');
    await here.add(owner, { place: in910, numbers: numbers(3) });
    const shown = markOf(await basketOf(here));
    const since = numbers(2, 9_192_410_000);
    await there.add(owner, { place: { areaCode: '919' }, numbers: since });
    await Promise.all([here.ordered(owner, shown), there.ordered(owner, shown)]);
    expect(numbersInBasket(await basketOf(here))).toEqual(since);
    expect(await here.startOver(owner, shown)).toMatchObject({ id: shown.basketId });
    await there.ordered(owner, markOf(await basketOf(there)));
    expect(await here.now(owner)).toBeUndefined();
  });

  test('do not mistake what was picked after starting over for what an earlier form ordered', async () => {
    const [keeper] = instances([makeBasketStore(makeMemoryNamespace())]);
    if (keeper === undefined) throw new Error('an instance');
    await keeper.add(owner, { place: in910, numbers: numbers(3) });
    const earlier = markOf(await basketOf(keeper));
    expect(await keeper.startOver(owner, earlier)).toEqual({ removed: 3 });
    await keeper.add(owner, { place: in910, numbers: numbers(2) });
    await keeper.ordered(owner, earlier);
    expect(numbersInBasket(await basketOf(keeper))).toEqual(numbers(2));
  });
});

describe('When the database does not confirm what was written', () => {
  const lost = () => new OutcomeUnknown('no answer');

  /** Loses the answers of the first writes, which are made or not. */
  function losing(baskets: BasketStore, outcomes: ('written' | 'not written')[]): BasketStore {
    const write =
      <Given extends readonly unknown[]>(act: (...given: Given) => Promise<boolean>) =>
      async (...given: Given) => {
        const outcome = outcomes.shift();
        if (outcome === 'not written') throw lost();
        const answer = await act(...given);
        if (outcome === 'written') throw lost();
        return answer;
      };
    const { insert, replace, remove } = baskets;
    return { ...baskets, insert: write(insert), replace: write(replace), remove: write(remove) };
  }

  test.each([[['written']], [['not written']]] as const)(
    'it is read, and what was %s counts as added once',
    async (outcomes) => {
      const baskets = losing(makeBasketStore(makeMemoryNamespace()), [...outcomes]);
      const keeper = makeKeepBasket({ baskets, orders, clock });
      expect(await keeper.add(owner, { place: in910, numbers: numbers(3) })).toMatchObject({ added: 3 });
      expect(numbersInBasket(await basketOf(keeper))).toEqual(numbers(3));
    },
  );

  test('twice in a row, the person is told that the outcome is unknown, and nothing is added twice when they try again', async () => {
    const baskets = losing(makeBasketStore(makeMemoryNamespace()), ['not written', 'written']);
    const keeper = makeKeepBasket({ baskets, orders, clock });
    const picked = { place: in910, numbers: numbers(3) };
    await expect(keeper.add(owner, picked)).rejects.toMatchObject({
      trouble: 'basket-outcome-unknown',
    });
    expect(await keeper.add(owner, picked)).toMatchObject({ added: 0 });
    expect(numbersInBasket(await basketOf(keeper))).toEqual(numbers(3));
  });

  test('and cannot be read either, nobody is told that nothing was changed', async () => {
    const baskets = makeBasketStore(makeMemoryNamespace());
    let isAway = false;
    const keeper = makeKeepBasket({
      orders,
      clock,
      baskets: {
        ...baskets,
        async of(whose) {
          if (isAway) throw new StoreError('away');
          return baskets.of(whose);
        },
        async insert() {
          isAway = true;
          throw lost();
        },
      },
    });
    const added = keeper.add(owner, { place: in910, numbers: numbers(3) });
    await expect(added).rejects.toMatchObject({ trouble: 'basket-outcome-unknown' });
  });
});

describe('When the process dies right after an order was requested', () => {
  async function dying(isOnRecord: boolean): Promise<{ keeper: KeepBasket; since: readonly PhoneNumber[] }> {
    const baskets = makeBasketStore(makeMemoryNamespace());
    const order = anOrder('asked');
    const onRecord = { get: async (id: string) => (isOnRecord && id === order.id ? order : undefined) };
    const keeper = makeKeepBasket({ baskets, orders: onRecord, clock });
    await keeper.add(owner, { place: in910, numbers: numbers(3) });
    const shown = markOf(await basketOf(keeper));
    const since = numbers(1, 9_192_410_000);
    await keeper.add(owner, { place: { areaCode: '919' }, numbers: since });
    expect(await keeper.markRequested(owner, shown, order.id)).toMatchObject({ id: shown.basketId });
    return { keeper, since };
  }

  test('what was ordered is not in the basket anymore, and what was picked since is', async () => {
    const { keeper, since } = await dying(true);
    expect(numbersInBasket(await basketOf(keeper))).toEqual(since);
    expect(await keeper.add(owner, { place: in910, numbers: numbers(4) })).toMatchObject({ added: 4 });
    expect(await keeper.startOver(owner, markOf(await basketOf(keeper)))).toEqual({ removed: 5 });
  });

  test('before it was recorded, nothing is lost', async () => {
    const { keeper, since } = await dying(false);
    expect(numbersInBasket(await basketOf(keeper))).toEqual([...numbers(3), ...since]);
    expect(await keeper.add(owner, { place: in910, numbers: numbers(4) })).toMatchObject({ added: 1 });
  });
});

describe('A basket', () => {
  const keeper = () => makeKeepBasket({ baskets: makeBasketStore(makeMemoryNamespace()), orders, clock });

  test('has a line for each place, and more if a field of the form could not show one', async () => {
    const baskets = keeper();
    await baskets.add(owner, { place: in910, numbers: numbers(250) });
    await baskets.add(owner, { place: { areaCode: '919' }, numbers: numbers(2, 9_192_410_000) });
    await baskets.add(owner, { place: in910, numbers: numbers(250, 9_102_420_000) });
    const lines = linesOfBasket(await basketOf(baskets));
    expect(lines.map((line) => line.by === 'numbers' && line.numbers.length)).toEqual([200, 200, 100, 2]);
  });

  test('takes no more numbers and lines than an order can have, and says which limit it reached', async () => {
    const baskets = keeper();
    await baskets.add(owner, { place: in910, numbers: numbers(4_999) });
    const [last, over] = numbers(2, 9_192_410_000);
    if (last === undefined || over === undefined) throw new Error('two numbers');
    expect(await baskets.add(owner, { place: in910, numbers: [last, over] })).toMatchObject({
      full: 'too-many-numbers',
    });
    expect(await baskets.add(owner, { place: in910, numbers: [last] })).toMatchObject({ added: 1 });
    await baskets.startOver(owner, markOf(await basketOf(baskets)));
    for (const [index, number] of numbers(100).entries()) {
      await baskets.add(owner, { place: { zip: String(27_000 + index) }, numbers: [number] });
    }
    expect(await baskets.add(owner, { place: { areaCode: '919' }, numbers: [last] })).toMatchObject({
      full: 'too-many-places',
      basket: { channelId: 'C1' },
    });
    expect(linesOfBasket(await basketOf(baskets))).toHaveLength(100);
  });

  test('of a later version of the app counts as empty', async () => {
    const entries = makeMemoryNamespace();
    await entries.set(`${requester.userId}:C1`, { v: 2, whatever: true });
    const baskets = makeKeepBasket({ baskets: makeBasketStore(entries), orders, clock });
    expect(await baskets.now(owner)).toBeUndefined();
    expect(await baskets.add(owner, { place: in910, numbers: numbers(1) })).toMatchObject({ added: 1 });
  });
});
