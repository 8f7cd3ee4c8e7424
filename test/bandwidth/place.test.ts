import { describe, expect, test } from '@jest/globals';
import { encodeOrder } from '../../src/bandwidth/encode.js';
import { parseXml } from '../../src/bandwidth/xml.js';
import { type PurchaseRequest, takesBackOrder } from '../../src/orders/domain/request.js';
import { anyCharacter } from '../support/any-character.js';
import { nock } from '../support/nock.js';
import { fc, runs } from '../support/properties.js';
import {
  ACCOUNT,
  aClient,
  aPurchase,
  CARRIER_ORDER_ID,
  fixture,
  HOST,
  NOW,
  ORDER_ID,
  phone,
  searchFor,
  XML,
} from './support.js';

const five = { quantity: 5 };

const orders: readonly (readonly [string, string, Partial<PurchaseRequest>])[] = [
  [
    'named numbers',
    'order-numbers.xml',
    { wanted: { by: 'numbers', numbers: [phone('9105550123'), phone('9105550124')] } },
  ],
  ['an area code', 'order-area-code.xml', { wanted: searchFor({ criteria: { areaCode: '910' }, ...five }) }],
  ['an exchange', 'order-npa-nxx.xml', { wanted: searchFor({ criteria: { npaNxx: '910555' }, ...five }) }],
  [
    'a thousand-block',
    'order-npa-nxxx.xml',
    { wanted: searchFor({ criteria: { npaNxxx: '9105551' }, ...five }) },
  ],
  [
    'a rate center and what is local to it',
    'order-rate-center.xml',
    { wanted: searchFor({ criteria: { rateCenter: 'RALEIGH', state: 'NC' }, lca: true, ...five }) },
  ],
  ['a state', 'order-state.xml', { wanted: searchFor({ criteria: { state: 'NC' }, ...five }) }],
  [
    'a city',
    'order-city.xml',
    { wanted: searchFor({ criteria: { city: 'Winston-Salem', state: 'NC' }, ...five }) },
  ],
  ['a zip code', 'order-zip.xml', { wanted: searchFor({ criteria: { zip: '07030' }, ...five }) }],
  ['a LATA', 'order-lata.xml', { wanted: searchFor({ criteria: { lata: '426' }, ...five }) }],
  [
    'toll-free vanity numbers',
    'order-toll-free-vanity.xml',
    { wanted: searchFor({ criteria: { tollFreeVanity: 'NEWCARS' }, ...five }) },
  ],
  [
    'any toll-free numbers',
    'order-toll-free-wild-card.xml',
    { wanted: searchFor({ criteria: { tollFreeWildCardPattern: '8**' }, ...five }) },
  ],
  [
    'an area code within a city',
    'order-combined.xml',
    { wanted: searchFor({ criteria: { areaCode: '910', city: 'Fayetteville', state: 'NC' }, ...five }) },
  ],
  [
    'an exchange within a rate center and a LATA',
    'order-combined-prefix.xml',
    {
      wanted: searchFor({
        criteria: { npaNxx: '910555', rateCenter: 'FAYETTEVL', state: 'NC', lata: '949' },
        ...five,
      }),
    },
  ],
  [
    'local vanity numbers',
    'order-local-vanity.xml',
    { wanted: searchFor({ criteria: { localVanity: 'PIZZA', areaCode: '910' }, ...five }) },
  ],
  [
    'local vanity numbers ending so',
    'order-local-vanity-ending.xml',
    { wanted: searchFor({ criteria: { localVanity: 'PIZZA', areaCode: '910', endsIn: true }, ...five }) },
  ],
  [
    'everything a form can ask, in a name full of markup',
    'order-everything.xml',
    {
      name: 'Tom & "Jerry" <!channel> 🐭',
      wanted: searchFor({ criteria: { areaCode: '910' }, ...five }),
      location: { id: '651681', name: 'Main' },
      partialAllowed: true,
      backOrder: true,
      protected: true,
    },
  ],
];

/** Answers one POST and keeps what was sent. */
function bandwidthTakes(apiUrl = `${HOST}/api`) {
  const sent: { body: string; contentType: string | string[] | undefined }[] = [];
  nock(new URL(apiUrl).origin)
    .post(`${new URL(apiUrl).pathname}/accounts/9900012/orders`)
    .reply(function (_path, body) {
      sent.push({ body: String(body), contentType: this.req.headers['content-type'] });
      return [201, fixture('taken.xml'), XML];
    });
  return sent;
}

