import { afterEach, describe, expect, test } from '@jest/globals';
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { type Logger, LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import {
  type LocalSlack,
  type LocalSlackOptions,
  startLocalSlack,
} from '../../../sandbox/local-slack/local-slack.js';
import { makeRateLimits } from '../../../sandbox/local-slack/rate-limits.js';

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

let slack: LocalSlack;
afterEach(() => slack.close());

async function start(options: Partial<LocalSlackOptions> = {}): Promise<WebClient> {
  slack = await startLocalSlack({
    people: [
      { id: 'U0ANA', name: 'ana', title: 'Telco' },
      { id: 'U0BEN', name: 'ben' },
    ],
    userGroups: [{ id: 'S0TELCO', handle: 'telco', members: ['U0BEN'] }],
    channels: [
      { id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA'] },
      { id: 'C0OTHER', name: 'other', members: ['U0ANA'], botIsMember: false },
      { id: 'C0SECRET', name: 'secret', members: ['U0ANA'], botIsMember: false, private: true },
      { id: 'C0OLD', name: 'old', members: ['U0ANA'], archived: true },
    ],
    ...options,
  });
  return clientWith(slack.botToken);
}

function clientWith(token: string | undefined, retries = 0, timeout = 30_000): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries, minTimeout: 10 },
    logger: silent,
    rejectRateLimitedCalls: true,
    timeout,
  });
}

/** Slack's error code for a call that must be refused. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof WebAPIPlatformError) return error.data.error;
    throw error;
  }
  return 'accepted';
}

/** The trigger_id of a command ana just typed; nobody listens, so nothing is acknowledged. */
async function triggerOf(userId = 'U0ANA'): Promise<string> {
  await slack.person(userId).types('C0NUMBERS', '/numbers');
  return String(slack.deliveries.at(-1)?.payload.trigger_id);
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = { type: 'section' as const, text: plain('hello') };
const modal = (title = 'Title', more: object = {}) => ({
  type: 'modal' as const,
  title: plain(title),
  blocks: [section],
  ...more,
});

describe('tokens', () => {
  test('no token, a wrong one, the wrong kind', async () => {
    const bot = await start();
    expect(await refusal(clientWith(undefined).auth.test())).toBe('not_authed');
    expect(await refusal(clientWith('xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await refusal(bot.apps.connections.open({}))).toBe('not_allowed_token_type');
    expect(await refusal(clientWith(slack.appToken).auth.test())).toBe('not_allowed_token_type');
    expect(await bot.auth.test()).toMatchObject({ team_id: slack.teamId, user_id: slack.botUserId });
    const { url } = await clientWith(slack.appToken).apps.connections.open({});
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\//);
  });

  test('a missing scope is named', async () => {
    const bot = await start({ scopes: ['commands'] });
    const error = await bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'hello' }).catch((each) => each);
    expect(error.data).toMatchObject({ error: 'missing_scope', needed: 'chat:write', provided: 'commands' });
  });

  test('an unknown method', async () => {
    const bot = await start();
    expect(await refusal(bot.apiCall('numbers.order'))).toBe('unknown_method');
  });
});

describe('chat.postMessage', () => {
  test('is refused where the bot can’t write', async () => {
    const bot = await start();
    const post = (channel: string) => refusal(bot.chat.postMessage({ channel, text: 'hello' }));
    expect(await post('C0NOWHERE')).toBe('channel_not_found');
    expect(await post('C0SECRET')).toBe('channel_not_found');
    expect(await post('C0OTHER')).toBe('not_in_channel');
    expect(await post('C0OLD')).toBe('is_archived');
    slack.changeChannel('C0OTHER', { botIsMember: true });
    expect(await post('C0OTHER')).toBe('accepted');
  });

  test('needs text, or blocks that Slack knows', async () => {
    const bot = await start();
    const post = (more: object) =>
      bot.apiCall('chat.postMessage', { channel: 'C0NUMBERS', ...more }).catch((error) => error.data);
    expect(await post({})).toMatchObject({ error: 'no_text' });
    expect(await post({ blocks: 'not json' })).toMatchObject({ error: 'invalid_blocks_format' });
    expect(await post({ blocks: [{ type: 'nonsense' }] })).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]'] },
    });
    const long = { type: 'section', text: plain('x'.repeat(3000)) };
    expect(await post({ text: 'long', blocks: Array(4).fill(long) })).toMatchObject({ ok: true });
    expect(await post({ text: 'long', blocks: Array(5).fill(long) })).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await post({ text: 'x', metadata: { event_type: 'order' } })).toMatchObject({
      error: 'invalid_metadata_format',
    });
  });

  test('writes in threads, and to a person directly', async () => {
    const bot = await start();
    const { ts = '' } = await bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'card' });
    const { ts: replyTs = '' } = await bot.chat.postMessage({
      channel: 'C0NUMBERS',
      text: 'reply',
      thread_ts: ts,
    });
    await bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'again', thread_ts: replyTs });
    expect(slack.messages('C0NUMBERS')).toHaveLength(1);
    expect(slack.messages('C0NUMBERS')[0]?.replies.map((each) => each.text)).toEqual(['reply', 'again']);
    const nowhere = { channel: 'C0NUMBERS', text: 'x', thread_ts: '1.000001' };
    expect(await refusal(bot.chat.postMessage(nowhere))).toBe('thread_not_found');

    const { channel } = await bot.chat.postMessage({ channel: 'U0ANA', text: 'psst' });
    const opened = await bot.conversations.open({ users: 'U0ANA' });
    expect(opened.channel?.id).toBe(channel);
    expect(
      slack
        .person('U0ANA')
        .directMessages()
        .map((each) => each.text),
    ).toEqual(['psst']);
    expect(await refusal(bot.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
  });

  test('takes text that begins like JSON as text', async () => {
    const bot = await start();
    await bot.chat.postMessage({ channel: 'C0NUMBERS', text: '["910"]' });
    expect(slack.messages('C0NUMBERS')[0]?.text).toBe('["910"]');
  });
});

