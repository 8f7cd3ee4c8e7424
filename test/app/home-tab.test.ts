import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText } from '../../sandbox/local-slack/local-slack.js';
import { temporaryFolder } from '../support/folder.js';
import { approverGroup, CHANNEL, modes, people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

type Person = World['ana'];

const SECOND = 1_000;

/** Waits until this person's Home tab says this. */
const homeSays = (person: Person, words: string) =>
  world.slack.until(() => person.home() !== undefined && person.seesHome().includes(words), {
    describe: `“${words}” on the Home tab of ${person.name}`,
  });

/** Opens the Home tab, and waits until it says this. */
async function opens(person: Person, words: string): Promise<string> {
  await person.opensHome();
  await homeSays(person, words);
  return person.seesHome();
}

/** So many seconds go by one at a time, with everything that is due in each of them. */
function passes(seconds: number): void {
  for (let each = 0; each < seconds; each += 1) world.goesBy(SECOND);
}

const publishedFor = (person: Person) =>
  world.slack.calls.filter(({ method, args }) => method === 'views.publish' && args.user_id === person.id)
    .length;

const waitingSection = (person: Person): string =>
  person.seesHome().split('Waiting for you')[1]?.split('\nYours')[0] ?? '';

describe.each(modes)('The Home tab, in %s', (mode) => {
  test('Ben approves an order there: it is ordered, and his Home tab says so', async () => {
    world = await startWorld({ mode });
    const { ana, ben } = world;
    await opens(ben, 'Nothing is waiting for your approval.');
    const card = await world.requested('910 x2');
    const home = await opens(ben, 'Requested by:* @ana');
    for (const words of ['⏳ Order: 2 numbers', 'New support line', '[Approve & order] [Decline…]']) {
      expect(home).toContain(words);
    }
    expect(await ben.pressesOnHome('Approve & order')).toEqual({});
    await homeSays(ben, 'You approved the order of 2 numbers in area code 910 for @ana.');
    expect(waitingSection(ben)).toBe('\nNothing is waiting for your approval.');
    await world.says(card, 'Complete: 2 of 2 numbers');
    expect(world.bandwidth.orders()).toHaveLength(1);
    expect(ben.directMessages()).toEqual([]);

    expect(await opens(ana, 'Yours\n✅ Complete: 2 of 2 numbers')).not.toContain('[Approve');
  });
});

describe('Deciding on the Home tab', () => {
  test('Ben declines there with a reason, and the order is gone from his Home tab at once', async () => {
    world = await startWorld({ clockStands: true });
    const { ben } = world;
    const card = await world.requested('910 x2');
    await opens(ben, 'Requested by:* @ana');
    await ben.pressesOnHome('Decline…');
    const form = await ben.form();
    await form.fill('Why?', 'Too many');
    expect(await form.submit()).toBe('closed');
    await world.says(card, 'Declined by:* @ben');
    await homeSays(ben, 'Nothing is waiting for your approval.');
  });

  test('an order that was edited in the meantime is not approved: Ben is told so above the order as it is now', async () => {
    world = await startWorld({ clockStands: true });
    const { ana, ben } = world;
    const card = await world.requested('910 x2');
    await opens(ben, '2 numbers in area code 910');
    await ana.presses(card, 'Edit…');
    const form = await ana.form();
    await form.fill('Quantity', '3');
    await form.submit();
    await world.says(card, 'Order: 3 numbers');
    expect(ben.seesHome()).toContain('2 numbers in area code 910');
    await ben.pressesOnHome('Approve & order');
    await homeSays(ben, 'The order has changed since that card was drawn.');
    expect(ben.seesHome()).toContain('Order: 3 numbers in area code 910');
    expect(world.bandwidth.orders()).toEqual([]);
    await ben.pressesOnHome('Approve & order');
    await world.says(card, 'Approved by:* @ben');
    await homeSays(ben, 'You approved the order of 3 numbers in area code 910 for @ana.');
  });

  test('someone else decided first: Ben is told who', async () => {
    world = await startWorld({ clockStands: true });
    const { ben, cleo } = world;
    const card = await world.requested('910 x2');
    await opens(ben, '[Approve & order]');
    await cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by:* @cleo');
    await ben.pressesOnHome('Approve & order');
    await homeSays(ben, 'Already approved by @cleo');
    expect(ben.seesHome()).toContain('Nothing is waiting for your approval.');
    await ben.opensHome();
    await world.slack.until(() => !ben.seesHome().includes('Already approved'));
  });

  test('what waits for Ben is what his approval counts for: not his own order, and nothing when he left the group', async () => {
    world = await startWorld({ clockStands: true, settings: { APPROVALS_REQUIRED: '2' } });
    const { ana, ben, cleo, dan, slack } = world;
    await world.requested('910 x2');
    await opens(ben, '[Approve & order]');
    await ben.pressesOnHome('Approve & order');
    await homeSays(
      ben,
      'You approved the order of 2 numbers in area code 910 for @ana. That makes 1 of 2 approvals.',
    );
    expect(waitingSection(ben)).toBe('\nNothing is waiting for your approval.');
    expect(ben.seesHome()).toContain('Open\n⏳ Order: 2 numbers');
    for (const person of [ana, dan]) {
      expect(await opens(person, 'Nothing is waiting for your approval.')).not.toContain('[Approve');
    }
    await opens(cleo, '[Approve & order]');
    slack.changeGroup(approverGroup.id, { members: [people.ben.id] });
    world.goesBy(60 * 60 * SECOND);
    await opens(cleo, 'Nothing is waiting for your approval.');
  });

  test('if the Home tab can’t be published, the answer to a press is a direct message', async () => {
    world = await startWorld({ clockStands: true });
    const { ben, cleo, slack } = world;
    const card = await world.requested('910 x2');
    await opens(ben, '[Approve & order]');
    await cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by:* @cleo');
    slack.fail('views.publish', { error: 'internal_error', times: 5 });
    await ben.pressesOnHome('Approve & order');
    const [message] = await slack.until(() => ben.directMessages()[0] && ben.directMessages());
    expect(message && asPlainText(message)).toContain('Already approved by @cleo');
  });
});

describe('Declining on the Home tab when the app restarted, or another instance gets the form', () => {
  test('Ben, who was too late, still sees his whole Home tab with the answer on top', async () => {
    world = await startWorld();
    const { ben, cleo } = world;
    const card = await world.requested('910 x2');
    await opens(ben, 'Requested by:* @ana');
    await ben.pressesOnHome('Decline…');
    const form = await ben.form();
    await world.restart();
    await cleo.presses(card, 'Approve & order');
    await world.says(card, 'Approved by:* @cleo');
    await form.fill('Why?', 'Too many');
    await form.submit();
    await homeSays(ben, 'Already approved by @cleo');
    expect(ben.seesHome()).toContain('Nothing is waiting for your approval.');
    expect(ben.seesHome()).toContain('[Search…] [Order…] [Disconnect…]');
  });
});

describe('A Home tab that was opened stays up to date', () => {
  test('at most every 30 seconds; an unchanged one is not sent', async () => {
    world = await startWorld({ clockStands: true });
    const { ana, ben, dan } = world;
    await opens(ben, 'Nothing is waiting for your approval.');
    await opens(dan, 'No other orders are open.');
    expect([ben, dan].map(publishedFor)).toEqual([1, 1]);
    await ben.opensHome();
    const card = await world.requested('910 x2');
    await world.requested('919 x1');
    expect(publishedFor(ben)).toBe(1);
    passes(30);
    await homeSays(ben, 'Order: 2 numbers in area code 910');
    await homeSays(ben, 'Order: 1 number in area code 919');
    expect(publishedFor(ben)).toBe(2);

    await ana.presses(card, 'Cancel');
    await world.says(card, 'Canceled by:* @ana');
    expect(ben.seesHome()).toContain('Order: 2 numbers in area code 910');
    passes(32);
    await world.slack.until(() => !ben.seesHome().includes('2 numbers in area code 910'));
    expect(publishedFor(ben)).toBe(3);
  });

  test('but not for a person who became a guest: the next change removes the orders', async () => {
    world = await startWorld({ clockStands: true });
    const { ben, slack } = world;
    await opens(ben, 'Nothing is waiting for your approval.');
    slack.changePerson(people.ben.id, { guest: 'multi-channel' });
    world.goesBy(2 * 60 * 60 * SECOND);
    await world.requested('910 x2');
    passes(40);
    await homeSays(ben, "Guests can't use me in this workspace.");
    expect(ben.seesHome()).not.toContain('910');
  });

  test('and is tried again when Slack has trouble at the moment it is opened', async () => {
    world = await startWorld({ clockStands: true });
    const { ben, slack } = world;
    slack.fail('views.publish', { error: 'internal_error' });
    await ben.opensHome();
    await slack.until(() => publishedFor(ben) === 1);
    await slack.until(() => {
      passes(1);
      return ben.home() !== undefined;
    });
    expect(ben.seesHome()).toContain('Nothing is waiting for your approval.');
  });

  test('for a day, and after a restart not before it is opened again', async () => {
    world = await startWorld({ clockStands: true });
    const { ben } = world;
    await opens(ben, 'Nothing is waiting for your approval.');
    world.goesBy(24 * 60 * 60 * SECOND);
    await world.requested('910 x2');
    passes(60);
    await opens(ben, 'Order: 2 numbers in area code 910');
    expect(publishedFor(ben)).toBe(2);
    await world.restart();
    const card = await world.message('Order: 2 numbers in area code 910');
    await ben.pressesOnHome('Approve & order');
    await world.says(card, 'Approved by:* @ben');
    await homeSays(ben, 'You approved the order of 2 numbers');
  });
});

describe('Starting from the Home tab', () => {
  test('Search…, Order… and Disconnect… first ask for the channel, and suggest that of the last order', async () => {
    world = await startWorld();
    const { ana } = world;
    await opens(ana, '[Search…] [Order…] [Disconnect…]');
    await ana.pressesOnHome('Order…');
    const order = await ana.form();
    expect(await order.submit()).toBe('errors');
    await order.choose('Channel', '#numbers');
    expect(await order.submit()).toBe('updated');
    await order.fill('Area code', '910');
    expect(await order.submit()).toBe('updated');
    await order.choose('Sub-account', 'Raleigh office');
    await order.fill('Reason', 'A new desk');
    expect(await order.submit()).toBe('closed');
    const card = await world.message('waiting for approval');
    expect(card.channel).toBe(CHANNEL);
    await homeSays(ana, 'Yours\n⏳ Order: 1 number in area code 910');

    await ana.pressesOnHome('Search…');
    const search = await ana.form();
    expect(search.value('Channel')).toBe(CHANNEL);
    expect(await search.submit()).toBe('updated');
    await search.fill('Area code', '919');
    expect(await search.submit()).toBe('closed');
    await world.message('919');

    await ana.pressesOnHome('Disconnect…');
    const disconnect = await ana.form();
    expect(await disconnect.submit()).toBe('updated');
    expect(disconnect.title).toBe('Disconnect numbers');
  });
});

describe('A Home tab is never empty', () => {
  test('a guest reads that guests can’t use the app, and sees no order', async () => {
    const gil = { id: 'U0GIL', name: 'gil', guest: 'multi-channel' } as const;
    world = await startWorld({ slack: { people: [...Object.values(people), gil] } });
    await world.requested('910 x2');
    const guest = world.slack.person(gil.id);
    expect(await opens(guest, "Guests can't use me in this workspace.")).not.toContain('910');
    expect(guest.directMessages()).toEqual([]);

    await opens(world.ben, 'Order: 2 numbers');
    world.slack.changePerson(people.ben.id, { deactivated: true });
    world.goesBy(2 * 60 * 60 * SECOND);
    expect(await opens(world.ben, 'This account is deactivated.')).not.toContain('910');
  });

  test('with more orders than it can show, it says how many more there are', async () => {
    world = await startWorld({ clockStands: true, settings: { MAX_NUMBERS_PER_DAY: '100' } });
    for (let each = 0; each < 14; each += 1) await world.requested('910 x1');
    const { ben } = world;
    await opens(ben, 'And ');
    expect(ben.home()?.blocks.length).toBeLessThan(80);
    const shown = ben.seesHome().split('[Approve & order]').length - 1;
    expect(ben.seesHome()).toContain(`And ${14 - shown} more orders: \`/numbers orders waiting\``);
  });

  test('it does not say that nothing else is open while an order that waits for Ben is listed', async () => {
    world = await startWorld();
    await world.requested('910 x2');
    const home = await opens(world.ben, '[Approve & order]');
    expect(home).toContain('Open\nNo other orders are open.');
  });

  test('a person in a group that can order is not told that they can’t', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'policy.yaml');
    writeFileSync(path, 'requesters: [S0TELECOM]\n');
    world = await startWorld({ settings: { POLICY_FILE: path } });
    expect(await opens(world.ben, 'Yours')).toContain('You can order up to 100 numbers at once');
    expect(await opens(world.ana, 'Yours')).toContain("you aren't one of them");
    folder.remove();
  });

  test('a person who has used up the day’s limit is told that, not that they can order', async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_DAY: '2' } });
    const { ana, ben } = world;
    const card = await world.requested('910 x2');
    await ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2');
    const home = await opens(ana, "You have reached today's limit of 2 numbers. It resets at 00:00 UTC.");
    expect(home).not.toContain('You can order');
  });

  test('the Messages tab asks for nothing', async () => {
    world = await startWorld();
    await world.ben.opensHome('messages');
    await opens(world.ana, 'Nothing is waiting for your approval.');
    expect(publishedFor(world.ben)).toBe(0);
  });

  test('what a person can still order is shown, and changes as it is used up', async () => {
    world = await startWorld({ settings: { MAX_NUMBERS_PER_DAY: '20', AUTO_APPROVE_UP_TO: '3' } });
    const { ana } = world;
    await opens(
      ana,
      'You can order up to 100 numbers at once, 20 of your 20 today, 3 of 3 numbers a day without',
    );
    await ana.types(CHANNEL, '/numbers order 910 x2');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'Two lines');
    await form.submit();
    await world.message('Complete: 2 of 2 numbers');
    const home = await opens(ana, '18 of your 20 today');
    expect(home).toContain('1 of 3 numbers a day without approval');
  });
});

test('a person who mentions the app is shown how to use it, privately', async () => {
  world = await startWorld();
  const { ana, ben, slack } = world;
  const { ts } = ana.says(CHANNEL, '@numbers help');
  await slack.until(() => ana.ephemerals(CHANNEL)[0]);
  expect(
    ana
      .ephemerals(CHANNEL)
      .map((each) => asPlainText(each))
      .join(),
  ).toContain('/numbers search 910');
  ana.says(CHANNEL, 'hello @numbers', { threadTs: ts });
  const second = await slack.until(() => ana.ephemerals(CHANNEL)[1]);
  expect(second.threadTs).toBe(ts);
  expect(ben.ephemerals(CHANNEL)).toEqual([]);
});
