import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { disconnectApproved, shown, toldBy } from '../support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

const READY = { voice: 'READY_TO_ACTIVATE', messaging: 'READY_TO_ACTIVATE' } as const;

const threadOf = (card: Message): string => card.replies.map((each) => asRead(asPlainText(each))).join('\n');

const posts = () =>
  world.bandwidth.requests.filter(
    ({ method, path }) => method === 'POST' && path.endsWith('/serviceActivation'),
  );

/** The card of a finished order of numbers that are ready to activate. */
async function bought(words: string): Promise<Message> {
  world.bandwidth.set({ services: READY });
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Voice is ready to activate');
  return card;
}

/** The card of the activation that this person requests on the card of the numbers. */
async function activationOf(card: Message, person = world.ana): Promise<Message> {
  const before = new Set(world.slack.messages(CHANNEL).map(({ ts }) => ts));
  await person.presses(card, 'Activate…');
  const form = await person.form();
  await form.fill('Reason', 'The line opens on Monday');
  expect(await form.submit()).toBe('closed');
  return world.slack.until(() => world.slack.messages(CHANNEL).find(({ ts }) => !before.has(ts)), {
    describe: 'the card of the activation',
  });
}

const approve = (card: Message) => world.ben.presses(card, 'Approve & activate');

describe('Numbers that are ready to activate', () => {
  beforeAll(async () => {
    world = await startWorld({
      version: 'v2',
      placeWithinMs: 1_000,
      settings: { MAX_NUMBERS_PER_DAY: '12' },
    });
  });
  afterAll(() => world.close());
  afterEach(() => {
    world.bandwidth.failNothing();
    world.bandwidth.set({ lacksRoles: [], orderDelayMs: 50 });
  });

  test('are activated once an approver agrees, and both cards say that they are active', async () => {
    const [one = ''] = world.bandwidth.available('919439');
    const purchase = await bought(one);
    const card = await activationOf(purchase);
    expect(asRead(asPlainText(card))).toContain('Activation: 1 number — waiting for approval');
    expect(asRead(asPlainText(card))).toContain('Services:* voice and messaging');
    expect(posts()).toHaveLength(0);
    await approve(card);
    await world.says(card, 'Activated: 1 of 1 number');
    await world.says(card, `@ana your number is active: ${shown(one)}`);
    await world.says(purchase, `@ana your number is active: ${shown(one)}`);
    expect(asRead(asPlainText(purchase))).toContain('Voice works · messaging works');
    expect(asPlainText(purchase)).not.toContain('Activate…');
    expect(threadOf(card)).toContain('Approved by @ben.');
    expect(posts()).toHaveLength(1);
    expect(JSON.parse(posts()[0]?.body ?? '')).toEqual({
      action: 'ACTIVATE',
      phoneNumbers: [`+1${one}`],
      services: { voice: ['INBOUND', 'OUTBOUND_NATIONAL'], messaging: ['ALL'] },
      customerOrderId: expect.any(String),
    });
  });

  test('that two people want to activate make one activation', async () => {
    const purchase = await bought('919');
    await world.ana.presses(purchase, 'Activate…');
    await world.cleo.presses(purchase, 'Activate…');
    const [first, second] = [await world.ana.form(), await world.cleo.form()];
    for (const form of [first, second]) await form.fill('Reason', 'The line opens on Monday');
    expect(await first.submit()).toBe('closed');
    expect(await second.submit()).not.toBe('closed');
    expect(JSON.stringify(second.errors)).toContain(
      'Someone has already requested to activate these numbers.',
    );
    const before = world.cleo.ephemerals(CHANNEL).length;
    await world.cleo.presses(purchase, 'Activate…');
    const told = await world.slack.until(() => world.cleo.ephemerals(CHANNEL)[before], {
      describe: 'why not',
    });
    expect(asPlainText(told)).toContain('@ana has already requested to activate these numbers');
    const card = await world.message('Activation: 1 number');
    await world.ben.presses(card, 'Decline…');
    const form = await world.ben.form();
    await form.fill('Why?', 'Not yet');
    await form.submit();
    await world.says(card, 'Declined: activation of 1 number');
    expect(asPlainText(card)).not.toContain('Ask again');
    const again = await activationOf(purchase);
    await approve(again);
    await world.says(again, 'Activated: 1 of 1 number');
  });

  test('need someone else’s approval', async () => {
    const purchase = await bought('919');
    const card = await activationOf(purchase, world.ben);
    const before = world.ben.ephemerals(CHANNEL).length;
    await approve(card);
    const told = await world.slack.until(() => world.ben.ephemerals(CHANNEL)[before], {
      describe: 'why not',
    });
    expect(asPlainText(told)).toContain('This is your own request');
    expect(posts().some(({ body }) => body.includes('nothing'))).toBe(false);
    await world.ben.presses(card, 'Cancel');
    await world.says(card, 'Canceled');
  });

  test('don’t count against the limits, because they are already bought', async () => {
    const purchase = await bought('919 x4');
    const card = await activationOf(purchase);
    expect(asPlainText(card)).not.toContain('Limits');
    await approve(card);
    await world.says(card, 'Activated: 4 of 4 numbers');
  });

  test('are looked up when the answer is lost, and not sent again if they work', async () => {
    const purchase = await bought('919');
    const card = await activationOf(purchase);
    const before = posts().length;
    world.bandwidth.fail({ path: /serviceActivation$/, how: 'reset-after-accept' });
    await approve(card);
    await world.says(card, 'Activated: 1 of 1 number');
    await world.says(card, 'your number is active');
    expect(posts()).toHaveLength(before + 1);
    expect(asPlainText(card)).not.toContain('in-service:');
  });

  test('stay as they are if Bandwidth refuses, and the card says why', async () => {
    const purchase = await bought('919');
    const card = await activationOf(purchase);
    world.bandwidth.fail({ path: /serviceActivation$/, how: 403 });
    await approve(card);
    await world.says(card, 'Refused by Bandwidth: activation of 1 number');
    await world.says(card, 'My credentials may lack the role for service activation');
    expect(asPlainText(purchase)).toContain('Activate…');
  });

  test('of which only some are activated are shown separately', async () => {
    const purchase = await bought('919 x2');
    const card = await activationOf(purchase);
    world.bandwidth.nextActivation({ ends: 'PARTIAL' });
    await approve(card);
    await world.says(card, 'Partly activated');
    await world.says(card, 'Voice works on 1 number and is ready to activate on 1');
    await world.says(purchase, 'Voice works on 1 number and is ready to activate on 1');
    expect(asPlainText(purchase)).toContain('Activate…');
  });
});

