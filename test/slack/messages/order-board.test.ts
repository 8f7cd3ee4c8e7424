import { beforeEach, describe, expect, test } from '@jest/globals';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { Order } from '../../../src/orders/domain/order.js';
import { rendered } from '../../../src/orders/domain/transitions.js';
import { BoardUnreachable } from '../../../src/orders/ports/order-board.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { headline } from '../../../src/slack/blocks/card/order-headline.js';
import { makeOrderBoard } from '../../../src/slack/messages/order-board.js';
import { nock } from '../../support/nock.js';
import { usualPolicy } from '../../support/orders/people.js';
import {
  afterReport,
  approvedOrder,
  manyNumbers,
  numbers,
  orderId,
  waiting,
  waitingDisconnect,
} from '../../support/sample-orders.js';

/** A call as it left: Slack's form, its JSON fields read. */
type Call = { readonly method: string } & Readonly<Record<string, unknown>>;
let calls: Call[] = [];

/** The next call of this method is answered so. */
function answer(method: string, reply: object, status = 200): void {
  nock('https://slack.com')
    .post(`/api/${method}`)
    .reply(status, (_uri, body) => {
      const form = new URLSearchParams(typeof body === 'string' ? body : (body as Record<string, string>));
      const fields = [...form].map(([key, value]) => [key, /^[[{]/.test(value) ? JSON.parse(value) : value]);
      calls.push({ method, ...Object.fromEntries(fields) });
      return reply;
    });
}

const refuse = (method: string, error: string) => answer(method, { ok: false, error });
const methods = () => calls.map(({ method }) => method);

const logged: string[] = [];
const makeBoard = () =>
  makeOrderBoard({
    client: new WebClient('xoxb-test', { retryConfig: { retries: 0 } }),
    policy: usualPolicy,
    channels: { about: async () => ({ sharing: 'internal' }) },
    groups: { includesAny: async () => false, membersOf: async () => [] },
    delegates: { all: async () => [] },
    accounts: { standingOf: async () => 'member' },
    log: {
      info: (_facts, sentence) => logged.push(sentence),
      warn: (_facts, sentence) => logged.push(sentence),
    },
  });

/** The board, showing the card where the order was requested. */
function board() {
  const made = makeBoard();
  return { ...made, show: (order: Order) => made.show(order, order.cards[0], async () => ({ at: begunAt })) };
}

const place = { channelId: 'C910', ts: '1700000000.000100' };
const begunAt = 1_700_000_000_000;
const onBoard = (order: Order): Order => rendered(order, place, order.revision);

beforeEach(() => {
  calls = [];
  logged.length = 0;
});

describe('the card', () => {
  test('is posted where the order was requested, and can be recognized by its order', async () => {
    answer('chat.postMessage', { ok: true, channel: 'C910', ts: place.ts });
    expect(await board().show(waiting())).toEqual({ place, isNew: true });
    expect(calls).toEqual([
      expect.objectContaining({
        method: 'chat.postMessage',
        channel: 'C910',
        text: orderCard(waiting()).text,
        blocks: orderCard(waiting()).blocks,
        metadata: { event_type: 'number_order', event_payload: { order_id: orderId, begun_at: begunAt } },
        parse: 'none',
        unfurl_links: 'false',
      }),
    ]);
  });

  test('is the same message from then on', async () => {
    answer('chat.update', { ok: true, channel: 'C910', ts: place.ts });
    expect(await board().show(onBoard(approvedOrder()))).toEqual({ place });
    expect(calls).toEqual([
      expect.objectContaining({
        method: 'chat.update',
        channel: 'C910',
        ts: place.ts,
        blocks: orderCard(approvedOrder()).blocks,
        parse: 'none',
      }),
    ]);
  });

  test.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])(
    'is replaced when Slack says %s',
    async (error) => {
      refuse('chat.update', error);
      answer('chat.postMessage', { ok: true, channel: 'C910', ts: '1700000000.000200' });
      expect(await board().show(onBoard(approvedOrder()))).toEqual({
        place: { channelId: 'C910', ts: '1700000000.000200' },
        isNew: true,
      });
      expect(logged).toEqual(['card cannot be updated, posting a new one']);
    },
  );

  test.each(['not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action_read_only_channel'])(
    'waits for a person if posting fails with %s',
    async (error) => {
      refuse('chat.postMessage', error);
      const failure = await board()
        .show(waiting())
        .catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(BoardUnreachable);
      expect(failure).toMatchObject({ why: error });
    },
  );

  test('waits for a person if its channel was archived', async () => {
    refuse('chat.update', 'is_inactive');
    refuse('chat.postMessage', 'is_archived');
    await expect(board().show(onBoard(approvedOrder()))).rejects.toMatchObject({
      name: 'BoardUnreachable',
      why: 'is_archived',
    });
  });

  test('waits for a person if the bot can no longer see its channel', async () => {
    refuse('chat.update', 'channel_not_found');
    await expect(board().show(onBoard(approvedOrder()))).rejects.toMatchObject({ why: 'channel_not_found' });
    expect(methods()).toEqual(['chat.update']);
  });

  test('is not posted again because of Slack’s own failures', async () => {
    refuse('chat.update', 'internal_error');
    await expect(board().show(onBoard(approvedOrder()))).rejects.toBeInstanceOf(WebAPIPlatformError);
    answer('chat.update', {}, 503);
    await expect(board().show(onBoard(approvedOrder()))).rejects.not.toBeInstanceOf(BoardUnreachable);
    expect(methods()).toEqual(['chat.update', 'chat.update']);
  });

  test('counts as not posted if Slack did not say where', async () => {
    answer('chat.postMessage', { ok: true });
    await expect(board().show(waiting())).rejects.toThrow('without a ts');
  });
});

