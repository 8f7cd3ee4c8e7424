import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CountedNumbers } from '../../src/orders/domain/tally.js';
import { StoreError } from '../../src/orders/ports/store-errors.js';
import { makeLedger } from '../../src/store/ledger-store.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { openSqlite, type SqliteFile } from '../../src/store/sqlite/sqlite.js';
import { temporaryFolder } from '../support/folder.js';

const five: CountedNumbers = { kind: 'purchase', userId: 'UANA', quantity: 5, at: Date.UTC(2026, 10, 25) };

let folder: ReturnType<typeof temporaryFolder>;
let file: SqliteFile;
let months: Namespace;

beforeEach(async () => {
  folder = temporaryFolder();
  file = await openSqlite(`${folder.path}/numbers.db`);
  months = makeNamespace('ledger', file.adapter('ledger'));
});
afterEach(async () => {
  await file.close();
  folder.remove();
});

const scope = { orders: ['o1'], days: [] };

test.each([
  { v: 2, counted: {} },
  { v: 1 },
  { v: 1, counted: null },
  'nonsense',
  null,
  { v: 1, counted: { o1: {} } },
])(
  'a tally that cannot be read (%j) is never mistaken for an empty one, which would lift the limits',
  async (stored) => {
    await months.set('2026-11', stored);
    const ledger = makeLedger(months);
    expect(await ledger.read('2026-11', scope)).toEqual({ month: '2026-11', none: 'unreadable' });
  },
);

test('nor is a text that is not JSON; a new one takes its place, unless someone has repaired it', async () => {
  const adapter = file.adapter('ledger');
  await adapter.set('2026-11', '{"value":{"v":1,"counted":{');
  const ledger = makeLedger(months);
  const found = await ledger.read('2026-11', scope);
  if (!('none' in found)) throw new Error('it was read');
  expect(found.none).toBe('unreadable');
  expect(await ledger.begin(found, new Map([['o1', five]]), true)).toBe(true);
  expect(await ledger.read('2026-11', scope)).toMatchObject({ totals: { purchase: 5 } });
  expect(await ledger.begin(found, new Map(), true)).toBe(false);
});

test('one from a newer version of the app is left alone, and nothing is counted in it', async () => {
  await months.set('2026-11', { v: 3 });
  await expect(makeLedger(months).read('2026-11', scope)).rejects.toBeInstanceOf(StoreError);
});

test.each([1, 500])(
  'one from the first version is read with all its orders, and rewritten (%d orders)',
  async (orders) => {
    const counted = Object.fromEntries(Array.from({ length: orders }, (_, index) => [`o${index + 1}`, five]));
    await months.set('2026-11', { v: 1, counted });
    const [one, other] = [makeLedger(months), makeLedger(months)];
    const tallies = await Promise.all([one.read('2026-11', scope), other.read('2026-11', scope)]);
    for (const tally of tallies) {
      expect(tally).toMatchObject({ totals: { purchase: 5 * orders }, counted: { o1: { quantity: 5 } } });
    }
    expect(await months.get('2026-11')).toMatchObject({ v: 2 });
  },
);

test('a tally with an unreadable order is unreadable as a whole', async () => {
  const counted = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`o${index + 1}`, five]));
  await months.set('2026-11', { v: 1, counted });
  const ledger = makeLedger(months);
  await ledger.read('2026-11', scope);
  for (const [key] of await months.entries()) if (key.endsWith('/o/o1')) await months.set(key, 'nonsense');
  expect(await ledger.read('2026-11', { orders: ['o2'], days: [] })).toMatchObject({
    totals: { purchase: 500 },
  });
  expect(await makeLedger(months).read('2026-11', scope)).toMatchObject({ none: 'unreadable' });
});
