import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderFilter } from '../../../src/orders/domain/order-filter.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { checkSearch } from '../../../src/orders/domain/search/check-search.js';
import type { Criteria } from '../../../src/orders/domain/search/criteria.js';
import {
  approved,
  declined,
  edited,
  newOrder,
  placed,
  placing,
  redrawRequested,
  reopened,
  reported,
} from '../../../src/orders/domain/transitions.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { openStore, type Store } from '../../../src/store/open-store.js';
import { makeOrderIndex } from '../../../src/store/orders/order-index.js';
import { READ_FOR_A_PAGE } from '../../../src/store/orders/order-pages.js';
import { temporaryFolder } from '../../support/folder.js';
import { ana, ben, disconnect, phone, purchase, sam, working } from '../../support/orders/people.js';
import { describeWith, postgres, redis } from '../../support/servers.js';
import { listeningLog } from '../store-fixtures.js';

interface Place {
  readonly url: string;
  discard(): unknown;
}

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1);

function ordered(
  given: { request?: OrderRequest; by?: Person; at?: number; id?: string } = {},
): Order & { status: 'awaiting-approval' } {
  const { request = purchase(), by = ana, at = START, id = randomUUID() } = given;
  return newOrder({ id, request, requester: by, channelId: 'C1', now: at, expiresAt: at + DAY });
}

function searching(criteria: Criteria, site = { id: '461', name: 'Support line' }): OrderRequest {
  const search = checkSearch({ criteria, quantity: 2 });
  if (!('kind' in search)) throw new Error('no search');
  return purchase({ wanted: { by: 'search', search }, site });
}

const yes = (order: Order, at = START + 1) =>
  approved(order as Order & { status: 'awaiting-approval' }, ben, at);

