import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../../src/orders/domain/journal-entry.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { journaled } from '../../../src/orders/domain/transitions.js';
import { verifyJournal } from '../../../src/orders/journal/verify-journal.js';
import type { JournalArchive } from '../../../src/orders/ports/journal.js';
import type { OrderArchive } from '../../../src/orders/ports/order-store.js';
import { makeJournal } from '../../../src/store/journal-store.js';
import type { Namespace } from '../../../src/store/namespace.js';
import { expectConsistentRecord } from '../../support/consistent-record.js';
import { makeMemoryNamespace } from '../../support/orders/memory-namespace.js';
import { report } from '../../support/orders/scripted-carrier.js';
import { afterReport, declinedOrder } from '../../support/sample-orders.js';

const complete = journaled({ ...afterReport(report('complete')), id: 'o1' }, 5);
const declined = { ...declinedOrder('no'), id: 'o2' };
const key = (sequence: number) => `T1/${String(sequence).padStart(12, '0')}`;

/** Nobody is away. */
const delegations = { all: async () => [] };
/** Nobody has explained any drift. */
const explanations = { all: async () => [] };

describe('A journal and its orders', () => {
  let entries: Namespace;
  let journal: JournalArchive;
  let stored: Map<string, Order>;
  let orders: OrderArchive;
  /** Another order is asked for, which `settle` has declined, journaled to its `last` entry and marked. */
  let another: () => Promise<{ last: number; settle: () => Promise<void> }>;

  beforeEach(async () => {
    entries = makeMemoryNamespace();
    const made = makeJournal({ entries, claims: makeMemoryNamespace(), clock: { now: () => 5 } });
    journal = made;
    stored = new Map([complete, declined].map((order) => [order.id, order]));
    orders = {
      async *all() {
        for (const [id, order] of stored) yield { id, order };
      },
    };
    await made.append(complete);
    await made.append(declined);
    another = async () => {
      const order = { ...declined, id: 'o3' };
      await made.append({ ...order, events: order.events.slice(0, 1) });
      return {
        last: 9,
        async settle() {
          await made.append(order);
          stored.set('o3', journaled(order, 2));
        },
      };
    };
  });

  const entry = async (sequence: number) => (await entries.get(key(sequence))) as JournalEntry;
  const put = (sequence: number, changed: unknown) => entries.set(key(sequence), changed);
  const drop = async (sequence: number) => entries.removeIfSame(key(sequence), await entry(sequence));
  const problems = async () => (await verifyJournal({ journal, orders, delegations, explanations })).problems;
  const at = (sequence: number) => ({ teamId: 'T1', sequence });

  test('that nobody touched are complete, and all of them are read', async () => {
    const found = await verifyJournal({ journal, orders, delegations, explanations });
    expect(found).toEqual({
      chains: [{ teamId: 'T1', entries: 7, head: (await entry(7)).hash }],
      orders: 2,
      removed: 0,
      pending: 0,
      problems: [],
    });
  });

  test('one changed word in an entry is found there, and in the order it was about', async () => {
    const was = await entry(7);
    await put(7, { ...was, event: { ...was.event, why: 'yes' } });
    expect(await problems()).toEqual([
      { what: 'entry changed', ...at(7) },
      { what: 'event differs', orderId: 'o2', index: 1 },
    ]);
  });

  test('a changed entry with a hash made to match is revealed by the next', async () => {
    const other = makeMemoryNamespace();
    const forger = makeJournal({ entries: other, claims: makeMemoryNamespace(), clock: { now: () => 6 } });
    await forger.append(complete);
    await put(2, await other.get(key(2)));
    expect(await problems()).toEqual([
      { what: 'entry does not follow', ...at(2) },
      { what: 'entry does not follow', ...at(3) },
    ]);
  });

  test('a removed entry is reported missing, and so is its event', async () => {
    await drop(3);
    expect(await problems()).toEqual([
      { what: 'entries missing', teamId: 'T1', from: 3, to: 3 },
      { what: 'event out of turn', ...at(4), orderId: 'o1', index: 3 },
      { what: 'event missing', orderId: 'o1', index: 2 },
    ]);
  });

  test('an entry with an enormous number is found at once, and everything missing before it is one problem', async () => {
    const far = 999_999_999_999;
    await put(far, { ...(await entry(7)), sequence: far });
    expect(await problems()).toEqual([
      { what: 'entries missing', teamId: 'T1', from: 8, to: far - 1 },
      { what: 'entry changed', ...at(far) },
      { what: 'event out of turn', ...at(far), orderId: 'o2', index: 1 },
    ]);
  });

  test.each([2 ** 32 - 2, 1e15, -1, 0.5])('an event with the index %d is found at once', async (index) => {
    await put(8, { ...(await entry(7)), sequence: 8, index });
    expect(await problems()).toEqual([
      { what: 'entry changed', ...at(8) },
      { what: 'event out of turn', ...at(8), orderId: 'o2', index },
      { what: 'event unknown', orderId: 'o2', index },
    ]);
  });

  test.each(['T1/8', 'T1/0000000000008', 'T1/1000000000000000000000000', '/000000000001', 'T1/000000000000'])(
    'an entry stored as %s is not an entry',
    async (strange) => {
      await entries.set(strange, await entry(7));
      expect(await problems()).toEqual([{ what: 'no entry', key: strange }]);
    },
  );

  test('entries are not fetched one by one', async () => {
    let waiting = 0;
    let most = 0;
    const slow: JournalArchive = {
      ...journal,
      async entry(teamId, sequence) {
        waiting += 1;
        most = Math.max(most, waiting);
        await new Promise(setImmediate);
        waiting -= 1;
        return journal.entry(teamId, sequence);
      },
    };
    expect((await verifyJournal({ journal: slow, orders, delegations, explanations })).problems).toEqual([]);
    expect(most).toBe(7);
  });

  test('are not called incomplete because of what was journaled during the check', async () => {
    const { last, settle } = await another();
    const busy: OrderArchive = {
      async *all() {
        await settle();
        yield* orders.all();
      },
    };
    const found = await verifyJournal({ journal, orders: busy, delegations, explanations });
    expect(found.problems).toEqual([]);
    expect(found.orders).toBe(3);
    await drop(last);
    expect(await problems()).toEqual([{ what: 'event missing', orderId: 'o3', index: 1 }]);
  });

  test('nor because of an entry that the listing left out, because it was added during the check', async () => {
    const hasty: JournalArchive = {
      ...journal,
      async survey() {
        const { chains, strays } = await journal.survey();
        const listed = [...chains].map(
          ([teamId, all]) => [teamId, all.filter((each) => each !== 6)] as const,
        );
        return { chains: new Map(listed), strays };
      },
    };
    expect(await verifyJournal({ journal: hasty, orders, delegations, explanations })).toMatchObject({
      chains: [{ entries: 7 }],
      problems: [],
    });
  });

  test('two entries that were swapped don’t follow the previous ones', async () => {
    const [six, seven] = [await entry(6), await entry(7)];
    await put(6, seven);
    await put(7, six);
    expect(await problems()).toContainEqual({ what: 'entry does not follow', ...at(6) });
  });

  test('something that is not an entry is named', async () => {
    await put(4, 'gone');
    expect(await problems()).toContainEqual({ what: 'entry unreadable', ...at(4) });
  });

  test('a missing end is reported by finished orders, and expected by others', async () => {
    for (const sequence of [5, 6, 7]) await drop(sequence);
    const found = await verifyJournal({ journal, orders, delegations, explanations });
    expect(found.problems).toEqual([{ what: 'event missing', orderId: 'o1', index: 4 }]);
    expect(found.pending).toBe(2);
  });

  test('an order changed without an event is found, and what differs', async () => {
    stored.set('o2', { ...declined, requester: { teamId: 'T1', userId: 'UOTHER' } });
    expect(await problems()).toEqual([{ what: 'order differs', orderId: 'o2', where: ['requester'] }]);
  });

  test('an order whose events were changed with it disagrees with the journal', async () => {
    const [requested, no] = declined.events;
    if (requested === undefined || no?.what !== 'declined') throw new Error('it was declined');
    stored.set('o2', { ...declined, why: 'never', events: [requested, { ...no, why: 'never' }] } as Order);
    expect(await problems()).toEqual([{ what: 'event differs', orderId: 'o2', index: 1 }]);
  });

  test('an order whose last event was removed is found', async () => {
    stored.set('o2', { ...declined, events: declined.events.slice(0, 1) });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        { what: 'event unknown', orderId: 'o2', index: 1 },
        expect.objectContaining({ what: 'order differs', orderId: 'o2' }),
      ]),
    );
  });

  test('an order that is gone is reported missing', async () => {
    stored.delete('o1');
    expect(await problems()).toEqual([{ what: 'order missing', teamId: 'T1', orderId: 'o1' }]);
  });

  test('impossible events are called that', async () => {
    stored.set('o2', { ...declined, events: declined.events.slice(1) });
    expect(await problems()).toContainEqual(
      expect.objectContaining({ what: 'history impossible', orderId: 'o2' }),
    );
  });

  test('the check at the end of every other test fails on any of this', async () => {
    const check = () =>
      expectConsistentRecord({ journal, orders, delegations, explanations }, { atRest: true });
    await check();
    stored.set('o2', { ...declined, requester: { teamId: 'T1', userId: 'UOTHER' } });
    await expect(check()).rejects.toThrow();
    stored.set('o2', declined);
    await check();
    await drop(7);
    await expect(check()).rejects.toThrow();
  });
});