describe('chat.update', () => {
  test('changes the bot’s own messages and keeps their earlier versions', async () => {
    const bot = await start();
    const channel = 'C0NUMBERS';
    const { ts = '' } = await bot.chat.postMessage({ channel, text: 'before', blocks: [section] });
    const card = slack.messages(channel)[0];
    await bot.chat.update({ channel, ts, blocks: [{ type: 'divider' }] });
    expect(card).toMatchObject({ text: 'before', blocks: [{ type: 'divider' }] });
    await bot.chat.update({ channel, ts, text: 'after' });
    expect(card).toMatchObject({ text: 'after', blocks: [] });
    expect(card?.versions.map((each) => [each.text, each.blocks.length])).toEqual([
      ['before', 1],
      ['before', 1],
      ['after', 0],
    ]);
  });

  test('is refused for what cannot be changed', async () => {
    const bot = await start();
    const channel = 'C0NUMBERS';
    const change = (ts: string, text = 'x', where = channel) =>
      refusal(bot.chat.update({ channel: where, ts, text }));
    const { ts = '' } = await bot.chat.postMessage({ channel, text: 'card' });
    const hers = slack.person('U0ANA').says(channel, 'mine');
    const { message_ts: hidden = '' } = await bot.chat.postEphemeral({
      channel,
      user: 'U0ANA',
      text: 'psst',
    });
    expect(await change('1.000001')).toBe('message_not_found');
    expect(await change(hidden)).toBe('message_not_found');
    expect(await change(hers.ts)).toBe('cant_update_message');
    expect(await change(ts, 'x', 'U0ANA')).toBe('channel_not_found');
    expect(await change(ts, 'x'.repeat(4000))).toBe('accepted');
    expect(await change(ts, 'x'.repeat(4001))).toBe('msg_too_long');
    expect(await refusal(bot.apiCall('chat.update', { channel, ts }))).toBe('no_text');
    const blocks = [{ type: 'header', text: plain('x'.repeat(151)) }];
    expect(await refusal(bot.apiCall('chat.update', { channel, ts, blocks }))).toBe('invalid_blocks');
    expect(await refusal(bot.chat.delete({ channel, ts: hers.ts }))).toBe('cant_delete_message');
    await bot.chat.delete({ channel, ts });
    expect(await change(ts)).toBe('message_not_found');
    expect(slack.messages(channel)).toEqual([hers]);
  });
});

