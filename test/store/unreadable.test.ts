import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isDamaged } from '../../src/orders/domain/journal-entry.js';
import type { KeptSearch } from '../../src/orders/domain/kept-search.js';
import { redrawRequested } from '../../src/orders/domain/transitions.js';
import { verifyJournal } from '../../src/orders/journal/verify-journal.js';
import { makeLeases } from '../../src/store/leases.js';
import { makeNamespace, UnreadableEntry } from '../../src/store/namespace.js';
import { openDatabase } from '../../src/store/open-database.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from './store-fixtures.js';

interface Place {
  readonly url: string;
  discard(): unknown;
}

/** What may be stored in place of something that the app wrote. */
const anything = ['{"value":', '', '42', 'null', '{}', '"words"', '{"value":{"v":1}}', '{"value":null}'];

const key = (sequence: number) => `T1/${String(sequence).padStart(12, '0')}`;

function describeUnreadable(name: string, rubbish: readonly string[], fresh: () => Place): void {
  let place: Place;
  let store: Store;
  let log: ReturnType<typeof listeningLog>;
  beforeEach(async () => {
    place = fresh();
    await reopen();
  });
  afterEach(async () => {
    await store.close();
    await place.discard();
  });

  async function reopen(): Promise<void> {
    await store?.close();
    log = listeningLog();
    store = await openStore(place.url, log);
  }
  /** Reads or writes texts past the store. */
  async function past<T>(namespace: string, act: (adapter: Adapter) => Promise<T>): Promise<T> {
    const database = await openDatabase(place.url, listeningLog());
    try {
      return await act(await database.adapter(namespace, { listedOften: namespace === 'open-orders' }));
    } finally {
      await database.close();
    }
  }
  const put = (namespace: string, at: string, text: string) => past(namespace, (it) => it.set(at, text));
  const textAt = (namespace: string, at: string) => past(namespace, (it) => it.get(at));

  async function journaledOrder(id: string) {
    const order = settledAfter(overButUntold(anOrder(id)));
    await store.orders.insert(order);
    await store.journal.append(order);
    return order;
  }
  const complaints = () => log.heard.filter(({ sentence }) => sentence.includes('unreadable'));

  test.each(rubbish)(
    `${name}: a journal continues after an entry that reads %j, and keeps it`,
    async (text) => {
      for (const id of ['first', 'second']) await journaledOrder(id);
      await put('journal', key(4), text);
      // Of what the whole order became, the journal lost the last event; it had claimed that number.
      await reopen();
      await store.journal.append(settledAfter(overButUntold(anOrder('second'))));
      await journaledOrder('third');
      await put('journal', key(7), text);
      await reopen();
      await journaledOrder('fourth');

      const found: (string | number)[] = [];
      for await (const entry of store.journal.since('T1', 0)) {
        found.push(isDamaged(entry) ? entry.sequence : `${entry.orderId} ${entry.index}`);
      }
      expect(found).toEqual([
        'first 0',
        'first 1',
        'second 0',
        4,
        'second 1',
        'third 0',
        7,
        'fourth 0',
        'fourth 1',
      ]);
      expect(await textAt('journal', key(4))).toBe(text);
      expect(complaints().map(({ facts }) => facts)).toContainEqual({ teamId: 'T1', sequence: 7 });
      const { problems } = await verifyJournal(store);
      expect(problems).toEqual([
        { what: 'entry unreadable', teamId: 'T1', sequence: 4 },
        { what: 'entry unreadable', teamId: 'T1', sequence: 7 },
        { what: 'event missing', orderId: 'third', index: 1 },
      ]);
    },
  );

  test(`${name}: a journal of which nothing can be read continues, too`, async () => {
    await journaledOrder('first');
    await put('journal', key(1), 'dust');
    await put('journal', key(2), 'dust');
    await reopen();
    await journaledOrder('second');
    const { chains } = await verifyJournal(store);
    expect(chains).toEqual([expect.objectContaining({ entries: 2 })]);
  });

  test(`${name}: an entry that belongs elsewhere does not make the journal loop`, async () => {
    for (const id of ['first', 'second']) await journaledOrder(id);
    await put('journal', key(4), String(await textAt('journal', key(1))));
    await reopen();
    await journaledOrder('third');
    const { problems } = await verifyJournal(store);
    expect(problems).toContainEqual({ what: 'entry does not follow', teamId: 'T1', sequence: 4 });
    expect(problems).not.toContainEqual(expect.objectContaining({ sequence: 5 }));
  });

  test.each(rubbish)(
    `${name}: a claim that reads %j is replaced, and nothing is written twice`,
    async (text) => {
      const order = await journaledOrder('first');
      await journaledOrder('second');
      await put('journal-claims', 'first', text);
      await reopen();
      await store.journal.append(order);
      await journaledOrder('third');
      await put('journal-claims', 'new', text);
      await journaledOrder('new');
      const { problems, chains } = await verifyJournal(store);
      expect(problems).toEqual([]);
      expect(chains).toEqual([expect.objectContaining({ entries: 8 })]);
      expect(complaints().map(({ facts }) => facts)).toEqual([{ orderId: 'first' }, { orderId: 'new' }]);
    },
  );

  test.each(rubbish)(
    `${name}: an order that reads %j is left alone, and never counted as missing`,
    async (text) => {
      const [one, other] = [anOrder('one'), anOrder('other')];
      await store.orders.insert(one);
      await store.orders.insert(other);
      expect(await store.orders.open()).toHaveLength(2);
      await put('orders', 'one', text);
      const error = await store.orders.get('one').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UnreadableEntry);
      expect((error as UnreadableEntry).trouble).toBe('unreadable');
      // From then on it keeps nobody from the others.
      expect(await store.orders.open()).toEqual(['other']);
      expect(await store.orders.insert(one)).toBe(false);
      expect(await textAt('orders', 'one')).toBe(text);
    },
  );

  test.each(rubbish)(
    `${name}: an index entry that reads %j keeps no order from being settled`,
    async (text) => {
      const order = anOrder('one');
      await store.orders.insert(order);
      await put('open-orders', 'one', text);
      expect(await store.orders.open()).toEqual(['one']);
      expect(await store.orders.replace(order, redrawRequested(order))).toBe(true);
      const settled = settledAfter(overButUntold(anOrder('one')));
      await put('open-orders', 'one', text);
      expect(await store.orders.replace(redrawRequested(order), settled)).toBe(true);
      expect(await store.orders.open()).toEqual([]);
      expect(await textAt('open-orders', 'one')).toBeUndefined();
      // Nor does one that another process left behind stay for good.
      await put('open-orders', 'one', text);
      await reopen();
      expect(await store.orders.open()).toEqual([]);
      expect(await textAt('open-orders', 'one')).toBeUndefined();
    },
  );

  test.each([...rubbish, '{"value":{"v":2,"search":{},"places":[],"found":[1]}}'])(
    `${name}: a search that reads %j counts as expired`,
    async (text) => {
      const aSearch: KeptSearch = {
        id: 's1',
        search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 100 },
        found: [],
        askedBy: { teamId: 'T1', userId: 'U1' },
        channelId: 'C1',
        at: 7,
        page: 0,
        picks: {},
        drawn: { count: 0, viewer: { teamId: 'T1', userId: 'U1' }, picks: {} },
      };
      await store.searches.put(aSearch);
      await put('searches', 's1', text);
      expect(await store.searches.get('s1')).toBeUndefined();
      await store.searches.put(aSearch);
      expect(await store.searches.get('s1')).toEqual(aSearch);
    },
  );

  test.each(['{"value":', '42', '{"value":{}}'])(
    `${name}: a lease that reads %j and never expires is free again soon`,
    async (text) => {
      await put('leases', 'passes', text);
      const database = await openDatabase(place.url, listeningLog());
      const leases = makeLeases({
        leases: makeNamespace('leases', await database.adapter('leases')),
        log: listeningLog(),
        livesForMs: 200,
      });
      const until = Date.now() + 10_000;
      let lease = await leases.take('passes');
      while (lease === undefined && Date.now() < until) lease = await leases.take('passes');
      expect(lease).toBeDefined();
      await lease?.giveBack();
      await database.close();
    },
  );
}

type Adapter = Awaited<ReturnType<Awaited<ReturnType<typeof openDatabase>>['adapter']>>;

describeUnreadable('SQLite', anything, () => {
  const folder = temporaryFolder();
  return { url: `sqlite:${folder.path}/numbers.db`, discard: () => folder.remove() };
});

for (const server of [postgres, redis]) {
  describeWith([server], `with a real ${server.name}`, () => {
    describeUnreadable(server.name, ['{"value":', '42'], () => {
      const url = server.fresh();
      return { url, discard: () => server.discard(url) };
    });
  });
}
