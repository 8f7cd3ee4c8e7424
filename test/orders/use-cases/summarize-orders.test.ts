import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Person } from '../../../src/orders/domain/request.js';
import { usualCircumstances } from '../../../src/orders/domain/standing.js';
import { declined, newOrder } from '../../../src/orders/domain/transitions.js';
import { judge } from '../../../src/orders/policy/ruling.js';
import { makeSummarizeOrders, type SummarizeOrders } from '../../../src/orders/use-cases/summarize-orders.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { openStore, type Store } from '../../../src/store/open-store.js';
import { listeningLog } from '../../store/store-fixtures.js';
import { temporaryFolder } from '../../support/folder.js';
import { ana, ben, nothingUsed, purchase, sam, usualPolicy } from '../../support/orders/people.js';

const NOON = Date.UTC(2026, 10, 23, 12);

let folder: ReturnType<typeof temporaryFolder>;
let url: string;
let store: Store;
let summarize: SummarizeOrders;
let requested: number;

beforeEach(async () => {
  folder = temporaryFolder();
  url = `sqlite:${folder.path}/numbers.db`;
  store = await openStore(url, listeningLog());
  requested = 0;
  summarize = makeSummarizeOrders({
    index: store.index,
    accounts: { standingOf: async () => 'member' },
    groups: { includesAny: async () => false, membersOf: async () => [] },
    circumstances: { order: async () => usualCircumstances },
    limits: {
      evaluate: async (asked) => judge(usualPolicy, { ...usualCircumstances, ...asked }, nothingUsed, NOON),
    },
    policy: usualPolicy,
    delegates: { to: async () => [], all: async () => [] },
    clock: { now: () => NOON },
  });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

async function asks(requester: Person, quantity = 1) {
  for (let each = 0; each < quantity; each += 1) {
    requested += 1;
    const order = newOrder({
      id: `00000000-0000-4000-8000-${String(requested).padStart(12, '0')}`,
      request: purchase(),
      requester,
      channelId: 'C1',
      now: NOON - 10_000 + requested,
      expiresAt: NOON + 86_400_000,
    });
    expect(await store.orders.insert(order)).toBe(true);
    if (each === quantity - 1) return order;
  }
  throw new Error('nothing requested');
}

test('someone else’s older open order is found behind sixty of their own', async () => {
  const anas = await asks(ana);
  await asks(sam, 60);
  const { open, more } = await summarize(sam);
  expect(open.map(({ id }) => id)).toEqual([anas.id]);
  expect(more).toEqual({ yours: true, open: false });
});

test('if too many would have to be read, it says that there may be more', async () => {
  await asks(ana);
  await asks(sam, 205);
  const { open, more } = await summarize(sam);
  expect(open).toEqual([]);
  expect(more.open).toBe(true);
});

test('there are more of their own if more have ended than are listed', async () => {
  for (let each = 0; each < 4; each += 1) {
    const order = await asks(sam);
    expect(await store.orders.replace(order, declined(order, ben, 'no', NOON))).toBe(true);
  }
  const { yours, more } = await summarize(sam);
  expect(yours).toHaveLength(3);
  expect(more.yours).toBe(true);
});

test('an ended order that can’t be read is counted', async () => {
  const order = await asks(sam);
  expect(await store.orders.replace(order, declined(order, ben, 'no', NOON))).toBe(true);
  const database = await openDatabase(url, listeningLog());
  await (await database.adapter('orders')).set(order.id, 'not JSON');
  await database.close();
  expect(await summarize(sam)).toMatchObject({ yours: [], unreadable: 1 });
});

test('a person who was let in only to decide doesn’t see whether others have open orders', async () => {
  await asks(ana);
  const visitor: Person = { ...sam, unplaced: true };
  expect(await summarize(visitor)).toMatchObject({ open: [], onlyOwn: true });
  expect(await summarize(sam)).toMatchObject({ open: [{ requester: ana }], onlyOwn: false });
});
