import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { copyStore } from '../../src/store/copy/copy-store.js';
import { openSides } from '../../src/store/copy/open-sides.js';
import type { Database } from '../../src/store/database.js';
import { parts, rawOf, sortedKeysOf } from '../../src/store/namespaces.js';
import { openDatabase } from '../../src/store/open-database.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { toStore } from '../../src/store/orders/order-format.js';
import { SCHEMA_VERSION } from '../../src/store/upgrades.js';
import { anOrder, listeningLog } from '../store/store-fixtures.js';
import { compileSource } from '../support/compiled.js';
import { testWithLimit } from '../support/file-limit.js';
import { fill, readAll } from '../support/fill-store.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';

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
const file = (name: string) => `sqlite:${join(folder.path, name)}`;

/** Starts the program behind `npm run store:copy`. */
function startCopy(
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  [command, ...before]: readonly [string, ...string[]] = [process.execPath],
) {
  const program = [join(app.path, 'app', 'src', 'cli', 'store-copy.js'), ...words];
  const child = spawn(command, [...before, ...program], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      for (const hear of heard) hear();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, printed }));
  return {
    ended,
    kill: () => child.kill('SIGKILL'),
    says: (words: string) =>
      new Promise<void>((resolve) => {
        const hear = () => {
          if (printed.includes(words)) resolve();
        };
        heard.add(hear);
        hear();
      }),
  };
}
const copy = (from: string, to: string) => startCopy(['--from', from, '--to', to]).ended;

async function withDatabase<T>(url: string, act: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(url, listeningLog());
  try {
    return await act(database);
  } finally {
    await database.close();
  }
}

/** What is stored, as it is, in every part. Expiry times are rounded: each side has its own clock. */
const contents = (url: string) =>
  withDatabase(url, async (database) => {
    const found: Record<string, unknown> = {};
    for (const [name, { holds, isCopied }] of Object.entries(parts)) {
      if (!isCopied) continue;
      if (holds === 'sorted keys') {
        found[name] = await (await sortedKeysOf(database, name as 'order-index')).last('', '~~', 1_000);
        continue;
      }
      const entries: Record<string, unknown> = {};
      for await (const batch of (await rawOf(database, name as 'orders')).batches()) {
        for (const { key, text, expiresInMs } of batch) {
          entries[key] = [text, expiresInMs === undefined ? 'stays' : Math.round(expiresInMs / 600_000)];
        }
      }
      found[name] = entries;
    }
    return found;
  });

async function opened<T>(url: string, act: (store: Store) => Promise<T>) {
  const store = await openStore(url, listeningLog());
  try {
    return await act(store);
  } finally {
    await store.close();
  }
}

