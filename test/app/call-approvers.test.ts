import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { numbersChannel } from '../../sandbox/sample-workspace.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { approverGroup, asRead, CHANNEL, people, startWorld, type World } from '../support/world.js';

const APPROVALS = 'C0APPROVALS';
const approvals = {
  id: APPROVALS,
  name: 'approvals',
  members: [people.ben.id, people.cleo.id],
  botIsMember: true,
};

let world: World;
/** Compiled once for all tests. */
let killable: KillableApp;
beforeAll(() => {
  killable = makeKillableApp(400);
});
afterEach(() => world.close());
afterAll(() => killable.remove());

const HOUR = 60 * 60_000;
const called = { NOTIFY_APPROVERS: 'thread' };
const inChannel = { ...called, APPROVALS_CHANNEL: APPROVALS };
const shown = (message: Message) => asRead(asPlainText(message));
const thread = (card: Message) => card.replies.map(shown);
/** What notified this person, except what they asked for themselves. */
const heard = (name: 'ana' | 'ben' | 'cleo' | 'dan') => world[name].notifications().map(shown);
const calls = (name: 'ana' | 'ben' | 'cleo' | 'dan') =>
  heard(name).filter((each) => /please decide/i.test(each));

const withApprovals = (changes: Partial<typeof approvals> & object = {}) => ({
  channels: [numbersChannel, { ...approvals, ...changes }],
});

/** The newest card in the channel for approvals, once there is one. */
const copy = (saying = 'waiting for approval') =>
  world.slack.until(() => world.slack.messages(APPROVALS).findLast((each) => shown(each).includes(saying)), {
    describe: `a copy that says “${saying}”`,
  });

const says = (message: Message, words: string) =>
  world.slack.until(() => shown(message).includes(words), { describe: `“${words}” on the card` });

describe('The people who can decide', () => {
  test('are mentioned in the thread at once, each once, and the card names them without mentioning them again', async () => {
    world = await startWorld({ settings: { ...called, APPROVERS: `${approverGroup.id},${people.dan.id}` } });
    const card = await world.requested('919 x2');
    await world.says(card, 'please decide by');
    await says(card, '*Can approve:* @telecom, @dan');
    expect(thread(card)[0]).toMatch(
      /^@telecom, @dan please decide by .*: order of 2 numbers in area code 919 for @ana\.$/,
    );
    for (const name of ['ben', 'cleo', 'dan'] as const) expect(heard(name)).toEqual([thread(card)[0]]);
  });

  test('are not mentioned where anyone on the team can approve, and the card says so', async () => {
    world = await startWorld({ settings: { ...called, APPROVERS: '*' } });
    const card = await world.requested('919');
    await says(card, 'Anyone on the team but @ana can approve.');
    await world.dan.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(calls('dan')).toEqual([]);
  });

  test('get a direct message, members of groups one by one, but not the requester', async () => {
    world = await startWorld({
      slack: { userGroups: [{ ...approverGroup, members: [people.ben.id, people.cleo.id, people.ana.id] }] },
      settings: { NOTIFY_APPROVERS: 'dm' },
    });
    const card = await world.requested('919');
    await world.slack.until(() => calls('ben').length > 0 && calls('cleo').length > 0);
    expect(world.ben.directMessages().map(shown)).toEqual([
      expect.stringMatching(
        /^Please decide by .*: order of 1 number in area code 919 for @ana\. Open the card/,
      ),
    ]);
    expect(calls('ana')).toEqual([]);
    expect(thread(card)).toEqual([]);
  });

  test('are not notified where that is turned off, and the card still names them', async () => {
    world = await startWorld({ settings: { NOTIFY_APPROVERS: 'off' } });
    const card = await world.requested('919');
    await says(card, '*Can approve:* @telecom');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(heard('cleo')).toEqual([]);
  });

  test('are notified again when an edit changes what is requested, not when it changes the reason', async () => {
    world = await startWorld({ settings: called });
    const card = await world.requested('919');
    await world.says(card, 'please decide by');
    await world.ana.presses(card, 'Edit…');
    const reason = await world.ana.form();
    await reason.fill('Reason', 'Another reason');
    await reason.submit();
    await world.says(card, 'changed this order');
    await world.ana.presses(card, 'Edit…');
    const more = await world.ana.form();
    await more.fill('Quantity', '3');
    await more.submit();
    await world.slack.until(() => calls('ben').length === 2, { describe: 'ben to be asked again' });
    expect(calls('ben')[1]).toContain('order of 3 numbers');
  });

  test('are notified once, even if the app dies afterwards', async () => {
    world = await startWorld({ settings: called, run: killable.run });
    const card = await world.requested('919');
    await world.says(card, 'please decide by');
    await says(card, '*Can approve:* @telecom');
    await killable.kill();
    await world.restart();
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(calls('cleo')).toHaveLength(1);
  });
});

