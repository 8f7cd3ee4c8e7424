import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** Ana fills in and submits the form of an order; the card is another matter. */
async function asks(words: string): Promise<void> {
  await world.ana.types(CHANNEL, `/numbers order ${words}`);
  const form = await world.ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'New support line');
  expect(await form.submit()).toBe('closed');
}

const cards = (): readonly Message[] =>
  world.slack.messages(CHANNEL).filter((each) => asPlainText(each).includes('New support line'));

const told = (): readonly string[] => world.ana.directMessages().map((each) => asRead(asPlainText(each)));

async function enough(card: Message, sentences: number): Promise<void> {
  await world.slack.until(() => card.replies.length >= sentences);
  expect(card.replies).toHaveLength(sentences);
}

describe('A card', () => {
  test('that someone deletes while the order is in progress is replaced, and shows the end', async () => {
    world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Received by Bandwidth');
    world.dan.deletes(card);
    world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
    const next = await world.message('Complete: 1 of 1 number');
    expect(next.ts).not.toBe(card.ts);
    await world.says(next, '@ana your number is active');
    expect(cards()).toHaveLength(1);
  });

  test('whose posting Slack did not answer is posted again; a press on the copy works, and retires the copy', async () => {
    world = await startWorld();
    world.slack.fail('chat.postMessage', { status: 500, carriedOut: true });
    await asks('919');
    await world.slack.until(() => cards().length === 2, { describe: 'two copies of the card' });
    const [copy, card] = cards();
    if (copy === undefined || card === undefined) throw new Error('there are not two cards');
    await world.ben.presses(copy, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    await world.says(copy, 'This is an old copy of the card.');
    expect(asPlainText(copy)).not.toContain('[Approve');
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('that Slack keeps refusing to update is retried through 429s, errors and outages, and is right in the end', async () => {
    world = await startWorld();
    const card = await world.requested('919');
    world.slack.fail('chat.update', { retryAfter: 1 });
    world.slack.fail('chat.update', { error: 'internal_error' });
    world.slack.fail('chat.postMessage', { status: 503 });
    await world.ben.presses(card, 'Approve & order');
    expect(asPlainText(card)).toContain('[Approve & order]');
    await world.cleo.presses(card, 'Approve & order');
    const told = await world.slack.until(() => world.cleo.ephemerals(CHANNEL)[0], {
      describe: 'Cleo, who pressed what is still drawn, to be told',
    });
    expect(asPlainText(told)).toContain('Already approved by @ben');
    await world.slack.until(() => world.bandwidth.orders()[0]?.status === 'COMPLETE', {
      describe: 'Bandwidth to deliver although Slack is in trouble',
    });
    await world.says(card, 'Complete: 1 of 1 number');
    await enough(card, 2);
    expect(cards()).toHaveLength(1);
  });

  test('is not posted twice when three orders at once meet Slack’s rate limits', async () => {
    world = await startWorld({ slack: { limits: true } });
    for (let each = 0; each < 3; each += 1) await asks('919');
    await world.slack.until(() => cards().length === 3);
    for (const card of cards().slice(0, 2)) await world.ben.presses(card, 'Approve & order');
    for (const card of cards().slice(0, 2)) await world.says(card, 'Complete: 1 of 1 number');
    for (const card of cards().slice(0, 2)) await enough(card, 2);
    expect(cards()).toHaveLength(3);
  });
});

describe('When the bot', () => {
  const uninvited = { ...numbersChannel, botIsMember: false };

  test('is not in the channel, Ana is told once how to invite it; invited, the card appears by itself', async () => {
    world = await startWorld({ slack: { channels: [uninvited] } });
    await asks('919 x2');
    await world.slack.until(() => told().length > 0, { describe: 'a direct message for Ana' });
    expect(told()).toEqual([
      "I can't post in #numbers, so your order has no card there: ⏳ Order: 2 numbers in area code 919 — waiting for approval\nI'm not in #numbers. Add me with `/invite @numbers`. I'll keep trying. `not_in_channel`",
    ]);
    world.slack.changeChannel(CHANNEL, { botIsMember: true });
    const card = await world.slack.until(() => cards()[0], { describe: 'the card' });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
    expect(cards()).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });

  test('can’t post while the order is in progress, Ana is told the state; allowed again, the card is right', async () => {
    world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Received by Bandwidth');
    await world.says(card, 'Approved by @ben.');
    world.slack.changeChannel(CHANNEL, { archived: true });
    world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
    await world.slack.until(() => told().some((each) => each.includes('Complete: 1 of 1 number')));
    expect(
      told().some((each) => each.includes('#numbers is archived. A channel manager can unarchive it.')),
    ).toBe(true);
    await world.slack.until(() => told().length > 1, { describe: 'the outcome, in a direct message' });
    expect(told().at(-1)).toMatch(
      /^About your order in #numbers, where I can't post right now:\n@ana your number is active: \(919\) /,
    );
    world.slack.changeChannel(CHANNEL, { archived: false });
    await world.slack.until(() => cards().some((each) => asPlainText(each).includes('Complete')), {});
  });

  test.each([
    ['is removed from the private channel', { private: true, botIsMember: false }],
    ['is in a channel that is archived', { archived: true }],
  ])('%s, Ana is told directly that her order was declined', async (_, change) => {
    world = await startWorld();
    const card = await world.requested('919');
    world.slack.fail('chat.update', { retryAfter: 2 });
    const form = await world.ben.presses(card, 'Decline…').then(() => world.ben.form());
    await form.fill('Why?', 'Use the spare one');
    world.slack.changeChannel(CHANNEL, change);
    expect(await form.submit()).toBe('closed');
    await world.slack.until(() => told().some((each) => each.includes('declined your order')), {
      describe: 'Ana to be told',
    });
    expect(told().at(-1)).toContain('About your order in #numbers');
    expect(told().at(-1)).toContain('Use the spare one');
  });

  test('can’t reply in the locked thread of the card, the outcome is posted in the channel instead', async () => {
    world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
    const card = await world.requested('919');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Received');
    world.slack.lockThread(card);
    world.bandwidth.finish(world.bandwidth.orders()[0]?.id ?? '');
    await world.says(card, 'Complete: 1 of 1 number');
    const said = await world.message('your number');
    expect(asPlainText(said)).toContain('is active');
    expect(said.threadTs).toBeUndefined();
  });
});
