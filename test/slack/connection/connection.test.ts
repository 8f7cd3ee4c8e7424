import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../sandbox/free-port.js';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/local-slack/local-slack.js';
import { numbersChannel, people } from '../../../sandbox/sample-workspace.js';
import { makeHttpServer } from '../../../src/http-server.js';
import { makeLog } from '../../../src/log.js';
import { makeOutbound } from '../../../src/proxy/outbound.js';
import { boltLogger } from '../../../src/slack/connection/bolt-logger.js';
import { type Connection, connectSlack } from '../../../src/slack/connection/connection.js';
import { SlackRefused } from '../../../src/slack/connection/retry.js';
import { type FaultySlack, startFaultySlack } from '../../support/faulty-slack.js';
import { until } from '../../support/until.js';

const CHANNEL = numbersChannel.id;
const workspace = { people: Object.values(people), channels: [numbersChannel] };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function slackOn(port = 0): Promise<LocalSlack> {
  const slack = await startLocalSlack({ ...workspace, port });
  ends.push(() => slack.close());
  return slack;
}

interface Connected extends Connection {
  /** The log as text. */
  log(): string;
  /** Refusals that came after the start. */
  readonly lost: readonly SlackRefused[];
}

const httpSettings = (port: number) =>
  ({ mode: 'http', signingSecret: 'local-signing-secret', port }) as const;

/** An app that answers `/numbers` with the words typed, not yet started. */
function appFor(
  apiUrl: string,
  given: {
    botToken?: string;
    connection?: { mode: 'socket'; appToken: string } | ReturnType<typeof httpSettings>;
    beforeAcknowledging?: () => Promise<void>;
    onCommand?: (words: string) => Promise<void>;
  } = {},
): Connected {
  const lines: string[] = [];
  const log = makeLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const lost: SlackRefused[] = [];
  const reached = given.connection ?? { mode: 'socket', appToken: 'xapp-local' };
  const listener =
    reached.mode === 'http' ? makeHttpServer({ host: '127.0.0.1', port: reached.port, log }) : undefined;
  const connection = connectSlack(
    {
      botToken: given.botToken ?? 'xoxb-local',
      apiUrl,
      connection: reached,
    },
    {
      log,
      boltLogger: boltLogger(log),
      onLost: (error) => void lost.push(error),
      outbound: makeOutbound(undefined),
      serve: (path, handler) => listener?.serve(path, handler),
    },
  );
  connection.bolt.command('/numbers', async ({ ack, command }) => {
    await given.beforeAcknowledging?.();
    await ack(command.text);
    await given.onCommand?.(command.text);
  });
  const stop = async () => {
    await connection.stop();
    await listener?.stop();
  };
  ends.push(stop);
  return {
    ...connection,
    async start() {
      await listener?.start();
      await connection.start();
    },
    stop,
    log: () => lines.join(''),
    lost,
  };
}

/** Types until there is an answer, as people do, and gives the milliseconds that took. */
async function typesUntilAnswered(slack: LocalSlack): Promise<number> {
  const began = Date.now();
  const ana = slack.person(people.ana.id);
  await until(async () => (await ana.types(CHANNEL, '/numbers hello')).text === 'hello', 'an answer');
  return Date.now() - began;
}

function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('A fatal problem is reported once, in a sentence', () => {
  test('nothing is sent to Slack before the start', async () => {
    const slack = await slackOn();
    appFor(slack.apiUrl, { botToken: 'xoxb-wrong' });
    // What the app had asked for by now would have arrived before this.
    await fetch(`${slack.apiUrl}api.test`, { method: 'POST' });
    expect(slack.calls.filter(({ method }) => method !== 'api.test')).toEqual([]);
  });

  test.each([
    ['the bot token', 'SLACK_BOT_TOKEN', { botToken: 'xoxb-wrong' }],
    ['the app token', 'SLACK_APP_TOKEN', { connection: { mode: 'socket', appToken: 'xapp-wrong' } as const }],
  ])('%s', async (_, setting, wrong) => {
    const slack = await slackOn();
    const refusal: unknown = await appFor(slack.apiUrl, wrong)
      .start()
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SlackRefused);
    expect(refusal).toMatchObject({ code: 'invalid_auth', advice: expect.stringContaining(setting) });
    expect(slack.calls.length).toBeLessThanOrEqual(2);
  });

  test('an app token revoked meanwhile is noticed when the socket ends', async () => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl);
    await app.start();
    slack.fail('apps.connections.open', { error: 'token_revoked', times: 99 });
    slack.disconnectSockets('refresh_requested');
    await slack.until(() => app.lost.length > 0, { describe: 'the refusal to be noticed' });
    expect(app.lost).toMatchObject([
      { code: 'token_revoked', advice: expect.stringContaining('SLACK_APP_TOKEN') },
    ]);
  });

  test('a bot token revoked meanwhile, too', async () => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl);
    await app.start();
    slack.fail('auth.test', { error: 'account_inactive', times: 99 });
    slack.disconnectSockets('link_disabled');
    await slack.until(() => app.lost.length > 0, { describe: 'the refusal to be noticed' });
    expect(app.lost).toMatchObject([
      { code: 'account_inactive', advice: expect.stringContaining('SLACK_BOT_TOKEN') },
    ]);
  });
});

