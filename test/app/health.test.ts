import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { makeHealthEndpoints } from '../../src/health.js';
import { makeHttpServer } from '../../src/http-server.js';
import { makeLog } from '../../src/log.js';
import { until } from '../support/until.js';
import { CHANNEL, modes, startWorld } from '../support/world.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const get = async (port: number, path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  const text = await answer.text();
  return { status: answer.status, says: text === '' ? undefined : (JSON.parse(text) as unknown) };
};

const isReady = (port: number, status: number) =>
  until(async () => (await get(port, '/readyz')).status === status, `/readyz to answer ${status}`);

describe.each(modes)('An outage of Slack, in %s', (mode) => {
  test('does not end the process, which reports it as long as it lasts, and then recovers', async () => {
    const world = await startWorld({ mode });
    ends.push(() => world.close());
    const port = world.config.listen?.port ?? 0;
    const fine = { slack: 'reached', database: 'reached' };
    expect(await get(port, '/healthz')).toEqual({ status: 200, says: fine });
    expect(await get(port, '/readyz')).toEqual({ status: 200, says: fine });

    for (const method of ['auth.test', 'apps.connections.open'])
      world.slack.fail(method, { status: 503, times: 1_000 });
    world.slack.disconnectSockets('refresh_requested');
    await isReady(port, 503);
    const out = { slack: 'not reached', database: 'reached' };
    expect(await get(port, '/readyz')).toEqual({ status: 503, says: out });
    expect(await get(port, '/healthz')).toEqual({ status: 200, says: out });

    world.slack.failNothing();
    await isReady(port, 200);
    expect((await world.ana.types(CHANNEL, '/numbers help')).blocks).toBeDefined();
  });
});

describe('Anyone who checks the health', () => {
  async function listening(reached: Parameters<typeof makeHealthEndpoints>[0]): Promise<number> {
    const port = await freePort();
    const log = makeLog({ level: 'error', destination: { write: () => {} } });
    const listener = makeHttpServer({ host: '127.0.0.1', port, log });
    for (const [path, endpoint] of Object.entries(makeHealthEndpoints(reached)))
      listener.serve(path, endpoint);
    await listener.start();
    ends.push(() => listener.stop());
    return port;
  }

  test('is told that a broken or hanging database cannot be reached, and no more', async () => {
    const port = await listening({
      broken: () => Promise.reject(new Error('password is swordfish')),
      hanging: () => new Promise(() => {}),
      fine: async () => true,
    });
    const says = { broken: 'not reached', hanging: 'not reached', fine: 'reached' };
    expect(await Promise.all([get(port, '/healthz'), get(port, '/readyz')])).toEqual([
      { status: 200, says },
      { status: 503, says },
    ]);
  });

  test('can only read', async () => {
    const port = await listening({ fine: async () => true });
    expect(await get(port, '/readyz', 'HEAD')).toEqual({ status: 200, says: undefined });
    expect((await get(port, '/readyz', 'POST')).status).toBe(405);
    expect((await get(port, '/elsewhere')).status).toBe(404);
  });
});