describe('an announcement', () => {
  const done = onBoard(afterReport({ status: 'complete', completed: numbers('9102414365', '9102414366') }));

  test('is in the card’s thread and mentions the requester', async () => {
    answer('chat.postMessage', { ok: true, channel: 'C910', ts: '1.2' });
    await board().tell(done, 'outcome');
    expect(calls).toEqual([
      expect.objectContaining({
        channel: 'C910',
        thread_ts: place.ts,
        text: '<@UREQUESTER> your 2 numbers are bought: (910) 241-4365, (910) 241-4366',
      }),
    ]);
  });

  test.each([
    'message_not_found',
    'thread_not_found',
    'restricted_action_non_threadable_channel',
    'restricted_action_thread_locked',
    'thread_locked',
  ])('is posted in the channel if the thread is gone or locked (%s)', async (error) => {
    refuse('chat.postMessage', error);
    answer('chat.postMessage', { ok: true, channel: 'C910', ts: '1.2' });
    await board().tell(done, 'outcome');
    expect(calls.map((call) => call.thread_ts)).toEqual([place.ts, undefined]);
  });

  test('waits for a person if the channel cannot be written to', async () => {
    refuse('chat.postMessage', 'is_archived');
    await expect(board().tell(done, 'outcome')).rejects.toMatchObject({
      name: 'BoardUnreachable',
      why: 'is_archived',
    });
    refuse('chat.postMessage', 'thread_not_found');
    refuse('chat.postMessage', 'not_in_channel');
    await expect(board().tell(done, 'outcome')).rejects.toMatchObject({ why: 'not_in_channel' });
  });
});

