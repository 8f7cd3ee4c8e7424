import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { buildApp, type NumbersApp } from '../../src/app.js';
import { makeLog } from '../../src/log.js';
import type { Clock } from '../../src/orders/ports/clock.js';
import { openStore } from '../../src/store/open-store.js';
import { told } from '../support/search-steps.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

function timerFor(ms: number, ring: () => void): () => void {
  const timer = setTimeout(ring, Math.max(0, ms));
  return () => clearTimeout(timer);
}

const AWAY = "I can't reach my database right now, so nothing was changed";

for (const server of [postgres, redis]) {
  describeWith([server], `Orders that are kept in ${server.name}`, () => {
    let proxy: TcpProxy;
    let url: string;
    let world: World;
    const others: NumbersApp[] = [];

    beforeEach(async () => {
      proxy = await startTcpProxy(server.host, server.port);
      url = server.fresh(proxy.port);
      world = await startWorld({ settings: { STORE_URL: url } });
    });
    afterEach(async () => {
      for (const app of others.splice(0)) await app.stop();
      await world.close();
      await proxy.close();
      await server.discard(url);
    });

    /** Another instance of the app beside the first. */
    async function another(clock?: Clock): Promise<NumbersApp> {
      // Two cannot listen on one port of this machine.
      const { listen: _ours, ...config } = world.config;
      const app = await buildApp(config, {
        log: makeLog({ level: 'error', destination: { write: () => {} } }),
        onLost: (error) => {
          throw error;
        },
        ...(clock === undefined ? {} : { clock }),
      });
      others.push(app);
      await app.start();
      return app;
    }

    /** Waits until each knows of all that Bandwidth was asked by both. */
    async function lookupsTold(): Promise<void> {
      const asked = () =>
        world.bandwidth.requests.filter(
          ({ method, path }) => method === 'GET' && /\/(orders|tns)\b/.test(path),
        );
      const store = await openStore(url, makeLog({ level: 'error', destination: { write: () => {} } }));
      try {
        await until(async () => {
          const told = [...((await store.lookups?.others()) ?? [])];
          const total = told.reduce((sum, [, made]) => sum + made.total, 0);
          return told.length === 2 && total > 0 && total === asked().length;
        }, 'both instances to report all their lookups');
      } finally {
        await store.close();
      }
    }

    const cards = (): readonly Message[] =>
      world.slack.messages(CHANNEL).filter(({ metadata }) => metadata !== undefined);

    async function approved(card: Message): Promise<void> {
      await world.ben.presses(card, 'Approve & order');
      await world.says(card, 'Complete: 1 of 1');
      await world.says(card, 'your number is active');
    }

    test.each(['cut', 'hang'] as const)(
      'are neither decided nor accepted while the database is down (%s), and continue when it is back',
      async (how) => {
        const { ana, ben, bandwidth } = world;
        const card = await world.requested('910 x1');
        await ana.types(CHANNEL, '/numbers order 919 x1');
        const form = await ana.form();
        await form.choose('Sub-account', 'Raleigh office');
        await form.fill('Reason', 'Another line');

        proxy[how]();
        expect(await told(world, ben, () => ben.presses(card, 'Approve & order').catch(() => {}))).toContain(
          AWAY,
        );
        // Slack itself says so where no answer comes in time.
        await expect(
          form.submit().then(
            (answer) => answer !== 'closed',
            () => true,
          ),
        ).resolves.toBe(true);
        expect(asPlainText(card)).toContain('waiting for approval');
        expect(bandwidth.orders()).toEqual([]);

        proxy.restore();
        await until(async () => {
          await ben.presses(card, 'Approve & order').catch(() => {});
          return !asPlainText(card).includes('waiting for approval');
        }, 'a press that counts');
        await world.says(card, 'Complete: 1 of 1');
        expect(bandwidth.orders()).toHaveLength(1);
        expect(cards()).toHaveLength(1);
      },
    );

    test('are worked on by two instances: each once, one card each, nothing announced twice', async () => {
      await another();
      await world.slack.until(() => world.slack.connections === 2);
      const asked: Message[] = [];
      for (let count = 0; count < 4; count++) asked.push(await world.requested('910 x1'));
      await Promise.all(asked.map(approved));
      expect(cards()).toHaveLength(4);
      expect(world.bandwidth.orders()).toHaveLength(4);
      for (const card of asked) {
        const sentences = card.replies.map((each) => asPlainText(each));
        expect(new Set(sentences).size).toBe(sentences.length);
      }
      await lookupsTold();
    });

    test('continue in the other instance when the one that made the passes loses contact with Bandwidth', async () => {
      const { hostname, port } = new URL(world.config.bandwidth.apiUrl);
      const way = await startTcpProxy(hostname, Number(port));
      try {
        const apiUrl = world.config.bandwidth.apiUrl.replace(`:${port}`, `:${way.port}`);
        await world.restart({ BW_API_URL: apiUrl });
        world.bandwidth.nextOrder({ delayMs: 'manual' });
        const card = await world.requested('910 x1');
        await world.ben.presses(card, 'Approve & order');
        await world.says(card, 'Received by Bandwidth');
        way.cut();
        world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
        let ahead = 0;
        const now = () => Date.now() + ahead;
        await another({ now, wakeAt: (at, wake) => timerFor(at - now(), wake) });
        // The instances' clocks may run ten times as fast as the machine's, no faster: leases are the database's, and
        // expire by its clock.
        await until(async () => {
          await pause(500);
          world.goesBy(5_000);
          ahead += 5_000;
          return asPlainText(card).includes('Complete: 1 of 1');
        }, 'the other instance to complete the order');
        expect(cards()).toHaveLength(1);
      } finally {
        await way.close();
      }
    });

    test('continue in the other instance when the one that made the passes stops', async () => {
      await another();
      await world.slack.until(() => world.slack.connections === 2);
      world.bandwidth.nextOrder({ delayMs: 'manual' });
      const card = await world.requested('910 x1');
      await world.ben.presses(card, 'Approve & order');
      await world.says(card, 'Received by Bandwidth');
      const [other] = others.splice(0);
      await world.restart();
      await other?.stop();
      world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
      await world.says(card, 'Complete: 1 of 1');
      expect(cards()).toHaveLength(1);
    });
  });
}
