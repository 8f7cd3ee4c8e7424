import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { approvalsChannel, numbersChannel } from '../../sandbox/sample-workspace.js';
import { cardOf, disconnectForm, makeStock } from '../support/disconnect-steps.js';
import { type KillableApp, makeKillableApp } from '../support/killable-app.js';
import { asRead, CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;
/** Compiled once for all tests. */
let killable: KillableApp;
beforeAll(() => {
  killable = makeKillableApp(400);
});
afterEach(() => world.close());
afterAll(() => killable.remove());

const shown = (message: Message) => asRead(asPlainText(message));
const withFiles = (card: Message) => card.replies.filter(({ files }) => files.length > 0);
const manyDelivered = 'All 12 delivered numbers:';
/** The scopes of manifest.yml, which let the app read no messages. */
const asInstalled = [
  'commands',
  'app_mentions:read',
  'chat:write',
  'files:write',
  'im:write',
  'usergroups:read',
  'users:read',
  'channels:read',
  'groups:read',
];

async function delivered(words: string): Promise<Message> {
  const card = await world.requested(words);
  await world.ben.presses(card, 'Approve & order');
  return card;
}
const times = (method: string) => world.slack.calls.filter((call) => call.method === method).length;

describe('An order with more numbers than fit on its card', () => {
  test('has all of them in a file in its thread, once, and ten on the card, one in each line', async () => {
    world = await startWorld();
    const card = await delivered('919 x12');
    await world.says(card, manyDelivered);
    const numbers = world.bandwidth.orders()[0]?.numbers ?? [];
    expect(numbers).toHaveLength(12);
    const [reply] = withFiles(card);
    const [file] = reply?.files ?? [];
    expect(file?.name).toMatch(/^order-[0-9a-f-]{36}\.csv$/);
    const [head, ...rows] = file?.text.replace('\uFEFF', '').trim().split('\r\n') ?? [];
    expect(head).toBe(
      'number,sub-account,sub-account id,location,location id,order,carrier order,voice,messaging,emergency',
    );
    expect(rows.map((row) => row.split(',')[0]).sort()).toEqual([...numbers].sort());
    expect(rows[0]).toContain(',Raleigh office,461,');
    expect(shown(card)).toMatch(/Delivered:\*\n(\(919\) \d{3}-\d{4}\n){10}and 2 more/);
    await world.restart();
    await world.dan.types(card.channel, '/numbers orders');
    expect(withFiles(card)).toHaveLength(1);
  });

  test('of ten has no file', async () => {
    world = await startWorld();
    const card = await delivered('919 x10');
    await world.says(card, 'your 10 numbers are active');
    expect(withFiles(card)).toEqual([]);
    expect(times('files.getUploadURLExternal')).toBe(0);
  });

  test.each([
    [
      'the permission is missing',
      asInstalled.filter((scope) => scope !== 'files:write'),
      undefined,
      "I'm missing a permission (`files:write`).",
    ],
    ['uploads are forbidden', asInstalled, 'file_uploads_disabled', 'Slack says `file_uploads_disabled`.'],
  ])('says so where %s, and lists them as text', async (_why, scopes, error, sentence) => {
    world = await startWorld({ slack: { scopes } });
    if (error !== undefined) world.slack.fail('files.getUploadURLExternal', { error });
    const card = await delivered('919 x12');
    await world.says(card, "I can't attach the list of all 12 delivered numbers as a file.");
    const said = card.replies.map(shown).filter((each) => each.includes("I can't attach"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(sentence);
    expect(said[0]?.match(/\(919\) \d{3}-\d{4}/g)).toHaveLength(12);
  });

  test('has it once after a crash between the upload and its record', async () => {
    world = await startWorld({ run: killable.run });
    world.slack.fail('files.completeUploadExternal', { carriedOut: true, hang: true });
    const card = await delivered('919 x12');
    await world.says(card, manyDelivered);
    await killable.kill();
    await world.restart();
    await world.slack.until(() => times('conversations.replies') > 0, {
      describe: 'the thread to be searched',
    });
    const next = await delivered('910');
    await world.says(next, 'your number is active');
    expect(withFiles(card)).toHaveLength(1);
    expect(times('files.completeUploadExternal')).toBe(1);
  });

  test('has it after a crash before the upload', async () => {
    world = await startWorld({ run: killable.run });
    world.slack.fail('files.completeUploadExternal', { hang: true });
    const card = await delivered('919 x12');
    await world.slack.until(() => times('files.completeUploadExternal') > 0, { describe: 'the upload' });
    await killable.kill();
    await world.restart();
    await world.says(card, manyDelivered);
    expect(withFiles(card)).toHaveLength(1);
  });
});

describe('The people who can decide, when the app dies between notifying them and recording it,', () => {
  const settings = { NOTIFY_APPROVERS: 'thread' };
  const calls = () => world.cleo.notifications().filter((each) => shown(each).includes('please decide by'));

  async function askedAndKilled(app: KillableApp): Promise<Message> {
    world.slack.fail('chat.postMessage', { carriedOut: true, hang: true, after: 1 });
    const card = await world.requested('919');
    await world.says(card, 'please decide by');
    await app.kill();
    await world.restart();
    return card;
  }

  test('are not notified again, because the thread shows that they were', async () => {
    world = await startWorld({ settings, run: killable.run });
    const card = await askedAndKilled(killable);
    await world.says(card, '*Can approve:* @telecom');
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'your number is active');
    expect(calls()).toHaveLength(1);
  });

  test('are notified twice rather than never where the app can’t read the thread', async () => {
    world = await startWorld({ settings, slack: { scopes: asInstalled }, run: killable.run });
    const card = await askedAndKilled(killable);
    await world.slack.until(() => calls().length === 2, { describe: 'a second call' });
    await world.ben.presses(card, 'Approve & order');
    await world.says(card, 'your number is active');
    expect(calls()).toHaveLength(2);
  });

  test('are notified after a crash before the message was sent', async () => {
    world = await startWorld({ settings, run: killable.run });
    world.slack.fail('chat.postMessage', { hang: true, after: 1 });
    const card = await world.requested('919');
    await world.slack.until(() => times('chat.postMessage') > 1, { describe: 'the call' });
    await killable.kill();
    await world.restart();
    await world.says(card, 'please decide by');
    expect(calls()).toHaveLength(1);
  });
});

describe('After a crash between a post and its record, there is', () => {
  const APPROVALS = approvalsChannel.id;
  /** The next message is posted, and the app hears nothing of it before it dies. */
  const losesAnswer = (method = 'chat.postMessage', after = 0) =>
    world.slack.fail(method, { carriedOut: true, hang: true, after });

  test('one card, one copy of it, and one direct message for each approver', async () => {
    world = await startWorld({
      slack: { channels: [numbersChannel, approvalsChannel] },
      settings: { NOTIFY_APPROVERS: 'dm', APPROVALS_CHANNEL: APPROVALS },
      run: killable.run,
    });
    const direct = (name: 'ben' | 'cleo') => world[name].directMessages();
    losesAnswer();
    const card = await world.requested('919');
    await killable.kill();
    losesAnswer();
    await world.restart();
    const copy = await world.slack.until(() => world.slack.messages(APPROVALS)[0], { describe: 'a copy' });
    await killable.kill();
    losesAnswer();
    await world.restart();
    await world.slack.until(() => [...direct('ben'), ...direct('cleo')].length === 1, {
      describe: 'one direct message',
    });
    await killable.kill();
    await world.restart();
    for (const each of [card, copy]) await world.says(each, '*Can approve:* @telecom');
    await world.ben.presses(copy, 'Approve & order');
    for (const each of [card, copy]) await world.says(each, 'Complete: 1 of 1 number');
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
    expect(world.slack.messages(APPROVALS)).toHaveLength(1);
    expect([direct('ben').length, direct('cleo').length]).toEqual([1, 1]);
  });

  test('one list of the numbers to disconnect for each change of it, and one reminder', async () => {
    const stock = makeStock(24);
    world = await startWorld({ bandwidth: { inService: { ours: stock.all } }, run: killable.run });
    losesAnswer('files.completeUploadExternal');
    const card = await cardOf(world, await disconnectForm(world, stock.take(12).join(' ')));
    await world.says(card, 'All 12 numbers of this disconnect');
    await killable.kill();
    await world.restart();
    await world.slack.until(() => times('conversations.replies') > 0, {
      describe: 'the thread to be searched',
    });
    await world.ana.presses(card, 'Edit…');
    const form = await world.ana.form();
    await form.fill('Numbers', stock.take(12).join('\n'));
    await form.fill('Confirmation', '12');
    world.slack.fail('files.completeUploadExternal', { hang: true });
    const before = times('files.completeUploadExternal');
    expect(await form.submit()).toBe('closed');
    await world.slack.until(() => times('files.completeUploadExternal') > before, {
      describe: 'the second list',
    });
    await killable.kill();
    await world.restart();
    await world.slack.until(() => withFiles(card).length === 2, { describe: 'the list of the new numbers' });
    await killable.kill();
    killable.goesBy(13 * 60 * 60_000);
    losesAnswer();
    await world.restart();
    await world.says(card, 'is still waiting for approval');
    await killable.kill();
    await world.restart();
    await world.ana.presses(card, 'Cancel');
    await world.says(card, 'Canceled');
    expect(withFiles(card)).toHaveLength(2);
    expect(card.replies.filter((each) => shown(each).includes('is still waiting'))).toHaveLength(1);
  });
});

test('The log says when it is not known whether people were notified before', async () => {
  world = await startWorld({ settings: { NOTIFY_APPROVERS: 'thread' }, slack: { scopes: asInstalled } });
  world.slack.fail('chat.postMessage', { error: 'internal_error', after: 1 });
  const card = await world.requested('919');
  await world.says(card, 'please decide by');
  expect(world.log).toContainEqual(
    expect.objectContaining({ msg: 'cannot search for an earlier post', why: 'missing_scope' }),
  );
  expect(world.log.map(({ msg }) => msg)).toContainEqual(
    'not known whether this was posted before, posting it again',
  );
});
