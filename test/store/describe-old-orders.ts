import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { announced, redrawRequested } from '../../src/orders/domain/transitions.js';
import { verifyJournal } from '../../src/orders/journal/verify-journal.js';
import type { RemovedOrder } from '../../src/orders/ports/old-orders.js';
import type { Store } from '../../src/store/open-store.js';
import { expectConsistentRecord } from '../support/consistent-record.js';
import { anOrder, overButUntold, settledAfter } from './store-fixtures.js';

/** How every backend removes old orders; `backend` as in `describeStore`. */
export function describeOldOrders<Place>(
  name: string,
  backend: {
    fresh(): Promise<Place>;
    open(place: Place): Promise<Store>;
    discard(place: Place): Promise<void>;
  },
): void {
  describe(`old orders in ${name}`, () => {
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

    /** A declined order of which nothing is left to do, in the journal as well. */
    async function declined(id: string, requestedAt = 1_000) {
      const order = settledAfter(overButUntold({ ...anOrder(id), requestedAt }));
      await store.orders.insert(order);
      await store.journal.append(order);
      return order;
    }

    async function allRemoved(): Promise<readonly RemovedOrder[]> {
      const removed: RemovedOrder[] = [];
      for await (const each of store.oldOrders.allRemoved()) removed.push(each);
      return removed;
    }

    const OLD = 'aaaaaaaa-0000-4000-8000-000000000001';
    const OTHER = 'bbbbbbbb-0000-4000-8000-000000000002';

    test('are gone for every instance once removed, and nothing else is', async () => {
      const old = await declined(OLD);
      const other = await declined(OTHER);
      expect(await store.oldOrders.remove(old)).toBe(true);
      expect(await another.orders.get(OLD)).toBeUndefined();
      expect((await another.index.page({}, 10)).orders).toEqual([other]);
      expect((await another.index.page({ about: '910-241-4365' }, 10)).orders).toEqual([other]);
      expect(await another.orders.get(OTHER)).toEqual(other);
      expect(await store.oldOrders.remove(old)).toBe(false);
    });

    test('are remembered by their id, or its beginning', async () => {
      const old = await declined(OLD);
      await declined(OTHER);
      await store.oldOrders.remove(old);
      const left = { id: OLD, requestedAt: 1_000, events: old.events.length };
      for (const id of [OLD, OLD.toUpperCase(), 'aaaaaaaa', 'aaaaaaaa-0000'])
        expect(await another.oldOrders.removed(id)).toEqual(left);
      for (const id of [OTHER, 'aaaaaaa', 'cccccccc', 'aaaaaaaa-0001', ''])
        expect(await another.oldOrders.removed(id)).toBeUndefined();
      expect(await allRemoved()).toEqual([left]);
    });

    test('leave a complete journal', async () => {
      await store.oldOrders.remove(await declined(OLD));
      await declined(OTHER);
      await expectConsistentRecord(store, { atRest: true });
      expect(await verifyJournal(store)).toMatchObject({ orders: 1, removed: 1, problems: [] });
      // Without the note of the removal, or with one that doesn't fit the journal, the order is missing.
      const { oldOrders: _, ...unaware } = store;
      expect((await verifyJournal(unaware)).problems).toMatchObject([
        { what: 'order missing', orderId: OLD },
      ]);
      async function* wrongly() {
        yield { id: OLD, requestedAt: 1_000, events: 1 };
      }
      const wrong = await verifyJournal({ ...store, oldOrders: { allRemoved: wrongly } });
      expect(wrong.problems).toMatchObject([{ what: 'order missing', orderId: OLD }]);
    });

    test('are not removed if someone has written since they were read', async () => {
      const old = await declined(OLD);
      const next = announced(redrawRequested(old), 'call');
      expect(await another.orders.replace(old, next)).toBe(true);
      expect(await store.oldOrders.remove(old)).toBe(false);
      expect(await store.orders.get(OLD)).toEqual(next);
      expect(await another.index.page({}, 10)).toMatchObject({ orders: [next] });
    });

    test('are found page by page, only those before a time, newest first', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      for (const [index, id] of ids.entries()) await declined(id, 1_000 * (index + 1));
      const first = await store.oldOrders.requestedBefore(4_000, 2);
      expect(first.ids).toEqual(['c', 'b']);
      const second = await store.oldOrders.requestedBefore(4_000, 2, first.next);
      expect(second).toEqual({ ids: ['a'] });
    });
  });
}
