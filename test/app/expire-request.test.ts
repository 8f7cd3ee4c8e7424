import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import { disconnectAsked, makeStock, shown, toldBy } from '../support/disconnect-steps.js';
import { approverGroup, CHANNEL, people, startWorld, type World } from '../support/world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World;

const thread = (card: Message): readonly string[] => card.replies.map((each) => asPlainText(each));

/** A new card in the channel after somebody did something. */
async function newCard(act: () => Promise<unknown>): Promise<Message> {
  const before = new Set(world.slack.messages(CHANNEL).map(({ ts }) => ts));
  await act();
  return world.slack.until(() => world.slack.messages(CHANNEL).find(({ ts }) => !before.has(ts)), {
    describe: 'a new card',
  });
}

describe('A request that nobody decides on', () => {
  const stock = makeStock(6);

  beforeAll(async () => {
    world = await startWorld({ bandwidth: { inService: { ours: stock.all } } });
  });
  afterAll(() => world.close());

  test('says until when it waits, reminds the approvers twice, and expires', async () => {
    const card = await world.requested('919 x2');
    expect(asPlainText(card)).toMatch(/Expires:\* \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(JSON.stringify(card.blocks)).toMatch(/<!date\^\d+\^\{date_short_pretty\} \{time\}\|/);
    world.goesBy(DAY / 2);
    await world.says(
      card,
      '@telecom this order of 2 numbers in area code 919 is still waiting for approval.',
    );
    expect(card.replies[0]?.text).toContain(`<!subteam^${approverGroup.id}>`);
    world.goesBy(DAY / 2 - HOUR);
    await world.says(card, '@telecom this order of 2 numbers in area code 919 expires');
    await world.says(card, "unless it's approved by then");
    expect(asPlainText(card)).toContain('waiting for approval');
    world.goesBy(HOUR);
    await world.says(card, '⌛ Expired: 2 numbers in area code 919');
    await world.says(
      card,
      "@ana your order of 2 numbers in area code 919 expired: it wasn't approved in time.",
    );
    expect(asPlainText(card)).toContain('Nothing was ordered.\n[Ask again…]');
    expect(thread(card)).toHaveLength(3);
    expect(world.bandwidth.orders()).toHaveLength(0);
  });

  test('can no longer be approved on a card that was not redrawn: Ben is told, and the card is updated', async () => {
    const card = await world.requested('919');
    const { text, blocks } = card;
    world.goesBy(DAY);
    await world.says(card, '⌛ Expired');
    for (const press of ['Approve & order', 'Decline…', 'Cancel']) {
      world.slack.workspace.rewrite(card, { text, blocks });
      expect(await toldBy(world, world.ben, () => world.ben.presses(card, press))).toMatch(
        /^It wasn't approved in time and expired .* Nothing was ordered\./,
      );
      await world.says(card, '⌛ Expired');
    }
    expect(world.ben.hasForm()).toBe(false);
    expect(world.bandwidth.orders()).toHaveLength(0);
  });

  test('is submitted again by Ana with the same values, as a new order', async () => {
    const card = await world.requested('910-241-4365', async (form) => {
      await form.fill('Name', 'Front desk');
      await world.slack.until(() => form.asPlainText().includes('Default location'));
      await form.choose('Location', 'Contact center');
      await form.untick('Options', 'Partial delivery allowed');
    });
    world.goesBy(DAY);
    await world.says(card, '⌛ Expired');
    await world.ana.presses(card, 'Ask again…');
    const form = await world.ana.form();
    expect(form.title).toBe('Order numbers');
    expect(form.asPlainText()).toContain('(910) 241-4365');
    expect(
      ['Name', 'Sub-account', 'Location', 'Reason', 'Options'].map((field) => form.value(field)),
    ).toEqual(['Front desk', 'Raleigh office', 'Contact center', 'New support line', '']);
    const again = await newCard(async () => expect(await form.submit()).toBe('closed'));
    expect(asPlainText(again)).toContain('Order: 1 number in 910 — waiting for approval');
    await world.ben.presses(again, 'Approve & order');
    await world.says(again, '@ana your number is active: (910) 241-4365');
    expect(asPlainText(card)).toContain('⌛ Expired');
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('to disconnect: the numbers are looked up again when it is submitted again', async () => {
    const [gone = '', still = ''] = stock.take(2);
    const card = await disconnectAsked(world, `${gone} ${still}`);
    world.goesBy(DAY);
    await world.says(card, '⌛ Expired: disconnect of 2 numbers');
    await world.says(card, 'Nothing was disconnected.');
    const other = await disconnectAsked(world, gone);
    await world.ben.presses(other, 'Approve & disconnect');
    world.goesBy(2 * MINUTE);
    await world.says(other, 'Disconnected');
    await world.ana.presses(card, 'Ask again…');
    const form = await world.ana.form();
    expect(form.value('Numbers').split('\n')).toHaveLength(2);
    expect(form.value('Reason')).toBe('The campaign is over');
    expect(form.value('Confirmation')).toBe('');
    await form.fill('Confirmation', '2');
    expect(await form.submit()).toBe('errors');
    expect(form.errors.Numbers).toContain(shown(gone));
    await form.fill('Numbers', still);
    await form.fill('Confirmation', still.slice(-4));
    const again = await newCard(async () => expect(await form.submit()).toBe('closed'));
    expect(asPlainText(again)).toContain('Disconnect: 1 number — waiting for approval');
  });

  test('expires at the next start, if the app was down at that time', async () => {
    const card = await world.requested('919');
    world.goesBy(DAY - 5_000);
    await world.says(card, "unless it's approved by then");
    world.goesBy(5_000);
    await world.restart();
    await world.says(card, '⌛ Expired');
    await world.says(card, '@ana your order');
    expect(thread(card)).toHaveLength(2);
  });
});

describe('Where anyone may approve', () => {
  beforeAll(async () => {
    world = await startWorld({ settings: { APPROVERS: '*', APPROVAL_TTL: '90m' } });
  });
  afterAll(() => world.close());

  test('a reminder mentions no one', async () => {
    const card = await world.requested('919');
    world.goesBy(45 * MINUTE);
    await world.says(card, 'Anyone here but the requester can decide: this order of 1 number');
    expect(new Set(mentionsIn(card))).toEqual(new Set([people.ana.id]));
    expect(card.replies.flatMap((reply) => mentionsIn(reply))).toEqual([]);
    world.goesBy(45 * MINUTE);
    await world.says(card, '@ana your order');
    expect(thread(card)).toHaveLength(2);
  });
});
