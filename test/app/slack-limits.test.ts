import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel, people } from '../../sandbox/sample-workspace.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

const APPROVALS = 'C0APPROVALS';
const approvals = { id: APPROVALS, name: 'approvals', members: [people.ben.id, people.cleo.id] };

let world: World;
beforeAll(async () => {
  world = await startWorld({
    slack: { channels: [numbersChannel, approvals] },
    settings: { APPROVALS_CHANNEL: APPROVALS },
  });
});
afterAll(() => world.close());

const updates = (channel: string) =>
  world.slack.calls.filter(({ method, args }) => method === 'chat.update' && args.channel === channel);

/** The copy of the newest order in the approvals channel. */
const copy = (saying: string): Promise<Message> =>
  world.slack.until(
    () => world.slack.messages(APPROVALS).findLast((each) => asPlainText(each).includes(saying)),
    { describe: `a copy that says “${saying}”` },
  );

/** Whether the app acknowledged what people did since, each time within the three seconds that Slack waits. */
const acknowledgements = (since: number) => world.slack.deliveries.slice(since).map(({ ok }) => ok);

describe('While Slack takes no update in a channel for half a minute', () => {
  test('cards elsewhere are up to date, people are answered in time, and nothing is retried too early', async () => {
    const card = await world.requested('919');
    await world.says(await copy('919'), '[Approve & order]');
    await world.says(card, 'Can approve:');
    const before = updates(CHANNEL).length;
    world.slack.fail('chat.update', { channel: CHANNEL, retryAfter: 30, times: 99 });
    const began = world.slack.deliveries.length;

    await world.ben.presses(await copy('919'), 'Approve & order');
    await world.says(await copy('Complete'), 'Complete: 1 of 1 number');
    expect(asPlainText(card)).toContain('waiting for approval');

    // Others, in the same channel: a command, a form, a press.
    const results = await world.ana
      .types(CHANNEL, '/numbers search 910')
      .then(() => world.message('Order selected'));
    await world.cleo.types(CHANNEL, '/numbers order 984');
    const form = await world.cleo.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A second line');
    expect(await form.submit()).toBe('closed');
    const second = await world.message('984');
    await world.dan.presses(second, 'Approve & order');
    await world.slack.until(() => world.dan.ephemerals(CHANNEL).length > 0, { describe: 'Dan to be told' });

    expect(results).toBeDefined();
    expect(new Set(acknowledgements(began))).toEqual(new Set([true]));
    // One call found out; while Slack is to be left alone, there is no other.
    expect(updates(CHANNEL)).toHaveLength(before + 1);

    world.slack.failNothing();
    await world.restart();
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('a form that Slack does not open is explained at once, and the next person gets theirs', async () => {
    world.slack.fail('views.open', { retryAfter: 30 });
    const began = world.slack.deliveries.length;
    await world.ana.types(CHANNEL, '/numbers order 910');
    const told = await world.slack.until(
      () => world.ana.ephemerals(CHANNEL).find((each) => asPlainText(each).includes("can't open the form")),
      { describe: 'Ana to be told' },
    );
    expect(asPlainText(told)).toContain(
      "I can't open the form. Slack limits how often I can do this. Nothing was ordered or disconnected. Try again in a minute.",
    );
    await world.cleo.types(CHANNEL, '/numbers order 910');
    await world.cleo.form();
    expect(new Set(acknowledgements(began))).toEqual(new Set([true]));
  });
});

test('A card whose updates are limited again and again never goes back to an earlier state', async () => {
  world.slack.failNothing();
  const card = await world.requested('910');
  world.slack.fail('chat.update', { channel: CHANNEL, retryAfter: 1, times: 3 });
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Complete: 1 of 1 number');
  const states = ['waiting for approval', 'Ordering', 'Received', 'Complete'];
  const drawn = updates(CHANNEL)
    .filter(({ ok, args }) => ok && args.ts === card.ts)
    .map(({ args }) => states.findIndex((state) => String(args.text).includes(state)));
  expect(drawn.length).toBeGreaterThan(0);
  expect(drawn).toEqual([...drawn].sort());
  expect(drawn.at(-1)).toBe(states.indexOf('Complete'));
});