describe('Numbers that were ready to activate and have been disconnected since', () => {
  beforeAll(async () => {
    world = await startWorld({ version: 'v2', settings: { UNDO_WINDOW: '0' } });
  });
  afterAll(() => world.close());

  test('are left out of an activation, and if none is left, nobody is asked to approve it', async () => {
    const [one = '', other = ''] = world.bandwidth.available('919439');
    const purchase = await bought(`${one} ${other}`);
    const disconnected = async (number: string) => {
      const card = await disconnectApproved(world, number);
      await world.says(card, 'Disconnected: 1 of 1 number');
    };
    await disconnected(one);
    const card = await activationOf(purchase);
    expect(asRead(asPlainText(card))).toContain('Activation: 1 number');
    expect(asPlainText(card)).toContain(shown(other));
    expect(asPlainText(card)).not.toContain(shown(one));
    await approve(card);
    await world.says(card, 'Activated: 1 of 1 number');

    world.bandwidth.set({ services: READY });
    const [third = ''] = world.bandwidth.available('919439');
    const again = await bought(third);
    await disconnected(third);
    expect(await toldBy(world, world.ana, () => world.ana.presses(again, 'Activate…'))).toBe(
      'These numbers were disconnected after they were delivered. Nothing was requested.',
    );
  });
});

describe('An activation whose app is killed', () => {
  let app: KillableApp;
  beforeAll(async () => {
    app = makeKillableApp(400);
    world = await startWorld({ version: 'v2', run: app.run });
  });
  afterAll(async () => {
    await world.close();
    app.remove();
  });

  test('between the POST and its answer is found by what works, and sent once', async () => {
    const purchase = await bought('919');
    const card = await activationOf(purchase);
    world.bandwidth.fail({ path: /serviceActivation$/, how: 'hang-after-accept' });
    await approve(card);
    await world.slack.until(() => posts()[0], { describe: 'the POST' });
    await app.kill();
    await world.restart();
    await world.says(card, 'Activated: 1 of 1 number');
    await world.says(card, 'your number is active');
    await world.says(purchase, 'your number is active');
    expect(posts()).toHaveLength(1);
    expect(threadOf(card).match(/is active/g)).toHaveLength(1);
  });
});
