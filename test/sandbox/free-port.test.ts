import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';

test('A free port is another one each time, not one that is taken, and not one that the system could give to others', async () => {
  const first = await freePort();
  const taken = createServer().listen(first + 1, '127.0.0.1');
  await once(taken, 'listening');
  const next = await freePort();
  expect([first, first + 1]).not.toContain(next);
  for (const port of [first, next]) {
    expect(port).toBeGreaterThanOrEqual(10_000);
    expect(port).toBeLessThan(30_000);
  }
  await new Promise((resolve) => taken.close(resolve));
});
