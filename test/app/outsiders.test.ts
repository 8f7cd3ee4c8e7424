import { afterEach, describe, expect, test } from '@jest/globals';
import { asPlainText, type LocalSlackOptions, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { actions } from '../../src/slack/blocks/action-ids.js';
import { lastPayload, pressWith, sendAsSlack } from '../support/as-slack.js';
import { found, told } from '../support/search-steps.js';
import { CHANNEL, people, startWorld, type World } from '../support/world.js';

const olga = { id: 'U0OLGA', name: 'olga', teamId: 'T0OTHER' };
const otto = { id: 'U0OTTO', name: 'otto', teamId: 'T0OTHER' };
const gil = { id: 'U0GIL', name: 'gil', guest: 'multi-channel' } as const;
const sol = { id: 'U0SOL', name: 'sol', guest: 'single-channel' } as const;
const robot = { id: 'U0ROBOT', name: 'robot', isBot: true };

const everybody = [...Object.values(people), olga, otto, gil, sol, robot];
const channel = { ...numbersChannel, members: everybody.map(({ id }) => id) };

let world: World;
afterEach(() => world.close());

const start = (settings: Readonly<Record<string, string>> = {}, slack: Partial<LocalSlackOptions> = {}) =>
  startWorld({ mode: 'HTTP mode', settings, slack: { people: everybody, channels: [channel], ...slack } });

const isWaiting = (card: Message) => asPlainText(card).includes('waiting for approval');
const ordersAtBandwidth = () =>
  world.bandwidth.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/orders'));

/** The order form that Ana opened and filled in, sent in by somebody else. */
async function sendsAnasForm(person: { readonly id: string; readonly teamId?: string }): Promise<unknown> {
  const { ana, slack } = world;
  await ana.types(CHANNEL, '/numbers order 910 x1');
  const form = await ana.form();
  await form.choose('Sub-account', 'Raleigh office');
  await form.fill('Reason', 'A line');
  // Ana's own press never arrives.
  slack.setRequestUrl('http://127.0.0.1:9/');
  await form.submit();
  const { listen } = world.config;
  slack.setRequestUrl(`http://127.0.0.1:${listen?.port}/slack/events`);
  const sent = lastPayload(world, 'view_submission');
  const teamId = person.teamId ?? slack.teamId;
  const user = { id: person.id, name: 'somebody', team_id: teamId };
  return (await sendAsSlack(world, { ...sent, user, team: { id: teamId, domain: 'somewhere' } })).body;
}

describe('In a channel that people of another company are in, with APPROVERS=*', () => {
  test('they approve nothing, and are told why', async () => {
    world = await start({ APPROVERS: '*' });
    const card = await world.requested('910 x1');
    for (const { id } of [olga, otto]) {
      const outsider = world.slack.person(id);
      const said = await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
      expect(said).toContain('your account belongs to another one. Nothing was ordered or changed.');
    }
    expect(isWaiting(card)).toBe(true);
    expect(ordersAtBandwidth()).toEqual([]);
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test.each(['Decline…', 'Edit…', 'Cancel'])('%s does nothing for them either', async (button) => {
    world = await start({ APPROVERS: '*' });
    const card = await world.requested('910 x1');
    const outsider = world.slack.person(olga.id);
    const said = await told(world, outsider, () => outsider.presses(card, button));
    expect(said).toContain('your account belongs to another one');
    expect(outsider.hasForm()).toBe(false);
    expect(isWaiting(card)).toBe(true);
  });

  test('they can neither turn pages nor order what a colleague found', async () => {
    world = await start({ APPROVERS: '*' });
    const results = await found(world, '910 x25');
    const outsider = world.slack.person(olga.id);
    for (const button of ['More', 'Order selected…', 'Add to order', 'Change search…']) {
      const said = await told(world, outsider, () => outsider.presses(results, button));
      expect(said).toContain('your account belongs to another one');
    }
    expect(results.versions).toHaveLength(1);
    expect(outsider.hasForm()).toBe(false);
  });
});

test('A button below what Ana picked orders nothing for anyone else, and removes nothing', async () => {
  world = await start({ APPROVERS: '*' });
  const { ana, ben, slack } = world;
  const results = await found(world, '910');
  await ana.ticks(results, ['(910) 241-4365']);
  await told(world, ana, () => ana.presses(results, 'Add to order'));
  const [answer] = ana.ephemerals(CHANNEL);
  if (answer === undefined) throw new Error('nothing was added');
  await ana.presses(answer, 'Order 1 picked…');
  await (await ana.form()).close();
  const press = lastPayload(world, 'block_actions');
  const by = (id: string, teamId = slack.teamId) => ({
    ...press,
    user: { id, name: 'somebody', team_id: teamId },
    response_url: undefined,
  });
  const bens = await told(world, ben, () => sendAsSlack(world, by(people.ben.id)));
  expect(bens).toContain("You haven't picked any numbers in this channel");
  const outsider = world.slack.person(olga.id);
  const theirs = await told(world, outsider, () => sendAsSlack(world, by(olga.id, olga.teamId)));
  expect(theirs).toContain('your account belongs to another one');
  const startOver = pressWith(press, { action_id: actions.startOver });
  await told(world, ben, () =>
    sendAsSlack(world, { ...startOver, ...by(people.ben.id), actions: startOver.actions }),
  );
  expect(ben.hasForm() || outsider.hasForm()).toBe(false);
  expect(await told(world, ana, () => ana.types(CHANNEL, '/numbers picked'))).toContain('1 picked so far.');
});

describe('A person who requests with AUTO_APPROVE_UP_TO', () => {
  test('is refused as an outsider: no number is bought, and nothing is on record', async () => {
    world = await start({ AUTO_APPROVE_UP_TO: '5' });
    expect(JSON.stringify(await sendsAnasForm(olga))).toContain('belongs to another one');
    expect(world.slack.messages(CHANNEL)).toEqual([]);
    expect(ordersAtBandwidth()).toEqual([]);
  });

  test.each([
    ['a guest', gil, "Guests can't use me"],
    ['a single-channel guest', sol, "Guests can't use me"],
    ['a bot', robot, 'belongs to an app'],
  ])('is refused as %s', async (_, person, sentence) => {
    world = await start({ AUTO_APPROVE_UP_TO: '5' });
    expect(JSON.stringify(await sendsAnasForm(person))).toContain(sentence);
    expect(world.slack.messages(CHANNEL)).toEqual([]);
    expect(ordersAtBandwidth()).toEqual([]);
  });

  test('is told that the account could not be checked, and nothing is ordered', async () => {
    world = await start({ AUTO_APPROVE_UP_TO: '5' });
    // Slack said a while ago that Ana is a member; what releases money asks again.
    world.slack.fail('users.info', { error: 'internal_error', times: 100 });
    world.goesBy(60_000);
    const { ana } = world;
    await ana.types(CHANNEL, '/numbers help');
    world.slack.failNothing();
    await ana.types(CHANNEL, '/numbers order 910 x1');
    const form = await ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A line');
    world.slack.fail('users.info', { error: 'internal_error', times: 100 });
    expect(await form.submit()).not.toBe('closed');
    expect(JSON.stringify(form.errors)).toContain("I couldn't check your account. Nothing was ordered");
    expect(world.slack.messages(CHANNEL)).toEqual([]);
    world.slack.failNothing();
    expect(await form.submit()).toBe('closed');
    await world.says(await world.message('910'), 'Complete');
  });
});

describe('A guest', () => {
  test('can request with ALLOW_GUESTS=true, always needs a person, and approves nothing', async () => {
    world = await start({ APPROVERS: `*,${gil.id}`, AUTO_APPROVE_UP_TO: '5', ALLOW_GUESTS: 'true' });
    const guest = world.slack.person(gil.id);
    await guest.types(CHANNEL, '/numbers order 910 x1');
    const form = await guest.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A line');
    expect(await form.submit()).toBe('closed');
    const card = await world.message('waiting for approval');
    const anas = await told(world, world.ana, () =>
      world.ana.types(CHANNEL, `/numbers policy test @gil order 1`),
    );
    expect(anas).toContain('It would need an approval');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    const other = await world.requested('910 x6');
    const said = await told(world, guest, () => guest.presses(other, 'Approve & order'));
    expect(said).toContain("Guests can't approve");
    expect(isWaiting(other)).toBe(true);
  });

  test('who can no longer request can’t have their earlier requests approved', async () => {
    world = await start({ ALLOW_GUESTS: 'true' });
    const guest = world.slack.person(gil.id);
    await guest.types(CHANNEL, '/numbers order 910 x1');
    const form = await guest.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A line');
    await form.submit();
    const card = await world.message('waiting for approval');
    await world.restart({ ALLOW_GUESTS: 'false' });
    const said = await told(world, world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(said).toContain(
      "@gil can't order or disconnect numbers now: they are a guest. Nothing was ordered",
    );
    expect(ordersAtBandwidth()).toEqual([]);
  });
});

describe('At the approval that releases money', () => {
  test('a requester who has been deactivated gets nothing, and the approver is told why', async () => {
    world = await start();
    const card = await world.requested('910 x1');
    world.slack.changePerson(people.ana.id, { deactivated: true });
    const said = await told(world, world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(said).toContain("@ana can't order or disconnect numbers now: their account is deactivated.");
    expect(isWaiting(card)).toBe(true);
    expect(ordersAtBandwidth()).toEqual([]);
  });

  test.each([
    ['deactivated', { deactivated: true }, 'This account is deactivated'],
    ['made a guest', { guest: 'multi-channel' }, "Guests can't approve"],
    ['moved to another company', { teamId: 'T0OTHER' }, 'another one'],
  ] as const)('an approver who has been %s a moment ago is refused', async (_, change, sentence) => {
    world = await start({ APPROVERS: people.ben.id });
    const card = await world.requested('910 x1');
    await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
    world.slack.changePerson(people.ben.id, change);
    const said = await told(world, world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(said).toContain(sentence);
    expect(isWaiting(card)).toBe(true);
  });

  test('while Slack does not say who the approver is, nothing is bought, and the answer says so', async () => {
    world = await start({ APPROVERS: people.ben.id });
    const card = await world.requested('910 x1');
    await told(world, world.ben, () => world.ben.types(CHANNEL, '/numbers policy'));
    world.slack.fail('users.info', { error: 'internal_error', times: 100 });
    const said = await told(world, world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(said).toContain("I couldn't check your account. Nothing was ordered or changed.");
    expect(isWaiting(card)).toBe(true);
    world.slack.failNothing();
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('an earlier approval by someone deactivated since does not count', async () => {
    world = await start({ APPROVALS_REQUIRED: '2' });
    const card = await world.requested('910 x1');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '1 of 2');
    world.slack.changePerson(people.ben.id, { deactivated: true });
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, '@ben');
    expect(isWaiting(card)).toBe(true);
    expect(ordersAtBandwidth()).toEqual([]);
  });
});

describe('A channel shared with another company', () => {
  const shared = { channels: [{ ...channel, sharedWith: 'company' }] } as const;

  test('gets no orders, and anyone who requests one is told so before filling in a form', async () => {
    world = await start({}, shared);
    for (const words of [
      'order 910 x1',
      'disconnect 910-241-4365',
      'move 910-241-4365 to Contact center',
      'messaging 910-241-4365 off',
    ]) {
      const { ana } = world;
      const answer = await ana.types(CHANNEL, `/numbers ${words}`);
      expect(answer.text).toContain(
        "This channel is shared with another company, so I won't post orders here.",
      );
      expect(ana.hasForm()).toBe(false);
    }
    const policy = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers policy'));
    expect(policy).toContain('shared with another company');
  });

  test('gets them where EXTERNAL_CHANNELS=allow, and only our people decide', async () => {
    world = await start({ EXTERNAL_CHANNELS: 'allow' }, shared);
    const card = await world.requested('910 x1');
    const outsider = world.slack.person(olga.id);
    await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
    expect(isWaiting(card)).toBe(true);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('that was not shared when the form was opened takes no order, and an earlier card can still be decided on', async () => {
    world = await start();
    const card = await world.requested('910 x1');
    await world.ana.types(CHANNEL, '/numbers order 910 x2');
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'A line');
    world.slack.changeChannel(CHANNEL, { sharedWith: 'company' });
    world.goesBy(61_000);
    expect(await form.submit()).not.toBe('closed');
    expect(JSON.stringify(form.errors)).toContain('shared with another company');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    expect(ordersAtBandwidth()).toHaveLength(1);
  });

  test('is different from one that another workspace of our organization shares', async () => {
    world = await start({}, { channels: [{ ...channel, sharedWith: 'organization' }] });
    const card = await world.requested('910 x1');
    expect(asPlainText(card)).toContain('Requested by:* @ana');
  });

  test('can’t be recognized without a permission, so the app says that instead of guessing', async () => {
    world = await start(
      {},
      {
        scopes: ['chat:write', 'commands', 'users:read', 'usergroups:read', 'channels:read'],
        channels: [{ ...channel, private: true }],
      },
    );
    const answer = await world.ana.types(CHANNEL, '/numbers order 910 x1');
    expect(answer.text).toContain("I couldn't check if this channel is shared with another company");
    expect(world.ana.hasForm()).toBe(false);
    await world.slack.until(() => world.log.some(({ check }) => check === 'Scope groups:read'));
  });
});

describe('An installation without the permission users:read', () => {
  const scopes = [
    'chat:write',
    'commands',
    'files:write',
    'im:write',
    'usergroups:read',
    'channels:read',
    'groups:read',
  ];

  test('says so at startup and in /numbers policy, and lets nobody approve by * or order without approval', async () => {
    world = await start({ APPROVERS: `*,${people.ben.id}`, AUTO_APPROVE_UP_TO: '5' }, { scopes });
    await world.slack.until(() =>
      world.log.some(({ msg }) => String(msg).startsWith('Scope users:read: Missing, so')),
    );
    const policy = await told(world, world.ana, () => world.ana.types(CHANNEL, '/numbers policy'));
    expect(policy).toContain("I'm missing a permission (`users:read`)");
    expect(policy).not.toContain('need no approval');
    const card = await world.requested('910 x1');
    const said = await told(world, world.dan, () => world.dan.presses(card, 'Approve & order'));
    expect(said).toContain('missing a permission (`users:read`)');
    expect(isWaiting(card)).toBe(true);
    const outsider = world.slack.person(olga.id);
    await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
    expect(isWaiting(card)).toBe(true);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('recognizes an outsider by the team of the press, even one who is on the list', async () => {
    world = await start({ APPROVERS: `${people.ben.id},${olga.id}` }, { scopes });
    const card = await world.requested('910 x1');
    const outsider = world.slack.person(olga.id);
    const said = await told(world, outsider, () => outsider.presses(card, 'Approve & order'));
    expect(said).toContain('belongs to another one');
    expect(isWaiting(card)).toBe(true);
  });
});

test('A guest sees no orders; one who can order sees them like anyone else', async () => {
  world = await start();
  await world.requested('910 x1');
  const person = world.slack.person(gil.id);
  const lists = () => told(world, person, () => person.types(CHANNEL, '/numbers orders'));
  expect(await lists()).toContain("Guests can't use me in this workspace.");
  await world.restart({ ALLOW_GUESTS: 'true' });
  expect(await lists()).toContain('Order: 1 number in area code 910');
});