describe('An outage of Slack passes', () => {
  test('at the start', async () => {
    const port = await freePort();
    const app = appFor(`http://127.0.0.1:${port}/api/`);
    const started = app.start();
    await until(() => app.log().includes('slack unreachable, will retry'), 'the outage to be noticed');
    const slack = await slackOn(port);
    await started;
    await typesUntilAnswered(slack);
    expect(app.lost).toEqual([]);
  });

  test('in the middle', async () => {
    const port = await freePort();
    const before = await slackOn(port);
    const app = appFor(before.apiUrl);
    await app.start();
    await before.close();
    await until(() => app.log().includes('slack unreachable, will retry'), 'the outage to be noticed');
    const after = await slackOn(port);
    await after.until(() => after.connections === 1, { describe: 'the app to connect again' });
    await typesUntilAnswered(after);
    expect(app.lost).toEqual([]);
  });

  test('even if Slack answers with errors of its own', async () => {
    const slack = await slackOn();
    slack.fail('auth.test', { status: 503, times: 2 });
    slack.fail('apps.connections.open', { error: 'internal_error' });
    const app = appFor(slack.apiUrl);
    await app.start();
    await typesUntilAnswered(slack);
    expect(app.lost).toEqual([]);
    expect(slack.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(2);
  });
});

describe('Slack may end sockets at any time', () => {
  test('a refresh is over before anyone notices', async () => {
    const slack = await slackOn();
    await appFor(slack.apiUrl).start();
    for (let refresh = 0; refresh < 3; refresh++) {
      slack.disconnectSockets('refresh_requested');
      // Bolt's own way leaves nobody there for five seconds.
      expect(await typesUntilAnswered(slack)).toBeLessThan(5_000);
    }
    await slack.until(() => slack.connections === 1, { describe: 'only one socket to be left' });
  });

  test('a socket that is refreshed but not closed for a long time does not hold up the next', async () => {
    const slack = await startFaultySlack();
    ends.push(() => slack.close());
    await appFor(slack.apiUrl).start();
    const [socket] = slack.sockets;
    if (socket === undefined) throw new Error('there is no socket');
    const began = Date.now();
    socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }), () =>
      slack.fallSilent(socket),
    );
    await until(() => slack.sockets.length === 2, 'the next socket');
    // Bolt's own way leaves nobody there for five seconds.
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('a socket that died unnoticed, or never opened, is replaced', async () => {
    const replaced = async (...treatment: Parameters<FaultySlack['next']>) => {
      const slack = await startFaultySlack();
      ends.push(() => slack.close());
      slack.next(...treatment);
      const app = appFor(slack.apiUrl);
      await app.start();
      const [first] = slack.sockets;
      if (treatment.length === 0 && first !== undefined) slack.fallSilent(first);
      await until(() => slack.asked.length >= 2, 'another socket to be asked for');
      return app.lost;
    };
    // It opens another one, and does not take it for a refusal.
    expect(await Promise.all([replaced(), replaced('no hello')])).toEqual([[], []]);
  });
});

