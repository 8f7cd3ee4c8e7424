import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { told } from '../support/search-steps.js';
import { asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const APPROVALS = 'C0APPROVALS';
const approvals = { id: APPROVALS, name: 'approvals', members: [people.ben.id, people.cleo.id] };
const shown = (message: Message) => asRead(asPlainText(message));
const calls = (name: 'ben' | 'cleo' | 'dan') =>
  world[name].notifications().filter((each) => shown(each).includes('please decide by'));
const away = (who: World['ben'], words: string) =>
  told(world, who, () => who.types(CHANNEL, `/numbers away ${words}`));
const approves = (who: World['ben'], card: Message) =>
  told(world, who, () => who.presses(card, 'Approve & order'));

describe('Approvals', () => {
  const two = {
    APPROVERS: `${people.ben.id},${people.cleo.id}`,
    APPROVALS_REQUIRED: '2',
    NOTIFY_APPROVERS: 'thread',
  };

  test('by Ben and, at the same instant, by Dan for him count once', async () => {
    world = await startWorld({ settings: two });
    await away(world.ben, 'until Friday @dan');
    const card = await world.requested('919');
    await Promise.all([
      world.ben.presses(card, 'Approve & order'),
      world.dan.presses(card, 'Approve & order'),
    ]);
    await world.says(card, '1 of 2 approvals');
    expect(shown(card)).toContain('waiting for approval');
    expect(world.bandwidth.orders()).toEqual([]);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('are not passed on along a chain: Dan decides for Cleo, but not for Ben, whom she stands in for', async () => {
    world = await startWorld({ settings: two });
    await away(world.ben, 'until Friday @cleo');
    await away(world.cleo, 'until Friday @dan');
    const card = await world.requested('919');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, '1 of 2 approvals; @dan for @cleo');
    expect(await approves(world.dan, card)).toMatch(/^You've already approved this/);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(shown(card)).toContain('*Approved by:* @dan for @cleo and @cleo for @ben');
  });

  test('are asked of the absent approver again once the delegate has left', async () => {
    world = await startWorld({ settings: { APPROVERS: people.ben.id, NOTIFY_APPROVERS: 'thread' } });
    await away(world.ben, 'until Friday @cleo');
    world.slack.changePerson(people.cleo.id, { deactivated: true });
    await world.restart();
    const card = await world.requested('919');
    await world.says(card, '@ben please decide by');
    expect(calls('cleo')).toEqual([]);
  });
});

describe('Ben cannot delegate his approvals', () => {
  test('to someone at another company, nor until yesterday', async () => {
    const olga = { id: 'U0OLGA', name: 'olga', title: 'Vendor', teamId: 'T0ELSEWHERE' };
    world = await startWorld({
      slack: {
        people: [...Object.values(people), olga],
        channels: [{ ...numbersChannel, members: [...numbersChannel.members, olga.id] }],
      },
    });
    expect(await away(world.ben, 'until Friday @olga')).toContain(
      'Only full members of this workspace can approve',
    );
    const past = await away(world.ben, 'until yesterday @cleo');
    expect(past).toMatch(/That time has passed already|I don't understand/);
    expect(past).not.toContain('can approve orders for you');
    const card = await world.requested('919');
    expect(await approves(world.dan, card)).toContain('Only approvers can decide');
  });
});

describe('The approvals channel', () => {
  test('is the channel of the request: there is one card and one mention', async () => {
    world = await startWorld({ settings: { APPROVALS_CHANNEL: CHANNEL, NOTIFY_APPROVERS: 'thread' } });
    const card = await world.requested('919');
    await world.says(card, 'please decide by');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'your number is active');
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
    expect(calls('ben')).toHaveLength(1);
    expect(shown(card)).not.toContain('Requested in');
  });

  test('is archived between two updates: the other card says so and can still be decided on', async () => {
    world = await startWorld({
      slack: { channels: [numbersChannel, approvals] },
      settings: { APPROVALS_CHANNEL: APPROVALS, NOTIFY_APPROVERS: 'thread' },
    });
    const card = await world.requested('919');
    const copy = await world.slack.until(() => world.slack.messages(APPROVALS)[0], { describe: 'a copy' });
    await world.says(copy, 'please decide by');
    await world.says(copy, '*Can approve:*');
    world.slack.changeChannel(APPROVALS, { archived: true });
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    await form.fill('Reason', 'Another reason');
    expect(await form.submit()).toBe('closed');
    await world.says(card, "I can't post this in #approvals, where approvals are decided.");
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'your number is active');
    expect(shown(card)).toContain('Complete: 1 of 1 number');
    world.slack.changeChannel(APPROVALS, { archived: false });
    await world.restart();
    await world.says(copy, 'Complete: 1 of 1 number');
    expect(world.slack.messages(APPROVALS)).toHaveLength(1);
  });

  test('is rate-limited for its card alone: the other one stays up to date', async () => {
    world = await startWorld({
      slack: { channels: [numbersChannel, approvals] },
      settings: { APPROVALS_CHANNEL: APPROVALS },
    });
    world.slack.fail('chat.postMessage', { retryAfter: 1, after: 1, times: 2 });
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    await world.says(card, 'your number is active');
    // Decided before it could be posted, the copy isn't needed anymore, or says how it ended.
    for (const copy of world.slack.messages(APPROVALS)) await world.says(copy, 'Complete: 1 of 1 number');
    expect(world.slack.messages(APPROVALS).length).toBeLessThanOrEqual(1);
  });
});
