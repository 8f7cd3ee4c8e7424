import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import {
  asPlainText,
  type LocalSlack,
  type Message,
  startLocalSlack,
} from '../../../sandbox/local-slack/local-slack.js';
import { numbersChannel, people } from '../../../sandbox/sample-workspace.js';
import { makeLog } from '../../../src/log.js';
import type { Log } from '../../../src/orders/ports/log.js';
import { section } from '../../../src/slack/blocks/elements.js';
import { boltLogger } from '../../../src/slack/connection/bolt-logger.js';
import {
  makePrivateAnswers,
  type PrivateAnswers,
  recipientOf,
} from '../../../src/slack/messages/private-answers.js';

const CHANNEL = numbersChannel.id;
const ANSWER = 'Only approvers can decide: @ben.';

let slack: LocalSlack;
let answers: PrivateAnswers;
let logged: { level: 'info' | 'error'; facts: Record<string, unknown>; sentence: string }[];
let card: Message;

beforeEach(async () => {
  logged = [];
  slack = await startLocalSlack({ people: Object.values(people), channels: [numbersChannel] });
  const write =
    (level: 'info' | 'error'): Log['info'] =>
    (facts, sentence) =>
      void logged.push({ level, facts: { ...facts }, sentence });
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logger: boltLogger(makeLog({ level: 'error', secrets: [], destination: { write: () => {} } })),
  });
  answers = makePrivateAnswers({
    client,
    log: { info: write('info'), error: write('error') },
    sayOnHome: async () => false,
    fetch,
    respondWithinMs: 1_000,
  });
  card = slack.workspace.post({ channel: CHANNEL, user: slack.botUserId, text: 'Card', blocks: [] });
});
afterEach(() => slack.close());

/** Where Ana, who pressed a button in the card, can be answered. */
function anaPressed(given: { threadTs?: string } = {}) {
  const path = slack.responseUrlFor({ userId: people.ana.id, channelId: CHANNEL, message: card });
  return {
    userId: people.ana.id,
    channelId: CHANNEL,
    messageTs: card.ts,
    responseUrl: path,
    ...given,
  };
}

const ana = () => slack.person(people.ana.id);
const alone = () =>
  ana()
    .ephemerals(CHANNEL)
    .map((each) => asPlainText(each));
const direct = () =>
  ana()
    .directMessages()
    .map((each) => asPlainText(each));
const others = () => slack.messages(CHANNEL).map((each) => asPlainText(each));
const calls = () => slack.calls.map(({ method }) => method);

const dead = [
  ['is used up', { status: 404, error: 'used_url', times: 9 }],
  ['has expired', { status: 404, error: 'expired_url', times: 9 }],
  ['is blocked', { status: 403, error: 'forbidden', times: 9 }],
  ['is rate limited', { retryAfter: 30, times: 9 }],
  ['breaks', { status: 500, times: 9 }],
  ['hangs', { hang: true, times: 9 }],
  ['cuts the connection', { reset: true, times: 9 }],
  ['says no with status 200', { error: 'used_url', times: 9 }],
] as const;

