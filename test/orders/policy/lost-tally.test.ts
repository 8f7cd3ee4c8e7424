import { describe, expect, test } from '@jest/globals';
import { isFinal, type Order } from '../../../src/orders/domain/order.js';
import type { OrderId } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { usualCircumstances } from '../../../src/orders/domain/standing.js';
import { monthOf } from '../../../src/orders/domain/tally.js';
import { approved, newOrder } from '../../../src/orders/domain/transitions.js';
import { verifyLedger } from '../../../src/orders/journal/verify-ledger.js';
import { makeLimits } from '../../../src/orders/policy/limits.js';
import type { Ledger } from '../../../src/orders/ports/ledger.js';
import type { Log } from '../../../src/orders/ports/log.js';
import type { OrderArchive } from '../../../src/orders/ports/order-store.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeLedger } from '../../../src/store/ledger-store.js';
import type { Namespace } from '../../../src/store/namespace.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { makeMemoryStore } from '../../support/orders/memory-store.js';
import { ana, bea, ben, purchase, sam, searchAndOrder, usualPolicy } from '../../support/orders/people.js';
import { fc, runs } from '../../support/properties.js';

const NOON = Date.UTC(2026, 0, 5, 12);
const MONTH = monthOf(NOON);

interface Books {
  readonly entries: Namespace;
  readonly warnings: string[];
  /** How often all orders were read. */
  scans(): number;
  /** Another instance of the app. */
  limits(ledger?: Ledger): ReturnType<typeof makeLimits>;
  /** Asks, and approves if the limits allow it: whether they did. */
  buys(id: OrderId, quantity: number, limits?: ReturnType<typeof makeLimits>): Promise<boolean>;
  ends(id: OrderId): Promise<void>;
  bought(): number;
  lose(): Promise<void>;
  verify(): Promise<readonly string[]>;
}

function openBooks(policy: Partial<typeof usualPolicy>): Books {
  const entries = makeMemoryNamespace();
  const store = makeMemoryStore([]);
  const warnings: string[] = [];
  const note = (_: object, sentence: string) => void warnings.push(sentence);
  const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note };
  let scans = 0;
  const archive: OrderArchive = {
    all() {
      scans += 1;
      return store.all();
    },
  };
  const limits = (ledger: Ledger = makeLedger(entries)) =>
    makeLimits({
      ledger,
      orders: { get: store.get, restoreLost: async () => {} },
      archive,
      policy: { ...usualPolicy, ...policy },
      clock: { now: () => NOON },
      log,
      pause: async () => {},
    });
  const usual = limits();
  const ids: OrderId[] = [];
  return {
    entries,
    warnings,
    scans: () => scans,
    limits,
    async buys(id, quantity, by = usual) {
      const request = searchAndOrder(quantity);
      const order = newOrder({
        id,
        request,
        requester: ids.length % 2 === 0 ? ana : sam,
        channelId: 'C1',
        now: NOON,
        expiresAt: NOON + 1,
      });
      ids.push(id);
      if (order.status !== 'awaiting-approval') throw new Error('it waits');
      await store.insert(order);
      const ruling = await by.count(order, { at: NOON, by: ben });
      if (ruling.verdict === 'refused') return false;
      await store.replace(order, approved(order, ben, NOON, NOON));
      return true;
    },
    async ends(id) {
      const order = store.onRecord(id);
      if (order?.status !== 'approved') return;
      const over: Order = {
        ...order,
        version: order.version + 1,
        status: 'complete',
        carrierOrderId: 'x',
        at: NOON,
        outcome: { completed: [], completedQuantity: 1, failed: [], faults: [] },
      };
      expect(isFinal(over)).toBe(true);
      await store.replace(order, over);
      await usual.giveBack(id, NOON);
    },
    bought: () =>
      ids.reduce((sum, id) => {
        const order = store.onRecord(id);
        if (order?.status === 'complete') return sum + (order.outcome.completedQuantity ?? 0);
        return (
          sum + (order?.status === 'approved' && order.request.kind === 'purchase' ? quantityOf(order) : 0)
        );
      }, 0),
    async lose() {
      for (const [key, value] of await entries.entries()) await entries.removeIfSame(key, value);
    },
    async verify() {
      const problems = await verifyLedger({ orders: store, ledger: makeLedger(entries) });
      return problems.map(({ what }) => what);
    },
  };
}

function quantityOf(order: Order): number {
  if (order.request.kind !== 'purchase' || order.request.wanted.by !== 'search') return 0;
  return order.request.wanted.search.quantity;
}