describe('Bandwidth is sent an order', () => {
  test.each(orders)('for %s', async (_what, name, change) => {
    const sent = bandwidthTakes();
    const placement = await aClient().bandwidth.place(ORDER_ID, aPurchase(change));
    expect(placement).toEqual({ outcome: 'taken', carrierOrderId: CARRIER_ORDER_ID });
    expect(sent).toEqual([{ body: fixture(name), contentType: 'application/xml; charset=utf-8' }]);
  });

  test('in E.164 where the API is version 2', async () => {
    const sent = bandwidthTakes('https://api.bandwidth.com/api/v2');
    await aClient({ apiUrl: 'https://api.bandwidth.com/api/v2/' }).bandwidth.place(ORDER_ID, aPurchase());
    expect(sent.map(({ body }) => body)).toEqual([fixture('order-numbers-v2.xml')]);
  });

  test('that is well-formed and means the same, whatever the name contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 60 }), async (name) => {
        const document = await parseXml(encodeOrder(ORDER_ID, aPurchase({ name })));
        const order = document.content as Record<string, string>;
        expect(document.root).toBe('order');
        expect(order.customerorderid).toBe(ORDER_ID);
        expect(order.partialallowed).toBe('false');
        const heard = order.name ?? '';
        expect(heard).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        if (!/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(name)) expect(heard).toBe(name.trim());
      }),
      { numRuns: runs(300) },
    );
  });

  test('without the control characters a name was pasted with', () => {
    const xml = encodeOrder(ORDER_ID, aPurchase({ name: ' Spring\n\u0000camp\u0007aign\u001b \ud83d' }));
    expect(xml).toContain('<Name>Spring campaign</Name>');
  });

  test('without a Name if none of it can be sent', () => {
    expect(encodeOrder(ORDER_ID, aPurchase({ name: '\u0000 ' }))).not.toContain('Name');
  });
});

describe('A back-order can be requested', () => {
  test.each([
    [true, { areaCode: '910' }],
    [true, { state: 'NC' }],
    [true, { tollFreeWildCardPattern: '8**' }],
    [true, { areaCode: '910', zip: '28301' }],
    [false, { npaNxx: '910555' }],
    [false, { npaNxxx: '9105551' }],
    [false, { npaNxx: '910555', zip: '28301' }],
    [false, { localVanity: 'PIZZA', areaCode: '910' }],
    [false, { tollFreeVanity: 'NEWCARS' }],
  ])('%s for %j', (allowed, criteria) => {
    expect(takesBackOrder(searchFor({ criteria }))).toBe(allowed);
  });

  test('never for named numbers', () => {
    expect(takesBackOrder({ by: 'numbers', numbers: [phone('9105550123')] })).toBe(false);
  });
});

