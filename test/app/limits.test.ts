import { afterEach, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { disconnectAsked, makeStock, shown } from '../support/disconnect-steps.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

afterEach(() => world.close());

const formFor = async (words: string) => {
  await world.ana.types(CHANNEL, `/numbers order ${words}`);
  const form = await world.ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'New support line');
  return form;
};

const told = (who: World['ben']) => asPlainText(who.ephemerals(CHANNEL).at(-1) ?? {});

test('The card says how much of the limit an order would use, and the form how many are left of it', async () => {
  world = await startWorld({ settings: { MAX_NUMBERS_PER_MONTH: '5' } });
  const card = await world.requested('919 x3');
  expect(asPlainText(card)).toContain('*Limits:* numbers after this order: 3 of 5 for everyone this month');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Complete');

  const form = await formFor('919 x4');
  expect(await form.submit()).not.toBe('closed');
  expect(JSON.stringify(form.errors)).toMatch(
    /"Quantity":"This month has 2 of 5 numbers left for everyone\. Request fewer, or wait until \w+ 1 \(UTC\)\."/,
  );
  await form.fill('Quantity', '2');
  expect(await form.submit()).toBe('closed');
  const second = await world.message('numbers after this order: 5 of 5 for everyone this month');
  await world.ben.presses(second, 'Approve & order');
  await world.says(second, 'Complete');
});

test('Of two orders of which only one fits, the second approver is told what is left of the day, and for whom', async () => {
  world = await startWorld({ settings: { MAX_NUMBERS_PER_DAY: '5' } });
  const [one, two] = [await world.requested('919 x3'), await world.requested('910 x3')];
  expect(asPlainText(two)).toContain('*Limits:* numbers after this order: 3 of 5 for the requester today');
  await world.ben.presses(one, 'Approve & order');
  await world.says(one, 'Complete');
  await world.cleo.presses(two, 'Approve & order');
  await world.slack.until(() => world.cleo.ephemerals(CHANNEL).length > 0);
  expect(told(world.cleo)).toBe(
    "@ana has 2 of today's 5 numbers left. Request fewer, or wait until 00:00 UTC.",
  );
  expect(asPlainText(two)).toContain('waiting for approval');
  expect(world.bandwidth.orders()).toHaveLength(1);
});

test('What Bandwidth did not deliver is given back', async () => {
  world = await startWorld({ settings: { MAX_NUMBERS_PER_DAY: '2' } });
  const numbers = '910-241-4365, 910-317-4992';
  world.bandwidth.nextOrder({ ends: 'PARTIAL' });
  const card = await world.requested(numbers);
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Partial: 1 of 2 numbers');
  // A moment after the card says so.
  for (let left = ''; !left.includes('1 of your 2 a day left'); left = told(world.ana)) {
    const before = world.ana.ephemerals(CHANNEL).length;
    await world.ana.types(CHANNEL, '/numbers policy');
    await world.slack.until(() => world.ana.ephemerals(CHANNEL).length > before);
  }
  const again = await world.requested('919');
  await world.ben.presses(again, 'Approve & order');
  await world.says(again, 'Complete');
  expect(world.bandwidth.orders().map(({ status }) => status)).toEqual(['PARTIAL', 'COMPLETE']);
});

test('A disconnect that exceeds a limit lowered within its undo window is not sent, and says what can be done', async () => {
  const stock = makeStock(2);
  world = await startWorld({
    settings: { UNDO_WINDOW: '5s' },
    bandwidth: { inService: { ours: stock.all } },
  });
  const card = await disconnectAsked(world, stock.take(2).map(shown).join(', '));
  await world.ben.presses(card, 'Approve & disconnect');
  await world.says(card, 'Approved by @ben.');
  await world.restart({ MAX_NUMBERS_PER_DAY: '1' });
  await world.says(card, 'it has 2 numbers, and the limit is 1 a day for each requester, with 1 left');
  expect(world.bandwidth.disconnects()).toEqual([]);
  await world.ana.presses(card, 'Undo');
  await world.says(card, "This request wasn't sent to Bandwidth.");
});
