import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { basicCredentials, oauthCredentials } from '../../src/bandwidth/credentials.js';
import { retryAtFrom } from '../../src/bandwidth/errors.js';
import { nock } from '../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aDisconnect,
  aPurchase,
  aSearch,
  errorOf,
  fixture,
  HOST,
  lost,
  NOW,
  ORDER_ID,
  phone,
  recordingLog,
  XML,
} from './support.js';

const search = aSearch({ criteria: { areaCode: '910' } });

describe('A person is told what is wrong', () => {
  test.each([
    [401, 'credentials', 'BW_CLIENT_SECRET'],
    [403, 'forbidden', 'Ordering'],
    [404, 'missing', 'BW_ACCOUNT_ID'],
    [405, 'refused', 'refused'],
    [408, 'broken', 'a few minutes'],
    [429, 'throttled', 'Wait'],
    [303, 'broken', 'BW_API_URL'],
    [500, 'broken', 'a few minutes'],
    [502, 'broken', 'a few minutes'],
  ])('when Bandwidth answers with an empty %d', async (status, trouble, word) => {
    nock(HOST).get(`${ACCOUNT}/availableNumbers`).query(true).reply(status);
    const error = await errorOf(aClient().bandwidth.search(search));
    expect(error.trouble).toBe(trouble);
    expect(error.advice).toContain(word);
  });

  test('when Bandwidth cannot be reached', async () => {
    nock(HOST)
      .get(`${ACCOUNT}/availableNumbers`)
      .query(true)
      .replyWithError(Object.assign(new Error('no'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    const error = await errorOf(aClient().bandwidth.search(search));
    expect(error).toMatchObject({
      trouble: 'unreachable',
      message: 'this search: no whole answer (ENOTFOUND)',
    });
  });

  test('when a kept connection turns out to be closed, only if a second attempt fails too', async () => {
    const closed = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    nock(HOST).get(`${ACCOUNT}/sites`).replyWithError(closed);
    nock(HOST).get(`${ACCOUNT}/sites`).reply(200, '<SitesResponse/>', XML);
    expect(await aClient().bandwidth.sites()).toEqual([]);
    nock(HOST).get(`${ACCOUNT}/sites`).twice().replyWithError(closed);
    expect((await errorOf(aClient().bandwidth.sites())).trouble).toBe('unreachable');
    expect(nock.isDone()).toBe(true);
  });
});

describe('The time to try again', () => {
  const date = new Date(NOW).toUTCString();
  const seconds = NOW / 1000;
  test.each([
    ['is X-RateLimit-Reset', { 'x-ratelimit-reset': String(seconds + 30), date }, 30_000],
    [
      'is counted from their clock',
      { 'x-ratelimit-reset': String(seconds + 630), date: new Date(NOW + 600_000).toUTCString() },
      30_000,
    ],
    ['is taken as it stands without a Date', { 'x-ratelimit-reset': String(seconds + 30) }, 30_000],
    ['may be a number of seconds', { 'x-ratelimit-reset': '12', date }, 12_000],
    ['is now when it has passed', { 'x-ratelimit-reset': String(seconds - 5), date }, 0],
    ['is X-RateLimit-Reset in milliseconds', { 'x-ratelimit-reset': String(NOW + 30_000), date }, 30_000],
    [
      'is X-RateLimit-Reset in microseconds',
      { 'x-ratelimit-reset': String((NOW + 30_000) * 1000), date },
      30_000,
    ],
    [
      'in milliseconds is counted from their clock',
      { 'x-ratelimit-reset': String(NOW + 630_000), date: new Date(NOW + 600_000).toUTCString() },
      30_000,
    ],
    ['in milliseconds is now when it has passed', { 'x-ratelimit-reset': String(NOW - 5000), date }, 0],
    ['may have a fraction', { 'x-ratelimit-reset': String(seconds + 30.5), date }, 30_500],
    [
      'is X-RateLimit-Reset as a date',
      { 'x-ratelimit-reset': new Date(NOW + 7000).toUTCString(), date },
      7000,
    ],
    [
      'is X-RateLimit-Reset as an ISO date',
      { 'x-ratelimit-reset': new Date(NOW + 7000).toISOString(), date },
      7000,
    ],
    [
      'is never more than a quarter of an hour ahead',
      { 'x-ratelimit-reset': String(seconds + 86_400), date },
      900_000,
    ],
    ['is never years ahead', { 'x-ratelimit-reset': '999999999', date }, 900_000],
    ['is Retry-After in milliseconds since 1970', { 'retry-after': String(NOW + 9000), date }, 9000],
    [
      'is Retry-After when the other has passed',
      { 'x-ratelimit-reset': String(seconds - 5), 'retry-after': '20', date },
      20_000,
    ],
    [
      'is counted from our clock when their Date is nonsense',
      { 'x-ratelimit-reset': String(seconds + 30), date: '0' },
      30_000,
    ],
    ['is Retry-After in seconds', { 'retry-after': '120', date }, 120_000],
    ['is Retry-After as a date', { 'retry-after': new Date(NOW + 7000).toUTCString(), date }, 7000],
    [
      'is Retry-After when the other makes no sense',
      { 'x-ratelimit-reset': 'later', 'retry-after': '3' },
      3000,
    ],
  ])('%s', (_what, headers, wait) => {
    expect(retryAtFrom(headers, NOW)).toBe(NOW + wait);
  });

  test.each([
    [{}],
    [{ 'x-ratelimit-reset': '' }],
    [{ 'retry-after': 'soon' }],
    [{ 'retry-after': 'in 5' }],
    [{ 'x-ratelimit-reset': '-5' }],
    [{ 'x-ratelimit-reset': '1e9' }],
    [{ 'x-ratelimit-reset': '0x10' }],
    [{ 'x-ratelimit-reset': 'NaN', 'retry-after': 'Infinity' }],
  ])('is not known from %j', (headers) => {
    expect(retryAtFrom(headers, NOW)).toBeUndefined();
  });

  test('reaches everyone who waits for it', async () => {
    nock(HOST)
      .get(`${ACCOUNT}/sites`)
      .reply(429, '', { 'X-RateLimit-Reset': String(seconds + 30) });
    expect((await errorOf(aClient().bandwidth.sites())).retryAt).toBe(NOW + 30_000);
  });
});

describe('Over a real connection', () => {
  const open = new Set<Socket>();
  let server: Server;
  let listener: RequestListener;
  let requests: string[];

  beforeEach(async () => {
    nock.restore();
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      listener(request, response);
    });
    server.on('connection', (socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    nock.activate();
  });

  const client = (timeouts = { silence: 300, whole: 600 }) => {
    const { port } = server.address() as AddressInfo;
    return aClient({ apiUrl: `http://127.0.0.1:${port}/api/`, timeouts, now: Date.now }).bandwidth;
  };

  test('a body that never ends is abandoned at the deadline', async () => {
    listener = (_request, response) => {
      response.writeHead(200, XML);
      const drip = setInterval(() => response.write('<!-- wait -->'), 50);
      response.on('close', () => clearInterval(drip));
    };
    const bandwidth = client();
    // The body alone would go on forever.
    expect(await errorOf(bandwidth.sites())).toMatchObject({
      trouble: 'unreachable',
      message: expect.stringContaining('DEADLINE'),
    });
    bandwidth.close();
  });

  test('an order whose answer arrives byte by byte may exist', async () => {
    listener = (_request, response) => {
      response.writeHead(201, XML);
      const drip = setInterval(() => response.write('<!-- wait -->'), 50);
      response.on('close', () => clearInterval(drip));
    };
    const bandwidth = client();
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
    expect(requests).toEqual([`POST ${ACCOUNT}/orders`]);
    bandwidth.close();
  });

  test('an order that gets no answer may exist', async () => {
    listener = () => {};
    const bandwidth = client();
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
    expect(requests).toHaveLength(1);
    bandwidth.close();
  });

  test('an order whose connection is cut may exist, and is not sent again', async () => {
    listener = (request) => request.socket.destroy();
    const bandwidth = client();
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
    expect(requests).toHaveLength(1);
    bandwidth.close();
  });

  test('an order answered with half a document may exist', async () => {
    listener = (_request, response) => {
      response.writeHead(201, { ...XML, 'Content-Length': '5000' });
      response.write('<OrderResponse><Order>', () => response.destroy());
    };
    const bandwidth = client();
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
    bandwidth.close();
  });

  test('an order sent to a closed port was not accepted', async () => {
    const bandwidth = client();
    await new Promise((resolve) => server.close(resolve));
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'not-taken' });
    bandwidth.close();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  test('an order whose time is over before the access token has arrived was not sent', async () => {
    const { port } = server.address() as AddressInfo;
    const bandwidth = aClient({
      apiUrl: `http://127.0.0.1:${port}/api/`,
      placeWithinMs: 1,
      credentials: {
        // Its timer starts after the order's, with a longer time, so it ends after it.
        authorization: () =>
          new Promise((resolve) => {
            AbortSignal.timeout(20).addEventListener('abort', () => resolve('Bearer late'));
          }),
        renew: async () => false,
        whyRefused: () => undefined,
      },
    }).bandwidth;
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'not-taken' });
    expect(requests).toEqual([]);
    bandwidth.close();
  });

  test('lookups share a connection, and each order has its own', async () => {
    const sockets: Socket[] = [];
    listener = (request, response) => {
      sockets.push(request.socket);
      response.writeHead(200, XML).end(request.method === 'POST' ? fixture('taken.xml') : '<SitesResponse/>');
    };
    const bandwidth = client();
    await bandwidth.sites();
    await bandwidth.sites();
    await bandwidth.place(ORDER_ID, aPurchase());
    await bandwidth.sites();
    expect(sockets.map((socket) => sockets.indexOf(socket))).toEqual([0, 0, 2, 0]);
    bandwidth.close();
  });

  test('a body that is far too large is not read to the end', async () => {
    listener = (_request, response) => {
      response.writeHead(200, XML);
      const block = Buffer.alloc(1024 * 1024, ' ');
      const pour = () => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', pour);
      pour();
    };
    const bandwidth = client({ silence: 5000, whole: 20_000 });
    expect(await errorOf(bandwidth.sites())).toMatchObject({
      message: expect.stringContaining('ERR_BAD_RESPONSE'),
    });
    bandwidth.close();
  });
});

describe('No secret leaves', () => {
  const password = 'pässwörd-4711';
  const secret = 'client-secret-4711';
  const token = 'bearer-token-4711';
  const hidden = [
    password,
    secret,
    token,
    Buffer.from(`jane:${password}`).toString('base64'),
    Buffer.from(`CLI-1:${secret}`).toString('base64'),
  ];
  const log = recordingLog();
  const kinds = {
    'a password': () => basicCredentials({ username: 'jane', password }, { clock: { now: () => NOW } }),
    'a client secret': () =>
      oauthCredentials({
        tokenUrl: 'https://api.bandwidth.com/token',
        clientId: 'CLI-1',
        clientSecret: secret,
        clock: { now: () => NOW },
        log,
      }),
  };
  const reset = Object.assign(new Error(`refused ${password} ${token}`), { code: 'ECONNRESET' });
  const odd = Object.assign(new Error(token), { code: `not a code: ${token}` });

  const accidents: readonly (readonly [string, () => void, () => void])[] = [
    ...[200, 302, 400, 401, 403, 404, 429, 500].map(
      (status) =>
        [
          `HTTP ${status}`,
          () => nock(HOST).persist().get(/.*/).reply(status, '<html>'),
          () => nock(HOST).persist().post(/.*/).reply(status, '<html>'),
        ] as const,
    ),
    [
      'a cut connection',
      () => nock(HOST).persist().get(/.*/).replyWithError(reset),
      () => nock(HOST).persist().post(/.*/).replyWithError(reset),
    ],
    [
      'an odd failure',
      () => nock(HOST).persist().get(/.*/).replyWithError(odd),
      () => nock(HOST).persist().post(/.*/).replyWithError(odd),
    ],
  ];

  describe.each(Object.entries(kinds))('when %s is in use', (kind, credentials) => {
    test.each(accidents)('in errors, answers and log lines of %s', async (_what, gets, posts) => {
      nock('https://api.bandwidth.com')
        .persist()
        .post('/token')
        .optionally(kind === 'a password')
        .reply(200, { access_token: token, expires_in: 3600 });
      gets();
      posts();
      const { bandwidth, log: clientLog } = aClient({ credentials: credentials() });
      const told = [
        await errorOf(bandwidth.search(search)),
        await errorOf(bandwidth.find(lost(aPurchase()))),
        await errorOf(bandwidth.find(lost(aDisconnect()))),
        await errorOf(bandwidth.report('purchase', 'x')),
        await errorOf(bandwidth.report('disconnect', 'x')),
        await bandwidth.lookUpNumbers([phone('9105550123')]).catch((error: unknown) => error),
        await errorOf(bandwidth.sites()),
        await errorOf(bandwidth.locations('461')),
        await bandwidth.place(ORDER_ID, aPurchase()),
        await bandwidth.place(ORDER_ID, aDisconnect()),
        clientLog.lines,
        log.lines,
      ];
      const everything = told
        .map((each) => inspect(each, { depth: 20, showHidden: true }) + JSON.stringify(each))
        .join('\n');
      expect(hidden.filter((text) => everything.includes(text))).toEqual([]);
    });
  });

  test.each([
    [401, '{"error":"invalid_client"}'],
    [400, `{"error":"${secret}"}`],
    [200, `{"access_token":"${token} ${secret}"}`],
    [200, `not json ${secret}`],
    [500, ''],
  ])('in the error of a token that could not be fetched (HTTP %d)', async (status, body) => {
    nock('https://api.bandwidth.com').post('/token').reply(status, body);
    const error = await errorOf(kinds['a client secret']().authorization());
    const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    expect(hidden.filter((text) => everything.includes(text))).toEqual([]);
  });
});
