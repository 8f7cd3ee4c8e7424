import { afterEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { orderIdOfCard } from '../../sandbox/order-id-of-card.js';
import { buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { makeLog } from '../../src/log.js';
import { scrape } from '../support/scrape.js';
import { told } from '../support/search-steps.js';
import { until } from '../support/until.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const lines: Readonly<Record<string, unknown>>[] = [];

/** An app that keeps finished orders for a millisecond, and looks for them when it starts. */
async function forgetful(settings: Readonly<Record<string, string>>) {
  const log = makeLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const app = await buildApp(
    { ...readConfig(settings), keepFinishedMs: 1 },
    {
      log,
      onLost: (error) => {
        throw error;
      },
    },
  );
  await app.start();
  return app;
}

const said = (sentence: string) => lines.filter(({ msg }) => msg === sentence).length;

async function oldOrdersAreRemoved(): Promise<void> {
  await until(async () => {
    const { series } = await scrape(world.config.listen?.port ?? 0);
    return ['stale_cards', 'unjournaled_events'].every((name) => series.get(`numbers_${name}`) === 0);
  }, 'nothing to be left to do');
  const removedBefore = said('old orders removed');
  // Each process looks once a day, first when it starts; the order may be settled only just after that.
  await until(async () => {
    const before = said('all old orders looked through');
    await world.restart();
    // Bandwidth's answer tells its time, without which nothing is removed.
    await world.ana.types(CHANNEL, '/numbers search 919');
    await until(() => said('all old orders looked through') > before, 'another walk');
    return said('old orders removed') > removedBefore;
  }, 'an order to be removed');
}

const declined = async (words: string): Promise<Message> => declinedCard(await world.requested(words));

async function declinedCard(card: Message): Promise<Message> {
  await world.ben.presses(card, 'Decline…');
  const form = await world.ben.form();
  await form.fill('Why?', 'Not now');
  await form.submit();
  await world.says(card, 'Declined');
  return card;
}

test('A person who presses a button on the card of an order that is no longer kept, or looks it up, is told so; what matters stays', async () => {
  world = await startWorld({ run: forgetful });
  const old = await declined('910 x1');
  const open = await world.requested('919 x1');
  const bought = await world.requested('984 x1');
  await world.ben.presses(bought, 'Approve & order');
  await world.says(bought, 'Complete: 1 of 1');
  await until(() => old.replies.length > 0, 'the thread to tell of the decline');
  await oldOrdersAreRemoved();

  const { ana } = world;
  expect(await told(world, ana, () => ana.presses(old, 'Ask again…'))).toBe(
    'This order ended long ago and is no longer kept, so nothing more can be done with it. Its history is still in the audit journal.',
  );
  await world.says(old, 'no longer kept');
  expect(asPlainText(old)).not.toContain('[Ask again…]');

  const id = orderIdOfCard(old)?.slice(0, 8);
  const answer = await told(world, ana, () => ana.types(CHANNEL, `/numbers orders ${id}`));
  expect(answer).toMatch(
    /ended long ago and is no longer kept\. Its history is still in the audit journal\.$/,
  );

  // The open one can still be decided, and the number in service still has its story.
  const [order] = world.bandwidth.orders();
  const who = await told(world, ana, () => ana.types(CHANNEL, `/numbers who ${order?.numbers[0]}`));
  expect(who).toContain('New support line');
  await world.ben.presses(open, 'Approve & order');
  await world.says(open, 'Complete: 1 of 1');
});

test('Numbers whose declined activation is no longer kept can be activated by another one, which has a record of its own', async () => {
  world = await startWorld({ run: forgetful, version: 'v2' });
  const ready = { voice: 'READY_TO_ACTIVATE', messaging: 'READY_TO_ACTIVATE' } as const;
  world.bandwidth.set({ services: ready });
  const bought = await world.requested('919 x1');
  await world.ben.presses(bought, 'Approve & order');
  await world.says(bought, 'Voice is ready to activate');
  const activation = async (): Promise<Message> => {
    const before = new Set(world.slack.messages(CHANNEL).map(({ ts }) => ts));
    await world.ana.presses(bought, 'Activate…');
    const form = await world.ana.form();
    await form.fill('Reason', 'The line opens on Monday');
    expect(await form.submit()).toBe('closed');
    return world.slack.until(() => world.slack.messages(CHANNEL).find(({ ts }) => !before.has(ts)), {
      describe: 'the card of the activation',
    });
  };
  const first = await declinedCard(await activation());
  await until(() => first.replies.length > 0, 'the thread to tell of the decline');
  await oldOrdersAreRemoved();
  const second = await activation();
  expect(orderIdOfCard(second)).not.toBe(orderIdOfCard(first));
  await world.ben.presses(second, 'Approve & activate');
  await world.says(second, 'Activated: 1 of 1 number');
});
