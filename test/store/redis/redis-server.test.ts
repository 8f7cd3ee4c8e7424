import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../sandbox/free-port.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { openStore } from '../../../src/store/open-store.js';
import { temporaryFolder } from '../../support/folder.js';
import { until } from '../../support/until.js';
import { anOrder, listeningLog } from '../store-fixtures.js';

const installed = spawnSync('redis-server', ['--version']).status === 0;
const because = installed ? '' : ' (not tested, because there is no program redis-server to start one with)';

/** A Redis of our own, which may be killed and set as we like. */
// Where everything has to be there, its absence is a failure.
(installed || process.env.CI === 'true' ? describe : describe.skip)(`A Redis server${because}`, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let port: number;
  let server: ChildProcess;

  async function start(...settings: readonly string[]): Promise<void> {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
    server = spawn('redis-server', [...fixed, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const text of server.stdout ?? []) {
      said += String(text);
      if (said.includes('Ready to accept connections')) return;
    }
    throw new Error(`redis-server did not start:\n${said}`);
  }
  async function kill(): Promise<void> {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }
  /** What the log says when the app itself starts. */
  const startup = async () => {
    const log = listeningLog();
    const store = await openStore(`redis://127.0.0.1:${port}`, log, 'sole writer');
    await store.close();
    return log.heard.map(({ sentence }) => sentence);
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    port = await freePort();
  });
  afterEach(async () => {
    if (server.exitCode === null && server.signalCode === null) await kill();
    folder.remove();
  });

  test('that is killed has lost nothing it acknowledged, and the store recovers by itself', async () => {
    const lasting = ['--appendonly', 'yes', '--appendfsync', 'always'];
    await start(...lasting);
    const store = await openStore(`redis://127.0.0.1:${port}`, listeningLog());
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (;;) {
        const order = anOrder();
        await store.orders.insert(order);
        acknowledged.push(order.id);
      }
    })();
    await until(() => acknowledged.length >= 20, 'twenty orders');
    await kill();
    await expect(writing).rejects.toBeInstanceOf(StoreError);
    await start(...lasting);
    const isBack = () =>
      store.orders.get('none').then(
        () => true,
        () => false,
      );
    await until(isBack, 'the store to come back');
    const open = await store.orders.open();
    for (const id of acknowledged) expect(open).toContain(id);
    await store.close();
  });

  test('that is empty is announced at startup, once; one without an append-only file, or that may evict entries, causes a warning', async () => {
    await start('--appendonly', 'yes');
    const createdOne = expect.stringContaining('created a new database');
    expect(await startup()).toEqual([createdOne]);
    expect(await startup()).toEqual([]);
    await kill();
    await start('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    expect((await startup()).filter((each) => !createdOne.asymmetricMatch(each))).toEqual([
      expect.stringContaining('redis has no append-only file'),
      expect.stringContaining('redis may evict orders'),
    ]);
  });

  test('that wants a different password is not retried', async () => {
    await start('--requirepass', 'another-password');
    for (const url of [`redis://:hunter22@127.0.0.1:${port}`, `redis://127.0.0.1:${port}`]) {
      const error = await openStore(url, listeningLog()).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ message: expect.stringMatching(/does not accept the name or password/) });
      expect(String(error)).not.toContain('hunter22');
    }
  });
});
