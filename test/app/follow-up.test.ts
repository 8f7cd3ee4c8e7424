import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { told } from '../support/search-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** The form that a button of a card opens for a person. */
async function opens(person: World['ana'], card: Message, label: string) {
  await person.presses(card, label);
  return person.form();
}

async function declined(card: Message): Promise<void> {
  const form = await opens(world.ben, card, 'Decline…');
  await form.fill('Why?', 'Use the spare ones');
  expect(await form.submit()).toBe('closed');
  await world.says(card, '🚫 Declined');
}

async function delivered(words: string, announced = '@ana your'): Promise<Message> {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, announced);
  return card;
}

const said = (card: Message): string => asPlainText(card);

describe('Ana, whose order was declined,', () => {
  test('submits it again with the same values, and it is a new order', async () => {
    world = await startWorld();
    const card = await world.requested('919 x2');
    await declined(card);
    const form = await opens(world.ana, card, 'Ask again…');
    expect(form.title).toBe('Order numbers');
    expect(['Name', 'Sub-account', 'Quantity', 'Reason'].map((field) => form.value(field))).toEqual([
      '2 numbers in area code 919',
      'Raleigh office',
      '2',
      'New support line',
    ]);
    await form.fill('Quantity', '1');
    expect(await form.submit()).toBe('closed');
    const again = await world.message('Order: 1 number in area code 919 — waiting for approval');
    expect(again.ts).not.toBe(card.ts);
    // The name that no one typed follows the quantity, so the card doesn't repeat it.
    expect(said(again)).not.toContain('Name:');
    expect(said(card)).toContain('🚫 Declined');
  });

  test('is told why she can’t submit it again where a limit is used up, and no form opens', async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_DAY: '2' } });
    const card = await world.requested('919 x2');
    await declined(card);
    await delivered('984 x2');
    const answer = await told(world, world.ana, () => world.ana.presses(card, 'Ask again…'));
    expect(answer).toContain('limit of 2 numbers');
    expect(world.slack.calls.filter(({ method }) => method === 'views.open')).toHaveLength(3);
  });
});

describe('Ana, whose order Bandwidth', () => {
  test('delivered in part, orders what is missing', async () => {
    world = await startWorld();
    world.bandwidth.nextOrder({ ends: 'PARTIAL' });
    const card = await delivered('919 x5', '@ana 2 of the 5 numbers');
    await world.says(card, 'Partial: 2 of 5 numbers');
    const form = await opens(world.ana, card, 'Order the missing 3…');
    expect(['Name', 'Sub-account', 'Quantity', 'Reason'].map((field) => form.value(field))).toEqual([
      '3 numbers in area code 919',
      'Raleigh office',
      '3',
      'New support line',
    ]);
    expect(await form.submit()).toBe('closed');
    const missing = await world.message('Order: 3 numbers in area code 919 — waiting for approval');
    await world.ben.presses(missing, 'Approve & order');
    await world.says(missing, 'Complete: 3 of 3 numbers');
  });

  test('delivered, disconnects the numbers again from the card', async () => {
    world = await startWorld();
    const card = await delivered('919 x2');
    expect(said(card)).not.toContain('[Order the missing');
    const form = await opens(world.ana, card, 'Disconnect…');
    expect(form.title).toBe('Disconnect numbers');
    expect(form.value('Numbers').split('\n')).toHaveLength(2);
    await form.fill('Confirmation', '2');
    await form.fill('Reason', 'The campaign is over');
    expect(await form.submit()).toBe('closed');
    await world.message('Disconnect: 2 numbers — waiting for approval');
  });

  test('refused, submits it again', async () => {
    world = await startWorld();
    const card = await world.requested('919');
    world.bandwidth.fail({ path: /\/orders$/, how: 400 });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Refused by Bandwidth');
    const form = await opens(world.ana, card, 'Ask again…');
    expect(form.value('Reason')).toBe('New support line');
    await form.close();
  });
});

describe('The order form', () => {
  test('starts with the destination of Ana’s last order in this channel', async () => {
    world = await startWorld({ settings: { BW_SITE_ID: '461' } });
    await world.ana.types(CHANNEL, '/numbers order 919');
    const first = await world.ana.form();
    await world.slack.until(() => first.value('Sub-account') === 'Raleigh office');
    await first.choose('Location', 'Contact center');
    await first.fill('Reason', 'New support line');
    expect(await first.submit()).toBe('closed');
    await world.message('waiting for approval');
    await world.ana.types(CHANNEL, '/numbers order 919');
    const second = await world.ana.form();
    await world.slack.until(() => second.value('Location') === 'Contact center', {
      describe: 'the location of the last order',
    });
    await second.close();
    await world.dan.types(CHANNEL, '/numbers order 919');
    const other = await world.dan.form();
    await world.slack.until(() => other.value('Sub-account') === 'Raleigh office');
    expect(other.value('Location')).toBe('');
    await other.close();
  });

  test('of an account that lists no sub-accounts uses those in the settings', async () => {
    world = await startWorld({
      bandwidth: { sites: [] },
      settings: { BW_SITE_ID: '461', BW_PEER_ID: '651682' },
    });
    await world.ana.types(CHANNEL, '/numbers order 919');
    const form = await world.ana.form();
    await world.slack.until(() => form.value('Sub-account').includes('461'), { describe: 'the sub-account' });
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('closed');
    expect(said(await world.message('waiting for approval'))).toContain('Location:* 651682');
  });
});
