import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message, mentionsIn } from '../../sandbox/local-slack/local-slack.js';
import { orderIdOn } from '../support/disconnect-steps.js';
import { told } from '../support/search-steps.js';
import { approverGroup, CHANNEL, people, startWorld, type World } from '../support/world.js';

let world: World;

type Who = World['ana'];

/** The newest sentence that only this person sees, once it says these words. */
async function isTold(person: Who, words: string): Promise<void> {
  await world.slack.until(
    () => person.ephemerals(CHANNEL).some((each) => asPlainText(each).includes(words)),
    { describe: `${person.name} to be told “${words}”` },
  );
}

/** Everything only this person was told about one press. */
async function toldAbout(person: Who, press: () => Promise<unknown>): Promise<readonly string[]> {
  const before = person.ephemerals(CHANNEL).length;
  await press();
  await world.slack.until(() => person.ephemerals(CHANNEL).length > before, {
    describe: `${person.name} to be told something`,
  });
  return person
    .ephemerals(CHANNEL)
    .slice(before)
    .map((each) => asPlainText(each));
}

/** The rows of buttons under a card. */
const buttonsOf = (card: Message): readonly string[] =>
  asPlainText(card)
    .split('\n')
    .filter((line) => line.startsWith('['));
const thread = (card: Message): readonly string[] => card.replies.map((each) => asPlainText(each));

async function declines(person: Who, card: Message, why: string): Promise<void> {
  await person.presses(card, 'Decline…');
  const form = await person.form();
  await form.fill('Why?', why);
  expect(await form.submit()).toBe('closed');
}