function describeIndex(name: string, fresh: () => Place): void {
  describe(`the index of orders in ${name}`, () => {
    let place: Place;
    let store: Store;
    let another: Store;

    beforeEach(async () => {
      place = fresh();
      store = await openStore(place.url, listeningLog());
      another = await openStore(place.url, listeningLog());
    });
    afterEach(async () => {
      await store.close();
      await another.close();
      await place.discard();
    });

    const found = async (filter: OrderFilter = {}, size = 10) =>
      (await another.index.page(filter, size)).orders.map(({ id }) => id);
    const insert = async (...orders: Order[]) => {
      for (const order of orders) expect(await store.orders.insert(order)).toBe(true);
    };
    const replace = async (current: Order, next: Order) => {
      expect(await store.orders.replace(current, next)).toBe(true);
      return next;
    };

    test('all orders, newest first, page by page, each once', async () => {
      const orders = Array.from({ length: 23 }, (_, index) => ordered({ at: START + (index % 20) }));
      await insert(...orders);
      const pages: string[][] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await another.index.page({}, 10, after);
        pages.push(page.orders.map(({ id }) => id));
        after = page.next;
        more = after !== undefined;
      }
      expect(pages.map(({ length }) => length)).toEqual([10, 10, 3]);
      const newestFirst = [...orders].sort((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? 1 : -1));
      expect(pages.flat()).toEqual(newestFirst.map(({ id }) => id));
    });

    test('an order is waiting, then open, then done, and waiting again if its approval is no longer enough', async () => {
      const first = ordered();
      await insert(first);
      const state = async () => ({
        waiting: await found({ state: 'waiting' }),
        open: await found({ state: 'open' }),
        anas: await found({ state: 'open', requestedBy: ana.userId }),
        done: await found({ state: 'done' }),
      });
      const is = [first.id];
      expect(await state()).toEqual({ waiting: is, open: is, anas: is, done: [] });
      const agreed = await replace(first, yes(first));
      expect(await state()).toEqual({ waiting: [], open: is, anas: is, done: [] });
      const again = await replace(
        agreed,
        reopened(
          agreed as Order & { status: 'approved' },
          { voids: [], needs: first.needs, expiresAt: START + DAY },
          START + 2,
        ),
      );
      expect(await state()).toEqual({ waiting: is, open: is, anas: is, done: [] });
      await replace(again, declined(again as typeof first, ben, 'no', START + 3));
      expect(await state()).toEqual({ waiting: [], open: [], anas: [], done: is });
    });

    test('a request is found by its number, any beginning of it, its requester and its name', async () => {
      const mine = ordered({
        request: purchase({ wanted: { by: 'numbers', numbers: [phone('9102414365')] } }),
      });
      const other = ordered({
        by: sam,
        request: purchase({ name: 'Lobby', wanted: { by: 'numbers', numbers: [phone('9193174992')] } }),
      });
      await insert(mine, other);
      for (const about of [
        '9102414365',
        '(910) 241-4365',
        '+1 910 241 4365',
        '910',
        '910-241',
        '9102',
        '91024143',
        '910-24',
        '(910) 2',
        'front desk',
      ])
        expect([about, await found({ about })]).toEqual([about, [mine.id]]);
      expect(await found({ about: '910-241-4366' })).toEqual([]);
      expect(await found({ requestedBy: sam.userId })).toEqual([other.id]);
      expect(await found({ requestedBy: sam.userId, about: '910' })).toEqual([]);
    });

    test('a search is found by its place, its area code, its sub-account and any word of these', async () => {
      const raleigh = ordered({ request: searching({ city: 'Raleigh', state: 'NC' }) });
      const area = ordered({
        at: START - 1,
        request: searching({ areaCode: '919' }, { id: '4662', name: 'Main' }),
      });
      await insert(raleigh, area);
      for (const about of ['Raleigh', 'RALEIGH, NC', 'raleigh nc', 'Support line', 'support', '461'])
        expect([about, await found({ about })]).toEqual([about, [raleigh.id]]);
      for (const about of ['919', 'main', '4662'])
        expect([about, await found({ about })]).toEqual([about, [area.id]]);
      for (const about of ['NC', 'north carolina'])
        expect(await found({ about })).toEqual([raleigh.id, area.id]);
      for (const about of ['Raleigh, VA', 'Durham', '91', '😀', '%', '|', "'"])
        expect(await found({ about: `${about} x` })).toEqual([]);
    });

    test('an order is found by the numbers that were delivered, by its id, and by the id of its carrier order', async () => {
      const first = ordered({
        id: '5e1ec7ed-0000-4000-8000-000000000001',
        request: searching({ areaCode: '910' }),
      });
      await insert(first);
      const agreed = await replace(first, yes(first));
      const sent = await replace(agreed, placing(agreed as Order & { status: 'approved' }, START + 2));
      const taken = await replace(
        sent,
        placed(
          sent as Order & { status: 'placing' },
          'dc0008ec-07fc-41bf-a3bd-6c6ebf913f1c',
          START + 3,
          START + 4,
        ),
      );
      const number = phone('9105551234');
      expect(await found({ about: '9105551234' })).toEqual([]);
      await replace(
        taken,
        reported(
          taken as Order & { status: 'placed' },
          { status: 'complete', completed: [number], failed: [], faults: [] },
          START + 4,
          START + 5,
        ),
      );
      for (const about of ['9105551234', '5e1ec7ed', '5E1EC7ED-0000-4000-8000-000000000001', 'dc0008ec'])
        expect([about, await found({ about })]).toEqual([about, [first.id]]);
      for (const about of ['5e1ec7e', '5e1ec7ed-1']) expect(await found({ about })).toEqual([]);
      expect(await another.index.ofNumbers([number, phone('9105551235')])).toEqual(
        new Map([[number, [first.id]]]),
      );
    });

    test('an edited request is found by what it requests now', async () => {
      const first = ordered();
      await insert(first);
      const request = purchase({ wanted: { by: 'numbers', numbers: [phone('9193174992')] } });
      await replace(first, edited(first, ana, request, START + 5, START + DAY));
      expect(await found({ about: '9193174992' })).toEqual([first.id]);
      expect(await found({ about: '910-241-4365' })).toEqual([]);
      expect(await another.index.ofNumbers([phone('9102414365')])).toEqual(new Map());
    });

    test('a disconnect is found by its numbers and their city', async () => {
      const number = phone('9102414365');
      const bought = ordered({ at: START - 1 });
      const gone = ordered({ request: disconnect({ inService: [working(number)] }) });
      await insert(bought, gone);
      expect(await found({ about: 'Fayetteville' })).toEqual([gone.id]);
      expect((await another.index.ofNumbers([number])).get(number)).toEqual([gone.id, bought.id]);
    });

    test('a disconnect of numbers in a hundred cities is found by the last of them', async () => {
      const inService = Array.from({ length: 100 }, (_, index) => ({
        ...working(phone(String(9_102_410_000 + index))),
        city: `Town${index} Heights`,
      }));
      const large = ordered({ request: disconnect({ inService }) });
      await insert(large);
      expect(await found({ about: 'town99' })).toEqual([large.id]);
    });

    test('words without a letter or digit find nothing', async () => {
      await insert(ordered());
      for (const about of ['???', '😀', '%', '|', "'"])
        expect([about, await found({ about })]).toEqual([about, []]);
    });

    test('hundreds of numbers are looked up at once, no matter who has numbers between them', async () => {
      const numbers = Array.from({ length: 300 }, (_, index) => phone(String(9_102_410_000 + index * 100)));
      const between = Array.from({ length: 5_000 }, (_, index) => phone(String(9_102_412_001 + index * 2)));
      const [first, second] = [numbers[7], numbers[250]].map((number, later) =>
        ordered({
          at: START + later,
          request: purchase({ wanted: { by: 'numbers', numbers: [number as PhoneNumber] } }),
        }),
      ) as [Order, Order];
      const again = ordered({ at: START + 9, request: first.request });
      await insert(first, second, again);
      const few = new Map([
        [numbers[7], [again.id, first.id]],
        [numbers[250], [second.id]],
      ]);
      expect(await another.index.ofNumbers(numbers)).toEqual(few);
      // More than are read as a range.
      for (let later = 0; later < 3; later += 1) {
        const request = purchase({ wanted: { by: 'numbers', numbers: between } });
        await insert(ordered({ at: START + later, request }));
      }
      expect(await another.index.ofNumbers(numbers)).toEqual(few);
    });

    test('an order inserted twice is listed once', async () => {
      const first = ordered();
      await insert(first);
      expect(await another.orders.insert({ ...first, requestedAt: START + 9 })).toBe(false);
      expect(await found()).toEqual([first.id]);
    });

    test('an order of 5,000 numbers is found by the last of them', async () => {
      const numbers = Array.from({ length: 5_000 }, (_, index) => phone(String(9_102_410_000 + index)));
      const large = ordered({ request: purchase({ wanted: { by: 'numbers', numbers } }) });
      await insert(large);
      expect(await found({ about: '9102414999' })).toEqual([large.id]);
    });

    test('an order that cannot be read is named in its place, and the others are listed', async () => {
      const [old, bad, young] = [0, 1, 2].map((later) => ordered({ at: START + later }));
      await insert(old as Order, bad as Order, young as Order);
      const database = await openDatabase(place.url, listeningLog());
      await (await database.adapter('orders')).set?.(bad?.id ?? '', 'not JSON');
      await database.close();
      const page = await store.index.page({}, 10);
      expect(page.orders.map(({ id }) => id)).toEqual([young?.id, old?.id]);
      expect(page.unreadable).toEqual([bad?.id]);
    });

    test('of two writers at once, the winner’s order is listed as it is', async () => {
      for (let round = 0; round < 10; round++) {
        const first = ordered();
        await insert(first);
        const outcome = await Promise.all([
          store.orders.replace(first, yes(first)),
          another.orders.replace(first, redrawRequested(first)),
        ]);
        expect(outcome.filter(Boolean)).toHaveLength(1);
        const order = await store.orders.get(first.id);
        const listed = await found({ state: 'waiting' }, 100);
        expect(listed.includes(first.id)).toBe(order?.status === 'awaiting-approval');
      }
    });
  });

  test(`${name}: orders written before there was an index are listed after the next start`, async () => {
    const place = fresh();
    try {
      const orders = Array.from({ length: 30 }, (_, index) => ordered({ at: START + index }));
      const done = orders.map((order, index) =>
        index % 2 === 0 ? declined(order, ben, 'no', START + 40) : order,
      );
      const database = await openDatabase(place.url, listeningLog());
      const written = await database.adapter('orders');
      for (const order of done) {
        const { channelId, cards, ...others } = order;
        const card = { ...cards[0], channelId };
        await written.set(order.id, JSON.stringify({ value: { v: 2, order: { ...others, card } } }));
      }
      await written.set('damaged', '{"value":{"v":2,"order":{"id":"damaged","version":1,"events":[]}}}');
      await (await database.adapter('about')).set('schema', JSON.stringify({ value: { version: 1 } }));
      await database.close();
      const log = listeningLog();
      const store = await openStore(place.url, log);
      try {
        const page = await store.index.page({ state: 'waiting' }, 100);
        expect(page.orders).toHaveLength(15);
        expect((await store.index.page({ state: 'done' }, 100)).orders).toHaveLength(15);
        expect(await store.index.page({}, 100)).toMatchObject({ unreadable: ['damaged'] });
        expect(log.heard).toContainEqual({ facts: { orders: 31 }, sentence: 'index of orders built' });
      } finally {
        await store.close();
      }
      const again = listeningLog();
      await (await openStore(place.url, again)).close();
      expect(again.heard.map(({ sentence }) => sentence).join()).not.toContain('index of orders');
    } finally {
      await place.discard();
    }
  });
}

