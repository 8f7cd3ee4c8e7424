import { createConnection } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { startLocalBandwidth } from '../../../sandbox/local-bandwidth/local-bandwidth.js';
import { until } from '../../support/until.js';
import { areaCode, site, startClient, stopAll, values } from './client.js';

afterEach(stopAll);

const basic = (name: string, password: string) => `Basic ${btoa(`${name}:${password}`)}`;

describe('a token', () => {
  const ask = (tokenUrl: string, authorization: string, form = 'grant_type=client_credentials') =>
    fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    });

  test('is issued for the client id and secret, and gives access to the API until it expires', async () => {
    let now = Date.now();
    const { bandwidth } = await startClient({ tokenLifetimeSeconds: 60, now: () => now });
    const reply = await ask(bandwidth.tokenUrl, basic(bandwidth.clientId, bandwidth.clientSecret));
    const token = (await reply.json()) as { access_token: string; token_type: string; expires_in: number };
    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const status = async () =>
      (
        await fetch(`${bandwidth.apiUrl}/accounts/${bandwidth.accountId}/sites`, {
          headers: { authorization: `Bearer ${token.access_token}` },
        })
      ).status;
    expect(await status()).toBe(200);
    now += 60_000;
    expect(await status()).toBe(401);
  });

  test('says which account and roles it is for, where Bandwidth’s own clients read them', async () => {
    const { bandwidth } = await startClient();
    const reply = await ask(bandwidth.tokenUrl, basic(bandwidth.clientId, bandwidth.clientSecret));
    const { access_token } = (await reply.json()) as { access_token: string };
    const [, claims = ''] = access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: bandwidth.clientId,
      accounts: [bandwidth.accountId],
      roles: expect.arrayContaining(['Numbers', 'Ordering']),
    });
  });

  test('can be revoked, and its lifetime changed', async () => {
    const { bandwidth } = await startClient();
    const right = basic(bandwidth.clientId, bandwidth.clientSecret);
    const first = (await (await ask(bandwidth.tokenUrl, right)).json()) as { access_token: string };
    bandwidth.revokeTokens();
    bandwidth.setTokenLifetime(5);
    const second = (await (await ask(bandwidth.tokenUrl, right)).json()) as {
      access_token: string;
      expires_in: number;
    };
    expect(second.expires_in).toBe(5);
    const statuses = await Promise.all(
      [first, second].map(
        async ({ access_token }) =>
          (
            await fetch(`${bandwidth.apiUrl}/tns/9102414365`, {
              headers: { authorization: `Bearer ${access_token}` },
            })
          ).status,
      ),
    );
    expect(statuses).toEqual([401, 200]);
  });

  test('is not issued for a wrong secret (401, empty) or another grant', async () => {
    const { bandwidth } = await startClient();
    const wrong = await ask(bandwidth.tokenUrl, basic(bandwidth.clientId, 'guess'));
    expect([wrong.status, await wrong.text()]).toEqual([401, '']);
    const right = basic(bandwidth.clientId, bandwidth.clientSecret);
    expect((await ask(bandwidth.tokenUrl, right, 'grant_type=password')).status).toBe(400);
    expect((await fetch(bandwidth.tokenUrl)).status).toBe(405);
  });
});

describe('who has access', () => {
  test('a name and password; anything else is 401 with an empty body', async () => {
    const { bandwidth } = await startClient();
    const url = `${bandwidth.apiUrl}/accounts/${bandwidth.accountId}/sites`;
    const status = async (headers: Record<string, string>) => {
      const reply = await fetch(url, { headers });
      return [reply.status, (await reply.text()) === ''];
    };
    expect(await status({ authorization: basic('local-user', 'local-password') })).toEqual([200, false]);
    expect(await status({ authorization: basic('local-user', 'guess') })).toEqual([401, true]);
    expect(await status({ authorization: basic(bandwidth.clientId, bandwidth.clientSecret) })).toEqual([
      401,
      true,
    ]);
    expect(await status({ authorization: 'Bearer guess' })).toEqual([401, true]);
    expect(await status({})).toEqual([401, true]);
  });

  test('someone else’s account is 403 with an empty body; unknown paths are 404, wrong methods 405', async () => {
    const { get, send } = await startClient();
    expect(await get('/accounts/1/sites')).toMatchObject({ status: 403, body: '' });
    expect((await get('nothing')).status).toBe(404);
    expect((await send('DELETE', 'orders')).status).toBe(405);
    expect((await get('/v1/accounts/9900123/sites')).status).toBe(200);
  });

  test('every request is on record, without credentials', async () => {
    const { bandwidth, order } = await startClient();
    const { id } = await order(`${areaCode('910', 1)}${site}`);
    await fetch(bandwidth.tokenUrl, {
      method: 'POST',
      body: 'grant_type=client_credentials&client_secret=hush',
    });
    expect(id).not.toBe('');
    expect(bandwidth.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/accounts/9900123/orders',
      query: '',
      body: `<Order>${areaCode('910', 1)}${site}</Order>`,
      status: 201,
    });
    expect(JSON.stringify(bandwidth.requests)).not.toMatch(/hush|authorization|local-password/i);
  });
});

