import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form } from '../../sandbox/local-slack/local-slack.js';
import { told } from '../support/searching.js';
import { CHANNEL, setups, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** Waits until the form says what is available. */
const saysStock = (form: Form, words: string) =>
  world.slack.until(() => JSON.stringify(form.blocks).includes(words), {
    describe: `“${words}” in the form`,
  });

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  test('Ana orders numbers in three places; Ben approves once; each place is an order at Bandwidth; one card tells it all', async () => {
    world = await startWorld({ mode, version });
    const { ben, bandwidth, says } = world;
    const card = await world.requested('919 x2, 984 x3, Raleigh, NC x1');
    expect(asPlainText(card)).toContain('Order: 6 numbers in 3 places');
    expect(asPlainText(card)).toContain('2 in area code 919 · 3 in area code 984 · 1 in Raleigh, NC');
    expect(bandwidth.orders()).toEqual([]);

    await ben.presses(card, 'Approve & order');
    await says(card, 'Complete: 6 of 6 numbers in 3 places');
    await says(card, '@ana your 6 numbers are active');
    await says(card, 'The results of all 3 lines:');
    const orders = bandwidth.orders();
    expect(orders.map(({ numbers }) => numbers.length).sort()).toEqual([1, 2, 3]);
    expect(new Set(orders.map(({ customerOrderId }) => customerOrderId)).size).toBe(3);
  });
});

describe('The form of several lines', () => {
  test('shows what is available now, and a line without numbers before anyone is asked', async () => {
    world = await startWorld();
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 1 each in 919, 984, 910-555');
    const form = await ana.form();
    expect(form.title).toBe('Order numbers');
    expect(form.value('What to order')).toBe('919 x1\n984 x1\n910-555 x1');
    expect(form.value('Name')).toBe('3 numbers in 3 places');
    await saysStock(form, '*No numbers right now:* 1 in 910-555');
  });

  test('says so also when she chooses a sub-account while it is looked up', async () => {
    world = await startWorld();
    const { ana, bandwidth } = world;
    bandwidth.fail({ path: /availableTelephoneNumbers/, how: 'slow', afterMs: 700, times: 2 });
    await ana.types(CHANNEL, '/numbers order 919 x1, 910-555 x1');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await saysStock(form, '*No numbers right now:* 1 in 910-555');
    expect(form.value('Sub-account')).toContain('Raleigh office');
  });

  test('can be changed: what is in its rows is what is asked for', async () => {
    world = await startWorld();
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', '919 x1\n984 x4\nRaleigh, NC x2');
    });
    expect(asPlainText(card)).toContain('Order: 7 numbers in 3 places');
    expect(asPlainText(card)).toContain('1 in area code 919 · 4 in area code 984 · 2 in Raleigh, NC');
  });

  test('with one row left is an order like any other', async () => {
    world = await startWorld();
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', '984 x4');
    });
    expect(asPlainText(card)).toContain('Order: 4 numbers in area code 984');
  });

  test('says which row is wrong', async () => {
    world = await startWorld();
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 919 x2, 984 x3');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    await form.fill('What to order', '919 x2\n91O x3');
    expect(await form.submit()).toBe('errors');
    expect(JSON.stringify(form.errors)).toContain('91O');
  });

  test('is edited like any other while the order waits', async () => {
    world = await startWorld();
    const card = await world.requested('919 x2, 984 x3');
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    await saysStock(form, 'Every line has enough numbers right now.');
    await form.fill('What to order', '919 x2\n984 x1');
    expect(await form.submit()).toBe('closed');
    await world.says(card, '3 numbers in 2 places');
    await world.says(
      card,
      '2 in area code 919 · 3 in area code 984 → 2 in area code 919 · 1 in area code 984',
    );
  });

  test('counts all lines against the limits', async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_ORDER: '5' } });
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 919 x2, 984 x4');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('errors');
    expect(JSON.stringify(form.errors)).toContain('5');
  });

  test('is not opened for words that mean nothing: the answer says what would work', async () => {
    world = await startWorld();
    const answer = await told(world, world.ana, () =>
      world.ana.types(CHANNEL, '/numbers order 91O x2, 919 x3'),
    );
    expect(answer).toContain('/numbers order 910 x2, 919 x3');
  });
});

describe('When some lines fail', () => {
  test('the card says which, and the missing ones are ordered with one press', async () => {
    world = await startWorld();
    const { bandwidth, ben, ana } = world;
    bandwidth.nextOrder({ ends: 'FAILED' });
    const card = await world.requested('919 x2, 984 x3');
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial:');
    expect(asPlainText(card)).toContain('Not delivered');
    const [, button = '', quantity = ''] = /\[(Order the missing (\d)…)\]/.exec(asPlainText(card)) ?? [];
    await ana.presses(card, button);
    const form = await ana.form();
    expect(form.value('Quantity')).toBe(quantity);
  });

  test('the form for those that are missing says which of them there are still none of', async () => {
    world = await startWorld();
    const { ben, ana } = world;
    const card = await world.requested('919 x2, 910-555 x1, 910-556 x3');
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial: 2 of 6 numbers');
    await ana.presses(card, 'Order the missing 4…');
    const form = await ana.form();
    expect(form.value('What to order')).toBe('910-555 x1\n910-556 x3');
    await saysStock(form, '*No numbers right now:* 1 in 910-555 · 3 in 910-556');
  });
});

test('the CustomerOrderId of a line, as Bandwidth shows it, finds the order', async () => {
  world = await startWorld();
  const card = await world.requested('919 x2, 984 x3');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Complete: 5 of 5 numbers in 2 places');
  const [{ customerOrderId = '' } = {}] = world.bandwidth.orders();
  expect(customerOrderId).toMatch(/x00[12]$/);
  const answer = await told(world, world.ana, () =>
    world.ana.types(CHANNEL, `/numbers orders ${customerOrderId}`),
  );
  expect(answer).toContain('5 of 5 numbers in 2 places');
});

test('/numbers orders and Home show them as one order', async () => {
  world = await startWorld();
  const card = await world.requested('919 x2, 984 x3, Raleigh, NC x1');
  expect(asPlainText(card)).toContain('waiting for approval');
  const answer = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers orders'));
  expect(answer).toContain('6 numbers in 3 places');
});