test('numbers that no order names cost one read together', async () => {
  const numbers = Array.from({ length: 300 }, (_, index) => phone(String(9_102_410_000 + index)));
  const ranges: string[][] = [];
  const index = makeOrderIndex({
    keys: {
      add: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      last(...range) {
        ranges.push(range.map(String));
        return Promise.resolve([]);
      },
    },
    get: () => Promise.resolve(undefined),
    log: listeningLog(),
  });
  expect(await index.ofNumbers(numbers)).toEqual(new Map());
  expect(ranges).toEqual([['number 9102410000|', 'number 9102410299|~', '500']]);
});

describeIndex('SQLite', () => {
  const folder = temporaryFolder();
  return { url: `sqlite:${folder.path}/numbers.db`, discard: () => folder.remove() };
});

for (const server of [postgres, redis]) {
  describeWith([server], `with a real ${server.name}`, () => {
    describeIndex(server.name, () => {
      const url = server.fresh();
      return { url, discard: () => server.discard(url) };
    });
  });
}

test('a page reads at most a thousand orders, says how far it got, and the next one continues there', async () => {
  const folder = temporaryFolder();
  const store = await openStore(`sqlite:${folder.path}/numbers.db`, listeningLog());
  try {
    const sams = ordered({ by: sam, at: START - 1 });
    await store.orders.insert(sams);
    await Promise.all(
      Array.from({ length: READ_FOR_A_PAGE + 5 }, (_, index) =>
        store.orders.insert(ordered({ at: START + index })),
      ),
    );
    const filter = { requestedBy: sam.userId, about: 'desk' };
    const first = await store.index.page(filter, 10);
    expect(first.orders).toEqual([]);
    expect(first.searchedBackTo).toBeGreaterThan(START);
    const second = await store.index.page(filter, 10, first.next);
    expect(second.orders.map(({ id }) => id)).toEqual([sams.id]);
    expect(second.next).toBeUndefined();
  } finally {
    await store.close();
    folder.remove();
  }
});