describe('the rate limit', () => {
  test('is counted by groups of calls, and an empty 429 says when to try again', async () => {
    const now = Date.now();
    const { bandwidth, get } = await startClient({ now: () => now });
    bandwidth.limitRate({ perMinute: 2 });
    const search = () => get('availableNumbers?areaCode=910&quantity=1');
    expect([(await search()).status, (await search()).status]).toEqual([200, 200]);
    const third = await search();
    expect(third).toMatchObject({ status: 429, body: '' });
    expect(Number(third.headers.get('x-ratelimit-reset'))).toBe(Math.ceil((now + 60_000) / 1000));
    expect((await get('orders/nothing')).status).toBe(404);
    bandwidth.limitRate(undefined);
    expect((await search()).status).toBe(200);
  });

  test('ends at the time named', async () => {
    let now = Date.now();
    const { bandwidth, get } = await startClient({ now: () => now });
    bandwidth.limitRate({ perMinute: 1, windowSeconds: 5 });
    expect([(await get('sites')).status, (await get('sites')).status]).toEqual([200, 429]);
    now += 5000;
    expect((await get('sites')).status).toBe(200);
  });
});

describe('a fault', () => {
  const place = `<Order>${areaCode('910', 1)}${site}</Order>`;
  const post = { method: 'POST', path: /orders$/ } as const;

  test.each([
    { how: 'reset-before-read', exists: 0 },
    { how: 'reset-after-accept', exists: 1 },
    { how: 'cut', exists: 1 },
  ] as const)('$how breaks the connection; orders that exist: $exists', async ({ how, exists }) => {
    const { bandwidth, send } = await startClient();
    bandwidth.fail({ ...post, how });
    await expect(send('POST', 'orders', place)).rejects.toThrow();
    expect(bandwidth.orders()).toHaveLength(exists);
    expect((await send('POST', 'orders', place)).status).toBe(201);
  });

  test('a broken connection is what axios calls ECONNRESET', async () => {
    const { bandwidth } = await startClient();
    bandwidth.fail({ how: 'reset-after-accept' });
    await expect(
      axios.post(`${bandwidth.apiUrl}/accounts/9900123/orders`, place, {
        headers: { 'content-type': 'application/xml' },
        auth: { username: bandwidth.username, password: bandwidth.password },
      }),
    ).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bandwidth.orders()).toHaveLength(1);
  });

  test.each([
    { how: 'hang', exists: 0 },
    { how: 'hang-after-accept', exists: 1 },
    { how: 'drip', exists: 1 },
  ] as const)('$how never ends in time; orders that exist: $exists', async ({ how, exists }) => {
    const { bandwidth } = await startClient();
    bandwidth.fail({ ...post, how });
    const patience = new AbortController();
    const reply = axios.post(`${bandwidth.apiUrl}/accounts/9900123/orders`, place, {
      headers: { 'content-type': 'application/xml' },
      auth: { username: bandwidth.username, password: bandwidth.password },
      signal: patience.signal,
    });
    const given = expect(reply).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    if (exists > 0) await until(() => bandwidth.orders().length === exists, 'the order to be accepted');
    setTimeout(() => patience.abort(), 300);
    await given;
    expect(bandwidth.orders()).toHaveLength(exists);
  });

  test.each([
    { how: 500, accepted: false },
    { how: 503, accepted: true },
    { how: 403, accepted: false },
  ])('$how is that status and an empty body; accepted all the same: $accepted', async ({ how, accepted }) => {
    const { bandwidth, send } = await startClient();
    bandwidth.fail({ ...post, how, accepted });
    expect(await send('POST', 'orders', place)).toMatchObject({ status: how, body: '' });
    expect(bandwidth.orders()).toHaveLength(accepted ? 1 : 0);
    expect(bandwidth.requests.map(({ status }) => status)).toEqual([how]);
  });

  test('429 says when to try again', async () => {
    const now = Date.now();
    const { bandwidth, get } = await startClient({ now: () => now });
    bandwidth.fail({ how: 429, resetSeconds: 7 });
    const { status, headers } = await get('sites');
    expect(status).toBe(429);
    expect(Number(headers.get('x-ratelimit-reset'))).toBe(Math.ceil((now + 7_000) / 1000));
  });

  test('html is a 200 with a page of the gateway, and no order', async () => {
    const { bandwidth, send } = await startClient();
    bandwidth.fail({ ...post, how: 'html' });
    const { status, body, headers } = await send('POST', 'orders', place);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(body).toContain('<html>');
    expect(bandwidth.orders()).toEqual([]);
  });

  test('truncated is half a document, the order is real', async () => {
    const { bandwidth, send } = await startClient();
    bandwidth.fail({ ...post, how: 'truncated' });
    const { status, body } = await send('POST', 'orders', place);
    expect(status).toBe(201);
    expect(body).not.toContain('</OrderResponse>');
    expect(bandwidth.orders()).toHaveLength(1);
  });

  test('drip arrives in the end, slow a little late', async () => {
    const { bandwidth, get } = await startClient();
    bandwidth.fail({ how: 'drip', everyMs: 0 });
    expect(values((await get('sites')).body, 'Id')).toEqual(['461', '743']);
    bandwidth.fail({ how: 'slow', afterMs: 120 });
    const began = Date.now();
    expect((await get('sites')).status).toBe(200);
    // The delay is a real timer's. A slow machine only adds to it.
    expect(Date.now() - began).toBeGreaterThan(100);
  });

  test('affects only the calls it is meant for, as often as requested', async () => {
    const { bandwidth, get } = await startClient();
    const off = bandwidth.fail({ path: '/accounts/9900123/sites', how: 500, times: 2 });
    bandwidth.fail({
      when: ({ query }) => query.includes('areaCode=617'),
      how: 503,
      times: Number.POSITIVE_INFINITY,
    });
    const statuses = async (...paths: readonly string[]) => {
      const found: number[] = [];
      for (const path of paths) found.push((await get(path)).status);
      return found;
    };
    expect(await statuses('sites/461/sippeers', 'sites', 'sites', 'sites')).toEqual([200, 500, 500, 200]);
    const boston = 'availableNumbers?areaCode=617';
    expect(await statuses(boston, boston, 'availableNumbers?areaCode=910')).toEqual([503, 503, 200]);
    bandwidth.failNothing();
    expect(await statuses(boston)).toEqual([200]);
    off();
    bandwidth.fail({ path: /sites$/, how: 500 })();
    expect(await statuses('sites')).toEqual([200]);
  });

  test('can affect the token endpoint too', async () => {
    const { bandwidth } = await startClient();
    bandwidth.fail({ path: /oauth2\/token$/, how: 503 });
    expect((await fetch(bandwidth.tokenUrl, { method: 'POST' })).status).toBe(503);
  });
});