test('chat.postEphemeral reaches only people in the channel', async () => {
  const bot = await start();
  const tell = (user: string) =>
    refusal(bot.chat.postEphemeral({ channel: 'C0NUMBERS', user, text: 'psst' }));
  expect(await tell('U0BEN')).toBe('user_not_in_channel');
  expect(await tell('U0ANA')).toBe('accepted');
  expect(
    slack
      .person('U0ANA')
      .ephemerals('C0NUMBERS')
      .map((each) => each.text),
  ).toEqual(['psst']);
  expect(slack.messages('C0NUMBERS')).toEqual([]);
});

describe('views', () => {
  test('a trigger_id opens one modal, and only a real one', async () => {
    const bot = await start();
    const open = (trigger_id: string) => refusal(bot.views.open({ trigger_id, view: modal() }));
    const trigger = await triggerOf();
    expect(await open(trigger)).toBe('accepted');
    expect(await open(trigger)).toBe('exchanged_trigger_id');
    expect(await open('1.2.abc')).toBe('invalid_trigger_id');
  });

  test('an expired trigger_id opens none', async () => {
    const bot = await start({ triggerLifetimeMs: -1 });
    expect(await refusal(bot.views.open({ trigger_id: await triggerOf(), view: modal() }))).toBe(
      'expired_trigger_id',
    );
  });

  test('a wrong view is refused with the reason', async () => {
    const bot = await start();
    const view = modal('x'.repeat(25));
    const error = await bot.views.open({ trigger_id: await triggerOf(), view }).catch((each) => each);
    expect(error.data).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    const heavy = modal('Title', {
      blocks: Array(100).fill({ type: 'section', text: plain('x'.repeat(2900)) }),
    });
    expect(await refusal(bot.views.open({ trigger_id: await triggerOf(), view: heavy }))).toBe(
      'view_too_large',
    );
  });

  test('two can be pushed on one, a third not', async () => {
    const bot = await start();
    await bot.views.open({ trigger_id: await triggerOf(), view: modal('One') });
    const push = async (title: string) =>
      refusal(bot.views.push({ trigger_id: await triggerOf(), view: modal(title) }));
    expect(await push('Two')).toBe('accepted');
    expect(await push('Three')).toBe('accepted');
    expect(await push('Four')).toBe('push_limit_reached');
    const form = await slack.person('U0ANA').form();
    expect(form.title).toBe('Three');
    await form.close();
    expect((await slack.person('U0ANA').form()).title).toBe('Two');
  });

  test('an update needs a view that is open, and the right hash if it has one', async () => {
    const bot = await start();
    const opened = await bot.views.open({ trigger_id: await triggerOf(), view: modal('One') });
    const view_id = opened.view?.id ?? '';
    const hash = opened.view?.hash ?? '';
    const update = (more: object) => refusal(bot.views.update({ view_id, view: modal('Two'), ...more }));
    expect(await update({ hash })).toBe('accepted');
    expect(await update({ hash })).toBe('hash_conflict');
    expect(await update({})).toBe('accepted');
    expect(await update({ view_id: 'V0NONE' })).toBe('not_found');
    await (await slack.person('U0ANA').form()).close();
    expect(await update({})).toBe('not_found');
  });

  test('a Home tab is published for a person', async () => {
    const bot = await start();
    const home = { type: 'home' as const, blocks: [section] };
    await bot.views.publish({ user_id: 'U0ANA', view: home });
    expect(slack.person('U0ANA').home()?.blocks).toHaveLength(1);
    expect(await refusal(bot.views.publish({ user_id: 'U0NOBODY', view: home }))).toBe('invalid_arguments');
    expect(slack.person('U0BEN').home()).toBeUndefined();
  });

  test('a Home tab keeps its id, gets a new hash each time, and refuses an old one', async () => {
    const bot = await start();
    const view = { type: 'home' as const, blocks: [section] };
    const publish = (more: object) => bot.views.publish({ user_id: 'U0ANA', view, ...more });
    expect(await refusal(publish({ hash: '1.2' }))).toBe('hash_conflict');
    const first = await publish({});
    const second = await publish({ hash: first.view?.hash });
    expect(second.view?.id).toBe(first.view?.id);
    expect(await refusal(publish({ hash: first.view?.hash }))).toBe('hash_conflict');
    expect(await refusal(publish({ hash: second.view?.hash }))).toBe('accepted');
  });

  test('a Home tab is refused when the tab is off, when it is a modal, and when it is too large', async () => {
    const bot = await start();
    const publish = (view: HomeView | ModalView) =>
      refusal(bot.views.publish({ user_id: 'U0ANA', view: view as HomeView }));
    expect(await publish(modal('One'))).toBe('invalid_arguments');
    const long = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'x'.repeat(2_600) } };
    expect(await publish({ type: 'home', blocks: Array(97).fill(long) })).toBe('view_too_large');
    expect(await publish({ type: 'home', blocks: Array(101).fill(section) })).toBe('invalid_arguments');
    slack.changeAppHome({ homeTab: false });
    expect(await publish({ type: 'home', blocks: [section] })).toBe('not_enabled');
  });

  test('an external_id is held by one view, of one person', async () => {
    const bot = await start();
    const view = { type: 'home' as const, blocks: [section], external_id: 'home' };
    const publish = (user_id: string) => refusal(bot.views.publish({ user_id, view }));
    expect(await publish('U0ANA')).toBe('accepted');
    expect(await publish('U0ANA')).toBe('accepted');
    expect(await publish('U0BEN')).toBe('duplicate_external_id');
  });

  test('Home tabs can be published a hundred times a minute, for everyone together', () => {
    const limits = makeRateLimits(true, () => 0);
    const publish = (at: number) => limits.take('views.publish', { user_id: `U${at}` });
    expect(Array.from({ length: 100 }, (_, at) => publish(at))).toEqual(Array(100).fill(undefined));
    expect(publish(100)).toBe(1);
  });

  test('a message has one table; a second one is named', async () => {
    const bot = await start();
    const table = { type: 'table' as const, rows: [[{ type: 'raw_text' as const, text: 'x' }]] };
    const post = (blocks: KnownBlock[]) =>
      bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'Numbers', blocks });
    expect(await refusal(post([section, table]))).toBe('accepted');
    const error = await post([section, table, table]).catch((each: WebAPIPlatformError) => each.data);
    expect(error).toMatchObject({
      error: 'invalid_attachments',
      response_metadata: { messages: ['[ERROR] only_one_table_allowed [json-pointer:/blocks/2]'] },
    });
  });
});

