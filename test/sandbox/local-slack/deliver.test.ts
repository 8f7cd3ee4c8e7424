import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';

interface Frame {
  readonly type: string;
  readonly envelope_id?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

let slack: LocalSlack;
afterEach(() => slack.close());

/** How long a busy machine may take to acknowledge, and how soon those who never do are given up. */
const ACK_IN_TIME_MS = 12_000;
const NEVER_ACKED_MS = 50;

async function start(given: { readonly requestUrl?: string; readonly ackTimeoutMs?: number } = {}) {
  slack = await startLocalSlack({
    people: [{ id: 'U0ANA', name: 'ana' }],
    channels: [{ id: 'C0NUMBERS', name: 'numbers', members: ['U0ANA'] }],
    ackTimeoutMs: ACK_IN_TIME_MS,
    redeliveryDelaysMs: [0, 10, 20],
    ...given,
  });
  return slack.person('U0ANA');
}

async function socketUrl(): Promise<string> {
  const response = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.appToken}` },
  });
  return ((await response.json()) as { url: string }).url;
}

/** Connects as Socket Mode does, and keeps every frame; acknowledges each envelope unless told not to. */
async function connect(acknowledge: (frame: Frame) => unknown = () => ({})) {
  const socket = new WebSocket(await socketUrl());
  const frames: Frame[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    frames.push(frame);
    const payload = acknowledge(frame);
    if (frame.envelope_id !== undefined && payload !== undefined) {
      socket.send(JSON.stringify({ envelope_id: frame.envelope_id, payload }));
    }
  });
  await slack.until(() => frames[0]);
  return { socket, frames };
}

describe('a socket', () => {
  test('is greeted, gets envelopes and has its pings answered', async () => {
    const ana = await start();
    const { socket, frames } = await connect();
    expect(frames[0]?.type).toBe('hello');
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({});
    expect(frames[1]).toMatchObject({
      type: 'slash_commands',
      payload: { command: '/numbers' },
      accepts_response_payload: true,
    });
    await ana.opensHome();
    // People don't wait for what an event does, so it may still be on its way.
    await slack.until(() => frames[2]);
    expect(frames[2]).toMatchObject({ type: 'events_api', payload: { event: { type: 'app_home_opened' } } });
    socket.ping();
    await once(socket, 'pong');
  });

  test('needs an unused ticket', async () => {
    await start();
    const url = await socketUrl();
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const [error] = (await once(new WebSocket(url), 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  test('takes turns with the others: each envelope goes to one of them', async () => {
    const ana = await start();
    const sockets = [await connect(), await connect()];
    for (let count = 0; count < 4; count += 1) await ana.types('C0NUMBERS', `/numbers ${count}`);
    expect(sockets.map(({ frames }) => frames.length)).toEqual([3, 3]);
  });

  test('that does not acknowledge, or is not there, shows the person an error', async () => {
    const ana = await start({ ackTimeoutMs: NEVER_ACKED_MS });
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({ error: 'dispatch_failed' });
    await connect(() => undefined);
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({ error: 'operation_timeout' });
    expect(slack.deliveries.map((each) => each.ok)).toEqual([false, false]);
  });

  test('gets a warning before it is closed, and nothing after that', async () => {
    const ana = await start();
    const old = await connect();
    slack.disconnectSockets('warning');
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({});
    slack.disconnectSockets('refresh_requested');
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({ error: 'dispatch_failed' });
    const fresh = await connect();
    expect(await ana.types('C0NUMBERS', '/numbers')).toEqual({});
    expect(old.frames.map((each) => each.reason ?? each.type)).toEqual([
      'hello',
      'warning',
      'slash_commands',
      'refresh_requested',
    ]);
    slack.disconnectSockets('link_disabled');
    await once(fresh.socket, 'close');
    expect(slack.connections).toBe(0);
  });
});

describe('opening the app', () => {
  const eventsIn = (frames: readonly Frame[]) => frames.filter(({ type }) => type === 'events_api');

  test('says which tab; the view comes with it once the app has published one', async () => {
    const ana = await start();
    const { frames } = await connect();
    await ana.opensHome('messages');
    await ana.opensHome();
    const view = { type: 'home', blocks: [{ type: 'divider' }] };
    await fetch(`${slack.apiUrl}views.publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'U0ANA', view }),
    });
    await ana.opensHome();
    const events = eventsIn(frames).map(({ payload }) => payload?.event as Record<string, unknown>);
    expect(events).toMatchObject([
      { tab: 'messages', user: 'U0ANA', channel: 'D0ANA' },
      { tab: 'home', user: 'U0ANA' },
      { tab: 'home', view: { ...view, blocks: [view.blocks[0]], hash: ana.home()?.hash } },
    ]);
    expect(events[1]).not.toHaveProperty('view');
  });

  test('is sent again until the app acknowledges it, three times at most, as the same event', async () => {
    // The third time it is acknowledged, and has to be in time.
    const ana = await start({ ackTimeoutMs: 1_000 });
    let deaf = 2;
    const { frames } = await connect((frame) => {
      if (frame.type !== 'events_api') return {};
      deaf -= 1;
      return deaf < 0 ? {} : undefined;
    });
    await ana.opensHome();
    await slack.until(() => eventsIn(frames)[2]);
    expect(eventsIn(frames).map((frame) => frame.retry_attempt)).toEqual([0, 1, 2]);
    expect(new Set(eventsIn(frames).map(({ payload }) => payload?.event_id)).size).toBe(1);
    deaf = 9;
    await ana.opensHome();
    await slack.until(() => slack.deliveries.length === 7);
    expect(eventsIn(frames)).toHaveLength(7);
  });

  test('is not sent to an app that does not subscribe to it', async () => {
    slack = await startLocalSlack({ people: [{ id: 'U0ANA', name: 'ana' }], channels: [], events: [] });
    const { frames } = await connect();
    await slack.person('U0ANA').opensHome();
    expect(frames.map(({ type }) => type)).toEqual(['hello']);
  });
});

