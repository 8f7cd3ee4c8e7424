import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '../../src/store/open-store.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { listeningLog } from './store-fixtures.js';

const ROUNDS = 5;

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  compileSource(join(folder.path, 'app'));
});
afterAll(() => folder.remove());

test('whatever was acknowledged survives kill -9 at any moment', async () => {
  const url = `sqlite:${folder.path}/numbers.db`;
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const before = acknowledged.size;
    // Two at once: neither may lose the other's orders either.
    const lines = await Promise.all([linesUntilKilled(url), linesUntilKilled(url)]);
    for (const line of lines.flat()) {
      const [id = '', version] = line.split(' ');
      acknowledged.set(id, Number(version));
    }
    expect(acknowledged.size).toBeGreaterThan(before);

    const store = await openStore(url, listeningLog());
    const open = new Set(await store.orders.open());
    for (const [id, version] of acknowledged) {
      const order = await store.orders.get(id);
      // The last write may have happened without its acknowledgement.
      expect(order?.version).toBeGreaterThanOrEqual(version);
      expect(open).toContain(id);
    }
    const listed = new Set<string>();
    let after: string | undefined;
    do {
      const page = await store.index.page({}, 1_000, after);
      for (const { id } of page.orders) listed.add(id);
      after = page.next;
    } while (after !== undefined);
    for (const id of acknowledged.keys()) expect(listed).toContain(id);
    await store.close();
  }
});

/** Lets a process write orders, kills it in the middle, and gives the whole lines it printed. */
async function linesUntilKilled(url: string): Promise<readonly string[]> {
  const writer = spawn(process.execPath, ['test/support/order-writer.mjs', join(folder.path, 'app'), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    // From the first acknowledgement on, any moment will do.
    if (printed === '') setTimeout(() => writer.kill('SIGKILL'), Math.random() * 200);
    printed += text;
  });
  await once(writer, 'close');
  expect(writer.signalCode).toBe('SIGKILL');
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}