describe('The log says about every socket', () => {
  const linesOf = (app: Connected, message: string) =>
    app
      .log()
      .split('\n')
      .filter((line) => line.includes(message))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test('how many connections Slack counts, how many are ours, and why each ended after how long', async () => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl);
    await app.start();
    expect(linesOf(app, '"connected to slack"')).toMatchObject([
      { level: 30, connections: 1, ours: 1, host: '127.0.0.1' },
    ]);
    slack.disconnectSockets('refresh_requested');
    await until(() => linesOf(app, '"connected to slack"').length === 2, 'the next socket');
    slack.loseSockets('cut');
    await until(() => linesOf(app, '"connected to slack"').length === 3, 'another one');
    expect(linesOf(app, 'opening another')).toMatchObject([
      { reason: 'refresh_requested', livedMs: expect.any(Number), pauseMs: 50 },
      { reason: 'lost', livedMs: expect.any(Number) },
    ]);
  });

  test('whether commands were lost with it, because they were not acknowledged in time', async () => {
    const slack = await slackOn();
    const { opened, open } = gate();
    let arrived = 0;
    const app = appFor(slack.apiUrl, {
      beforeAcknowledging: () => {
        arrived += 1;
        return arrived === 1 ? Promise.resolve() : opened;
      },
    });
    await app.start();
    const ana = slack.person(people.ana.id);
    await ana.types(CHANNEL, '/numbers hello');
    const lost = [ana.types(CHANNEL, '/numbers one'), ana.types(CHANNEL, '/numbers two')];
    await until(() => arrived === 3, 'both commands');
    slack.loseSockets('cut');
    const message = 'closed before everything was acknowledged';
    await until(() => linesOf(app, message).length === 1, 'the log to say so');
    expect(linesOf(app, message)).toMatchObject([
      { level: 40, unacknowledged: 2, livedMs: expect.any(Number) },
    ]);
    open();
    await Promise.all(lost);
    await app.stop();
    expect(linesOf(app, message)).toHaveLength(1);
  });

  test('that Socket Mode was turned off, as an error', async () => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl);
    await app.start();
    slack.disconnectSockets('link_disabled');
    await until(() => linesOf(app, 'Socket Mode was turned off').length === 1, 'the log to say so');
    expect(linesOf(app, 'Socket Mode was turned off')).toMatchObject([
      { level: 50, reason: 'link_disabled' },
    ]);
    await typesUntilAnswered(slack);
  });

  test('that it was one too many, as an error; the next one waits until others are gone', async () => {
    const slack = await startFaultySlack();
    ends.push(() => slack.close());
    slack.next('too many');
    const app = appFor(slack.apiUrl);
    const started = app.start().catch(() => 'given up');
    await until(() => linesOf(app, 'too many connections').length === 1, 'the log to say so');
    expect(linesOf(app, 'too many connections')).toMatchObject([
      { level: 50, reason: 'too_many_websockets', pauseMs: 30_000 },
    ]);
    await app.stop();
    expect(await started).toBe('given up');
    expect(slack.asked).toHaveLength(1);
  });
});

describe('How often a call to Slack is made', () => {
  test('twice while a person waits, three times in the background, whatever Socket Mode prefers', async () => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl);
    const tried = gate();
    app.bolt.command('/post', async ({ ack, client }) => {
      await ack();
      await client.chat.postMessage({ channel: CHANNEL, text: 'x' }).catch(() => {});
      tried.open();
    });
    await app.start();
    slack.fail('chat.postMessage', { status: 500, times: 99 });
    const attempts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length;
    await slack.person(people.ana.id).types(CHANNEL, '/post');
    await tried.opened;
    expect(attempts()).toBe(2);
    await app.background.chat.postMessage({ channel: CHANNEL, text: 'x' }).catch(() => {});
    expect(attempts()).toBe(2 + 3);
  });
});

test('An answer that is too late for Slack is logged, one in time is not', async () => {
  const slack = await slackOn();
  const app = appFor(slack.apiUrl);
  const givenUp = gate();
  let receivedAt = Number.NaN;
  app.bolt.command('/slow', async ({ ack }) => {
    receivedAt = performance.now();
    await givenUp.opened;
    await ack();
  });
  await app.start();
  const ana = slack.person(people.ana.id);
  await ana.types(CHANNEL, '/numbers hello');
  expect(app.log()).not.toContain('acknowledged too late');
  expect((await ana.types(CHANNEL, '/slow')).error).toBeDefined();
  // The app counts from when it received the command, so a little later than Slack.
  await slack.until(() => performance.now() - receivedAt > 3_000, {
    describe: 'three seconds in the app too',
  });
  givenUp.open();
  await slack.until(() => app.log().includes('acknowledged too late'), {
    describe: 'the log to say so',
  });
});

