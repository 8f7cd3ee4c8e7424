import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import Database from 'libsql';
import { verifyJournal } from '../../src/orders/journal/verify-journal.js';
import { openStore } from '../../src/store/open-store.js';
import { anOrder, listeningLog } from '../store/store-fixtures.js';
import { compileSource } from '../support/compiled.js';
import { testWithLimit } from '../support/file-limit.js';
import { temporaryFolder } from '../support/folder.js';
import { requiredSettings } from '../support/settings.js';

let app: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  app = temporaryFolder();
  compileSource(join(app.path, 'app'));
});
afterAll(() => app.remove());

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
const at = (...names: readonly string[]) => join(folder.path, ...names);

/** Runs the program behind `npm run backup`. */
const backup = (...given: Parameters<typeof startBackup>) => startBackup(...given).ended;

/** @param as.under the command that starts it, with its words. */
function startBackup(
  words: readonly string[],
  storeUrl = `sqlite:${at('numbers.db')}`,
  as: { readonly uid?: number; readonly under?: readonly string[] } = {},
) {
  const program = [join(app.path, 'app', 'src', 'cli', 'backup.js'), ...words];
  const { under: [command = process.execPath, ...before] = [], ...user } = as;
  const child = spawn(command, [...before, ...program], {
    cwd: folder.path,
    ...user,
    timeout: 15_000,
    env: { ...requiredSettings, STORE_URL: storeUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, printed }));
  return { child, ended };
}

const open = (name: string) => openStore(`sqlite:${at(name)}`, listeningLog(), 'sole writer');

test('a backup made while the app writes can be restored: every order on record by then is there, and the journal is complete', async () => {
  const store = await open('numbers.db');
  const before = ['first', 'second', 'third'];
  for (const id of before) {
    await store.orders.insert(anOrder(id));
    await store.journal.append(anOrder(id));
  }
  let running = true;
  const writing = (async () => {
    for (let count = 0; running; count += 1) await store.orders.insert(anOrder(`later-${count}`));
  })();
  const { code, printed } = await backup([at('copy.db')]);
  running = false;
  await writing;
  await store.close();
  expect(printed).toMatch(/^Backed up to .*copy\.db \(\d+ KB\)\. To check it: STORE_URL=sqlite:/);
  expect(code).toBe(0);
  expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600);

  // Restored as docs/storage.md says.
  cpSync(at('copy.db'), at('restored.db'));
  const restored = await open('restored.db');
  for (const id of before) expect(await restored.orders.get(id)).toEqual(anOrder(id));
  const found = await verifyJournal(restored);
  expect(found.problems).toEqual([]);
  expect(found.chains).toMatchObject([{ teamId: 'T1', entries: 3 }]);
  expect(await restored.orders.insert(anOrder('after'))).toBe(true);
  await restored.close();
});

test('without a name, backups are collected in data/backups, and none replaces another', async () => {
  await (await open('numbers.db')).close();
  expect((await backup([])).code).toBe(0);
  expect(readdirSync(at('data', 'backups'))).toEqual([
    expect.stringMatching(/^numbers-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.db$/),
  ]);
  writeFileSync(at('there.db'), 'something else');
  const { code, printed } = await backup([at('there.db')]);
  expect(printed).toContain('exists already: name another file for the backup');
  expect(code).toBe(1);
  expect(statSync(at('there.db')).size).toBe('something else'.length);
});

test('a database that does not exist, or is not one, leaves no copy that looks like a backup', async () => {
  expect((await backup([at('copy.db')])).printed).toContain('is STORE_URL right?');
  writeFileSync(at('numbers.db'), 'no database at all. '.repeat(100));
  const { code, printed } = await backup([at('copy.db')]);
  expect(printed).toContain("it isn't a SQLite database");
  expect(code).toBe(1);
  expect(existsSync(at('copy.db'))).toBe(false);
});

