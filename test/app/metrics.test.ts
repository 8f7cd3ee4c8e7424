import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { buildApp } from '../../src/app.js';
import { makeLog } from '../../src/log.js';
import { temporaryFolder } from '../support/folder.js';
import { scrape } from '../support/scrape.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { modes, people, startWorld, type World } from '../support/world.js';

let world: World;

const listening = (of: World) => of.config.operations?.port ?? of.config.listen?.port ?? 0;
const read = async () => (await scrape(listening(world))).series;
const reads = (describe: string, look: (series: ReadonlyMap<string, number>) => boolean) =>
  until(async () => look(await read()), describe);
const statusOf = async (port: number, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

/** The series that only the leader has, and only while it knows the open orders. */
const ofOrders = (series: ReadonlyMap<string, number>) =>
  [...series.keys()].filter((name) =>
    /open_orders|lost_orders|waiting_approval|stale_card|unjournaled/.test(name),
  );

describe.each(modes)('An operator, in %s,', (mode) => {
  afterEach(() => world.close());

  test('sees an order wait, go to Bandwidth and end', async () => {
    world = await startWorld({ mode });
    const card = await world.requested('910 x2');
    world.goesBy(90 * 60_000);
    const waiting = await read();
    expect(waiting.get('numbers_waiting_approvals')).toBe(1);
    expect(waiting.get('numbers_oldest_waiting_approval_seconds')).toBeGreaterThanOrEqual(90 * 60);
    expect(waiting.get('numbers_open_orders{status="awaiting-approval"}')).toBe(1);
    expect(waiting.get('numbers_open_orders{status="placing"}')).toBe(0);
    expect(waiting.get('numbers_leader')).toBe(1);
    expect(waiting.get('numbers_reachable{service="slack"}')).toBe(1);
    expect(waiting.get('numbers_reachable{service="database"}')).toBe(1);

    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2');
    // The card is drawn again with what works on the numbers.
    await world.says(card, 'your 2 numbers are active');
    await reads('nothing to be left to do', (series) =>
      ['waiting_approvals', 'stale_cards', 'unjournaled_events'].every(
        (name) => series.get(`numbers_${name}`) === 0,
      ),
    );
    const { series, text } = await scrape(listening(world));
    expect(series.has('numbers_oldest_waiting_approval_seconds')).toBe(false);
    expect(series.has('numbers_oldest_stale_card_seconds')).toBe(false);
    expect(series.get('numbers_slack_acknowledgement_seconds_count')).toBeGreaterThanOrEqual(3);
    expect(series.get('numbers_bandwidth_requests_total{operation="post_orders",outcome="2xx"}')).toBe(1);
    expect(series.get('numbers_bandwidth_request_seconds_count{operation="post_orders"}')).toBe(1);
    expect(series.get('numbers_bandwidth_request_seconds_count{operation="post_token"}')).toBeGreaterThan(0);
    expect(series.get('numbers_bandwidth_lookups_total{priority="background"}')).toBeGreaterThan(0);
    expect(series.get('numbers_bandwidth_lookups_per_minute')).toBe(900);
    expect(series.get('numbers_bandwidth_lookups_left')).toBeLessThan(900);
    expect(series.get('numbers_rate_limited_total{service="bandwidth"}')).toBe(0);
    expect(text).not.toContain('_other"');
  });

  test('finds no id, name or number in the metrics', async () => {
    world = await startWorld({ mode });
    const [picked = ''] = world.bandwidth.available('919');
    const card = await world.requested(picked);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1');
    const { text } = await scrape(listening(world));
    const [order] = world.bandwidth.orders();
    const known = [
      ...Object.values(people).flatMap(({ id, name }) => [id, name]),
      world.bandwidth.accountId,
      picked,
      order?.id ?? 'an order',
      card.channel,
    ];
    expect(known.filter((secret) => text.includes(secret))).toEqual([]);
  });
});

describe('An operator', () => {
  afterEach(() => world.close());

  test('sees a card that Slack does not update grow stale, and rate limits', async () => {
    world = await startWorld();
    const card = await world.requested('910 x1');
    world.slack.fail('chat.update', { retryAfter: 1 });
    world.slack.fail('chat.update', { status: 500, times: 1_000 });
    await world.ben.presses(card, 'Approve & order');
    await reads('a stale card', (series) => series.get('numbers_stale_cards') === 1);
    world.goesBy(60_000);
    expect((await read()).get('numbers_oldest_stale_card_seconds')).toBeGreaterThanOrEqual(60);
    expect((await read()).get('numbers_rate_limited_total{service="slack"}')).toBeGreaterThan(0);
    world.slack.failNothing();
    await world.says(card, 'Complete: 1 of 1');
    await reads('no stale card', (series) => series.get('numbers_stale_cards') === 0);
  });

  test('sees an order that left no trace, and 429s of Bandwidth', async () => {
    world = await startWorld({ clockStands: true });
    const card = await world.requested('910 x2');
    world.bandwidth.fail({ method: 'POST', path: /orders$/, how: 'reset-before-read' });
    await world.ben.presses(card, 'Approve & order');
    await until(async () => {
      world.goesBy(100);
      return (await read()).get('numbers_lost_orders{state="untraced"}') === 1;
    }, 'an untraced order');
    const series = await read();
    expect(series.get('numbers_open_orders{status="placing"}')).toBe(1);
    expect(series.get('numbers_bandwidth_requests_total{operation="post_orders",outcome="no_answer"}')).toBe(
      1,
    );

    world.bandwidth.fail({ method: 'GET', path: /availableNumbers$/, how: 429 });
    await world.ana.types(card.channel, '/numbers search 919');
    await reads('a 429', (now) => now.get('numbers_rate_limited_total{service="bandwidth"}') === 1);
  });

  test('knows after a restart what was waiting before', async () => {
    world = await startWorld();
    await world.requested('910 x1');
    await world.restart();
    await reads('the order that waits', (series) => series.get('numbers_waiting_approvals') === 1);
  });
});

describe('Health checks and metrics', () => {
  afterEach(() => world.close());

  test('are served where the app listens, unless they have an address of their own', async () => {
    world = await startWorld();
    const port = world.config.listen?.port ?? 0;
    for (const path of ['/healthz', '/readyz', '/metrics']) expect(await statusOf(port, path)).toBe(200);

    const own = await freePort();
    await world.restart({ OPERATIONS_ADDRESS: `127.0.0.1:${own}` });
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect(await statusOf(own, path)).toBe(200);
      expect(await statusOf(port, path)).toBe(404);
    }
  });

  test('have a server of their own where nothing else listens, and take no other request', async () => {
    const own = await freePort();
    world = await startWorld({ settings: { PORT: '', OPERATIONS_ADDRESS: `127.0.0.1:${own}` } });
    expect(world.config.listen).toBeUndefined();
    expect((await scrape(own)).series.get('numbers_leader')).toBe(1);
    const url = `http://127.0.0.1:${own}/metrics`;
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  test('do not start on a port that is taken, and the operator hears which setting to change', async () => {
    world = await startWorld();
    const { listen, ...config } = world.config;
    const folder = temporaryFolder();
    const operations = { host: '127.0.0.1', port: listen?.port ?? 0 };
    const app = await buildApp(
      { ...config, storeUrl: `sqlite:${folder.path}/numbers.db`, operations },
      { log: makeLog({ level: 'error', destination: { write: () => {} } }), onLost: () => {} },
    );
    await expect(app.start()).rejects.toMatchObject({
      advice: `Port ${listen?.port} on 127.0.0.1 is taken by another program. End that one, or set OPERATIONS_ADDRESS to another address.`,
    });
    await app.stop();
    folder.remove();
  });
});

for (const server of [postgres, redis]) {
  describeWith([server], `Where orders are kept in ${server.name}`, () => {
    let proxy: TcpProxy;
    let url: string;

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      world = await startWorld({ settings: { STORE_URL: url } });
    });
    afterEach(async () => {
      await world.close();
      await proxy.close();
      await server.discard(url);
    });

    test('what is not known while the database is down has no value, and errors are counted', async () => {
      await world.requested('910 x1');
      await reads('the order that waits', (series) => series.get('numbers_waiting_approvals') === 1);
      proxy.cut();
      await reads('the database to be missed', (series) => {
        const away = series.get('numbers_reachable{service="database"}') === 0;
        if (away) expect(ofOrders(series)).toEqual([]);
        return away;
      });
      await reads('store errors', (series) =>
        [...series].some(([name, value]) => name.startsWith('numbers_store_errors_total') && value > 0),
      );
      proxy.restore();
      await reads('the order that waits, again', (series) => series.get('numbers_waiting_approvals') === 1);
    });

    test('only the leader reports what is open', async () => {
      await world.requested('910 x1');
      await reads('the order that waits', (series) => series.get('numbers_waiting_approvals') === 1);
      const port = await freePort();
      const { listen: _ours, ...config } = world.config;
      const other = await buildApp(
        { ...config, operations: { host: '127.0.0.1', port } },
        {
          log: makeLog({ level: 'error', destination: { write: () => {} } }),
          onLost: (error) => {
            throw error;
          },
        },
      );
      try {
        await other.start();
        const { series } = await scrape(port);
        expect(series.get('numbers_leader')).toBe(0);
        expect(ofOrders(series)).toEqual([]);
        expect(series.get('numbers_reachable{service="database"}')).toBe(1);
      } finally {
        await other.stop();
      }
    });
  });
}