describe('A request that waits for approval', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  afterEach(() => world.bandwidth.failNothing());

  test('shows who requested what, for where and why, and mentions only Ana', async () => {
    const card = await world.requested('910-241-4365 910-317-4992');
    const shown = asPlainText(card);
    for (const words of [
      'Order: 2 numbers in 910 — waiting for approval',
      'Requested by:* @ana',
      '(910) 241-4365, (910) 317-4992',
      'Raleigh office (461)',
      '> New support line',
      '[Approve & order] [Decline…] [Edit…] [Cancel]',
    ]) {
      expect(shown).toContain(words);
    }
    expect(mentionsIn(card)).toEqual([people.ana.id]);
    expect(card.text).toContain('2 numbers in 910 — waiting for approval');
  });

  test('and is approved by Ben: ordered once, and announced in the thread', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919 x2');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 2 of 2 numbers');
    await world.says(card, '@ana your 2 numbers are active');
    expect(thread(card)[0]).toBe('Approved by @ben.');
    expect(thread(card)).toHaveLength(2);
    expect(asPlainText(card)).toContain('Approved by:* @ben');
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('and is declined by Ben, who has to say why', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    await world.ben.presses(card, 'Decline…');
    const form = await world.ben.form();
    expect(form.asPlainText()).toContain('@ana requested 1 number in area code 919');
    expect(await form.submit()).toBe('errors');
    await form.fill('Why?', '  \n ');
    expect(await form.submit()).toBe('errors');
    expect(form.errors).toEqual({ 'Why?': 'Say why, so that the requester knows what to change.' });
    expect(asPlainText(card)).toContain('waiting for approval');
    await form.fill('Why?', 'We have spare ones in 984');
    expect(await form.submit()).toBe('closed');
    await world.says(card, 'Declined: 1 number in area code 919');
    await world.says(card, '@ana @ben declined your order');
    expect(asPlainText(card)).toContain('> We have spare ones in 984');
    expect(buttonsOf(card)).toEqual(['[Ask again…]']);
    expect(world.bandwidth.orders()).toHaveLength(before);
  });

  test.each([
    ['Ana, who asked', () => world.ana, 'ana'],
    ['Cleo, an approver', () => world.cleo, 'cleo'],
  ])('and is canceled by %s, who has to confirm it first', async (_, who, name) => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    const doubted = await who().presses(card, 'Cancel', { confirm: false });
    expect(doubted.asked).toContain('Cancel this order?');
    expect(asPlainText(card)).toContain('waiting for approval');
    await who().presses(card, 'Cancel');
    await world.says(card, 'Canceled: 1 number in area code 919');
    await world.says(card, `Canceled by @${name}. Nothing was ordered.`);
    expect(asPlainText(card)).not.toContain('[');
    expect(world.bandwidth.orders()).toHaveLength(before);
  });

  test('cannot be touched by Dan, who is told who can', async () => {
    const card = await world.requested('919');
    expect(await toldAbout(world.dan, () => world.dan.presses(card, 'Approve & order'))).toEqual([
      'Only approvers can decide: @telecom.',
    ]);
    expect(await toldAbout(world.dan, () => world.dan.presses(card, 'Decline…'))).toEqual([
      'Only approvers can decide: @telecom.',
    ]);
    expect(world.dan.hasForm()).toBe(false);
    expect(await toldAbout(world.dan, () => world.dan.presses(card, 'Cancel'))).toEqual([
      'Only @ana and the approvers (@telecom) can cancel this order.',
    ]);
    expect(asPlainText(card)).toContain('waiting for approval');
    await world.ana.presses(card, 'Cancel');
    await world.says(card, 'Canceled');
  });

  test('cannot be decided by Ana herself', async () => {
    const card = await world.requested('919');
    const told = 'This is your own request, so someone else has to decide: @telecom. You can cancel it.';
    expect(await toldAbout(world.ana, () => world.ana.presses(card, 'Approve & order'))).toEqual([told]);
    expect(await toldAbout(world.ana, () => world.ana.presses(card, 'Decline…'))).toEqual([told]);
    expect(asPlainText(card)).toContain('waiting for approval');
  });

  test('counts a double click once', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    const told = await toldAbout(world.ben, () =>
      Promise.all([world.ben.presses(card, 'Approve & order'), world.ben.presses(card, 'Approve & order')]),
    );
    expect(told).toEqual([expect.stringMatching(/^Already approved by @ben, /)]);
    await world.says(card, '@ana your number is active');
    expect(thread(card)).toHaveLength(2);
    expect(world.bandwidth.orders()).toHaveLength(before + 1);
  });

  test('is decided while the decline form is open: the form comes too late and says so', async () => {
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Decline…');
    const form = await world.cleo.form();
    await form.fill('Why?', 'Too late');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Approved by');
    expect(await toldAbout(world.cleo, () => form.submit())).toEqual([
      expect.stringMatching(/^Already approved by @ben, /),
    ]);
    await world.says(card, 'Complete: 1 of 1 number');
    expect(asPlainText(card)).not.toContain('Too late');
  });

  test('also where the app was removed from the channel: the answer is a direct message', async () => {
    const card = await world.requested('919');
    await world.cleo.presses(card, 'Decline…');
    const form = await world.cleo.form();
    await form.fill('Why?', 'Too late');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    world.slack.changeChannel(CHANNEL, { botIsMember: false });
    try {
      expect(await told(world, world.cleo, () => form.submit())).toMatch(
        /^About your request in #numbers: Already approved by @ben, /,
      );
    } finally {
      world.slack.changeChannel(CHANNEL, { botIsMember: true });
    }
  });

  test('that was decided long ago on a card that was never redrawn: the press redraws it and says what happened', async () => {
    const card = await world.requested('919');
    const { text, blocks } = card;
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '@ana your number is active');
    for (const press of ['Approve & order', 'Decline…', 'Cancel']) {
      world.slack.workspace.rewrite(card, { text, blocks });
      expect(await toldAbout(world.cleo, () => world.cleo.presses(card, press))).toEqual([
        expect.stringMatching(/^Already approved by @ben, .*, and finished, /),
      ]);
      await world.says(card, 'Complete: 1 of 1 number');
      expect(buttonsOf(card)).toEqual(['[Disconnect…]']);
    }
    expect(world.cleo.hasForm()).toBe(false);
    expect(thread(card)).toHaveLength(2);
  });

  test('on a card that shows something other than what was requested is not approved but redrawn', async () => {
    const before = world.bandwidth.orders().length;
    const card = await world.requested('919');
    const other = await world.requested('919 x2');
    const button = (message: Message) =>
      JSON.stringify(message.blocks).match(/[\w-]{36}:([\w-]{22})/)?.[1] ?? 'none';
    const blocks = JSON.parse(JSON.stringify(card.blocks).replace(button(card), button(other)));
    world.slack.workspace.rewrite(card, { text: card.text, blocks });
    expect(await toldAbout(world.ben, () => world.ben.presses(card, 'Approve & order'))).toEqual([
      'The order has changed since that card was drawn. Read the updated card, then decide.',
    ]);
    await world.slack.until(() => !JSON.stringify(card.blocks).includes(button(other)));
    expect(world.bandwidth.orders()).toHaveLength(before);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });

  test('that is not on record: a person who presses is told so', async () => {
    const card = await world.requested('919');
    const id = orderIdOn(card);
    const blocks = JSON.parse(JSON.stringify(card.blocks).replaceAll(id, 'f'.repeat(36)));
    world.slack.workspace.rewrite(card, { text: card.text, blocks });
    const told = await toldAbout(world.ben, () => world.ben.presses(card, 'Approve & order'));
    expect(told).toEqual([expect.stringContaining('I have no record of this order, so nothing was done.')]);
  });

  test('is still there after a restart, and its buttons work', async () => {
    const card = await world.requested('919');
    await world.restart();
    expect(await toldAbout(world.dan, () => world.dan.presses(card, 'Approve & order'))).toEqual([
      'Only approvers can decide: @telecom.',
    ]);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
  });
});