describe('An order', () => {
  const place = async (status: number, body = '', headers: Record<string, string> = {}) => {
    nock(HOST)
      .post(`${ACCOUNT}/orders`)
      .once()
      .reply(status, body, { ...XML, ...headers });
    return aClient().bandwidth.place(ORDER_ID, aPurchase());
  };
  const taken = { outcome: 'taken', carrierOrderId: CARRIER_ORDER_ID };
  const noId = '<OrderResponse><Order><SiteId>461</SiteId></Order></OrderResponse>';
  const location = {
    Location: `https://api.test.inetwork.com:443/v1.0/accounts/1/orders/${CARRIER_ORDER_ID}`,
  };

  test.each([200, 201])('that Bandwidth answers with an id (HTTP %d) is accepted', async (status) => {
    expect(await place(status, fixture('taken.xml'))).toEqual(taken);
  });

  test('is accepted if the answer has no OrderStatus', async () => {
    const body = fixture('taken.xml').replace('<OrderStatus>RECEIVED</OrderStatus>', '');
    expect(await place(201, body)).toEqual(taken);
  });

  test('is recorded under the id of the body, not a different one in the Location', async () => {
    expect(
      await place(201, fixture('taken.xml'), { Location: `${HOST}/api/accounts/1/orders/47955555-ce10` }),
    ).toEqual(taken);
  });

  test.each([
    ['no id', noId],
    ['nothing', ''],
    ['half a document', fixture('taken.xml').slice(0, 150)],
  ])('is accepted if Location names it and the body contains %s', async (_what, body) => {
    expect(await place(201, body, location)).toEqual(taken);
  });

  test('is accepted if a 201 names it and also reports errors', async () => {
    const body = fixture('taken.xml').replace(
      '<Order>',
      '<ErrorList><Error><Code>5019</Code><Description>Order is pending.</Description></Error></ErrorList><Order>',
    );
    expect(await place(201, body)).toEqual(taken);
  });

  test.each([200, 201, 400])('that Bandwidth explains is wrong (HTTP %d) is refused', async (status) => {
    expect(await place(status, fixture('refused.xml'))).toEqual({
      outcome: 'refused',
      advice: 'Bandwidth refused this order.',
      faults: [{ code: '5016', description: 'The SiteId submitted is invalid.', numbers: [] }],
    });
  });

  test('that is refused without a message is refused all the same', async () => {
    expect(await place(400)).toEqual({
      outcome: 'refused',
      advice: 'Bandwidth refused this order.',
      faults: [],
    });
  });

  test.each([
    [401, 'BW_CLIENT_ID'],
    [403, 'Ordering'],
    [404, 'BW_ACCOUNT_ID'],
  ])('answered with an empty %d is refused, and the advice names %s', async (status, word) => {
    const placement = await place(status);
    expect(placement).toMatchObject({ outcome: 'refused', faults: [] });
    expect(placement).toHaveProperty('advice', expect.stringContaining(word));
  });

  test('answered with 429 is not accepted, and can be sent at the time Bandwidth names', async () => {
    expect(
      await place(429, '', {
        'X-RateLimit-Reset': String(NOW / 1000 + 90),
        // Their clock is a minute ahead of ours.
        Date: new Date(NOW + 60_000).toUTCString(),
      }),
    ).toMatchObject({ outcome: 'not-taken', retryAt: NOW + 30_000 });
  });

  test('answered with a bare 429 is not accepted', async () => {
    const placement = await place(429);
    expect(placement.outcome).toBe('not-taken');
    expect(placement).not.toHaveProperty('retryAt');
  });

  test.each([
    ['ECONNREFUSED', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', 'connect'],
    ['ETIMEDOUT', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
  ])('is not accepted if no connection was made (%s in %s)', async (code, syscall) => {
    nock(HOST)
      .post(`${ACCOUNT}/orders`)
      .replyWithError(Object.assign(new Error('no way'), { code, syscall }));
    expect(await aClient().bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'not-taken' });
  });

  test('is not accepted if none of several addresses could be connected to', async () => {
    const each = () => Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' });
    nock(HOST)
      .post(`${ACCOUNT}/orders`)
      .replyWithError(Object.assign(new AggregateError([each(), each()]), { code: 'ECONNREFUSED' }));
    expect(await aClient().bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'not-taken' });
  });

  test.each([
    ['ECONNRESET', 'read'],
    ['EPIPE', 'write'],
    ['EHOSTUNREACH', 'read'],
    ['ETIMEDOUT', 'read'],
    ['ECONNRESET', undefined],
    ['EPROTO', undefined],
    ['ECONNREFUSED', undefined],
  ])(
    'may exist when the connection broke afterwards (%s in %s), and is not sent again',
    async (code, syscall) => {
      let sent = 0;
      nock(HOST)
        .persist()
        .post(`${ACCOUNT}/orders`, () => {
          sent += 1;
          return true;
        })
        .replyWithError(Object.assign(new Error('gone'), { code, syscall }));
      expect(await aClient().bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
      expect(sent).toBe(1);
    },
  );

  test.each([
    ['a fault at Bandwidth’s end', 500, '<Error/>'],
    ['a gateway’s page', 502, '<html><body>Bad gateway</body></html>'],
    ['no service', 503, ''],
    ['a gateway’s time-out', 504, ''],
    ['a request time-out', 408, ''],
    ['a conflict', 409, ''],
    ['a redirect', 302, ''],
    ['a see-other', 303, ''],
    ['a success that cannot be read', 201, '<OrderResp'],
    ['an empty success', 200, ''],
    ['a success with no content', 204, ''],
    ['a success that is a web page', 200, '<html><body>Log in</body></html>'],
    ['a success that is another document', 200, '<SearchResult/>'],
    ['a success without an id', 201, noId],
    ['an empty order response', 200, '<OrderResponse/>'],
    ['a refusal that names an order', 400, fixture('taken.xml')],
    [
      'a refusal that says only "pending"',
      400,
      '<OrderResponse><ErrorList><Error><Code>5019</Code><Description>Order is pending.</Description></Error></ErrorList></OrderResponse>',
    ],
    [
      'a refusal that says only "internal error"',
      400,
      '<OrderResponse><ErrorList><Error><Code>1000</Code><Description>Internal Server Error.</Description></Error></ErrorList></OrderResponse>',
    ],
    [
      'a success that says only "back-ordered"',
      200,
      '<OrderResponse><ErrorList><Error><Code>5520</Code><Description>Order backordered</Description></Error></ErrorList></OrderResponse>',
    ],
  ])('may exist after %s (HTTP %d)', async (_what, status, body) => {
    expect(await place(status, body)).toMatchObject({ outcome: 'unknown' });
  });

  test('may exist if a Location names the list of orders and no order', async () => {
    expect(await place(201, '', { Location: `${HOST}/api/accounts/9900012/orders` })).toMatchObject({
      outcome: 'unknown',
    });
  });
});