/** What each mode needs of the app and of Slack. */
const modes = {
  'Socket Mode': async (slack: LocalSlack) => {
    void slack;
    return { mode: 'socket', appToken: 'xapp-local' } as const;
  },
  'HTTP mode': async (slack: LocalSlack) => {
    const port = await freePort();
    slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
    return httpSettings(port);
  },
};

describe.each(Object.entries(modes))('Stopping in %s', (mode, settingsFor) => {
  test('waits for running listeners', async () => {
    const slack = await slackOn();
    const { opened, open } = gate();
    let done = false;
    const app = appFor(slack.apiUrl, {
      connection: await settingsFor(slack),
      onCommand: async () => {
        await opened;
        done = true;
      },
    });
    await app.start();
    const ana = slack.person(people.ana.id);
    await ana.types(CHANNEL, '/numbers hello');
    let stopped = false;
    const stopping = app.stop().then(() => {
      stopped = true;
    });
    // By the time Slack has heard of one more command, a stop that waits for nothing would be over.
    await ana.types(CHANNEL, '/numbers late');
    expect(stopped).toBe(false);
    open();
    await stopping;
    expect(done).toBe(true);
  });

  test('loses nothing that still arrives', async () => {
    const slack = await slackOn();
    const { opened, open } = gate();
    const lateWork = gate();
    const begun: string[] = [];
    const ended: string[] = [];
    const app = appFor(slack.apiUrl, {
      connection: await settingsFor(slack),
      onCommand: async (words) => {
        begun.push(words);
        await (words === 'first' ? opened : lateWork.opened);
        ended.push(words);
      },
    });
    await app.start();
    const ana = slack.person(people.ana.id);
    await ana.types(CHANNEL, '/numbers first');
    let stoppedAfter: readonly string[] | undefined;
    const stopping = app.stop().then(() => {
      stoppedAfter = [...ended];
    });
    const late = await ana.types(CHANNEL, '/numbers late');
    open();
    await until(() => ended.includes('first'), 'the first command to be done');
    // By the time Slack has answered one more call, a stop that doesn't wait for the late command would be over.
    await app.background.auth.test();
    lateWork.open();
    await stopping;
    expect(stoppedAfter).toEqual(begun);
    // Either Slack tells her that it did not arrive, or it is done to its end.
    expect([mode, late.error ?? late.text]).toEqual([
      mode,
      mode === 'HTTP mode' ? 'dispatch_failed' : 'late',
    ]);
    expect(ended).toEqual(begun);
    expect((await ana.types(CHANNEL, '/numbers later')).error).toBe('dispatch_failed');
    expect(begun).not.toContain('later');
  });

  test('is quick during an outage of Slack, and nothing is connected afterwards', async () => {
    const port = await freePort();
    const connection = mode === 'HTTP mode' ? httpSettings(await freePort()) : undefined;
    const app = appFor(`http://127.0.0.1:${port}/api/`, connection === undefined ? {} : { connection });
    const started = app.start().catch(() => 'given up');
    await until(() => app.log().includes('slack unreachable, will retry'), 'the outage to be noticed');
    const began = Date.now();
    await app.stop();
    // A stop that waits takes five seconds.
    expect(Date.now() - began).toBeLessThan(4_500);
    const slack = await slackOn(port);
    expect(await started).toBe('given up');
    expect(slack.connections).toBe(0);
  });
});

test('stopping does not wait forever', async () => {
  const stopsWithAListenerThatNeverEnds = async (mode: keyof typeof modes) => {
    const slack = await slackOn();
    const app = appFor(slack.apiUrl, {
      connection: await modes[mode](slack),
      onCommand: () => new Promise(() => {}),
    });
    await app.start();
    await slack.person(people.ana.id).types(CHANNEL, '/numbers hello');
    const began = Date.now();
    await app.stop();
    // It is over long before whatever runs the app loses patience and kills it.
    expect(Date.now() - began).toBeLessThan(20_000);
  };
  await Promise.all([
    stopsWithAListenerThatNeverEnds('Socket Mode'),
    stopsWithAListenerThatNeverEnds('HTTP mode'),
  ]);
});