describeWith([postgres, redis], 'A store is copied', () => {
  const places: { discard(): Promise<unknown> }[] = [];
  const fresh = (server: typeof postgres) => {
    const url = server.fresh();
    places.push({ discard: () => server.discard(url) });
    return url;
  };
  afterEach(async () => {
    for (const place of places.splice(0)) await place.discard();
  });

  test('from each kind of database to the next, and everything that the app stores is there', async () => {
    const first = fresh(postgres);
    await opened(first, fill);
    const [written, read] = [await contents(first), await opened(first, readAll)];
    // If this fails, a new part of the store is missing from `fill`, so that nobody knows whether it's copied.
    const unused = Object.entries(written).filter(([, held]) => Object.keys(held as object).length === 0);
    expect(unused).toEqual([]);

    let from = first;
    for (const to of [fresh(redis), file('copy.db'), fresh(postgres)]) {
      const { code, printed } = await copy(from, to);
      expect(printed).toMatch(/Copied: 2 orders, \d+ entries in all, the same on both sides\./);
      expect(printed).toMatch(/Journal of workspace T1: 6 entries, the last with the hash [0-9a-f]{64}\./);
      expect(code).toBe(0);
      expect(await contents(to)).toEqual(written);
      expect(await opened(to, readAll)).toEqual(read);
      from = to;
    }
  });

  test('only while no app uses the source or the target, and never into one that isn’t empty', async () => {
    const [server, target] = [fresh(postgres), fresh(redis)];
    await opened(server, fill);
    await opened(file('numbers.db'), fill);
    for (const [source, into, busy, side] of [
      [server, file('new.db'), server, 'source'],
      [file('numbers.db'), target, target, 'target'],
      [file('numbers.db'), file('empty.db'), file('numbers.db'), 'source'],
    ] as const) {
      const running = await openStore(busy, listeningLog(), 'sole writer');
      expect(await sides(source, into)).toMatchObject({ refused: 'in use', side });
      await running.close();
    }
    expect(await copyHere(file('numbers.db'), server)).toEqual({
      outcome: 'target not empty',
      has: 'orders',
    });
    // An app that was started on it once, without an order, left nothing but the version.
    expect(await copyHere(file('numbers.db'), target)).toMatchObject({ outcome: 'copied' });
  });

  test('unless an app is started on either side, or something is written, in the middle: then the copy is unusable', async () => {
    const [source, target] = [fresh(postgres), fresh(redis)];
    await opened(source, fill);
    const writing = () => opened(source, async ({ orders }) => void (await orders.insert(anOrder('late'))));
    expect(await copyHere(source, target, { comparing: writing })).toEqual({
      outcome: 'different',
      differences: expect.arrayContaining([{ part: 'orders', source: 3, target: 2 }]),
    });
    await expect(openStore(target, listeningLog())).rejects.toThrow("hasn't finished copying");
    for (const [side, url] of [
      ['source', source],
      ['target', target],
    ] as const) {
      let running: Store | undefined;
      const starting = async () => {
        // On the target it had read that nobody copies into it, a moment before.
        if (side === 'target') await stamped(target, { version: SCHEMA_VERSION });
        running = await openStore(url, listeningLog(), 'sole writer');
      };
      expect(await copyHere(source, target, { verifying: starting })).toEqual({ outcome: 'in use', side });
      await running?.close();
      if (side === 'target') await stamped(target, { copy: 'unfinished' });
    }
    const other = () => stamped(target, { copy: 'another' });
    expect(await copyHere(source, target, { verifying: other })).toEqual({ outcome: 'another copy' });
    expect(await copyHere(source, target)).toMatchObject({ outcome: 'copied' });
  });
});

const stamped = (url: string, value: object) =>
  withDatabase(url, async (database) =>
    (await database.adapter('about')).set('schema', JSON.stringify({ value })),
  );

const sides = (source: string, target: string) =>
  openSides({ source, target }, { log: listeningLog(), onWait: () => {}, waitMs: 700 });

/** Copies without a process of its own; what is to happen at a stage has happened before it begins. */
async function copyHere(
  from: string,
  to: string,
  at: { comparing?: () => Promise<unknown>; verifying?: () => Promise<unknown> } = {},
) {
  const open = await sides(from, to);
  if ('refused' in open) return open;
  let happens: Promise<unknown> | undefined;
  try {
    return await copyStore({
      ...open,
      source: {
        ...open.source,
        // Read in the first moment of the stage, so it has to wait for what happens there.
        async raw(...of) {
          await happens;
          return open.source.raw(...of);
        },
      },
      verify: async () => {
        await happens;
        return [];
      },
      tell: ({ stage }) => {
        if (stage === 'comparing') happens = at.comparing?.();
        if (stage === 'verifying') happens = at.verifying?.();
      },
      log: listeningLog(),
    });
  } finally {
    await open.close();
  }
}