test('a mention is sent to the app if the app is in the channel; its direct messages can be read-only', async () => {
  const ana = await start();
  const { frames } = await connect();
  ana.says('C0NUMBERS', 'hello @ana');
  const { ts } = ana.says('C0NUMBERS', '@numbers help');
  await slack.until(() => frames[1]);
  slack.changeChannel('C0NUMBERS', { botIsMember: false });
  ana.says('C0NUMBERS', '@numbers help');
  await ana.types('C0NUMBERS', '/numbers');
  expect(frames.map(({ type }) => type)).toEqual(['hello', 'events_api', 'slash_commands']);
  expect(frames[1]?.payload).toMatchObject({
    event: { type: 'app_mention', user: 'U0ANA', channel: 'C0NUMBERS', text: '<@U0NUMBERSBOT> help', ts },
  });
  const direct = slack.workspace.directChannel('U0ANA').id;
  slack.changeAppHome({ readOnly: true });
  expect(() => ana.says(direct, 'help')).toThrow('Sending messages to this app has been turned off');
});

test('a request is signed as Slack signs', async () => {
  let headers: IncomingHttpHeaders = {};
  let body = '';
  const app = createServer((request, response) => {
    headers = request.headers;
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const ana = await start({
    requestUrl: `http://127.0.0.1:${(app.address() as AddressInfo).port}/slack/events`,
  });
  expect(await ana.types('C0NUMBERS', '/numbers 910')).toEqual({});
  const at = headers['x-slack-request-timestamp'];
  expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(5);
  const digest = createHmac('sha256', slack.signingSecret).update(`v0:${at}:${body}`).digest('hex');
  expect(headers['x-slack-signature']).toBe(`v0=${digest}`);
  await new Promise((resolve) => app.close(resolve));
});
