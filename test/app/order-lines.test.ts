import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Form } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { told } from '../support/search-steps.js';
import { CHANNEL, setups, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** Waits until the form says what is available. */
const saysStock = (form: Form, words: string) =>
  world.slack.until(() => JSON.stringify(form.blocks).includes(words), {
    describe: `“${words}” in the form`,
  });

describe.each(setups)('In %s, with %s of the API', (mode, version) => {
  test('Ana orders numbers in three places; Ben approves once; each place is an order at Bandwidth; one card shows all of it', async () => {
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
  test('shows what is available now, and which line has no numbers, before anyone is asked to approve', async () => {
    world = await startWorld();
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 1 each in 919, 984, 910-555');
    const form = await ana.form();
    expect(form.title).toBe('Order numbers');
    expect(form.value('What to order')).toBe('919 x1\n984 x1\n910-555 x1');
    expect(form.value('Name')).toBe('3 numbers in 3 places');
    await saysStock(form, '*No numbers right now:* 1 in 910-555');
  });

  test('says so also when she chooses a sub-account during the check', async () => {
    world = await startWorld();
    const { ana, bandwidth } = world;
    bandwidth.fail({ path: /availableTelephoneNumbers/, how: 'slow', afterMs: 700, times: 2 });
    await ana.types(CHANNEL, '/numbers order 919 x1, 910-555 x1');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await saysStock(form, '*No numbers right now:* 1 in 910-555');
    expect(form.value('Sub-account')).toContain('Raleigh office');
  });

  test('says so too when the order is edited, whatever is chosen during the check', async () => {
    world = await startWorld();
    const { ana, slack, bandwidth } = world;
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', '919 x1\n984 x4');
    });
    bandwidth.fail({ path: /availableNumbers/, how: 'slow', afterMs: 1_500, times: 2 });
    await ana.presses(card, 'Edit…');
    const form = await ana.form();
    await form.choose('Sub-account', 'Boston office');
    await form.fill('What to order', '919 x2\n984 x1');
    await slack.until(() => form.asPlainText().includes('Every line has enough numbers right now.'), {
      describe: 'what is available',
    });
    expect(form.value('Sub-account')).toContain('Boston office');
    expect(form.value('What to order')).toBe('919 x2\n984 x1');
  });

  test('offers back-orders and protection also after a sub-account is chosen', async () => {
    world = await startWorld();
    await world.ana.types(CHANNEL, '/numbers order 919 x1, 984 x1');
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await saysStock(form, 'Every line has enough numbers right now.');
    await form.choose('Sub-account', 'Boston office');
    await world.slack.until(() => form.value('Sub-account').includes('Boston office'));
    for (const option of ['Partial delivery allowed', 'Back-order', 'Protected']) {
      expect(JSON.stringify(form.blocks)).toContain(option);
    }
  });

  test('can be changed: what is in its rows is what is requested', async () => {
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

  test('does not open for words that mean nothing: the answer says what would work', async () => {
    world = await startWorld();
    const answer = await told(world, world.ana, () =>
      world.ana.types(CHANNEL, '/numbers order 91O x2, 919 x3'),
    );
    expect(answer).toContain('/numbers order 910 x2, 919 x3');
  });
});

describe('Lines for several sub-accounts', () => {
  const rows = '919 x2\n984 x3 to Boston office\nRaleigh, NC x1 to Raleigh office / Contact center';

  test('go where each says: on the card, at Bandwidth, in the file, and in what finds the order', async () => {
    world = await startWorld();
    const { ana, ben, bandwidth, says } = world;
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', rows);
    });
    expect(asPlainText(card)).toContain(
      '2 in area code 919 · 3 in area code 984 → Boston office (743) · 1 in Raleigh, NC → Raleigh office (461), Contact center (651682)',
    );
    expect(asPlainText(card)).toContain('2 lines, as marked with →');

    await ben.presses(card, 'Approve & order');
    await says(card, 'Complete: 6 of 6 numbers in 3 places');
    await says(card, 'The results of all 3 lines');
    const sent = bandwidth.orders().map(({ quantity, siteId, peerId }) => [quantity, siteId, peerId]);
    expect(sent.sort()).toEqual([
      [1, '461', '651682'],
      [2, '461', '651681'],
      [3, '743', '303716'],
    ]);
    const csv = card.replies.flatMap(({ files }) => files ?? []).at(-1)?.text ?? '';
    expect(csv).toContain('Boston office,743,,');
    expect(csv).toContain('Raleigh office,461,Contact center,651682');
    const found = await told(world, ana, () => ana.types(CHANNEL, '/numbers orders boston'));
    expect(found).toContain('6 of 6 numbers in 3 places');
  });

  test('keep it when the order is edited, and when the missing numbers are ordered', async () => {
    world = await startWorld();
    const { ana, ben, bandwidth } = world;
    bandwidth.nextOrder({ ends: 'FAILED' });
    bandwidth.nextOrder({ ends: 'FAILED' });
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', rows);
    });
    await ana.presses(card, 'Edit…');
    const form = await ana.form();
    expect(form.value('What to order')).toBe(
      '919 x2\n984 x3 to Boston office (743)\nRaleigh, NC x1 to Raleigh office, Contact center (461/651682)',
    );
    await form.fill('What to order', form.value('What to order').replace('984 x3', '984 x4'));
    expect(await form.submit()).toBe('closed');
    await world.says(card, '7 numbers in 3 places');

    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Partial:');
    const [, button = ''] = /\[(Order the missing \d…)\]/.exec(asPlainText(card)) ?? [];
    await ana.presses(card, button);
    const missing = await ana.form();
    const failed = bandwidth.orders().filter(({ status }) => status === 'FAILED');
    expect(failed).toHaveLength(2);
    expect(failed.map(({ siteId }) => siteId)).toContain('743');
    expect(missing.value('What to order')).toContain('984 x4 to Boston office (743)');
    await world.slack.until(
      () => missing.asPlainText().includes('Every line has enough numbers right now.'),
      {
        describe: 'what is available',
      },
    );
  });

  test('that all name one are an order for that one', async () => {
    world = await startWorld();
    const card = await world.requested('919 x2, 984 x3', async (form) => {
      await form.fill('What to order', '919 x2 to Boston office\n984 x3 to 743');
    });
    expect(asPlainText(card)).toContain('2 in area code 919 · 3 in area code 984');
    expect(asPlainText(card)).toContain('Boston office (743)');
    expect(asPlainText(card)).not.toContain('→');
  });

  test('that name something Bandwidth does not have are called wrong', async () => {
    world = await startWorld();
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 919 x2, 984 x3');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    for (const [rows, why] of [
      ['919 x2 to Rome office\n984 x3', 'No sub-account is called “Rome office”.'],
      ['919 x2 to Boston office / Main\n984 x3', 'No location of this sub-account is called “Main”.'],
      ['919 x2 to 999\n984 x3', 'No sub-account is called “999”.'],
    ] as const) {
      await form.fill('What to order', rows);
      expect(await form.submit()).toBe('errors');
      expect(JSON.stringify(form.errors)).toContain(why);
    }
  });

  test('are refused where the policy has a rule for one of them alone', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'policy.yml');
    writeFileSync(path, 'rules:\n  - name: Boston\n    sites: ["743"]\n    approvals_required: 2\n');
    world = await startWorld({ settings: { POLICY_FILE: path } });
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers order 919 x2, 984 x3');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    await form.fill('What to order', rows);
    expect(await form.submit()).toBe('errors');
    expect(JSON.stringify(form.errors)).toContain('Make one request for each sub-account.');
  });
});

describe('When some lines fail', () => {
  test('the card says which, and the missing numbers are ordered with one press', async () => {
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

  test('the form for the missing numbers says which of them are still not available', async () => {
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
