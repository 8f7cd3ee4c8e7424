import { afterEach, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { asRead, people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const APPROVALS = 'C0APPROVALS';
const shown = (message: Message) => asRead(asPlainText(message));
const drawn = (card: Message) => card.versions.length;
const asked = (name: 'ben' | 'cleo' | 'dan') =>
  world[name].notifications().filter((each) => shown(each).includes('please decide by')).length;

test('A waiting card names the people who can approve after a restart with a different policy', async () => {
  world = await startWorld({ settings: { APPROVERS: people.ben.id, NOTIFY_APPROVERS: 'thread' } });
  const card = await world.requested('919');
  await world.says(card, '*Can approve:* @ben');
  const settings = { APPROVERS: `${people.cleo.id},${people.dan.id}`, APPROVALS_REQUIRED: '2' };
  await world.restart(settings);
  await world.says(card, '*Can approve:* @cleo, @dan');
  expect(shown(card)).toContain('0 of 2 approvals');
  const before = drawn(card);
  // The same policy changes nothing.
  await world.restart(settings);
  await world.cleo.presses(card, 'Approve & order');
  await world.says(card, '1 of 2 approvals');
  expect(drawn(card)).toBe(before + 1);
  await world.dan.presses(card, 'Approve & order');
  await world.says(card, 'your number is active');
  expect([asked('ben'), asked('cleo'), asked('dan')]).toEqual([1, 0, 0]);
});

test('A first approval still counts, and is shown in the stage that it belongs to', async () => {
  world = await startWorld({
    settings: { APPROVERS: `${people.ben.id},${people.cleo.id}`, APPROVALS_REQUIRED: '2' },
  });
  const card = await world.requested('919');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, '1 of 2 approvals');
  await world.restart({
    APPROVERS: `${people.ben.id},${people.cleo.id},${people.dan.id}`,
    APPROVALS_REQUIRED: '3',
  });
  await world.says(card, '1 of 3 approvals');
  // Fewer are enough now: the next one decides.
  await world.restart({ APPROVERS: `${people.ben.id},${people.cleo.id}`, APPROVALS_REQUIRED: '1' });
  await world.says(card, '1 of 1 approval');
  expect(shown(card)).toContain('waiting for approval');
  await world.cleo.presses(card, 'Approve & order');
  await world.says(card, 'your number is active');
});

test('Cards get a copy in an approvals channel that was set while they waited, without another mention', async () => {
  const approvals = { id: APPROVALS, name: 'approvals', members: [people.ben.id, people.cleo.id] };
  world = await startWorld({
    slack: { channels: [numbersChannel, approvals] },
    settings: { NOTIFY_APPROVERS: 'thread' },
  });
  const first = await world.requested('919');
  const second = await world.requested('910');
  for (const card of [first, second]) await world.says(card, '*Can approve:* @telecom');
  await world.restart({ APPROVALS_CHANNEL: APPROVALS });
  await world.slack.until(() => world.slack.messages(APPROVALS).length === 2, { describe: 'two copies' });
  const copies = world.slack.messages(APPROVALS);
  for (const copy of copies) await world.says(copy, '*Can approve:* @telecom');
  await world.ben.presses(copies[0] as Message, 'Approve & order');
  await world.says(first, 'your number is active');
  expect(asked('ben')).toBe(2);
});