const damages: Readonly<Record<string, (books: Books) => Promise<void>>> = {
  'was deleted': (books) => books.lose(),
  'holds nonsense': (books) => books.entries.set(MONTH, 'nonsense'),
  'says nothing': (books) => books.entries.set(MONTH, null),
  'lost its sums': (books) => books.entries.set(MONTH, { v: 2, counted: {} }),
  'counts below nothing': (books) =>
    books.entries.set(MONTH, {
      v: 2,
      generation: 'g',
      tidied: 1,
      n: 1,
      totals: { purchase: -5, disconnect: 0 },
      days: {},
      counted: {},
      followed: false,
    }),
};

describe.each(Object.entries(damages))('A tally that %s', (_, damage) => {
  test.each([{ maxNumbersPerMonth: 10 }, { maxNumbersPerDay: 10 }])(
    'is counted again from the orders, finished ones too, so no limit is lifted (%j)',
    async (policy) => {
      const books = openBooks(policy);
      // Two people take turns, so a limit of a day is each one's own.
      for (let index = 0; index < 4; index += 1)
        expect(await books.buys(`o${index}`, 3)).toBe(index < 3 || 'maxNumbersPerDay' in policy);
      await books.ends('o0');
      await damage(books);
      const mine = 'maxNumbersPerDay' in policy ? 4 : 7;
      // Ana: o0 came to 1, o2 to 3. Everybody: 1 + 3 + 3.
      expect(await books.buys('big', 11 - mine, books.limits())).toBe(false);
      expect(books.warnings).toContain('monthly tally rebuilt from the orders');
      expect(await books.verify()).toEqual([]);
    },
  );

  test('is counted again only once when two instances approve at the same time', async () => {
    const books = openBooks({ maxNumbersPerMonth: 10 });
    await books.buys('o1', 6);
    await damage(books);
    const [one, other] = [books.limits(), books.limits()];
    const answers = await Promise.all([
      books.buys('o2', 3, one),
      books.buys('o3', 3, other),
      books.buys('o4', 3, one),
      books.buys('o5', 3, other),
    ]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(books.bought()).toBe(9);
  });
});

/** The tally as one of an instance whose write of this number loses its answer, as do all after it where the database `hangs`. */
function losingAnswers(
  entries: Namespace,
  given: { readonly from: number; readonly written: boolean; readonly hangs: boolean },
) {
  let writes = 0;
  const losing = async (write: () => Promise<boolean>) => {
    writes += 1;
    if (writes < given.from || (writes > given.from && !given.hangs)) return write();
    if (given.written) await write();
    throw new OutcomeUnknown('the answer was lost');
  };
  const ledger = makeLedger({
    ...entries,
    insertIfAbsent: (...given) => losing(() => entries.insertIfAbsent(...given)),
    replace: (...given) => losing(() => entries.replace(...given)),
  });
  return { ledger, writes: () => writes };
}

const monthBefore = monthOf(Date.UTC(2025, 11, 5));

/** What the tally is like when somebody approves. */
const tallies: Readonly<Record<string, (books: Books) => Promise<void>>> = {
  'is the first of a new month': async (books) => {
    const ledger = makeLedger(books.entries);
    const found = await ledger.read(monthBefore, { orders: [], days: [] });
    if ('none' in found) await ledger.begin(found, new Map(), true);
  },
  'was deleted': async (books) => {
    await books.buys('old', 6);
    await books.lose();
  },
  'is written as by an old version': async (books) => {
    await books.buys('old', 6);
    await books.entries.set(MONTH, {
      v: 1,
      counted: { old: { kind: 'purchase', userId: ana.userId, quantity: 6, at: NOON } },
    });
  },
  'sums up to too much': async (books) => {
    await books.buys('old', 6);
    const head = await books.entries.get(MONTH);
    await books.entries.set(MONTH, { ...(head as object), totals: { purchase: 10, disconnect: 0 } });
  },
  'counts too much': async (books) => {
    await books.buys('old', 6);
    const counted = { kind: 'purchase', userId: sam.userId, quantity: 4, at: 0 } as const;
    const ledger = makeLedger(books.entries);
    const found = await ledger.read(MONTH, { orders: [], days: [] });
    await ledger.begin(
      found,
      new Map([...Object.entries('none' in found ? {} : found.counted), ['x', counted]]),
      true,
    );
  },
};

describe.each(Object.entries(tallies))(
  'Where a tally %s and the answer to one of its writes is lost',
  (_, prepare) => {
    test.each([true, false])(
      'everyone is told the truth, and is counted once (written: %s)',
      async (written) => {
        for (let from = 1, lost = true; lost; from += 1) {
          const books = openBooks({ maxNumbersPerMonth: 10 });
          await prepare(books);
          const { ledger, writes } = losingAnswers(books.entries, { from, written, hangs: false });
          const limits = books.limits(ledger);
          expect(await books.buys('one', 4, limits)).toBe(true);
          expect(await books.buys('other', 7, limits)).toBe(false);
          expect(await books.verify()).toEqual([]);
          lost = writes() >= from;
        }
      },
    );

    test('and no later answer arrives either, nobody is told that the order is in doubt', async () => {
      const books = openBooks({ maxNumbersPerMonth: 10 });
      await prepare(books);
      const { ledger } = losingAnswers(books.entries, { from: 1, written: false, hangs: true });
      const error = await books.buys('one', 4, books.limits(ledger)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).not.toBeInstanceOf(OutcomeUnknown);
    });
  },
);

test('The tally of a new month does not read the orders', async () => {
  const books = openBooks({ maxNumbersPerMonth: 10 });
  await books.buys('o1', 1);
  const scans = books.scans();
  let now = NOON + 31 * 24 * 60 * 60_000;
  const ledger = makeLedger(books.entries);
  let looked = 0;
  const next = makeLimits({
    ledger,
    orders: { get: async () => undefined, restoreLost: async () => {} },
    archive: {
      all() {
        looked += 1;
        return makeMemoryStore([]).all();
      },
    },
    policy: usualPolicy,
    clock: { now: () => now },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  await next.evaluate({
    kind: 'purchase',
    quantity: 1,
    requester: bea,
    channelId: 'C1',
    ...usualCircumstances,
  });
  now += 1;
  await next.evaluate({
    kind: 'purchase',
    quantity: 1,
    requester: bea,
    channelId: 'C1',
    ...usualCircumstances,
  });
  expect([books.scans(), looked]).toEqual([scans, 0]);
});

test('However orders arrive, end and are counted by two instances, with the tally lost in between: never beyond the limit, and the tally matches the orders', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('buy' as const),
        quantity: fc.integer({ min: 1, max: 4 }),
        by: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
      const books = openBooks({ maxNumbersPerMonth: 12 });
      const instances = [books.limits(), books.limits()] as const;
      let made = 0;
      for (const round of rounds) {
        if (round.some((each) => each.do === 'lose')) await books.lose();
        await Promise.all(
          round.map(async (each) => {
            if (each.do === 'buy') await books.buys(`o${made++}`, each.quantity, instances[each.by ? 0 : 1]);
            if (each.do === 'end') await books.ends(`o${each.which}`);
          }),
        );
        expect(books.bought()).toBeLessThanOrEqual(12);
        if (made > 0 && !round.some((each) => each.do === 'lose')) {
          expect(await books.verify()).not.toContain('tally too low');
        }
      }
    }),
    { numRuns: runs(150) },
  );
});

