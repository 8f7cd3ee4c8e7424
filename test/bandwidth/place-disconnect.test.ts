import { describe, expect, test } from '@jest/globals';
import { encodeDisconnect } from '../../src/bandwidth/encode.js';
import type { DisconnectRequest } from '../../src/orders/domain/request.js';
import { nock } from '../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aDisconnect,
  CARRIER_ORDER_ID,
  fixture,
  HOST,
  NOW,
  ORDER_ID,
  phone,
  XML,
} from './support.js';

const taken = { outcome: 'taken', carrierOrderId: CARRIER_ORDER_ID };

describe('Bandwidth is sent a disconnect', () => {
  const disconnects: readonly (readonly [string, string, Partial<DisconnectRequest>])[] = [
    [
      'of two numbers, in a name full of markup',
      'disconnect.xml',
      {
        name: 'Tom & "Jerry" <!channel> 🐭',
        inService: [{ number: phone('9105550123') }, { number: phone('9105550124') }],
      },
    ],
    [
      'that removes softly and protects',
      'disconnect-soft-remove.xml',
      { mode: 'soft-remove', protected: 'TRUE' },
    ],
    ['that purges and unprotects', 'disconnect-purge.xml', { mode: 'purge', protected: 'FALSE' }],
  ];

  test.each(disconnects)('%s', async (_what, name, change) => {
    const sent: { body: string; contentType: unknown }[] = [];
    nock(HOST)
      .post(`${ACCOUNT}/disconnects`)
      .reply(function (_path, body) {
        sent.push({ body: String(body), contentType: this.req.headers['content-type'] });
        return [201, fixture('disconnect-taken.xml'), XML];
      });
    expect(await aClient().bandwidth.place(ORDER_ID, aDisconnect(change))).toEqual(taken);
    expect(sent).toEqual([{ body: fixture(name), contentType: 'application/xml; charset=utf-8' }]);
  });

  test('in E.164 where the API is version 2', async () => {
    const sent: string[] = [];
    nock('https://api.bandwidth.com')
      .post('/api/v2/accounts/9900012/disconnects')
      .reply((_path, body) => {
        sent.push(String(body));
        return [201, fixture('disconnect-taken.xml'), XML];
      });
    await aClient({ apiUrl: 'https://api.bandwidth.com/api/v2' }).bandwidth.place(ORDER_ID, aDisconnect());
    expect(sent).toEqual([fixture('disconnect-v2.xml')]);
  });

  test.each(['normal', 'soft-remove', 'purge'] as const)(
    'with its mode %s and its protection, always',
    (mode) => {
      for (const change of ['UNCHANGED', 'TRUE', 'FALSE'] as const) {
        const xml = encodeDisconnect(ORDER_ID, aDisconnect({ mode, protected: change }));
        expect(xml).toContain(`<DisconnectMode>${mode}</DisconnectMode>`);
        expect(xml).toContain(`<Protected>${change}</Protected>`);
      }
    },
  );

  test('without a name if none of it can be sent', () => {
    expect(encodeDisconnect(ORDER_ID, aDisconnect({ name: '\u0000 ' }))).not.toContain('name>');
  });
});

describe('A disconnect', () => {
  const place = async (status: number, body = '', headers: Record<string, string> = {}) => {
    nock(HOST)
      .post(`${ACCOUNT}/disconnects`)
      .reply(status, body, { ...XML, ...headers });
    return aClient().bandwidth.place(ORDER_ID, aDisconnect());
  };
  const response = (inside: string) =>
    `<DisconnectTelephoneNumberOrderResponse>${inside}</DisconnectTelephoneNumberOrderResponse>`;
  const complaint = (code: string, description: string) =>
    `<ErrorList><Error><Code>${code}</Code><Description>${description}</Description></Error></ErrorList>`;
  const noId = response('<orderRequest><Name>x</Name></orderRequest>');

  test('without an OrderStatus is accepted', async () => {
    const body = fixture('disconnect-taken.xml').replace('<OrderStatus>RECEIVED</OrderStatus>', '');
    expect(await place(201, body)).toEqual(taken);
  });

  test.each([
    ['no id', noId],
    ['nothing', ''],
  ])('is accepted if Location names it and the body contains %s', async (_what, body) => {
    const Location = `https://api.test.inetwork.com:443/v1.0/accounts/1/disconnects/${CARRIER_ORDER_ID}`;
    expect(await place(201, body, { Location })).toEqual(taken);
  });

  test.each([200, 400])('that Bandwidth explains is wrong (HTTP %d) is refused', async (status) => {
    const body = response(`${complaint('5085', 'Insufficient permissions')}<orderRequest/>`);
    expect(await place(status, body)).toEqual({
      outcome: 'refused',
      advice: 'Bandwidth refused this disconnect.',
      faults: [{ code: '5085', description: 'Insufficient permissions', numbers: [] }],
    });
  });

  test('that the credentials do not allow is refused, and the advice names the role', async () => {
    expect(await place(403)).toMatchObject({
      outcome: 'refused',
      advice: expect.stringContaining('roles Ordering and Numbers'),
    });
  });

  test('answered with 429 is not accepted, and can be sent at the time Bandwidth names', async () => {
    expect(await place(429, '', { 'X-RateLimit-Reset': String(NOW / 1000 + 30) })).toMatchObject({
      outcome: 'not-taken',
      retryAt: NOW + 30_000,
    });
  });

  test.each([
    ['a server’s trouble', 500, ''],
    ['a success without an id', 201, noId],
    ['an empty success', 201, ''],
    ['a success that is a web page', 200, '<html><body>Log in</body></html>'],
    ['the answer to an order', 201, fixture('taken.xml')],
    ['half a document', 201, fixture('disconnect-taken.xml').slice(0, 200)],
    ['a refusal that names a disconnect', 400, fixture('disconnect-taken.xml')],
    ['a refusal that says only "internal error"', 400, response(complaint('1000', 'Internal Server Error.'))],
    ['a refusal that says only "pending"', 400, response(complaint('5019', 'Order is pending.'))],
  ])('may exist after %s', async (_what, status, body) => {
    expect(await place(status, body)).toMatchObject({
      outcome: 'unknown',
      heard: status,
      advice: expect.stringContaining('whether it accepted this disconnect'),
    });
  });

  test('is not accepted if no connection was made, and may exist if one broke', async () => {
    const failing = (code: string, syscall: string) =>
      nock(HOST)
        .post(`${ACCOUNT}/disconnects`)
        .replyWithError(Object.assign(new Error('no'), { code, syscall }));
    failing('ECONNREFUSED', 'connect');
    expect(await aClient().bandwidth.place(ORDER_ID, aDisconnect())).toMatchObject({ outcome: 'not-taken' });
    failing('ECONNRESET', 'read');
    expect(await aClient().bandwidth.place(ORDER_ID, aDisconnect())).toMatchObject({
      outcome: 'unknown',
      heard: 'nothing',
    });
  });
});
