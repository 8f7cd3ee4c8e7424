import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/orders/domain/journal-entry.js';
import { makeNamespace, type Namespace } from '../../src/store/namespace.js';
import { openStore } from '../../src/store/open-store.js';
import { openSqlite } from '../../src/store/sqlite/sqlite.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from '../store/store-fixtures.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { requiredSettings } from '../support/settings.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let databases = 0;
beforeAll(() => {
  folder = temporaryFolder();
  compileSource(join(folder.path, 'app'));
});
afterAll(() => folder.remove());

/** Two orders that are over and one that waits, all in the journal: five entries. */
beforeEach(async () => {
  databases += 1;
  path = join(folder.path, `numbers-${databases}.db`);
  const store = await openStore(`sqlite:${path}`, listeningLog());
  for (const id of ['first', 'second']) {
    const order = settledAfter(overButUntold(anOrder(id)));
    await store.orders.insert(order);
    await store.journal.append(order);
  }
  await store.orders.insert(anOrder('third'));
  await store.journal.append(anOrder('third'));
  await store.close();
});

/** Runs the program behind `npm run audit:verify`. */
function verify(settings: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder.path, 'app', 'src', 'cli', 'audit-verify.js')],
    {
      encoding: 'utf8',
      env: {
        ...requiredSettings,
        STORE_URL: `sqlite:${path}`,
        ...settings,
      },
    },
  );
  return { status, lines: stdout.trim().split('\n'), stderr };
}

/** Somebody who can write to the database goes to work on it. */
async function tamper(name: 'journal' | 'orders', act: (namespace: Namespace) => Promise<unknown>) {
  const file = await openSqlite(path);
  await act(makeNamespace(name, file.adapter(name)));
  await file.close();
}
const key = (sequence: number) => `T1/${String(sequence).padStart(12, '0')}`;
const remove = (sequence: number) =>
  tamper('journal', async (journal) => journal.removeIfSame(key(sequence), await journal.get(key(sequence))));

test('a record that nobody touched has no problems, and what was read is counted', () => {
  const { status, lines } = verify();
  expect(lines).toEqual([
    expect.stringMatching(/^Workspace T1: 5 entries, the last with the hash [0-9a-f]{64}\.$/),
    '3 orders rebuilt from their events.',
    expect.stringMatching(/^No problems found\./),
  ]);
  expect(status).toBe(0);
});

test('an order that was deleted because it is old is counted, and isn’t a problem', async () => {
  const store = await openStore(`sqlite:${path}`, listeningLog());
  const order = await store.orders.get('first');
  expect(order && (await store.oldOrders.remove(order))).toBe(true);
  await store.close();
  const { status, lines } = verify();
  expect(lines).toContain('2 orders rebuilt from their events.');
  expect(lines).toContain('1 order deleted after KEEP_FINISHED; the journal has its events.');
  expect(status).toBe(0);
});

test('one changed entry is found and named', async () => {
  await tamper('journal', async (journal) => {
    const entry = (await journal.get(key(2))) as JournalEntry;
    await journal.set(key(2), { ...entry, event: { ...entry.event, by: { teamId: 'T1', userId: 'UELSE' } } });
  });
  const { status, lines } = verify();
  expect(lines).toContain("WRONG: Entry 2 of workspace T1 was changed: its hash doesn't match its contents.");
  expect(lines).toContain('WRONG: The journal and the order disagree about event 2 of order first.');
  expect(lines.at(-1)).toBe('2 problems found.');
  expect(status).toBe(1);
});

test('one removed entry is found and named', async () => {
  await remove(3);
  const { status, lines } = verify();
  expect(lines).toContain('WRONG: Entry 3 of workspace T1 is missing, although later entries exist.');
  expect(lines).toContain('WRONG: The journal is missing event 1 of order second.');
  expect(status).toBe(1);
});

test('if the end is cut off, entries of finished orders are reported missing; the rest is still expected', async () => {
  await remove(4);
  await remove(5);
  const { status, lines } = verify();
  expect(lines).toContain('WRONG: The journal is missing event 2 of order second.');
  expect(lines).toContainEqual(expect.stringMatching(/^1 event is on an order and not in the journal yet/));
  expect(status).toBe(1);
});

test('an order changed without an event is found, and what differs', async () => {
  await tamper('orders', async (orders) => {
    const stored = (await orders.get('second')) as { v: 1; order: object };
    await orders.set('second', { ...stored, order: { ...stored.order, why: 'because' } });
  });
  const { status, lines } = verify();
  expect(lines).toContain("WRONG: Order second doesn't match its events in: why.");
  expect(status).toBe(1);
});

test('an entry that is not even JSON stops nothing else from being read', async () => {
  const file = await openSqlite(path);
  await file.adapter('journal').set(key(1), '{"value":');
  await file.close();
  const { status, lines } = verify();
  expect(lines).toContain("WRONG: Entry 1 of workspace T1 can't be read.");
  expect(lines).toContain('3 orders rebuilt from their events.');
  expect(status).toBe(1);
});

test('an entry after which the app continued is still found', async () => {
  const file = await openSqlite(path);
  await file.adapter('journal').set(key(5), 'dust');
  await file.close();
  const store = await openStore(`sqlite:${path}`, listeningLog());
  await store.orders.insert(anOrder('fourth'));
  await store.journal.append(anOrder('third'));
  await store.journal.append(anOrder('fourth'));
  await store.close();
  const { status, lines } = verify();
  expect(lines.filter((line) => line.startsWith('WRONG'))).toEqual([
    "WRONG: Entry 5 of workspace T1 can't be read.",
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^Workspace T1: 6 entries, the last with the hash/));
  expect(status).toBe(1);
});

test('where there is nothing, nothing is called sound, and no database is created', async () => {
  expect(verify({ STORE_URL: `sqlite:${path}-not` })).toMatchObject({
    status: 1,
    stderr: `There is no database at ${path}-not. Is STORE_URL right?\n`,
  });
  path = join(folder.path, 'empty.db');
  await (await openSqlite(path)).close();
  expect(verify()).toMatchObject({
    status: 1,
    lines: ['No orders and no journal found. Is STORE_URL right?'],
  });
});

test('wrong settings end it with a sentence', () => {
  const { status, stderr } = verify({ STORE_URL: 'mysql:numbers' });
  expect(stderr).toContain('STORE_URL');
  expect(status).toBe(78);
});