test('a problem with the source or the target is reported for the right one, and nothing waits forever', async () => {
  await (await open('numbers.db')).close();
  const other = new Database(at('other.db'));
  other.exec('CREATE TABLE other (key TEXT)');
  other.close();
  writeFileSync(at('file'), '');
  for (const name of readdirSync(folder.path)) chmodSync(at(name), 0o666);
  mkdirSync(at('shut'));
  cpSync(at('numbers.db'), at('shut', 'numbers.db'));
  chmodSync(at('shut', 'numbers.db'), 0o000);
  chmodSync(at('shut'), 0o511);
  for (const open of [app.path, folder.path]) chmodSync(open, 0o777);
  // Nothing is forbidden to root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const cases: ReadonlyArray<readonly [into: string, says: string, from?: string]> = [
    [at('file', 'copy.db'), "can't write the backup"],
    [at('shut', 'copy.db'), "can't write the backup"],
    // Where no folder can be created, although the one above is there.
    ...(process.platform === 'linux' ? ([['/proc/none/copy.db', "can't write the backup"]] as const) : []),
    [at('copy-1.db'), 'it is a folder', at('shut')],
    [at('copy-2.db'), 'this user may not read', at('shut', 'numbers.db')],
    [at('copy-3.db'), 'there is nothing of this app in the database', at('other.db')],
    [at('copy-4.db'), 'there is nothing of this app in the database', at('file')],
  ];
  const results = await Promise.all(
    cases.map(([into, , from = at('numbers.db')]) => backup([into], `sqlite:${from}`, nobody)),
  );
  for (const [index, result] of results.entries()) {
    const [into = '', says = ''] = cases[index] ?? [];
    expect({ into, ...result }).toEqual({ into, code: 1, printed: expect.stringContaining(says) });
    expect(existsSync(into)).toBe(false);
  }
  chmodSync(at('shut'), 0o700);
  expect(await backup([''])).toMatchObject({ code: 64, printed: expect.stringContaining('Usage') });
  expect(await backup(['--help'])).toMatchObject({ code: 0, printed: expect.stringContaining('Usage') });
});

testWithLimit(
  'a backup onto a full disk ends with a sentence about that disk, and leaves nothing',
  async () => {
    const store = await open('numbers.db');
    for (let count = 0; count < 40; count += 1) await store.orders.insert(anOrder());
    await store.close();
    // A file may not become as large as the database.
    const limited = ['-c', `ulimit -f 8; exec "$0" "$@"`, process.execPath];
    const { code, printed } = await backup([at('copies', 'copy.db')], undefined, {
      under: ['bash', ...limited],
    });
    expect(printed).toContain(`can't write the backup ${at('copies', 'copy.db')}`);
    expect(printed).not.toContain('cannot open the database');
    expect(code).toBe(1);
    expect(readdirSync(at('copies'))).toEqual([]);
  },
);

test('a backup that was killed does not have the name of a backup', async () => {
  const store = await open('numbers.db');
  const many = new Database(at('numbers.db'));
  const add = many.prepare('INSERT INTO entry (namespace, key, value) VALUES (?, ?, ?)');
  many.exec('BEGIN');
  for (let count = 0; count < 40_000; count += 1) add.run('journal', `k${count}`, 'x'.repeat(1_000));
  many.exec('COMMIT');
  many.close();
  await store.close();
  mkdirSync(at('copies'));
  const appears = new Promise<void>((resolve) => {
    const watcher = watch(at('copies'), () => {
      watcher.close();
      resolve();
    });
  });
  const { child, ended } = startBackup([at('copies', 'copy.db')]);
  await appears;
  child.kill('SIGKILL');
  expect((await ended).code).toBeNull();
  const left = readdirSync(at('copies'));
  expect(left.filter((name) => !name.startsWith('unfinished-backup-'))).toEqual([]);
  expect(left).not.toEqual([]);
  expect(await backup([at('copies', 'copy.db')])).toMatchObject({ code: 0 });
});

test.each([
  [
    'PostgreSQL',
    'postgres://ana:topsecret@127.0.0.1:1/db?schema=ours',
    'pg_dump --format=custom --schema=ours',
  ],
  ['Redis', 'redis://:topsecret@127.0.0.1:1', 'redis-cli --rdb'],
])('for %s it says what to do and that nothing was backed up', async (_, storeUrl, command) => {
  const { code, printed } = await backup([], storeUrl);
  expect(printed).toContain('Nothing was backed up');
  expect(printed).toContain(command);
  expect(printed).not.toContain('topsecret');
  expect(code).toBe(1);
});
