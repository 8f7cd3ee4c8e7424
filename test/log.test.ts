import { describe, expect, test } from '@jest/globals';
import type { LogLevel as SlackLogLevel } from '@slack/bolt';
import axios from 'axios';
import type { LogLevel } from '../src/config/setting-checks.js';
import { makeLog } from '../src/log.js';
import { CarrierError } from '../src/orders/ports/carrier.js';
import { StoreError } from '../src/orders/ports/store-errors.js';
import { boltLogger } from '../src/slack/connection/bolt-logger.js';
import { cpuTimeOf } from './support/cpu-time.js';
import { nock } from './support/nock.js';

/** A log, and what it has written so far: as text, and line by line as data. */
function written(level: LogLevel = 'debug', secrets: readonly string[] = []) {
  let text = '';
  const destination = {
    write: (line: string) => {
      text += line;
    },
  };
  return {
    log: makeLog({ level, secrets, destination }),
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('a line of the log', () => {
  test('is JSON with its time, level, facts and sentence', () => {
    const { log, lines } = written();
    log.info({ orderId: 'o1', numbers: ['+19102414365'], at: new Date(0), none: undefined }, 'Order placed.');
    expect(lines()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        orderId: 'o1',
        numbers: ['+19102414365'],
        at: '1970-01-01T00:00:00.000Z',
        msg: 'Order placed.',
      },
    ]);
  });

  test('below the level is not written', () => {
    const { log, lines } = written('warn');
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(lines().map(({ msg }) => msg)).toEqual(['c', 'd']);
  });

  test('shows the class, message and code of an error, and of all its causes', () => {
    const { log, lines } = written();
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const carrier = new CarrierError('unreachable', 'no answer', { advice: 'Try again.', cause: reset });
    log.error({ err: new StoreError('could not follow', { cause: carrier }) }, 'Failed.');
    expect(lines()[0]?.err).toMatchObject({
      class: 'StoreError',
      message: 'could not follow',
      stack: expect.stringContaining('log.test.ts'),
      cause: {
        class: 'CarrierError',
        message: 'no answer',
        trouble: 'unreachable',
        cause: { class: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' },
      },
    });
  });

  test('shows why each of several attempts failed', () => {
    const { log, lines } = written();
    const attempts = ['::1', '127.0.0.1'].map((at) => new Error(`connect ECONNREFUSED ${at}`));
    log.error({ err: new AggregateError(attempts) }, 'Failed.');
    expect(lines()[0]?.err).toMatchObject({
      class: 'AggregateError',
      errors: [{ message: 'connect ECONNREFUSED ::1' }, { message: 'connect ECONNREFUSED 127.0.0.1' }],
    });
  });

  test('is written no matter what the facts are', () => {
    const { log, lines } = written();
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    circle.many = Array.from({ length: 1_000 }, () => circle);
    const trap = {
      get broken(): string {
        throw new Error('never ask');
      },
    };
    const loop = new Error('loop');
    loop.cause = loop;
    for (const facts of [
      circle,
      trap,
      { loop },
      { big: 10n, fn: () => 1, no: null, bad: new Date('x') },
      new Error('bare'),
    ]) {
      log.info(facts, 'Still here.');
    }
    expect(lines().map(({ msg }) => String(msg).slice(0, 11))).toEqual(Array(5).fill('Still here.'));
    expect(lines()[3]).toMatchObject({ big: '10', no: null, bad: 'no date' });
    expect(lines()[4]).toMatchObject({ err: { message: 'bare' } });
  });

  test('is never so long that it hides the others, nor slow to write', async () => {
    const { log, text } = written();
    const spent = await cpuTimeOf(() => {
      for (const unit of ['a', 'a.', 'token', '"', '<Token>', 'Basic ', '\\', 'eyJ']) {
        log.info({ unit: unit.repeat(1_000_000) }, unit.repeat(1_000_000));
      }
    });
    // A pattern that backtracks over a million characters would take hours.
    expect(spent).toBeLessThan(10_000);
    expect(text().length).toBeLessThan(8 * 4 * 8_100);
  });
});

describe('secrets in the log', () => {
  const BOT = 'xoxb-111111111111-222222222222-AbCdEfGhIjKlMnOpQrStUvWx';
  const APP = 'xapp-1-A0123456789-3333333333333-0123456789abcdef0123456789abcdef';
  const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLWhlcmU';
  const PASSWORD = 'corréct "horse" & battery/staple';
  const CLIENT_SECRET = 'Zm9vYmFyMTIzNDU2Nzg5MA';
  const forms = [
    BOT,
    APP,
    JWT,
    PASSWORD,
    CLIENT_SECRET,
    encodeURIComponent(PASSWORD),
    JSON.stringify(PASSWORD).slice(1, -1),
    Buffer.from(`admin:${PASSWORD}`).toString('base64'),
    'hunter2hunter2',
  ];
  const secrets = [BOT, APP, PASSWORD, CLIENT_SECRET, `admin:${PASSWORD}`];

  const leaks = (text: string) =>
    // As it is, and as JSON writes it.
    forms.filter((form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1)));

  test('are hidden in an error of the HTTP library', async () => {
    nock('https://api.bandwidth.example')
      .post('/token')
      .reply(401, { error: `bad ${CLIENT_SECRET}` });
    const failure: unknown = await axios
      .post(
        'https://api.bandwidth.example/token',
        `grant_type=client_credentials&client_secret=${CLIENT_SECRET}`,
        {
          auth: { username: 'admin', password: PASSWORD },
          headers: { 'X-Api-Key': 'hunter2hunter2', Cookie: 'sid=hunter2hunter2' },
        },
      )
      .catch((error: unknown) => error);
    const { message } = failure as Error;
    // Without the known values too: what is not written needs no hiding.
    for (const known of [secrets, []]) {
      const { log, text, lines } = written('debug', known);
      log.error({ err: failure }, 'Failed.');
      log.error({ deep: { er: [{ failure }] } }, 'Failed.');
      log.error(failure as object, 'Failed.');
      log.error({ err: new StoreError('no', { cause: failure }) }, 'Failed.');
      log.error({ err: (failure as { toJSON(): object }).toJSON() }, 'Failed.');
      log.error({ config: (failure as { config: object }).config }, 'Failed.');
      log.error(
        { err: Object.assign(new Error('x'), { config: { auth: PASSWORD }, request: {}, response: {} }) },
        'Failed.',
      );
      expect(lines()).toHaveLength(7);
      expect(leaks(text())).toEqual([]);
      expect(lines()[0]?.err).toMatchObject({ class: 'AxiosError', message, code: 'ERR_BAD_REQUEST' });
      expect(text()).not.toMatch(/"(?:request|response)":/);
      expect(text().match(/"config":/g)).toHaveLength(1);
    }
  });

  test('are hidden under any key that sounds like one, at any depth', () => {
    const { log, text, lines } = written();
    const secret = { value: 'hunter2hunter2' };
    log.info(
      {
        token: 'hunter2hunter2',
        password: secret,
        options: [{ headers: { Authorization: 'hunter2hunter2', 'x-api-key': 'hunter2hunter2' } }],
        client_secret: 'hunter2hunter2',
        env: {
          BW_CLIENT_SECRET: 'hunter2hunter2',
          botToken: 'hunter2hunter2',
          signingSecret: 'hunter2hunter2',
        },
        cookies: ['hunter2hunter2'],
        map: new Map([['accessToken', 'hunter2hunter2']]),
        set: new Set([{ auth: 'hunter2hunter2' }]),
        orderId: 'o1',
      },
      'Facts.',
    );
    expect(leaks(text())).toEqual([]);
    expect(lines()[0]).toMatchObject({ orderId: 'o1', token: '[hidden]', password: '[hidden]' });
  });

  test.each([
    ['a sentence', `the token is ${BOT}, the other ${APP}.`],
    ['a header', `Authorization: Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`],
    ['a header of the token kind', `sent Bearer ${JWT} to them`],
    ['a URL', 'GET https://admin:hunter2hunter2@api.example/x failed'],
    ['a form', 'grant_type=x&client_secret=hunter2hunter2&scope=y'],
    ['JSON', '{"access_token":"hunter2hunter2","password" : "hunter2hunter2"}'],
    ['JSON within JSON', JSON.stringify(JSON.stringify({ password: 'a "quoted" hunter2hunter2' }))],
    ['an inspected object', "{ password: 'hunter2hunter2', token: 'it is hunter2hunter2' }"],
    ['XML', '<User><Password>hunter2hunter2</Password></User>'],
    ['a WebSocket address', 'wss://slack.example/link/?ticket=hunter2hunter2&app_id=1'],
    ['a response_url', 'https://hooks.slack.com/actions/T1/2/hunter2hunter2'],
    ['a refresh token', 'xoxe.xoxp-1-hunter2hunter2'],
    ['nothing but itself', `wrong: ${PASSWORD}`],
    ['a query', `?p=${encodeURIComponent(PASSWORD)}`],
    ['a quoted text', JSON.stringify({ x: PASSWORD })],
  ])('are hidden in %s, in every spelling', (_, awkward) => {
    const { log, text, lines } = written('debug', secrets);
    log.info({}, awkward);
    log.info({ deep: [{ fact: awkward, [awkward]: 1 }] }, '');
    log.info({ err: new Error(awkward, { cause: new TypeError(awkward) }) }, '');
    log.info({ err: Object.assign(new Error('x'), { code: awkward }) }, '');
    log.info({ fact: 'x'.repeat(7_990) + awkward }, '');
    boltLogger(log).error(awkward, new Error(awkward), { awkward });
    expect(lines()).toHaveLength(6);
    expect(leaks(text())).toEqual([]);
  });

  test('are hidden without making prose unreadable', () => {
    const { log, lines } = written('debug', ['', 'a', 'short']);
    const sentence =
      'The page "Basic Information" has a token: those begin with xoxb- and are short. Bearer tokens: none, https://a.example/@x.';
    log.info({}, sentence);
    expect(lines()[0]?.msg).toBe(sentence);
  });
});