describe('An answer for Ana alone', () => {
  test('goes to the response_url while that works, and nowhere else', async () => {
    await answers.send(anaPressed(), { text: ANSWER });
    expect(alone()).toEqual([ANSWER]);
    expect(calls()).toEqual(['response_url']);
    expect(logged).toEqual([]);
  });

  test.each(dead)('whose response_url %s is an ephemeral message', async (_, fault) => {
    slack.fail('response_url', fault);
    await answers.send(anaPressed(), { text: ANSWER });
    expect(alone()).toEqual([ANSWER]);
    expect(direct()).toEqual([]);
    expect(others()).toEqual(['Card']);
  });

  test.each(dead)(
    'whose response_url %s, and who left the channel, is a direct message that names the channel',
    async (_, fault) => {
      slack.fail('response_url', fault);
      slack.changeChannel(CHANNEL, { members: [people.ben.id] });
      await answers.send(anaPressed(), { text: ANSWER, blocks: [section(ANSWER)] });
      expect(direct()).toEqual([expect.stringContaining(ANSWER)]);
      expect(direct()[0]).toMatch(/^About your request in #numbers:/);
      expect(others()).toEqual(['Card']);
    },
  );

  test.each(['archived', 'nobody', 'read_only_channel', 'thread_only_channel', 'left by the bot'] as const)(
    'is a direct message if the channel is closed: %s',
    async (how) => {
      slack.fail('response_url', { status: 404, error: 'expired_url' });
      if (how === 'archived') slack.changeChannel(CHANNEL, { archived: true });
      else if (how === 'left by the bot') slack.changeChannel(CHANNEL, { botIsMember: false });
      else slack.changeChannel(CHANNEL, { posting: how });
      await answers.send(anaPressed(), { text: ANSWER });
      expect(direct()).toEqual([`About your request in #numbers: ${ANSWER}`]);
      expect(others()).toEqual(['Card']);
    },
  );

  test('is in the log, without its words, if direct messages are off too', async () => {
    slack.fail('response_url', { status: 404, error: 'expired_url' });
    slack.changeChannel(CHANNEL, { archived: true });
    slack.changeAppHome({ messagesTab: false });
    await answers.send(anaPressed(), { text: ANSWER }, { orderId: 'o-1' });
    expect(logged.at(-1)).toMatchObject({
      level: 'error',
      facts: { orderId: 'o-1', userId: people.ana.id, code: 'messages_tab_disabled' },
      sentence: 'answer could not be delivered',
    });
    expect(JSON.stringify(logged)).not.toContain('approvers');
    expect(others()).toEqual(['Card']);
  });

  test.each([
    [{ status: 500 }, 2],
    [{ reset: true }, 2],
    [{ hang: true }, 2],
    [{ status: 404, error: 'used_url' }, 1],
    [{ status: 403, error: 'forbidden' }, 1],
    [{ retryAfter: 1 }, 1],
  ])('is sent to the response_url once more only if that can help: %j', async (fault, times) => {
    slack.fail('response_url', { ...fault, times: 9 });
    await answers.send(anaPressed(), { text: ANSWER });
    expect(calls().filter((method) => method === 'response_url')).toHaveLength(times);
  });

  test('still comes by the response_url after one failure of Slack', async () => {
    slack.fail('response_url', { status: 500 });
    await answers.send(anaPressed(), { text: ANSWER });
    expect(alone()).toEqual([ANSWER]);
    expect(calls()).toEqual(['response_url', 'response_url']);
  });

  test('whose blocks Slack refuses comes as text, and the log says so', async () => {
    slack.fail('response_url', { status: 400, error: 'invalid_blocks' });
    await answers.send(anaPressed(), { text: ANSWER, blocks: [section('Drawn wrong')] });
    expect(alone()).toEqual([ANSWER]);
    expect(logged).toMatchObject([{ level: 'error', facts: { status: 400, code: 'invalid_blocks' } }]);
  });

  test('whose blocks Slack refuses everywhere comes as text in a direct message', async () => {
    const message = {
      text: ANSWER,
      blocks: [{ ...section('x'), text: { type: 'mrkdwn', text: '' } } as never],
    };
    await answers.send({ userId: people.ana.id, channelId: CHANNEL }, message);
    expect(direct()).toEqual([`About your request in #numbers: ${ANSWER}`]);
  });

  test('who pressed in a thread is posted in the thread', async () => {
    const reply = slack.person(people.ben.id).says(CHANNEL, 'hello', { threadTs: card.ts });
    slack.fail('response_url', { status: 404, error: 'used_url' });
    await answers.send(anaPressed({ threadTs: card.ts }), { text: ANSWER });
    expect(reply.threadTs).toBe(card.ts);
    expect(ana().ephemerals(CHANNEL)).toMatchObject([{ threadTs: card.ts, text: ANSWER }]);
  });

  test.each([
    ['locked', () => slack.lockThread(card)],
    ['gone', () => slack.workspace.remove(card)],
    ['forbidden', () => slack.changeChannel(CHANNEL, { posting: 'non_threadable_channel' })],
  ])('who pressed in a thread that is %s is posted in the channel', async (_, close) => {
    close();
    slack.fail('response_url', { status: 404, error: 'used_url' });
    await answers.send(anaPressed({ threadTs: card.ts }), { text: ANSWER });
    expect(alone()).toEqual([ANSWER]);
    expect(ana().ephemerals(CHANNEL)[0]?.threadTs).toBeUndefined();
  });

  test('who typed in a direct message does not claim a channel', async () => {
    const { id } = slack.workspace.directChannel(people.ana.id);
    slack.fail('chat.postEphemeral', { error: 'channel_not_found' });
    await answers.send({ userId: people.ana.id, channelId: id }, { text: ANSWER });
    expect(direct()).toEqual([`About your request in a direct message: ${ANSWER}`]);
  });
});

describe('A copy of a card that Ana pressed', () => {
  const COPY = 'This was a copy.';

  test('is replaced through the response_url', async () => {
    await answers.replace(anaPressed(), { text: COPY });
    expect(others()).toEqual([COPY]);
    expect(calls()).toEqual(['response_url']);
  });

  test.each(dead)('is replaced by an update if the response_url %s', async (_, fault) => {
    slack.fail('response_url', fault);
    await answers.replace(anaPressed(), { text: COPY });
    expect(others()).toEqual([COPY]);
    expect([...alone(), ...direct()]).toEqual([]);
  });

  test('stays if it cannot be replaced, and only Ana is told', async () => {
    slack.fail('response_url', { status: 404, error: 'expired_url' });
    slack.fail('chat.update', { error: 'edit_window_closed' });
    await answers.replace(anaPressed(), { text: COPY });
    expect(others()).toEqual(['Card']);
    expect(alone()).toEqual([COPY]);
  });
});

describe('The person behind a payload', () => {
  test.each([
    [
      'a command',
      { user_id: 'U1', channel_id: 'C1', response_url: 'http://r' },
      ['U1', 'C1', undefined, undefined, 'http://r'],
    ],
    [
      'a press in a channel',
      {
        user: { id: 'U1' },
        channel: { id: 'C1' },
        container: {},
        message: { ts: '1.1' },
        response_url: 'http://r',
      },
      ['U1', 'C1', undefined, '1.1', 'http://r'],
    ],
    [
      'a press in a message that has replies',
      { user: { id: 'U1' }, channel: { id: 'C1' }, message: { ts: '1.1', thread_ts: '1.1' } },
      ['U1', 'C1', undefined, '1.1', undefined],
    ],
    [
      'a press in a thread',
      { user: { id: 'U1' }, channel: { id: 'C1' }, container: { thread_ts: '1.0' }, message: { ts: '1.1' } },
      ['U1', 'C1', '1.0', '1.1', undefined],
    ],
    [
      'a press in an ephemeral message',
      { user: { id: 'U1' }, container: { channel_id: 'C1', message_ts: '1.1', is_ephemeral: true } },
      ['U1', 'C1', undefined, undefined, undefined],
    ],
    [
      'a form',
      { user: { id: 'U1' }, view: { id: 'V1' } },
      ['U1', undefined, undefined, undefined, undefined],
    ],
  ])(
    'of %s is found where Slack names them',
    (_, payload, [userId, channelId, threadTs, messageTs, responseUrl]) => {
      expect(recipientOf(payload)).toEqual({ userId, channelId, threadTs, messageTs, responseUrl });
    },
  );

  test.each([[{}], [{ user: null }], [{ user: 7 }], [{ user_id: '' }]])('of %j is not found', (payload) => {
    expect(recipientOf(payload)).toBeUndefined();
  });
});
