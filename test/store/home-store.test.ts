import { expect, test } from '@jest/globals';
import type { OpenedHome } from '../../src/orders/ports/home-store.js';
import { makeOpenedHomeStore } from '../../src/store/home-store.js';
import { UnreadableEntry } from '../../src/store/namespace.js';
import { makeMemoryNamespace } from '../support/orders/memory-namespace.js';
import { approver, noon, requester } from '../support/sample-orders.js';

const home: OpenedHome = {
  person: approver,
  openedAt: noon,
  publishedAt: noon + 1,
  content: 'digest',
  hash: '123.abc',
  orders: ['o1', 'o2'],
};

test('A Home tab on record is available to every instance until it is removed', async () => {
  const entries = makeMemoryNamespace();
  const [here, there] = [makeOpenedHomeStore(entries), makeOpenedHomeStore(entries)];
  await here.put(home, 60_000);
  expect(await there.all()).toEqual([expect.objectContaining(home)]);
  await there.put({ ...home, publishedAt: noon + 2, orders: [] }, 60_000);
  expect(await here.of(approver.userId)).toMatchObject({ publishedAt: noon + 2, orders: [] });
  expect(await here.of(requester.userId)).toBeUndefined();
  await here.remove(approver.userId);
  await here.remove(approver.userId);
  expect(await there.all()).toEqual([]);
});

test('one that another version wrote counts as missing, hides no other, and is replaced', async () => {
  const entries = makeMemoryNamespace();
  const store = makeOpenedHomeStore(entries);
  await entries.set(requester.userId, { v: 2, whatever: true });
  await store.put(home, 60_000);
  expect(await store.all()).toHaveLength(1);
  expect(await store.of(requester.userId)).toBeUndefined();
  await store.put({ ...home, person: requester }, 60_000);
  expect(await store.all()).toHaveLength(2);
});

test('one that is damaged counts as missing, and can be removed', async () => {
  const entries = makeMemoryNamespace();
  await entries.set(requester.userId, 'nonsense');
  const store = makeOpenedHomeStore({
    ...entries,
    async get(key) {
      throw new UnreadableEntry('it cannot be read', { stored: await entries.get(key) });
    },
  });
  expect(await store.of(requester.userId)).toBeUndefined();
  await store.remove(requester.userId);
  expect(await entries.entries()).toEqual([]);
});