test('Approvals cost the same in a month of none and of ten thousand orders', async () => {
  const cost = async (orders: number) => {
    const books = openBooks({});
    const ledger = makeLedger(books.entries);
    const absent = await ledger.read(MONTH, { orders: [], days: [] });
    if (!('none' in absent)) throw new Error('there is a tally');
    const counted = Array.from(
      { length: orders },
      (_, index) =>
        [`old${index}`, { kind: 'purchase', userId: `U${index % 300}`, quantity: 1, at: NOON }] as const,
    );
    await ledger.begin(absent, new Map(counted), true);
    let [calls, bytes] = [0, 0];
    const watched: Namespace = {
      ...books.entries,
      async get(key) {
        const value = await books.entries.get(key);
        calls += 1;
        bytes += JSON.stringify(value ?? null).length;
        return value;
      },
      async replace(key, current, next) {
        calls += 1;
        bytes += JSON.stringify(next).length;
        return books.entries.replace(key, current, next);
      },
    };
    const limits = makeLimits({
      ledger: makeLedger(watched),
      orders: { get: async () => undefined, restoreLost: async () => {} },
      archive: makeMemoryStore([]),
      policy: { ...usualPolicy, maxNumbersPerMonth: 100_000 },
      clock: { now: () => NOON },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    const order = newOrder({
      id: 'o',
      request: purchase(),
      requester: ana,
      channelId: 'C1',
      now: NOON,
      expiresAt: 0,
    });
    for (let index = 0; index < 100; index += 1) {
      await limits.count({ ...order, id: `new${index}` }, { at: NOON, by: ben });
    }
    expect(requestDigest(order)).toBeDefined();
    return { calls, bytes };
  };
  const [empty, full] = [await cost(0), await cost(10_000)];
  expect(full.calls).toBeLessThanOrEqual(empty.calls * 1.5);
  expect(full.bytes).toBeLessThanOrEqual(empty.bytes * 1.5);
});
