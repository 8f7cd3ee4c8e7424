import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { compileSource } from '../support/compiled.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  compileSource(join(folder.path, 'app'));
});
afterAll(() => folder.remove());

/** Runs `npm run store:copy`, which must succeed. */
async function copied(from: string, to: string): Promise<void> {
  const program = join(folder.path, 'app', 'src', 'cli', 'store-copy.js');
  const child = spawn(process.execPath, [program, '--from', 'OLD', '--to', 'NEW'], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, OLD: from, NEW: to },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(child, 'close')).toEqual([0, null]);
}

/** What somebody is told, alone, after typing this. */
async function answered(world: World, words: string): Promise<string> {
  const before = world.ben.ephemerals(CHANNEL).length;
  const answer = await world.ben.types(CHANNEL, `/numbers ${words}`);
  if (answer.text !== undefined) return asRead(asPlainText(answer));
  await world.slack.until(() => world.ben.ephemerals(CHANNEL).length > before);
  return asRead(asPlainText(world.ben.ephemerals(CHANNEL).at(-1) ?? {}));
}

describeWith([postgres, redis], 'An app moves from SQLite to PostgreSQL and on to Redis', () => {
  test('and follows its open orders there to the end, sends none twice, and still has everything', async () => {
    const [second, third] = [postgres.fresh(), redis.fresh()];
    const world = await startWorld();
    const first = world.config.storeUrl;
    try {
      const { bandwidth, ben } = world;
      const finished = await world.requested('910 x1');
      await ben.presses(finished, 'Approve & order');
      await world.says(finished, 'Complete: 1 of 1');
      bandwidth.nextOrder({ delayMs: 'manual' });
      const underWay = await world.requested('910 x2');
      await ben.presses(underWay, 'Approve & order');
      await world.says(underWay, 'Received by Bandwidth');
      const waiting = await world.requested('910 x3');
      const later = await world.requested('910 x4');
      bandwidth.nextOrder({ delayMs: 'manual' });

      await world.restart({ STORE_URL: second }, () => copied(first, second));
      // The approval is the first that the new database hears of.
      await ben.presses(later, 'Approve & order');
      await world.says(later, 'Received by Bandwidth');

      await world.restart({ STORE_URL: third }, () => copied(second, third));
      for (const { id, status } of bandwidth.orders()) if (status === 'RECEIVED') bandwidth.finish(id);
      await world.says(underWay, 'Complete: 2 of 2');
      await world.says(later, 'Complete: 4 of 4');
      await ben.presses(waiting, 'Approve & order');
      await world.says(waiting, 'Complete: 3 of 3');
      expect(bandwidth.orders()).toHaveLength(4);

      const orders = await answered(world, 'orders');
      for (const quantity of [1, 2, 3, 4]) expect(orders).toContain(`${quantity} of ${quantity}`);
      await world.restart({ STORE_URL: third });
      expect(await answered(world, 'audit')).toContain('I sent you the audit');
      const [, lines = ''] = ben.directMessages()[0]?.files.map(({ text }) => text) ?? [];
      const happened = lines.split('\n').filter((line) => line.includes('"requested"'));
      expect(happened).toHaveLength(4);
    } finally {
      await world.close();
      await postgres.discard(second);
      await redis.discard(third);
    }
  }, 90_000);
});