describe('reading', () => {
  test('people and user groups', async () => {
    const bot = await start();
    expect((await bot.users.info({ user: 'U0ANA' })).user?.profile?.title).toBe('Telco');
    expect(await refusal(bot.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect((await bot.users.list({})).members?.map((each) => each.name)).toEqual(['ana', 'ben', 'numbers']);
    expect((await bot.usergroups.list({})).usergroups?.map((each) => each.handle)).toEqual(['telco']);
    expect((await bot.usergroups.users.list({ usergroup: 'S0TELCO' })).users).toEqual(['U0BEN']);
    expect(await refusal(bot.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
  });

  test('who people are: from another company, a guest, a bot, deactivated, or without a team on a Grid', async () => {
    const grid = { id: 'E0GRID', workspaces: ['T0LOCAL', 'T0SALES'] };
    const bot = await start({
      people: [
        { id: 'U0OLGA', name: 'olga', teamId: 'T0OTHER' },
        { id: 'U0GIL', name: 'gil', guest: 'multi-channel' },
        { id: 'U0SOL', name: 'sol', guest: 'single-channel' },
        { id: 'U0ROB', name: 'rob', isBot: true },
        { id: 'U0DEE', name: 'dee', deactivated: true },
        { id: 'U0EVE', name: 'eve', teamId: 'T0SALES', enterprise: grid, withoutTeamId: true },
      ],
    });
    const of = async (user: string) => (await bot.users.info({ user })).user;
    expect(await of('U0OLGA')).toMatchObject({ team_id: 'T0OTHER', is_restricted: false });
    expect(await of('U0GIL')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await of('U0SOL')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await of('U0ROB')).toMatchObject({ is_bot: true });
    expect(await of('U0DEE')).toMatchObject({ deleted: true });
    const eve = await of('U0EVE');
    expect(eve).not.toHaveProperty('team_id');
    expect(eve?.enterprise_user).toMatchObject({ enterprise_id: 'E0GRID', teams: ['T0LOCAL', 'T0SALES'] });
  });

  test('where the app is installed: a workspace, one of a Grid, or all of it', async () => {
    const enterprise = { id: 'E0GRID', name: 'grid' };
    expect(await (await start()).auth.test()).toMatchObject({
      team_id: 'T0LOCAL',
      is_enterprise_install: false,
    });
    await slack.close();
    expect(await (await start({ enterprise })).auth.test()).toMatchObject({
      team_id: 'T0LOCAL',
      enterprise_id: 'E0GRID',
      is_enterprise_install: false,
    });
    await slack.close();
    expect(await (await start({ enterprise: { ...enterprise, wide: true } })).auth.test()).toMatchObject({
      team_id: 'E0GRID',
      is_enterprise_install: true,
    });
  });

  test('a disabled user group only if disabled ones are requested, too', async () => {
    const bot = await start();
    slack.changeGroup('S0TELCO', { disabled: true });
    expect(await refusal(bot.usergroups.users.list({ usergroup: 'S0TELCO' }))).toBe('no_such_subteam');
    expect((await bot.usergroups.list({})).usergroups).toEqual([]);
    const [group] = (await bot.usergroups.list({ include_disabled: true })).usergroups ?? [];
    expect(group?.date_delete).toBeGreaterThan(0);
  });

  test('whom a channel is shared with, with the scope of its kind', async () => {
    const bot = await start({ scopes: ['channels:read'] });
    const sharing = async () => (await bot.conversations.info({ channel: 'C0NUMBERS' })).channel;
    expect(await sharing()).toMatchObject({ is_shared: false, is_ext_shared: false, is_org_shared: false });
    slack.changeChannel('C0NUMBERS', { sharedWith: 'company' });
    expect(await sharing()).toMatchObject({ is_shared: true, is_ext_shared: true, is_org_shared: false });
    slack.changeChannel('C0NUMBERS', { sharedWith: 'organization' });
    expect(await sharing()).toMatchObject({ is_shared: true, is_ext_shared: false, is_org_shared: true });
    slack.changeChannel('C0NUMBERS', { private: true });
    expect(await refusal(bot.conversations.info({ channel: 'C0NUMBERS' }))).toBe('missing_scope');
  });

  test('channels, page by page', async () => {
    const bot = await start();
    expect((await bot.conversations.info({ channel: 'C0OTHER' })).channel).toMatchObject({
      is_member: false,
    });
    expect(await refusal(bot.conversations.info({ channel: 'C0SECRET' }))).toBe('channel_not_found');
    expect((await bot.conversations.members({ channel: 'C0NUMBERS' })).members).toEqual([
      'U0ANA',
      slack.botUserId,
    ]);
    const first = await bot.conversations.list({ limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await bot.conversations.list({ limit: 2, cursor });
    expect([first, second].map((page) => page.channels?.map((each) => each.name))).toEqual([
      ['numbers', 'other'],
      ['old'],
    ]);
  });

  test('history with metadata, and threads', async () => {
    const bot = await start();
    const channel = 'C0NUMBERS';
    const metadata = { event_type: 'order', event_payload: { id: '1' } };
    const { ts = '' } = await bot.chat.postMessage({ channel, text: 'card', metadata });
    await bot.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
    expect((await bot.conversations.history({ channel, include_all_metadata: true })).messages).toMatchObject(
      [{ text: 'card', metadata }],
    );
    expect((await bot.conversations.replies({ channel, ts })).messages).toMatchObject([
      { text: 'card' },
      { text: 'reply' },
    ]);
    expect(await refusal(bot.conversations.history({ channel: 'C0OTHER' }))).toBe('not_in_channel');
  });
});

test('a file is uploaded in Slack’s three steps', async () => {
  const bot = await start();
  const content = 'number\n+19102414365\n';
  await bot.filesUploadV2({
    channel_id: 'C0NUMBERS',
    initial_comment: 'Your numbers',
    filename: 'numbers.csv',
    content,
  });
  expect(slack.messages('C0NUMBERS')[0]).toMatchObject({
    text: 'Your numbers',
    files: [{ name: 'numbers.csv' }],
  });
  const unknown = { files: [{ id: 'F0NONE' }] as [{ id: string }], channel_id: 'C0NUMBERS' };
  expect(await refusal(bot.files.completeUploadExternal(unknown))).toBe('file_not_found');
});

describe('failures on request', () => {
  const post = (client: WebClient) => client.chat.postMessage({ channel: 'C0NUMBERS', text: 'hello' });

  test('an error code, as often as asked', async () => {
    const bot = await start();
    slack.fail('chat.postMessage', { error: 'fatal_error', times: 2 });
    expect([await refusal(post(bot)), await refusal(post(bot)), await refusal(post(bot))]).toEqual([
      'fatal_error',
      'fatal_error',
      'accepted',
    ]);
  });

  test('a 500 that the client retries', async () => {
    await start();
    slack.fail('chat.postMessage', { status: 500 });
    await post(clientWith(slack.botToken, 2));
    expect(slack.calls.map((call) => call.ok)).toEqual([false, true]);
  });

  test('429 with Retry-After', async () => {
    const bot = await start();
    slack.fail('chat.postMessage', { retryAfter: 7 });
    await expect(post(bot)).rejects.toMatchObject({ retryAfter: 7 });
  });

  test('an answer that never arrives, although the message was posted', async () => {
    await start();
    const bot = clientWith(slack.botToken, 0, 300);
    slack.fail('chat.postMessage', { hang: true, carriedOut: true });
    await expect(post(bot)).rejects.toThrow();
    expect(slack.messages('C0NUMBERS')).toHaveLength(1);
  });

  test('rate limits, when asked for: a burst in one channel, then one a second', async () => {
    const bot = await start({ limits: true });
    for (let count = 0; count < 5; count += 1) await post(bot);
    await expect(post(bot)).rejects.toMatchObject({ retryAfter: 1 });
    await bot.chat.postMessage({ channel: 'U0ANA', text: 'elsewhere' });
  });
});

test('a permalink: of a message, of a reply with its thread, and of nothing that is not there', async () => {
  const bot = await start();
  const link = async (channel: string, message_ts: string) =>
    (await bot.chat.getPermalink({ channel, message_ts })).permalink ?? '';
  const { ts = '' } = await bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'hello' });
  const reply = await bot.chat.postMessage({ channel: 'C0NUMBERS', text: 'and', thread_ts: ts });
  const digits = (of = '') => `p${of.replace('.', '')}`;
  expect(await link('C0NUMBERS', ts)).toMatch(new RegExp(`^https://[^/]+/archives/C0NUMBERS/${digits(ts)}$`));
  expect(await link('C0NUMBERS', reply.ts ?? '')).toMatch(
    new RegExp(`/${digits(reply.ts)}\\?thread_ts=${ts.replace('.', '\\.')}&cid=C0NUMBERS$`),
  );
  const hidden = await bot.chat.postEphemeral({ channel: 'C0NUMBERS', user: 'U0ANA', text: 'psst' });
  expect(await refusal(link('C0NUMBERS', hidden.message_ts ?? ''))).toBe('message_not_found');
  await bot.chat.delete({ channel: 'C0NUMBERS', ts });
  expect(await refusal(link('C0NUMBERS', ts))).toBe('message_not_found');
  expect(await refusal(link('C0NUMBERS', '1.2'))).toBe('message_not_found');
  expect(await refusal(link('C0SECRET', ts))).toBe('channel_not_found');
  expect(await refusal(link('C0NOWHERE', ts))).toBe('channel_not_found');
});

test('every call is recorded with its arguments, without the token', async () => {
  const bot = await start();
  await bot.chat.postMessage({ channel: 'C0NUMBERS', blocks: [section], text: 'hello' });
  await refusal(bot.chat.postMessage({ channel: 'C0OTHER', text: 'hello' }));
  expect(slack.calls).toMatchObject([
    { method: 'chat.postMessage', ok: true, args: { channel: 'C0NUMBERS', blocks: [section] } },
    { method: 'chat.postMessage', ok: false, error: 'not_in_channel' },
  ]);
  expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
});
