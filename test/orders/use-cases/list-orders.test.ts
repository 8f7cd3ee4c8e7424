import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { OrderFilter } from '../../../src/orders/domain/order-filter.js';
import type { Person } from '../../../src/orders/domain/request.js';
import { newOrder } from '../../../src/orders/domain/transitions.js';
import { type ListOrders, makeListOrders } from '../../../src/orders/use-cases/list-orders.js';
import { openStore, type Store } from '../../../src/store/open-store.js';
import { listeningLog } from '../../store/store-fixtures.js';
import { temporaryFolder } from '../../support/folder.js';
import { ana, ben, purchase, sam, usualPolicy } from '../../support/orders/people.js';

const NOON = Date.UTC(2026, 10, 23, 12);

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
let now: number;
let listOrders: ListOrders;

beforeEach(async () => {
  folder = temporaryFolder();
  store = await openStore(`sqlite:${folder.path}/numbers.db`, listeningLog());
  now = NOON;
  listOrders = makeListOrders({
    index: store.index,
    linkOf: async () => undefined,
    policy: usualPolicy,
    clock: { now: () => now },
  });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

async function asks(by: Person, id: string): Promise<void> {
  const order = newOrder({
    id,
    request: purchase(),
    requester: by,
    channelId: 'C1',
    now: NOON,
    expiresAt: NOON + 86_400_000,
  });
  expect(await store.orders.insert(order)).toBe(true);
}

const sees = async (by: Person, filter: OrderFilter = {}) =>
  (await listOrders(filter, by)).orders.map(({ order }) => order.id).sort();

test('a person of the installation sees its orders, and none of another installation', async () => {
  await asks(ana, 'anas');
  await asks(sam, 'sams');
  await asks({ teamId: 'T2', userId: 'UOTHER' }, 'others');
  expect(await sees(ben)).toEqual(['anas', 'sams']);
  expect(await sees(ben, { requestedBy: 'UOTHER' })).toEqual([]);
});

test('people who were let in only to decide see what they requested themselves, whatever they ask for', async () => {
  await asks(ana, 'anas');
  await asks(ben, 'bens');
  const visitor: Person = { ...ben, unplaced: true };
  expect(await sees(visitor)).toEqual(['bens']);
  expect(await sees(visitor, { requestedBy: ana.userId })).toEqual([]);
  expect(await sees(visitor, { state: 'waiting' })).toEqual(['bens']);
  expect(await listOrders({}, visitor)).toMatchObject({ onlyOwn: true });
});

test('a waiting order names who can decide: neither its requester nor anyone else', async () => {
  await asks(ben, 'bens');
  const { orders } = await listOrders({ state: 'waiting' }, sam);
  expect(orders[0]?.waitsFor).toEqual({ anyone: false, users: ['UBEA'], groups: ['S1'] });
});

test('an order whose time has passed is listed as expired before that is recorded', async () => {
  await asks(ana, 'anas');
  now = NOON + 86_400_001;
  const [listed] = (await listOrders({}, ana)).orders;
  expect(listed?.order.status).toBe('expired');
  expect(listed?.waitsFor).toBeUndefined();
});
