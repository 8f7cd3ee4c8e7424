import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../../sandbox/local-slack/local-slack.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { openStore } from '../../../src/store/open-store.js';
import { isPostgresInstalled, makeOwnPostgres, type OwnPostgres } from '../../support/own-postgres.js';
import { told } from '../../support/search-steps.js';
import { until } from '../../support/until.js';
import { CHANNEL, startWorld, type World } from '../../support/world.js';
import { anOrder, listeningLog } from '../store-fixtures.js';

const because = isPostgresInstalled ? '' : ' (not tested, because PostgreSQL is not installed here)';
const AWAY = "I can't reach my database right now, so nothing was changed";

// Where everything has to be there, its absence is a failure.
(isPostgresInstalled || process.env.CI === 'true' ? describe : describe.skip)(
  `A PostgreSQL server that is killed${because}`,
  () => {
    let server: OwnPostgres;
    let world: World | undefined;

    beforeEach(async () => {
      server = await makeOwnPostgres();
    });
    afterEach(async () => {
      await world?.close();
      world = undefined;
      await server.remove();
    });

    test('has lost nothing it acknowledged, and the store recovers by itself', async () => {
      const store = await openStore(server.url, listeningLog());
      const acknowledged: string[] = [];
      const writing = Promise.allSettled(
        Array.from({ length: 4 }, async () => {
          for (;;) {
            const order = anOrder();
            await store.orders.insert(order);
            acknowledged.push(order.id);
          }
        }),
      );
      await until(() => acknowledged.length >= 40, 'forty orders');
      await server.kill();
      for (const end of await writing) expect(end).toMatchObject({ reason: expect.any(StoreError) });
      await server.start();
      const open = await untilAnswered(() => store.orders.open());
      for (const id of acknowledged) expect(open).toContain(id);
      await store.close();
    });

    test('costs people only time: they are told, and their orders continue where they were', async () => {
      world = await startWorld({ settings: { STORE_URL: server.url } });
      const { ana, ben, bandwidth } = world;
      bandwidth.nextOrder({ delayMs: 'manual' });
      const underWay = await world.requested('910 x1');
      await ben.presses(underWay, 'Approve & order');
      await world.says(underWay, 'Received by Bandwidth');
      const waiting = await world.requested('919 x1');
      await ana.types(CHANNEL, '/numbers order 910 x1');
      const form = await ana.form();
      await form.choose('Sub-account', 'Raleigh office');
      await form.fill('Reason', 'Another line');

      await server.kill();
      expect(await told(world, ben, () => ben.presses(waiting, 'Approve & order').catch(() => {}))).toContain(
        AWAY,
      );
      expect(await form.submit().catch(() => 'no answer')).not.toBe('closed');
      // Bandwidth delivers, and the card can't know.
      bandwidth.finish(bandwidth.orders()[0]?.id ?? '');
      expect(asPlainText(waiting)).toContain('waiting for approval');
      expect(bandwidth.orders()).toHaveLength(1);

      await server.start();
      await world.says(underWay, 'Complete: 1 of 1');
      await untilApproved(world, waiting);
      await world.says(waiting, 'Complete: 1 of 1');
      expect(bandwidth.orders()).toHaveLength(2);
      for (const card of [underWay, waiting]) {
        const sentences = card.replies.map((each) => asPlainText(each));
        expect(new Set(sentences).size).toBe(sentences.length);
      }
    });
  },
);

/** The first call after an outage may still meet a broken connection. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  let answer: { readonly is: T } | undefined;
  await until(async () => {
    answer = await ask().then(
      (is) => ({ is }),
      (error: unknown) => {
        if (!(error instanceof StoreError)) throw error;
        return undefined;
      },
    );
    return answer !== undefined;
  }, 'the store to come back');
  if (answer === undefined) throw new Error('unreachable');
  return answer.is;
}

async function untilApproved(world: World, card: Parameters<World['says']>[0]): Promise<void> {
  await until(async () => {
    await world.ben.presses(card, 'Approve & order').catch(() => {});
    return !asPlainText(card).includes('waiting for approval');
  }, 'a press that counts');
}