describe("Bolt's logger", () => {
  const payload = { type: 'block_actions', user: { name: 'ada' }, actions: [{ value: 'hunter2hunter2' }] };

  test('passes on sentences and errors, at the level set', () => {
    const { log, lines } = written();
    const logger = boltLogger(log);
    logger.setName('socket-mode');
    logger.debug('not yet');
    logger.warn('The', 'socket closed.', new Error('closed'));
    expect(logger.getLevel()).toBe('info');
    logger.setLevel('debug' as SlackLogLevel);
    expect(logger.getLevel()).toBe('debug');
    logger.debug('now');
    logger.setLevel('error' as SlackLogLevel);
    logger.warn('no more');
    logger.error(new Error('alone'));
    expect(lines()).toMatchObject([
      { level: 40, from: 'bolt socket-mode', msg: 'The socket closed.', err: { message: 'closed' } },
      { level: 20, msg: 'now' },
      { level: 50, msg: 'bolt error', err: { message: 'alone' } },
    ]);
  });

  test('says why a request was refused: nothing else shows a wrong signing secret or a wrong clock', () => {
    const { log, lines } = written();
    const why =
      'Failed to parse and verify the request data: Failed to verify authenticity: signature mismatch';
    boltLogger(log).warn(why);
    boltLogger(log).warn('Failed to parse and verify the request data: hunter2hunter2');
    expect(lines()).toMatchObject([{ msg: why }, { msg: 'Failed to parse and verify the request …' }]);
  });

  test('never passes on what people sent, in objects or in the middle of a sentence', () => {
    const { log, text, lines } = written();
    const logger = boltLogger(log);
    logger.setLevel('debug' as SlackLogLevel);
    logger.debug(payload);
    logger.debug(JSON.stringify(payload));
    logger.debug(`Received a message on the WebSocket: ${JSON.stringify(payload)}`);
    logger.debug(`ack() call begins (body: you chose hunter2hunter2)`);
    logger.debug('http request body:', JSON.stringify([payload]), payload);
    logger.debug('Answer: <html>hunter2hunter2</html>');
    expect(lines()).toHaveLength(6);
    expect(text()).not.toMatch(/hunter2hunter2|ada|block_actions/);
    expect(lines()[2]?.msg).toBe('Received a message on the WebSocket: …');
  });
});