describe('the list of a disconnect too long for its card', () => {
  const long = onBoard(waitingDisconnect({ inService: manyNumbers(11).map((each) => ({ number: each })) }));
  const uploadUrl = 'https://files.slack.com/upload/v1/abc';

  test("is a file in the card's thread", async () => {
    answer('files.getUploadURLExternal', { ok: true, upload_url: uploadUrl, file_id: 'F1' });
    let sent = '';
    nock('https://files.slack.com')
      .post('/upload/v1/abc')
      .reply(200, (_uri, body) => {
        sent = String(body);
        return 'OK';
      });
    answer('files.completeUploadExternal', { ok: true, files: [{ id: 'F1' }] });
    await board().tell(long, 'numbers');
    expect(sent).toMatch(/9102414000,/);
    expect(calls[0]).toMatchObject({ filename: `disconnect-${orderId}.csv` });
    expect(calls[1]).toMatchObject({
      method: 'files.completeUploadExternal',
      channel_id: 'C910',
      thread_ts: place.ts,
      initial_comment: 'All 11 numbers of this disconnect, and where they are:',
      files: [{ id: 'F1', title: '11 numbers to be disconnected' }],
    });
  });

  test('is posted as text if the app can’t upload files, and the history continues', async () => {
    refuse('files.getUploadURLExternal', 'missing_scope');
    answer('chat.postMessage', { ok: true, channel: 'C910', ts: '1.2' });
    await board().tell(long, 'numbers');
    expect(calls[1]).toMatchObject({ thread_ts: place.ts, text: expect.stringContaining('files:write') });
    expect(calls[1]).toMatchObject({ text: expect.stringContaining('(910) 241-4010') });
    expect(logged).toEqual(['numbers cannot be attached, posting them as text']);
  });

  test('is posted as text if Slack’s file server cannot be reached', async () => {
    answer('files.getUploadURLExternal', { ok: true, upload_url: uploadUrl, file_id: 'F1' });
    nock('https://files.slack.com').post('/upload/v1/abc').reply(403, 'blocked');
    answer('chat.postMessage', { ok: true, channel: 'C910', ts: '1.2' });
    await board().tell(long, 'numbers');
    expect(calls.at(-1)).toMatchObject({ text: expect.stringContaining("Slack didn't accept the file.") });
  });

  test('waits while Slack is failing, or a person has to let the app in', async () => {
    refuse('files.getUploadURLExternal', 'internal_error');
    await expect(board().tell(long, 'numbers')).rejects.toBeInstanceOf(WebAPIPlatformError);
    refuse('files.getUploadURLExternal', 'not_in_channel');
    await expect(board().tell(long, 'numbers')).rejects.toMatchObject({ why: 'not_in_channel' });
    expect(methods()).not.toContain('chat.postMessage');
  });
});

describe('a requester whose card cannot be posted', () => {
  async function told(why: string, order: Order = waiting()): Promise<unknown> {
    answer('auth.test', { ok: true, user: 'numbers_bot', user_id: 'UBOT' });
    answer('conversations.open', { ok: true, channel: { id: 'D1' } });
    answer('chat.postMessage', { ok: true, channel: 'D1', ts: '1.2' });
    await board().tellUnreachable(order, why);
    expect(calls.find(({ method }) => method === 'conversations.open')).toMatchObject({
      users: 'UREQUESTER',
    });
    const message = calls.find(({ method }) => method === 'chat.postMessage');
    expect(message).toMatchObject({ channel: 'D1' });
    return message?.text;
  }

  test('is told privately how to invite the bot, and the state of the order', async () => {
    const text = await told('not_in_channel');
    expect(text).toContain("I can't post in <#C910>");
    expect(text).toContain(headline(waiting()));
    expect(text).toContain('`/invite @numbers_bot`');
  });

  test.each([
    ['channel_not_found', "If it's a private channel, add me"],
    ['is_archived', 'unarchive it'],
    ['restricted_action', "don't let me post"],
    ['ekm_access_denied', 'has suspended posting in <#C910>. Only an administrator'],
  ])('is told how to fix it: %s', async (why, sentence) => {
    expect(await told(why)).toContain(sentence);
  });

  test('is not told to invite the bot to a direct message', async () => {
    const order = waiting();
    const text = await told('channel_not_found', { ...order, channelId: 'D42' });
    expect(text).toContain('Use a channel that I am in');
    expect(text).not.toContain('/invite');
  });
});