describe('Of two people who press at once', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('both approvers approve: one of them did, the other is told', async () => {
    const card = await world.requested('919');
    await Promise.all([
      world.ben.presses(card, 'Approve & order'),
      world.cleo.presses(card, 'Approve & order'),
    ]);
    await world.says(card, '@ana your number is active');
    const told = [...world.ben.ephemerals(CHANNEL), ...world.cleo.ephemerals(CHANNEL)];
    expect(told.map((each) => asPlainText(each))).toEqual([expect.stringMatching(/^Already approved by @/)]);
    expect(thread(card).filter((each) => each.startsWith('Approved'))).toHaveLength(1);
    expect(world.bandwidth.orders()).toHaveLength(1);
  });

  test('Ben approves and Ana cancels: either it is ordered or it is not, and both see which', async () => {
    for (let round = 0; round < 4; round += 1) {
      const before = world.bandwidth.orders().length;
      const card = await world.requested('919');
      const [first, second] = [
        () => world.ben.presses(card, 'Approve & order'),
        () => world.ana.presses(card, 'Cancel'),
      ].sort(() => (round % 2 === 0 ? 1 : -1));
      const told = world.ben.ephemerals(CHANNEL).length + world.ana.ephemerals(CHANNEL).length;
      await Promise.all([first?.(), second?.()]);
      const end = await world.slack.until(() => /Complete|Canceled/.exec(asPlainText(card))?.[0]);
      await world.slack.until(
        () => world.ben.ephemerals(CHANNEL).length + world.ana.ephemerals(CHANNEL).length === told + 1,
      );
      expect(world.bandwidth.orders()).toHaveLength(end === 'Complete' ? before + 1 : before);
    }
  });

  test('Ben declines and Cleo approves: one decision, announced once', async () => {
    const card = await world.requested('919');
    await world.ben.presses(card, 'Decline…');
    const form = await world.ben.form();
    await form.fill('Why?', 'No');
    await Promise.all([form.submit(), world.cleo.presses(card, 'Approve & order')]);
    const end = await world.slack.until(() => /Complete|Declined/.exec(asPlainText(card))?.[0]);
    await world.says(
      card,
      end === 'Complete' ? '@ana your number is active' : '@ana @ben declined your order',
    );
    expect(thread(card).filter((each) => /^Approved|declined/.test(each))).toHaveLength(1);
    await isTold(
      end === 'Complete' ? world.ben : world.cleo,
      end === 'Complete' ? 'Already approved by @cleo' : 'Already declined by @ben',
    );
  });
});

