import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StoreError } from '../../src/orders/ports.js';
import { makeLedger } from '../../src/store/ledger-store.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { openSqlite, type SqliteFile } from '../../src/store/sqlite.js';
import { temporaryFolder } from '../support/folder.js';

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

test.each([{ v: 2, counted: {} }, { v: 1 }, { v: 1, counted: null }, 'nonsense', null])(
  'a tally that cannot be read (%j) is never taken for an empty one, which would lift the limits',
  async (stored) => {
    await months.set('2026-11', stored);
    const ledger = makeLedger(months);
    await expect(ledger.read('2026-11')).rejects.toThrow(StoreError);
    const empty = { month: '2026-11', counted: {} };
    await expect(ledger.replace(empty, empty)).rejects.toThrow(StoreError);
  },
);