describe('the server', () => {
  test('notifies listeners of requests, other customers, switches and reservations', async () => {
    const { bandwidth, get } = await startClient();
    const seen: string[] = [];
    const off = bandwidth.on('change', ({ what, id }) => seen.push(`${what} ${id}`));
    await get('sites');
    bandwidth.anotherCustomerBuys('9102414365');
    bandwidth.set({ processing: true });
    off();
    await get('sites');
    expect(seen).toEqual(['request ', 'number 9102414365', 'switches ']);
  });

  test('listens on 127.0.0.1 only, on the port it is given', async () => {
    const first = await startLocalBandwidth();
    const port = Number(new URL(first.apiUrl).port);
    await expect(startLocalBandwidth({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    const again = await startLocalBandwidth({ port });
    expect(again.apiUrl).toBe(first.apiUrl);
    expect(new URL(again.apiUrl).hostname).toBe('127.0.0.1');
    await again.close();
  });

  test('closes at once, even with a hanging call and an unfinished order, and closing twice does no harm', async () => {
    const { bandwidth, get, order } = await startClient({ orderDelayMs: 60_000 });
    await order(`${areaCode('910', 1)}${site}`);
    bandwidth.fail({ how: 'hang' });
    const hanging = get('sites').catch(() => 'broken off');
    const idle = createConnection(Number(new URL(bandwidth.apiUrl).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const ended = new Promise((resolve) => idle.once('close', resolve));
    await until(() => bandwidth.requests.some(({ path }) => path.endsWith('/sites')), 'the call to hang');
    await bandwidth.close();
    await bandwidth.close();
    expect(await hanging).toBe('broken off');
    await ended;
    // It didn't wait for the order, which would be complete by now.
    expect(bandwidth.orders()).toMatchObject([{ status: 'RECEIVED' }]);
  });

  test('drops a body longer than any order', async () => {
    const { bandwidth, send } = await startClient();
    await expect(send('POST', 'orders', 'x'.repeat(6_000_000))).rejects.toThrow();
    expect(bandwidth.requests).toEqual([]);
  });
});