describe('When APPROVERS', () => {
  afterEach(() => world.close());

  test('names Cleo, she decides and the telecom group does not', async () => {
    world = await startWorld({ settings: { APPROVERS: people.cleo.id } });
    const card = await world.requested('919');
    expect(await toldAbout(world.ben, () => world.ben.presses(card, 'Approve & order'))).toEqual([
      'Only approvers can decide: @cleo.',
    ]);
    await world.cleo.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
    expect(world.slack.calls.filter(({ method }) => method.startsWith('usergroups'))).toEqual([]);
  });

  test('names Dan and the telecom group, any of them can decide', async () => {
    world = await startWorld({ settings: { APPROVERS: `${people.dan.id}, ${approverGroup.id}` } });
    const [one, two] = [await world.requested('919'), await world.requested('910')];
    await world.dan.presses(one, 'Approve & order');
    await world.cleo.presses(two, 'Approve & order');
    await world.says(one, 'Approved by @dan.');
    await world.says(two, 'Approved by @cleo.');
    for (const card of [one, two]) expect(asPlainText(card)).not.toContain('[Approve & order]');
  });

  test('is *, anyone but Ana can decide', async () => {
    world = await startWorld({ settings: { APPROVERS: '*' } });
    const card = await world.requested('919');
    expect(await toldAbout(world.ana, () => world.ana.presses(card, 'Approve & order'))).toEqual([
      'This is your own request, so someone else has to decide: anyone here but the requester. You can cancel it.',
    ]);
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete');
  });

  test('includes Ana, she approves her own request only with ALLOW_SELF_APPROVAL', async () => {
    world = await startWorld({ settings: { APPROVERS: people.ana.id } });
    const card = await world.requested('919');
    expect(await toldAbout(world.ana, () => world.ana.presses(card, 'Approve & order'))).toEqual([
      expect.stringContaining('This is your own request'),
    ]);
    await world.close();
    world = await startWorld({ settings: { APPROVERS: people.ana.id, ALLOW_SELF_APPROVAL: 'true' } });
    const own = await world.requested('919');
    await world.ana.presses(own, 'Approve & order');
    await world.says(own, 'Approved by @ana.');
    await world.says(own, 'Complete');
  });

  test('does not include Ana, ALLOW_SELF_APPROVAL does not make her an approver', async () => {
    world = await startWorld({ settings: { APPROVERS: people.ben.id, ALLOW_SELF_APPROVAL: 'true' } });
    const card = await world.requested('919');
    expect(await toldAbout(world.ana, () => world.ana.presses(card, 'Approve & order'))).toEqual([
      'Only approvers can decide: @ben.',
    ]);
  });

  test('is a group that Slack cannot list right now: nothing is decided, Ana can cancel, and later it works', async () => {
    world = await startWorld();
    const [one, two] = [await world.requested('919'), await world.requested('910')];
    world.slack.fail('usergroups.users.list', { error: 'internal_error', times: 4 });
    const sentence =
      "Slack didn't tell me who the approvers are. Nothing was ordered or changed. Try again in a minute.";
    expect(await toldAbout(world.ben, () => world.ben.presses(one, 'Approve & order'))).toEqual([sentence]);
    expect(await toldAbout(world.ben, () => world.ben.presses(one, 'Decline…'))).toEqual([sentence]);
    expect(await toldAbout(world.dan, () => world.dan.presses(two, 'Cancel'))).toEqual([sentence]);
    expect(asPlainText(one)).toContain('waiting for approval');
    await world.ana.presses(two, 'Cancel');
    await world.says(two, 'Canceled by @ana.');
    expect(await toldAbout(world.cleo, () => world.cleo.presses(one, 'Approve & order'))).toEqual([sentence]);
    await world.ben.presses(one, 'Approve & order');
    await world.says(one, 'Complete');
    expect(world.bandwidth.orders()).toHaveLength(1);
  });
});

test('The limit was lowered after Ana’s request: what exceeds it now is not approved', async () => {
  world = await startWorld();
  const card = await world.requested('919 x9');
  await world.restart({ MAX_NUMBERS_PER_ORDER: '5' });
  expect(await toldAbout(world.ben, () => world.ben.presses(card, 'Approve & order'))).toEqual([
    'One order may have at most 5 numbers. Request fewer, or submit several orders.',
  ]);
  await declines(world.ben, card, 'Too many');
  await world.says(card, 'Declined');
  expect(world.bandwidth.orders()).toEqual([]);
  await world.close();
});