test('stopping while the socket opens leaves none behind', async () => {
  const slack = await slackOn();
  const app = appFor(slack.apiUrl);
  const started = app.start().catch(() => {});
  await slack.until(() => slack.calls.some(({ method }) => method === 'apps.connections.open'), {
    describe: 'the socket to be asked for',
  });
  await app.stop();
  await started;
  await slack.until(() => slack.connections === 0, { describe: 'no socket to be left' });
  expect(slack.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(1);
});

describe('In HTTP mode', () => {
  const BODY = new URLSearchParams({
    command: '/numbers',
    text: 'hello',
    team_id: 'T',
    user_id: 'U',
  }).toString();

  async function listening() {
    const slack = await slackOn();
    const port = await freePort();
    const commands: string[] = [];
    const app = appFor(slack.apiUrl, {
      connection: httpSettings(port),
      onCommand: async (words) => void commands.push(words),
    });
    await app.start();
    return { app, port, commands };
  }

  function sign(body: string, secret = 'local-signing-secret', secondsAgo = 0): Record<string, string> {
    const at = String(Math.floor(Date.now() / 1000) - secondsAgo);
    const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
    return {
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
  }

  function send(
    port: number,
    given: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
  ): Promise<{ status: number | undefined; text: string }> {
    const { method = 'POST', path = '/slack/events', headers = {}, body = '' } = given;
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
      const sent = request(options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  test('a request that Slack has just signed is accepted', async () => {
    const { port, commands } = await listening();
    expect(await send(port, { headers: sign(BODY), body: BODY })).toEqual({ status: 200, text: 'hello' });
    expect(commands).toEqual(['hello']);
  });

  test.each([
    ['not signed', {}],
    ['signed with another secret', sign(BODY, 'guessed')],
    ['signed for another body', sign(`${BODY}&x=1`)],
    ['signed more than five minutes ago', sign(BODY, undefined, 302)],
    ['signed more than five minutes in the future', sign(BODY, undefined, -900)],
    ['with half a signature', { ...sign(BODY), 'x-slack-signature': 'v0=abc' }],
    ['with a signature of another version', { ...sign(BODY), 'x-slack-signature': `v1=${'0'.repeat(64)}` }],
    ['with a time that is negative', { ...sign(BODY), 'x-slack-request-timestamp': '-1' }],
    ['without a time', { 'x-slack-signature': sign(BODY)['x-slack-signature'] ?? '' }],
    ['with a time that is none', { ...sign(BODY), 'x-slack-request-timestamp': 'now' }],
  ])('a request %s is refused and does nothing', async (_, headers) => {
    const { port, commands } = await listening();
    expect(await send(port, { headers, body: BODY })).toEqual({ status: 401, text: '' });
    expect(commands).toEqual([]);
  });

  test('a request that claims to check the certificate does nothing, whatever else it contains', async () => {
    const { port, commands } = await listening();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send(port, { headers, body: `${BODY}&ssl_check=1` })).toEqual({ status: 200, text: '' });
    expect(await send(port, { body: `${BODY}&ssl_check=1` })).toEqual({ status: 401, text: '' });
    expect(commands).toEqual([]);
  });

  test.each([
    ['behind', -1_000],
    ['ahead', 1_000],
  ])(
    'the log says by how many seconds this server’s clock is %s, once, and only for what Slack signed',
    async (clockIs, secondsAgo) => {
      const { app, port } = await listening();
      await send(port, { headers: sign(BODY, 'guessed', secondsAgo), body: BODY });
      expect(app.log()).not.toContain('check the clock');
      for (let n = 0; n < 3; n += 1)
        await send(port, { headers: sign(BODY, undefined, secondsAgo), body: BODY });
      const lines = app
        .log()
        .split('\n')
        .filter((line) => line.includes('check the clock'));
      expect(lines).toHaveLength(1);
      const { secondsOff, ...line } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
      expect(line).toMatchObject({ clockIs });
      // On a slow machine the request is on its way for a while.
      expect(Math.abs(Number(secondsOff) - 1_000)).toBeLessThan(20);
    },
  );

  test.each([
    ['no headers of Slack’s', ''],
    ['a signature that is none', 'x-slack-signature: v0=x\r\nx-slack-request-timestamp: 1\r\n'],
    ['no time', `x-slack-signature: v0=${'a'.repeat(64)}\r\n`],
  ])('a request with %s is refused before any of its body arrives', async (_, headers) => {
    const { port } = await listening();
    const heard = await new Promise<string>((resolve) => {
      let said = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\n${headers}content-length: 99999\r\n\r\n`);
      });
      socket.on('data', (piece: Buffer) => {
        said += piece.toString();
      });
      socket.on('error', () => {}).on('close', () => resolve(said));
    });
    expect(heard).toMatch(/^HTTP\/1\.1 401 /);
  });

  const FORM = 'application/x-www-form-urlencoded';
  const form = (payload: string) => new URLSearchParams({ payload }).toString();
  test.each([
    ...[
      'null',
      'true',
      '7',
      '"text"',
      '[]',
      '[{}]',
      '{}',
      '',
      '{"a":',
      '{"event":null}',
      '{"event":7}',
    ].flatMap((json) => [
      ['application/json', json],
      [FORM, form(json)],
    ]),
    [FORM, 'payload'],
    [FORM, 'payload=%'],
    [FORM, 'payload=%ff%fe'],
    [FORM, 'payload={}&payload={}'],
    [FORM, 'a=1'],
    [FORM, '&&&==='],
    [FORM, '\u0000'],
    [`${FORM}; charset=utf-8`, 'command=%2Fnumbers'],
    ['', '{"type":7}'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('a signed body that is no payload (%s, %j) is refused, and the process survives', async (type, body) => {
    const { port, commands } = await listening();
    const answer = await send(port, { headers: { ...sign(body), 'content-type': type }, body });
    expect(answer).toEqual({ status: 400, text: '' });
    expect(await send(port, { headers: sign(BODY), body: BODY })).toEqual({ status: 200, text: 'hello' });
    expect(commands).toEqual(['hello']);
  });

  test('a body larger than anyone can type is not read to its end', async () => {
    const { port, commands } = await listening();
    const body = `${BODY}&x=${'x'.repeat(2 * 1024 * 1024)}`;
    expect(await send(port, { headers: sign(body), body })).toMatchObject({ status: 413 });
    expect(commands).toEqual([]);
  });

  test.each([
    ['GET', '/slack/events'],
    ['GET', '/'],
    ['POST', '/slack/install'],
    ['PUT', '/slack/events'],
  ])('%s %s does not exist', async (method, path) => {
    const { port } = await listening();
    expect(await send(port, { method, path, headers: sign('') })).toEqual({ status: 404, text: '' });
  });

  test('nonsense does not end the process', async () => {
    const { port } = await listening();
    for (const path of ['//', '/%', 'http://[', '*']) {
      await send(port, { path, headers: sign(BODY), body: BODY }).catch(() => {});
    }
    await new Promise<void>((resolve) => {
      const half = connect(port, '127.0.0.1', () => {
        half.end('POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nhalf');
      });
      half
        .on('close', () => resolve())
        .on('error', () => resolve())
        .resume();
    });
    expect(await send(port, { headers: sign(BODY), body: BODY })).toMatchObject({ status: 200 });
  });

  test('nobody gets in by any other path than the one named', async () => {
    const { port } = await listening();
    const elsewhere = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.2', () => resolve('open'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('connect', () => socket.destroy());
    });
    expect(elsewhere).toBe('ECONNREFUSED');
  });

  test('a port that is taken is reported in a sentence', async () => {
    const { port } = await listening();
    const slack = await slackOn();
    const failure: unknown = await appFor(slack.apiUrl, { connection: httpSettings(port) })
      .start()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'CannotListen',
      advice: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken by another program`),
    });
  });

  test('connections kept open, used or not, do not hold up the stop', async () => {
    const { app, port } = await listening();
    const silent = connect(port, '127.0.0.1');
    const used = connect(port, '127.0.0.1');
    const headers = Object.entries({ ...sign(BODY), host: 'x', 'content-length': String(BODY.length) });
    used.write(
      `POST /slack/events HTTP/1.1\r\n${headers.map((each) => each.join(': ')).join('\r\n')}\r\n\r\n${BODY}`,
    );
    await Promise.all([
      new Promise((resolve) => silent.once('connect', resolve)),
      new Promise((resolve) => used.once('data', resolve)),
    ]);
    for (const socket of [silent, used]) socket.on('error', () => {});
    const began = Date.now();
    await app.stop();
    // A stop that waits takes five seconds.
    expect(Date.now() - began).toBeLessThan(4_500);
    silent.destroy();
    used.destroy();
  });
});
