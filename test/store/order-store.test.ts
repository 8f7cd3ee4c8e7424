import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type OrderStore, StoreError } from '../../src/orders/ports.js';
import { mistrusted } from '../../src/orders/transitions.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { makeOrderStore } from '../../src/store/order-store.js';
import { openSqlite, type SqliteFile } from '../../src/store/sqlite.js';
import { temporaryFolder } from '../support/folder.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from './an-order.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the index of open orders', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: SqliteFile;
  let orders: Namespace;
  let index: Namespace;
  let log: ReturnType<typeof listeningLog>;
  let now: number;
  let store: OrderStore;

  beforeEach(async () => {
    folder = temporaryFolder();
    file = await openSqlite(`${folder.path}/numbers.db`);
    orders = makeNamespace('orders', file.adapter('orders'));
    index = makeNamespace('open-orders', file.adapter('open-orders'));
    log = listeningLog();
    now = 10 * HOUR;
    store = makeOrderStore({ orders, index, log, clock: { now: () => now } });
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

  test('an order is not written while its index entry cannot be', async () => {
    const order = anOrder();
    await expect(storeWith({ index: { set: crash } }).insert(order)).rejects.toBeInstanceOf(StoreError);
    expect(await store.get(order.id)).toBeUndefined();
  });

  test('an order is settled even if its entry cannot be removed; the next look clears that away', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const crashing = storeWith({ index: { removeIfSame: crash } });
    expect(await crashing.replace(order, settled)).toBe(true);
    expect(await indexed()).toEqual([order.id]);
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('what is open is not read again for every look, but now and then', async () => {
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

  test('an entry left by another instance that died is cleared away within a quarter of an hour', async () => {
    const order = anOrder();
    await store.insert(order);
    expect(await store.open()).toEqual([order.id]);
    const dying = storeWith({ index: { removeIfSame: crash } });
    await dying.replace(order, settledAfter(overButUntold(order)));
    now += 15 * MINUTE;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('an entry without its order is left alone for an hour, then cleared away', async () => {
    await index.set('coming', { at: now, mark: 'm' });
    now += HOUR - 1;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual(['coming']);
    now += 1;
    expect(await store.open()).toEqual([]);
    expect(await indexed()).toEqual([]);
  });

  test('clearing away does not take an entry written meanwhile', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const crashing = storeWith({ index: { removeIfSame: crash } });
    expect(await crashing.replace(order, settled)).toBe(true);
    // Somebody reopens the order just between the look at it and the clearing away of its entry.
    const overtaken = storeWith({
      index: {
        removeIfSame: async (id, entry) => {
          await store.replace(settled, mistrusted(settled));
          return index.removeIfSame(id, entry);
        },
      },
    });
    expect(await overtaken.open()).toEqual([]);
    expect(await store.open()).toEqual([order.id]);
  });

  test('settling does not take an entry of somebody who reopens the order at once', async () => {
    const order = anOrder();
    const settled = settledAfter(overButUntold(order));
    await store.insert(order);
    const overtaken = storeWith({
      orders: {
        replace: async (id, current, next) => {
          const replaced = await orders.replace(id, current, next);
          await store.replace(settled, mistrusted(settled));
          return replaced;
        },
      },
    });
    expect(await overtaken.replace(order, settled)).toBe(true);
    expect(await store.open()).toEqual([order.id]);
  });

  test.each([
    ['is no order', { v: 1, order: 'none' }],
    ['is another order', { v: 1, order: anOrder('another') }],
    ['is nothing', null],
    ['comes from a newer version', { v: 2, order: anOrder('broken') }],
  ])('what %s is an error where it is read, said once, and stops no other order', async (_, stored) => {
    const order = anOrder();
    await store.insert(order);
    await store.insert(anOrder('broken'));
    await orders.set('broken', stored);
    await expect(store.get('broken')).rejects.toBeInstanceOf(StoreError);
    expect(await store.open()).toEqual([order.id]);
    expect(await store.open()).toEqual([order.id]);
    expect(log.heard).toMatchObject([{ facts: { orderId: 'broken' } }]);
    expect(await indexed()).toContain('broken');
    await orders.set('broken', { v: 1, order: anOrder('broken') });
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

  test('the order is written with the version of its shape', async () => {
    const order = anOrder();
    await store.insert(order);
    expect(await orders.get(order.id)).toEqual({ v: 1, order });
  });
});