describe('An approvals channel', () => {
  test('gets a second card and the mention; the history stays where the order was requested', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel });
    const card = await world.requested('919 x2');
    const second = await copy();
    await world.says(second, 'please decide by');
    expect(shown(second)).toContain('*Requested in:* #numbers · Open the thread');
    await world.ben.presses(second, 'Approve & order');
    await world.says(card, '@ana your 2 numbers are active');
    await says(second, 'Complete: 2 of 2 numbers');
    expect(thread(second)).toHaveLength(1);
    expect(thread(card).some((each) => each.includes('please decide'))).toBe(false);
    expect(calls('ben')).toHaveLength(1);
  });

  test('and three people at two cards: one decision, and both cards say the same', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel });
    const card = await world.requested('919');
    const second = await copy();
    await Promise.all([
      world.ben.presses(second, 'Approve & order'),
      world.cleo.presses(card, 'Approve & order'),
      world.ana.presses(card, 'Cancel'),
    ]);
    const ends = /Complete: 1 of 1 number|Canceled/;
    await world.slack.until(() => ends.test(shown(card)) && ends.test(shown(second)), { describe: 'an end' });
    expect(ends.exec(shown(card))?.[0]).toBe(ends.exec(shown(second))?.[0]);
    expect(world.bandwidth.orders().length).toBe(shown(card).includes('Complete') ? 1 : 0);
  });

  test('gets the copy after a crash between the two posts, and each card is there once', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel, run: killable.run });
    world.slack.fail('chat.getPermalink', { hang: true });
    const card = await world.requested('919');
    await world.slack.until(() => world.slack.calls.some(({ method }) => method === 'chat.getPermalink'), {
      describe: 'the link for the copy to be asked for',
    });
    expect(world.slack.messages(APPROVALS)).toEqual([]);
    await killable.kill();
    await world.restart();
    const second = await copy();
    await world.ben.presses(second, 'Approve & order');
    await says(card, 'Complete: 1 of 1 number');
    await says(second, 'Complete: 1 of 1 number');
    expect(world.slack.messages(APPROVALS)).toHaveLength(1);
    expect(world.slack.messages(CHANNEL).filter((each) => shown(each).includes('Complete'))).toHaveLength(1);
  });

  test('catches up after Slack’s rate limit, and does not hold up the other card', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel });
    const card = await world.requested('919');
    const second = await copy();
    await world.says(second, 'please decide by');
    await says(second, '*Can approve:*');
    world.slack.fail('chat.update', { retryAfter: 1, times: 2 });
    await world.cleo.presses(card, 'Approve & order');
    await says(card, 'Complete: 1 of 1 number');
    await says(second, 'Complete: 1 of 1 number');
    expect(world.slack.calls.filter(({ method, ok }) => method === 'chat.update' && !ok)).toHaveLength(2);
  });

  test('a copy that is deleted is posted again while people decide, and not afterwards', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel });
    const card = await world.requested('919');
    const second = await copy();
    await world.says(second, 'please decide by');
    await says(second, '*Can approve:*');
    world.ben.deletes(second);
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    await form.fill('Reason', 'Another reason');
    await form.submit();
    const again = await copy('Another reason');
    expect(again.ts).not.toBe(second.ts);
    await says(again, '*Can approve:*');
    world.ben.deletes(again);
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, '@ana your number is active');
    expect(world.slack.messages(APPROVALS)).toEqual([]);
  });

  test.each([
    [
      'that the app is not in',
      { botIsMember: false },
      "is a channel that the app isn't in",
      "I'm not in #approvals.",
    ],
    ['that is archived', { archived: true }, 'is archived', '#approvals is archived.'],
    [
      'that is shared with another company',
      { sharedWith: 'company' as const },
      'is shared with another company',
      '#approvals is shared with another company.',
    ],
  ])(
    '%s: the log says so at startup and the card too, and the mention is posted in the thread',
    async (_what, changes, logged, onCard) => {
      world = await startWorld({ slack: withApprovals(changes), settings: inChannel });
      await world.slack.until(() => world.log.some(({ msg }) => String(msg).includes(logged)), {
        describe: `“${logged}” in the log`,
      });
      const card = await world.requested('919');
      await says(card, `⚠️ I can't post this in #approvals, where approvals are decided. ${onCard}`);
      await world.says(card, 'please decide by');
      await world.ben.presses(card, 'Approve & order');
      await says(card, 'Complete: 1 of 1 number');
      expect(world.slack.messages(APPROVALS)).toEqual([]);
    },
  );
});

describe('An order in a direct message with the bot', () => {
  const direct = () => world.slack.workspace.directChannel(people.ana.id).id;

  test('is refused before a form opens where no approver would see it', async () => {
    world = await startWorld({ settings: called });
    await world.ana.types(direct(), '/numbers order 919');
    await world.slack.until(() => world.ana.ephemerals(direct()).length > 0, { describe: 'an answer' });
    expect(shown(world.ana.ephemerals(direct())[0] as Message)).toContain(
      'No approver would see an order in this direct message. Nothing was ordered or changed.',
    );
  });

  test('is decided in the approvals channel', async () => {
    world = await startWorld({ slack: withApprovals(), settings: inChannel });
    await world.ana.types(direct(), '/numbers order 919');
    const form = await world.ana.form();
    await form.choose('Sub-account', 'Raleigh office');
    await form.fill('Reason', 'New support line');
    expect(await form.submit()).toBe('closed');
    const second = await copy();
    await says(second, '*Requested in:* a direct message');
    await world.ben.presses(second, 'Approve & order');
    await world.slack.until(() =>
      world.ana.directMessages().some((each) => shown(each).includes('Complete')),
    );
  });
});

describe('Before it is too late', () => {
  test('people are reminded an hour before the numbers stop being held', async () => {
    world = await startWorld({ settings: called });
    const card = await world.requested('9102414365');
    await says(card, '*Held until:*');
    await world.says(card, 'please decide by');
    world.goesBy(3 * HOUR + 60_000);
    await world.says(
      card,
      '@telecom this order of 1 number in 910 is still waiting for approval. Its number is held until',
    );
    expect(heard('cleo')).toEqual(thread(card));
  });

  test('people are told when the numbers are no longer held, and what that means', async () => {
    world = await startWorld({ settings: called });
    world.bandwidth.set({ reservationSeconds: 2 });
    const card = await world.requested('9102414365');
    await world.says(
      card,
      'the hold on (910) 241-4365 expired before anyone decided. Nothing was ordered. The order can still be approved',
    );
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'Complete: 1 of 1 number');
    expect(thread(card).filter((each) => each.includes('expired before anyone decided'))).toHaveLength(1);
  });
});
