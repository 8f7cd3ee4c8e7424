import { describe, expect, test } from '@jest/globals';
import { basicCredentials, oauthCredentials } from '../../src/bandwidth/credentials.js';
import { CarrierError } from '../../src/orders/ports/carrier.js';
import { nock } from '../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aPurchase,
  CARRIER_ORDER_ID,
  errorOf,
  fixture,
  HOST,
  NOW,
  ORDER_ID,
  recordingLog,
  XML,
} from './support.js';

const API = 'https://api.bandwidth.com';
const TOKEN = '/api/v1/oauth2/token';

function someCredentials(now = () => NOW) {
  return oauthCredentials({
    tokenUrl: API + TOKEN,
    clientId: 'CLI-1234',
    clientSecret: 'a+b/c=d',
    clock: { now },
    log: recordingLog(),
  });
}

/** Hands out token-1, token-2, … and counts them. */
function tokenEndpoint(life: object = { expires_in: 3600 }) {
  const given = { count: 0 };
  nock(API)
    .persist()
    .post(TOKEN)
    .reply(() => {
      given.count += 1;
      return [200, { access_token: `token-${given.count}`, token_type: 'Bearer', ...life }];
    });
  return given;
}

describe('The app authenticates with Bandwidth', () => {
  test('with a user name and a password, as in the guide', async () => {
    const scope = nock(HOST, { reqheaders: { authorization: 'Basic amFuZTpzZXNhbWU=' } })
      .get(`${ACCOUNT}/sites`)
      .reply(200, '<SitesResponse/>', XML);
    const credentials = basicCredentials(
      { username: 'jane', password: 'sesame' },
      { clock: { now: () => NOW } },
    );
    await aClient({ credentials }).bandwidth.sites();
    expect(scope.isDone()).toBe(true);
  });

  test('with a token for its client id and secret', async () => {
    nock(API, {
      reqheaders: {
        authorization: `Basic ${Buffer.from('CLI-1234:a+b/c=d').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
      .post(TOKEN, 'grant_type=client_credentials')
      .reply(200, { access_token: 'eyJ.abc-_~+/=', token_type: 'Bearer', expires_in: 3600 });
    expect(await someCredentials().authorization()).toBe('Bearer eyJ.abc-_~+/=');
  });

  test('with the same token until a minute before it expires', async () => {
    const given = tokenEndpoint();
    let now = NOW;
    const credentials = someCredentials(() => now);
    expect(await credentials.authorization()).toBe('Bearer token-1');
    now = NOW + 3_539_999;
    expect(await credentials.authorization()).toBe('Bearer token-1');
    now = NOW + 3_540_000;
    expect(await credentials.authorization()).toBe('Bearer token-2');
    expect(given.count).toBe(2);
  });

  test.each([
    ['lives one minute', { expires_in: 60 }, 30_000],
    ['is given its life as text', { expires_in: '600' }, 540_000],
    ['does not say how long it lives', {}, 240_000],
    ['says something odd about its life', { expires_in: 'soon' }, 240_000],
  ])('with a token that %s for a sensible time', async (_how, life, milliseconds) => {
    tokenEndpoint(life);
    let now = NOW;
    const credentials = someCredentials(() => now);
    await credentials.authorization();
    now = NOW + milliseconds - 1;
    expect(await credentials.authorization()).toBe('Bearer token-1');
    now = NOW + milliseconds;
    expect(await credentials.authorization()).toBe('Bearer token-2');
  });

  test('with one token for ten calls that begin together', async () => {
    const given = tokenEndpoint();
    const credentials = someCredentials();
    const all = await Promise.all(Array.from({ length: 10 }, () => credentials.authorization()));
    expect(new Set(all)).toEqual(new Set(['Bearer token-1']));
    expect(given.count).toBe(1);
  });

  test('again after a failure, which is not cached', async () => {
    const credentials = someCredentials();
    nock(API).post(TOKEN).reply(503);
    await errorOf(credentials.authorization());
    tokenEndpoint();
    expect(await credentials.authorization()).toBe('Bearer token-1');
  });
});

describe('After a 401 to a user name and a password', () => {
  const refusedOn = (day: string) => {
    const clock = { now: () => Date.parse(day) };
    return aClient({ credentials: basicCredentials({ username: 'jane', password: 'sesame' }, { clock }) });
  };

  test.each([
    [
      '2026-12-01T23:00:00Z',
      'An admin should check BW_USERNAME and BW_PASSWORD. Bandwidth ends HTTP Basic on',
    ],
    [
      '2026-12-02T00:00:00Z',
      'It announced the end of HTTP Basic for December 2, 2026. An admin should create',
    ],
  ])('on %s people are told of the end of HTTP Basic', async (day, words) => {
    nock(HOST).get(`${ACCOUNT}/sites`).reply(401);
    const error = await errorOf(refusedOn(day).bandwidth.sites());
    expect(error).toMatchObject({ trouble: 'credentials', advice: expect.stringContaining(words) });
    expect(error.advice).toContain('BW_CLIENT_ID and BW_CLIENT_SECRET');
  });

  test('an order is refused with the same message, and a purchase is never sent again', async () => {
    const orders = nock(HOST).post(`${ACCOUNT}/orders`).reply(401);
    const placed = await refusedOn('2026-12-03').bandwidth.place(ORDER_ID, aPurchase());
    expect(placed).toMatchObject({ outcome: 'refused', advice: expect.stringContaining('December 2, 2026') });
    expect(orders.isDone()).toBe(true);
  });

  test('a 403 is about roles, as ever', async () => {
    nock(HOST).get(`${ACCOUNT}/sites`).reply(403);
    const error = await errorOf(refusedOn('2026-12-03').bandwidth.sites());
    expect(error.advice).toContain('roles Ordering and Numbers');
  });
});

describe('After a 401', () => {
  const sitesFor = (authorization: string) =>
    nock(HOST, { reqheaders: { authorization } }).get(`${ACCOUNT}/sites`);

  test('a lookup is repeated once with a new token', async () => {
    const given = tokenEndpoint();
    sitesFor('Bearer token-1').reply(401);
    sitesFor('Bearer token-2').reply(200, '<SitesResponse/>', XML);
    expect(await aClient({ credentials: someCredentials() }).bandwidth.sites()).toEqual([]);
    expect(given.count).toBe(2);
  });

  test('an order is sent once more with a new token: the first request was not processed', async () => {
    tokenEndpoint();
    const order = (token: string) =>
      nock(HOST, { reqheaders: { authorization: token } }).post(`${ACCOUNT}/orders`);
    order('Bearer token-1').reply(401);
    order('Bearer token-2').reply(201, fixture('taken.xml'), XML);
    const { bandwidth } = aClient({ credentials: someCredentials() });
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toEqual({
      outcome: 'taken',
      carrierOrderId: CARRIER_ORDER_ID,
    });
  });

  test('and another, the person is told which settings to check', async () => {
    const given = tokenEndpoint();
    let calls = 0;
    nock(HOST)
      .persist()
      .get(`${ACCOUNT}/sites`)
      .reply(() => {
        calls += 1;
        return [401];
      });
    const error = await errorOf(aClient({ credentials: someCredentials() }).bandwidth.sites());
    expect(error.trouble).toBe('credentials');
    expect(error.advice).toContain('BW_CLIENT_ID and BW_CLIENT_SECRET');
    expect([calls, given.count]).toEqual([2, 2]);
  });

  test('with a password nothing is repeated', async () => {
    nock(HOST).get(`${ACCOUNT}/sites`).once().reply(401);
    expect((await errorOf(aClient().bandwidth.sites())).trouble).toBe('credentials');
  });

  test('to many calls at once, one new token serves them all', async () => {
    const given = tokenEndpoint();
    sitesFor('Bearer token-1').times(5).reply(401);
    sitesFor('Bearer token-2').times(5).reply(200, '<SitesResponse/>', XML);
    const { bandwidth } = aClient({ credentials: someCredentials() });
    await Promise.all(Array.from({ length: 5 }, () => bandwidth.sites()));
    expect(given.count).toBe(2);
  });

  test('to a call that notices late, the token that another call fetched is used', async () => {
    const given = tokenEndpoint();
    const credentials = someCredentials();
    const stale = await credentials.authorization();
    expect(await credentials.renew(stale)).toBe(true);
    expect(await credentials.renew(stale)).toBe(true);
    expect(await credentials.authorization()).toBe('Bearer token-2');
    expect(given.count).toBe(2);
  });
});

describe('When no token can be fetched', () => {
  test.each([
    ['an OAuth error', 401, '{"error":"invalid_client"}', 'credentials'],
    ['an OAuth error for a bad request', 400, '{"error":"invalid_grant"}', 'credentials'],
    ['an empty 401', 401, '', 'credentials'],
    ['a web page', 403, '<html>no</html>', 'credentials'],
    ['a page that pretends all is well', 200, '<html>Welcome to the hotel</html>', 'unreachable'],
    ['a token that no header can carry', 200, '{"access_token":"a\\r\\nX-Evil: 1"}', 'unreachable'],
    ['no token', 200, '{"token_type":"Bearer"}', 'unreachable'],
    ['a fault', 500, '{"error":"server_error"}', 'unreachable'],
    ['a redirect', 302, '', 'unreachable'],
    ['a rate limit', 429, '', 'throttled'],
  ])('because of %s (HTTP %d), people are told what can be done', async (_why, status, body, trouble) => {
    nock(API).post(TOKEN).reply(status, body);
    const error = await errorOf(someCredentials().authorization());
    expect(error.trouble).toBe(trouble);
    if (trouble !== 'throttled') {
      expect(error.advice).toContain('BW_CLIENT_ID');
      expect(error.advice).toContain('BW_CLIENT_SECRET');
    }
  });

  test.each([
    [
      '{"error":"invalid_client","error_description":"The secret has expired"}',
      '“The secret has expired” (invalid_client)',
    ],
    ['{"type":"unauthorized","description":"Client is locked"}', '“Client is locked” (unauthorized)'],
    ['<html><head><title>Blocked</title></head></html>', '“Blocked”'],
  ])('because of %s, people are told what Bandwidth says', async (body, words) => {
    nock(API).post(TOKEN).reply(401, body);
    const { advice } = await errorOf(someCredentials().authorization());
    expect(advice).toContain(`Bandwidth says: ${words}`);
  });

  test('because the endpoint cannot be reached, people are told so', async () => {
    nock(API)
      .post(TOKEN)
      .replyWithError(Object.assign(new Error('no'), { code: 'ECONNRESET' }));
    const error = await errorOf(someCredentials().authorization());
    expect(error).toBeInstanceOf(CarrierError);
    expect(error.trouble).toBe('unreachable');
  });

  test.each([
    ['the endpoint is down', 503, 'not-taken'],
    ['the endpoint is busy', 429, 'not-taken'],
    ['the secret is wrong', 401, 'refused'],
  ])('and %s, an order has certainly not been sent', async (_why, status, outcome) => {
    nock(API).post(TOKEN).reply(status);
    const { bandwidth } = aClient({ credentials: someCredentials() });
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome });
  });

  test('after a 401, an order has certainly not been accepted', async () => {
    nock(API).post(TOKEN).reply(200, { access_token: 'token-1', expires_in: 3600 });
    nock(API)
      .post(TOKEN)
      .replyWithError(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    nock(HOST).post(`${ACCOUNT}/orders`).reply(401);
    const { bandwidth } = aClient({ credentials: someCredentials() });
    expect(await bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'not-taken' });
  });
});
