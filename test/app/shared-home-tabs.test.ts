import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildApp, type NumbersApp } from '../../src/app.js';
import { makeLog } from '../../src/log.js';
import type { Clock } from '../../src/orders/ports/clock.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

const SECOND = 1_000;

for (const server of [postgres, redis]) {
  describeWith([server], `A Home tab that two instances share in ${server.name}`, () => {
    let url: string;
    let world: World;
    let timers: Set<{ readonly at: number; readonly wake: () => void }>;
    const others: NumbersApp[] = [];

    beforeEach(async () => {
      url = server.fresh();
      timers = new Set();
      world = await startWorld({ clockStands: true, settings: { STORE_URL: url } });
    });
    afterEach(async () => {
      for (const app of others.splice(0)) await app.stop();
      await world.close();
      await server.discard(url);
    });

    /** Another instance beside the first, which has the same time. */
    async function another(): Promise<NumbersApp> {
      const clock: Clock = {
        now: () => world.now(),
        wakeAt(at, wake) {
          const timer = { at, wake };
          timers.add(timer);
          if (at <= world.now()) setImmediate(ring);
          return () => void timers.delete(timer);
        },
      };
      // Two cannot listen on one port of this machine.
      const { listen: _ours, ...config } = world.config;
      const app = await buildApp(config, {
        log: makeLog({ level: 'error', destination: { write: () => {} } }),
        onLost: (error) => {
          throw error;
        },
        clock,
      });
      others.push(app);
      await app.start();
      await world.slack.until(() => world.slack.connections === 2);
      return app;
    }

    function ring(): void {
      for (const timer of [...timers].filter(({ at }) => at <= world.now())) {
        if (timers.delete(timer)) timer.wake();
      }
    }

    /** Lets a second go by for both again and again, until this is so. */
    const passesUntil = (isSo: () => boolean, describe: string) =>
      world.slack.until(
        () => {
          if (isSo()) return true;
          world.goesBy(SECOND);
          ring();
          return false;
        },
        { describe },
      );

    const published = () =>
      world.slack.calls.filter(
        ({ method, args }) => method === 'views.publish' && args.user_id === world.ben.id,
      ).length;

    /** How many orders Ben's Home tab shows. */
    const shown = () => world.ben.seesHome().split('Requested by:* @ana').length - 1;

    async function benOpensHome(): Promise<void> {
      await world.ben.opensHome();
      await world.slack.until(
        () =>
          world.ben.home() !== undefined &&
          world.ben.seesHome().includes('Nothing is waiting for your approval.'),
        { describe: 'Ben’s Home tab' },
      );
    }

    test('shows every new order, whichever instance takes it', async () => {
      await benOpensHome();
      await another();
      const takenHere = () =>
        world.log.filter(({ msg, from }) => msg === 'order state changed' && from === undefined).length;
      for (let orders = 1; orders <= 4; orders += 1) {
        await world.requested('910 x2');
        await passesUntil(() => shown() === orders, `order ${orders} on Ben’s Home tab`);
        // Slack sends to one after the other, so this has the other one take the next.
        await world.ana.types(CHANNEL, '/numbers help');
      }
      expect(takenHere()).toBeGreaterThan(0);
      expect(takenHere()).toBeLessThan(4);
    });

    test('is kept up to date after the instance that published it is gone', async () => {
      await benOpensHome();
      await world.restart();
      await world.requested('910 x2');
      await passesUntil(() => shown() === 1, 'the order on it');
      expect(published()).toBe(2);
    });

    test('is published once for all changes in half a minute, whichever instances make them', async () => {
      await another();
      await benOpensHome();
      const openedAt = world.now();
      for (let count = 0; count < 4; count += 1) await world.requested('910 x2');
      expect(published()).toBe(1);
      await passesUntil(() => shown() === 4, 'all four orders on it');
      expect(world.now() - openedAt).toBeGreaterThanOrEqual(30 * SECOND);
      expect(published()).toBe(2);
      // Nothing else changes: neither instance sends anything.
      const before = world.now();
      await passesUntil(() => world.now() - before > 120 * SECOND, 'two minutes to go by');
      expect(published()).toBe(2);
    });
  });
}
