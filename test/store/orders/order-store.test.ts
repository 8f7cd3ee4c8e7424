import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OrderIn } from '../../../src/orders/domain/order.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import {
  edited,
  gone,
  holding,
  newOrder,
  redrawRequested,
  sentBefore,
} from '../../../src/orders/domain/transitions.js';
import type { OrderStore } from '../../../src/orders/ports/order-store.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeNamespace, type Namespace } from '../../../src/store/namespace.js';
import { toStore } from '../../../src/store/orders/order-format.js';
import { makeOrderListing, type OrderListing } from '../../../src/store/orders/order-listing.js';
import { makeOrderStore } from '../../../src/store/orders/order-store.js';
import { openSqlite, type SqliteFile } from '../../../src/store/sqlite/sqlite.js';
import { temporaryFolder } from '../../support/folder.js';
import { ana, ben, phone, purchase } from '../../support/orders/people.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from '../store-fixtures.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the index of open orders', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: SqliteFile;
  let orders: Namespace;
  let index: Namespace;
  let listing: OrderListing;
  let log: ReturnType<typeof listeningLog>;
  let now: number;
  let store: OrderStore;

  beforeEach(async () => {
    folder = temporaryFolder();
    file = await openSqlite(`${folder.path}/numbers.db`);
    orders = makeNamespace('orders', file.adapter('orders'));
    index = makeNamespace('open-orders', file.adapter('open-orders'));
    log = listeningLog();
    listing = makeOrderListing({ keys: file.sortedKeys('order-index'), log });
    now = 10 * HOUR;
    store = makeOrderStore({ orders, index, listing, log, clock: { now: () => now } });
  });
  afterEach(async () => {
    await file.close();
    folder.remove();
  });

  const indexed = async () => (await index.entries()).map(([id]) => id);
  /** The order store over namespaces of which some calls are watched or fail. */
  const storeWith = (changed: { orders?: Partial<Namespace>; index?: Partial<Namespace> }) =>
    makeOrderStore({
      orders: { ...orders, ...changed.orders },
      index: { ...index, ...changed.index },
      listing,
      log,
      clock: { now: () => now },
    });
  const crash = async () => {
    throw new StoreError('crashed here');
  };

  test('a crash between the index and the order loses nothing that was acknowledged', async () => {
    const order = anOrder();
    await expect(storeWith({ orders: { insertIfAbsent: crash } }).insert(order)).rejects.toBeInstanceOf(
      StoreError,
    );
    expect(await indexed()).toEqual([order.id]);
    expect(await store.open()).toEqual([]);
    expect(await store.insert(order)).toBe(true);
    expect(await store.open()).toEqual([order.id]);
  });

  test('an order is not written while its index entry cannot be written', async () => {
    const order = anOrder();
    await expect(storeWith({ index: { set: crash } }).insert(order)).rejects.toBeInstanceOf(StoreError);
    expect(await store.get(order.id)).toBeUndefined();
  });

  test('an order is settled even if its entry cannot be removed; the next read removes it', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const crashing = storeWith({ index: { removeIfSame: crash } });
    expect(await crashing.replace(order, settled)).toBe(true);
    expect(await indexed()).toEqual([order.id]);
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('the list of open orders is not read every time, but now and then', async () => {
    for (let count = 0; count < 30; count++) await store.insert(anOrder());
    let reads = 0;
    const watched = storeWith({
      orders: {
        get: (id) => {
          reads += 1;
          return orders.get(id);
        },
      },
    });
    expect(await watched.open()).toHaveLength(30);
    expect(reads).toBe(30);
    now += 4 * MINUTE;
    expect(await watched.open()).toHaveLength(30);
    expect(reads).toBe(30);
    now += 12 * MINUTE;
    expect(await watched.open()).toHaveLength(30);
    expect(reads).toBe(60);
  });

  test('an entry left by another instance that died is removed within a quarter of an hour', async () => {
    const order = anOrder();
    await store.insert(order);
    expect(await store.open()).toEqual([order.id]);
    const dying = storeWith({ index: { removeIfSame: crash } });
    await dying.replace(order, settledAfter(overButUntold(order)));
    now += 15 * MINUTE;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('an entry without its order is left alone for an hour, then removed', async () => {
    await index.set('coming', { at: now, mark: 'm' });
    now += HOUR - 1;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual(['coming']);
    now += 1;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('cleaning up does not remove an entry that was just written', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const crashing = storeWith({ index: { removeIfSame: crash } });
    expect(await crashing.replace(order, settled)).toBe(true);
    // Somebody reopens the order just between the look at it and the clearing away of its entry.
    const overtaken = storeWith({
      index: {
        removeIfSame: async (id, entry) => {
          await store.replace(settled, redrawRequested(settled));
          return index.removeIfSame(id, entry);
        },
      },
    });
    expect(await overtaken.open()).toEqual([]);
    expect(await store.open()).toEqual([order.id]);
  });

  test('settling does not remove an entry of someone who reopens the order at once', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const overtaken = storeWith({
      orders: {
        replace: async (id, current, next) => {
          const replaced = await orders.replace(id, current, next);
          await store.replace(settled, redrawRequested(settled));
          return replaced;
        },
      },
    });
    expect(await overtaken.replace(order, settled)).toBe(true);
    expect(await store.open()).toEqual([order.id]);
  });

  test.each([
    ['is no order', { v: 3, order: 'none' }],
    ['is another order', { v: 3, order: anOrder('another') }],
    ['is nothing', null],
    ['comes from a newer version', { v: 6, order: anOrder('broken') }],
  ])('what %s is an error where it is read, reported once, and stops no other order', async (_, stored) => {
    const order = anOrder();
    await store.insert(order);
    await store.insert(anOrder('broken'));
    await orders.set('broken', stored);
    await expect(store.get('broken')).rejects.toBeInstanceOf(StoreError);
    expect(await store.open()).toEqual([order.id]);
    expect(await store.open()).toEqual([order.id]);
    expect(log.heard).toMatchObject([{ facts: { orderId: 'broken' } }]);
    expect(await indexed()).toContain('broken');
    await orders.set('broken', toStore(anOrder('broken')));
    expect(await store.open()).toContain('broken');
  });

  test('a damaged text stops no other order either', async () => {
    const order = anOrder();
    await store.insert(order);
    await store.insert(anOrder('broken'));
    await file.adapter('orders').set('broken', '{"value":{"v":1,"ord');
    await expect(store.get('broken')).rejects.toBeInstanceOf(StoreError);
    expect(await store.open()).toEqual([order.id]);
    expect(log.heard).toHaveLength(1);
  });

  test('a database that cannot be read is an error, never "nothing is open"', async () => {
    await store.insert(anOrder());
    await expect(storeWith({ orders: { get: crash } }).open()).rejects.toBeInstanceOf(StoreError);
    await expect(storeWith({ index: { entries: crash } }).open()).rejects.toBeInstanceOf(StoreError);
  });

  test('the order is written with the version of its format', async () => {
    const order = anOrder();
    await store.insert(order);
    expect(await orders.get(order.id)).toEqual({ v: 3, order });
  });
});

describe('the open orders that a question is about', () => {
  const numbers = Array.from({ length: 40 }, (_, index) => phone(`91024100${10 + index}`));
  const naming = (...named: readonly PhoneNumber[]) => ({
    ...purchase({ wanted: { by: 'numbers', numbers: named } }),
  });
  const requested = (id: string, request: OrderRequest, requester = ana) =>
    newOrder({ id, request, requester, channelId: 'C1', now: 1_000, expiresAt: 86_400_000 });

  let folder: ReturnType<typeof temporaryFolder>;
  let file: SqliteFile;
  /** How many orders each instance has read. */
  let reads: number[];

  /** Another instance that shares the store. */
  const anInstance = (changed: Partial<Namespace> = {}) => {
    const orders = makeNamespace('orders', file.adapter('orders'));
    const index = makeNamespace('open-orders', file.adapter('open-orders'));
    const mine = reads.push(0) - 1;
    const get = (id: string) => {
      reads[mine] = (reads[mine] ?? 0) + 1;
      return orders.get(id);
    };
    const watched = { ...orders, get, ...changed };
    return makeOrderStore({
      orders: watched,
      index,
      listing: makeOrderListing({ keys: file.sortedKeys('order-index'), log: listeningLog() }),
      log: listeningLog(),
      clock: { now: () => 1_000 },
    });
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    file = await openSqlite(`${folder.path}/numbers.db`);
    reads = [];
  });
  afterEach(async () => {
    await file.close();
    folder.remove();
  });

  test.each([10, 40])(
    'each of %d open orders is read once, no matter how often someone asks',
    async (count) => {
      const [one, other] = [anInstance(), anInstance()];
      for (const [index, number] of numbers.slice(0, count).entries()) {
        await one.insert(requested(`o${index}`, naming(number)));
      }
      const before = reads[1] ?? 0;
      for (let times = 0; times < 5; times += 1) {
        expect(await other.openAbout({ numbers: numbers.slice(3, 4) })).toEqual(['o3']);
        expect(await other.openAbout({ holdsFor: ben.userId })).toEqual([]);
      }
      expect((reads[1] ?? 0) - before).toBe(count);
    },
  );

  test('one that another instance inserted, or edited, a moment ago is among them', async () => {
    const [first = phone('9102414365'), second = phone('9102414366')] = numbers;
    const [one, other] = [anInstance(), anInstance()];
    const order = requested('o1', naming(first));
    expect(await other.openAbout({ numbers: [first] })).toEqual([]);
    await one.insert(order);
    expect(await other.openAbout({ numbers: [first] })).toEqual(['o1']);
    expect(await other.openAbout({ numbers: [second] })).toEqual([]);
    await one.replace(order, edited(order, ana, naming(second), 2_000, 86_400_000));
    expect(await other.openAbout({ numbers: [second] })).toEqual(['o1']);
    expect(await other.openAbout({ numbers: [first] })).toEqual([]);
  });

  test('one that another instance restored a moment ago is among them by what was sent', async () => {
    const [first = phone('9102414365'), second = phone('9102414366')] = numbers;
    const [one, other] = [anInstance(), anInstance()];
    const order = requested('o1', naming(first));
    await one.insert(order);
    expect(await other.openAbout({ numbers: [first] })).toEqual(['o1']);
    const approval = { by: ben, at: 2_000 };
    await one.replace(order, sentBefore(order, { approval, sentAt: 2_000, request: naming(second) }, 3_000));
    expect(await other.openAbout({ numbers: [second] })).toEqual(['o1']);
    expect(await other.openAbout({ numbers: [first] })).toEqual([]);
  });

  test('one that is read while another instance is writing its edit is not remembered wrongly', async () => {
    const [first = phone('9102414365'), second = phone('9102414366')] = numbers;
    const other = anInstance();
    const orders = makeNamespace('orders', file.adapter('orders'));
    const slow = anInstance({
      async replace(key, current, next) {
        expect(await other.openAbout({ numbers: [second] })).toEqual([]);
        return orders.replace(key, current, next);
      },
    });
    const order = requested('o1', naming(first));
    await slow.insert(order);
    expect(await slow.replace(order, edited(order, ana, naming(second), 2_000, 86_400_000))).toBe(true);
    expect(await other.openAbout({ numbers: [second] })).toEqual(['o1']);
  });

  test('one whose edit left out a number that is still held is among them until that is released', async () => {
    const [first = phone('9102414365'), second = phone('9102414366')] = numbers;
    const store = anInstance();
    const order = requested('o1', naming(first));
    const asked = holding(order, [first], 1_500, 1_500);
    const changed = edited(asked as OrderIn<'awaiting-approval'>, ana, naming(second), 2_000, 86_400_000);
    await store.insert(order);
    await store.replace(order, asked);
    await store.replace(asked, changed);
    expect(await anInstance().openAbout({ numbers: [first] })).toEqual(['o1']);
    expect(await store.openAbout({ holdsFor: ana.userId })).toEqual(['o1']);
  });

  test('one that no longer holds any number takes none of its requester’s, and is not read for that', async () => {
    const [first = phone('9102414365')] = numbers;
    const store = anInstance();
    const order = requested('o1', naming(first));
    await store.insert(order);
    expect(await store.openAbout({ holdsFor: ana.userId })).toEqual(['o1']);
    await store.replace(order, gone(order, [first], 1_500));
    expect(await store.openAbout({ holdsFor: ana.userId })).toEqual([]);
    expect(await anInstance().openAbout({ holdsFor: ana.userId })).toEqual([]);
  });

  test('one that is settled is not among them', async () => {
    const store = anInstance();
    const order = requested('o1', naming(...numbers));
    await store.insert(order);
    expect(await store.openAbout({ numbers })).toEqual(['o1']);
    await store.replace(order, settledAfter(overButUntold(order)));
    expect(await store.openAbout({ numbers })).toEqual([]);
  });
});