test('A copy that was killed leaves a target on which no app starts, and can simply be started again', async () => {
  await opened(file('numbers.db'), fill);
  await withDatabase(file('numbers.db'), async (database) => {
    const orders = await rawOf(database, 'orders');
    const many = Array.from({ length: 5_000 }, (_, index) => anOrder(`o${index}`));
    await orders.write(
      many.map((order) => ({ key: order.id, text: JSON.stringify({ value: toStore(order) }) })),
    );
  });
  const copying = startCopy(['--from', file('numbers.db'), '--to', file('copy.db')]);
  await copying.says('orders: ');
  copying.kill();
  expect((await copying.ended).code).toBeNull();
  await expect(openStore(file('copy.db'), listeningLog(), 'sole writer')).rejects.toThrow(
    /npm run store:copy hasn't finished copying into it\. Run it again/,
  );
  // It is no source either.
  expect(await copy(file('copy.db'), file('third.db'))).toMatchObject({ code: 78 });

  // Meanwhile the app went on where it was.
  await opened(file('numbers.db'), async ({ orders }) => {
    const order = await orders.get('waiting');
    if (order !== undefined) await orders.replace(order, { ...order, version: order.version + 1 });
  });
  const { code, printed } = await copy(file('numbers.db'), file('copy.db'));
  expect(printed).toContain('An earlier copy into the target was interrupted.');
  expect(code).toBe(0);
  expect(await contents(file('copy.db'))).toEqual(await contents(file('numbers.db')));
});

testWithLimit(
  'A copy that fails in the middle says why, that the source is unchanged, and what to do',
  async () => {
    await opened(file('numbers.db'), fill);
    await withDatabase(file('numbers.db'), async (database) => {
      const orders = await rawOf(database, 'orders');
      await orders.write(
        Array.from({ length: 500 }, (_, index) => ({ key: `o${index}`, text: 'x'.repeat(1_000) })),
      );
    });
    // No file may become as large as the copy.
    const limited = startCopy(['--from', file('numbers.db'), '--to', file('copy.db')], {}, [
      'bash',
      '-c',
      'ulimit -f 300; exec "$0" "$@"',
      process.execPath,
    ]);
    const { code, printed } = await limited.ended;
    expect(printed).toMatch(
      /could not copy \S+: .*\. The app doesn't start on the target until .* Run the command again\./,
    );
    expect(code).toBe(1);
    expect(await copy(file('numbers.db'), file('copy.db'))).toMatchObject({ code: 0 });
  },
);

test('What is damaged in the source is copied as it is, and the person is told', async () => {
  await opened(file('numbers.db'), fill);
  await withDatabase(file('numbers.db'), async (database) => {
    await (await database.adapter('journal')).set('T1/000000000002', '{"value":');
    await (await database.adapter('orders')).set('nul', '\0');
  });
  const { code, printed } = await copy(file('numbers.db'), file('copy.db'));
  expect(printed).toMatch(/The journal has \d problems that the source has, too\./);
  expect(code).toBe(0);
});

test('Problems with the addresses or the source are reported, no password is, and nothing is written', async () => {
  await opened(file('numbers.db'), fill);
  const from = file('numbers.db');
  const secret = 'postgres://ana:topsecret@127.0.0.1:1/db';
  writeFileSync(join(folder.path, 'url'), `${secret}\n`);
  const newer = file('newer.db');
  await opened(newer, async () => {});
  await stamped(newer, { version: SCHEMA_VERSION + 1 });
  const cases: ReadonlyArray<readonly [words: readonly string[], code: number, says: string]> = [
    [['--from', from, '--into', secret], 64, 'Usage:'],
    [['--from', from, '--to', from], 1, '--from and --to are the same database'],
    [['--from', file('none.db'), '--to', file('x.db')], 1, 'there is no database'],
    [['--from', from, '--to', 'IN'], 1, 'cannot reach the database 127.0.0.1:1/db'],
    [['--from', newer, '--to', file('x.db')], 78, 'a newer version of the app wrote it'],
  ];
  for (const [words, code, says] of cases) {
    const ended = await startCopy(words, { IN_FILE: join(folder.path, 'url') }).ended;
    expect(ended).toEqual({ code, printed: expect.stringContaining(says) });
    expect(ended.printed).not.toContain('topsecret');
  }
  expect(existsSync(join(folder.path, 'none.db'))).toBe(false);
  expect(existsSync(join(folder.path, 'x.db'))).toBe(false);
});
