import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aDisconnect,
  aPurchase,
  aSearch,
  CARRIER_ORDER_ID,
  errorOf,
  HOST,
  lost,
  NOW,
  ORDER_ID,
  phone,
  XML,
} from './support.js';

/*
 * What can't be read is called that: never an empty list, a default, or an end that nobody told of.
 */

const search = aSearch({ criteria: { areaCode: '910' } });
const asks = (path: RegExp | string, body: string, status = 200) =>
  nock(HOST).get(path).query(true).reply(status, body, XML);

const searches = (body: string) => {
  asks(`${ACCOUNT}/availableNumbers`, body);
  return aClient().bandwidth.search(search);
};
const reports = (body: string, kind: 'purchase' | 'disconnect' = 'purchase') => {
  const path = kind === 'purchase' ? 'orders' : 'disconnects';
  asks(`${ACCOUNT}/${path}/${CARRIER_ORDER_ID}`, body);
  return aClient().bandwidth.report(kind, CARRIER_ORDER_ID);
};

describe('A search', () => {
  test.each([
    ['a count and no list', '<SearchResult><ResultCount>7</ResultCount></SearchResult>'],
    [
      'a count and an empty list',
      '<SearchResult><ResultCount>7</ResultCount><TelephoneNumberList/></SearchResult>',
    ],
    [
      'a list under another name',
      '<SearchResult><Numbers><TelephoneNumber>9105550123</TelephoneNumber></Numbers></SearchResult>',
    ],
    [
      'a list of other things',
      '<SearchResult><TelephoneNumberList><Tn>9105550123</Tn></TelephoneNumberList><ResultCount>1</ResultCount></SearchResult>',
    ],
    [
      'an uncounted list of other things',
      '<SearchResult><TelephoneNumberList><Tn>9105550123</Tn></TelephoneNumberList></SearchResult>',
    ],
    [
      'numbers nobody can read',
      '<SearchResult><TelephoneNumberList><TelephoneNumber>91055</TelephoneNumber></TelephoneNumberList></SearchResult>',
    ],
    ['a count nobody can read', '<SearchResult><ResultCount>seven</ResultCount></SearchResult>'],
  ])('answered with %s is not called empty', async (_what, body) => {
    expect((await errorOf(searches(body))).trouble).toBe('broken');
  });

  test('that counts more than it lists says that there are more', async () => {
    const body =
      '<SearchResult><ResultCount>7</ResultCount><TelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber></TelephoneNumberList></SearchResult>';
    const found = await searches(body);
    expect([...found]).toEqual([{ number: '+19105550123' }]);
    expect(found.unread).toBe(6);
  });

  test('that does not list everything calls no number gone', async () => {
    asks(
      `${ACCOUNT}/availableNumbers`,
      '<SearchResult><ResultCount>3</ResultCount><TelephoneNumberList><TelephoneNumber>9105550199</TelephoneNumber></TelephoneNumberList></SearchResult>',
    );
    expect(await aClient().bandwidth.notOffered([phone('9105550123')])).toEqual([]);
  });
});

describe('A report', () => {
  const NUMBERS = (inner: string) => `<CompletedNumbers>${inner}</CompletedNumbers>`;
  const full = (number: string) => `<TelephoneNumber><FullNumber>${number}</FullNumber></TelephoneNumber>`;

  test.each([
    [
      'inside the order',
      '<OrderResponse><Order><SiteId>461</SiteId><OrderStatus>COMPLETE</OrderStatus></Order></OrderResponse>',
      'purchase',
    ],
    [
      'beside the order',
      '<OrderResponse><Order><SiteId>461</SiteId></Order><OrderStatus>COMPLETE</OrderStatus></OrderResponse>',
      'purchase',
    ],
    [
      'inside the request',
      '<DisconnectTelephoneNumberOrderResponse><orderRequest><id>1</id><OrderStatus>COMPLETE</OrderStatus></orderRequest></DisconnectTelephoneNumberOrderResponse>',
      'disconnect',
    ],
  ] as const)('reports a status %s', async (_where, body, kind) => {
    expect(await reports(body, kind)).toMatchObject({ status: 'complete' });
  });

  test.each([
    [
      'two statuses that contradict each other',
      '<OrderResponse><Order><SiteId>1</SiteId><OrderStatus>FAILED</OrderStatus></Order><OrderStatus>COMPLETE</OrderStatus></OrderResponse>',
      'COMPLETE, FAILED',
    ],
    [
      'a word nobody knows',
      '<OrderResponse><Order><SiteId>1</SiteId></Order><OrderStatus>Quantum</OrderStatus></OrderResponse>',
      'QUANTUM',
    ],
    [
      'no status and delivered numbers',
      `<OrderResponse><Order><SiteId>1</SiteId></Order>${NUMBERS(full('9105550123'))}</OrderResponse>`,
      '',
    ],
    [
      'no status and an end',
      '<OrderResponse><Order><SiteId>1</SiteId></Order><OrderCompleteDate>2026-03-02T10:00:00Z</OrderCompleteDate></OrderResponse>',
      '',
    ],
  ])('with %s ends nothing', async (_what, body, unknownStatus) => {
    expect(await reports(body)).toMatchObject({ status: 'processing', unknownStatus });
  });

  test.each([
    ['a number cut short', full('910555012')],
    ['a number under another name', '<TelephoneNumber><Tn>9105550124</Tn></TelephoneNumber>'],
    ['a list under another name', '<Tns><Tn>9105550124</Tn></Tns>'],
  ])('with %s says that there is one more', async (_what, inner) => {
    const body = `<OrderResponse><CompletedQuantity>1</CompletedQuantity><Order><SiteId>1</SiteId></Order><OrderStatus>COMPLETE</OrderStatus>${NUMBERS(inner)}</OrderResponse>`;
    expect(await reports(body)).toMatchObject({ completed: [], unread: 1 });
  });

  test('that names failed numbers only beside errors names none where a delivered one cannot be read', async () => {
    const body = `<OrderResponse><Order><SiteId>1</SiteId></Order><OrderStatus>PARTIAL</OrderStatus>${NUMBERS(full('91055501'))}<ErrorList><Error><Code>5005</Code><Description>no</Description><TelephoneNumber>9105550124</TelephoneNumber></Error></ErrorList></OrderResponse>`;
    expect(await reports(body)).toMatchObject({ completed: [], unread: 1, failed: [] });
  });

  test.each([
    [
      400,
      '<ErrorResponse><ResponseStatus><Description>Order is pending.</Description></ResponseStatus></ErrorResponse>',
    ],
    [
      200,
      '<ErrorResponse><ResponseStatus><ErrorCode>5019</ErrorCode><Description>Order is pending.</Description></ResponseStatus></ErrorResponse>',
    ],
    [
      200,
      '<OrderResponse><ErrorList><Error><Description>Order is pending.</Description></Error></ErrorList></OrderResponse>',
    ],
    [400, '{"errors":[{"code":5019,"description":"Order is pending."}]}'],
  ])('that only says "pending" is about an open order (HTTP %d: %s)', async (status, body) => {
    asks(`${ACCOUNT}/orders/${CARRIER_ORDER_ID}`, body, status);
    expect(await aClient().bandwidth.report('purchase', CARRIER_ORDER_ID)).toEqual({
      status: 'received',
      completed: [],
      failed: [],
      faults: [],
    });
  });

  test('that stays unreadable is logged once, and with its order', async () => {
    const body =
      '<OrderResponse><Order><SiteId>1</SiteId></Order><OrderStatus>QUANTUM</OrderStatus></OrderResponse>';
    nock(HOST).get(`${ACCOUNT}/orders/${CARRIER_ORDER_ID}`).times(3).reply(200, body, XML);
    const { bandwidth, log } = aClient();
    for (let look = 0; look < 3; look += 1) await bandwidth.report('purchase', CARRIER_ORDER_ID);
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ facts: { carrierOrderId: CARRIER_ORDER_ID, orderStatus: 'QUANTUM' } }),
    ]);
  });
});

describe('Places to choose from', () => {
  test.each([
    ['a list under another name', '<SitesResponse><Places><Site><Id>1</Id></Site></Places></SitesResponse>'],
    ['entries under another name', '<SitesResponse><Sites><Place><Id>1</Id></Place></Sites></SitesResponse>'],
    [
      'entries without an id',
      '<SitesResponse><Sites><Site><Name>Raleigh</Name></Site></Sites></SitesResponse>',
    ],
  ])('in %s are not called none', async (_what, body) => {
    asks(`${ACCOUNT}/sites`, body);
    expect((await errorOf(aClient().bandwidth.sites())).trouble).toBe('broken');
  });

  test('of which one cannot be read are not shown as the only ones', async () => {
    asks(
      `${ACCOUNT}/sites`,
      '<SitesResponse><Sites><Site><Id>1</Id></Site><Site><Name>x</Name></Site></Sites></SitesResponse>',
    );
    const sites = await aClient().bandwidth.sites();
    expect([...sites]).toEqual([{ id: '1', name: '1' }]);
    expect(sites.unread).toBe(1);
  });
});

describe('A lost order or disconnect', () => {
  const list = (row: string) =>
    `<ResponseSelectWrapper><ListOrderIdUserIdDate><OrderIdUserIdDate>${row}<OrderDate>2026-03-02T10:00:00Z</OrderDate></OrderIdUserIdDate></ListOrderIdUserIdDate></ResponseSelectWrapper>`;

  test('may be the row under another name', async () => {
    const rows = `<OrderIdUserIdDate><orderId>a</orderId><CustomerOrderId>someone-else</CustomerOrderId></OrderIdUserIdDate>`;
    const body = `<ResponseSelectWrapper><ListOrderIdUserIdDate><Row><orderId>b</orderId></Row>${rows}</ListOrderIdUserIdDate></ResponseSelectWrapper>`;
    asks(`${ACCOUNT}/orders`, body);
    expect((await errorOf(aClient().bandwidth.find(lost(aPurchase())))).trouble).toBe('broken');
  });

  test.each([
    [
      'in a second list',
      `<ListOrderIdUserIdDate><OrderIdUserIdDate><OrderId>z</OrderId><CustomerOrderId>${ORDER_ID}</CustomerOrderId></OrderIdUserIdDate></ListOrderIdUserIdDate>`,
    ],
    [
      'under another name beside the list',
      `<Orders><Order><CustomerOrderId>${ORDER_ID}</CustomerOrderId><id>x</id></Order></Orders>`,
    ],
  ])('may be the row %s', async (_where, beside) => {
    const body = `<ResponseSelectWrapper><ListOrderIdUserIdDate><TotalCount>0</TotalCount></ListOrderIdUserIdDate>${beside}</ResponseSelectWrapper>`;
    asks(`${ACCOUNT}/orders`, body);
    expect((await errorOf(aClient().bandwidth.find(lost(aPurchase())))).trouble).toBe('broken');
  });

  test('may be the row whose id cannot be read', async () => {
    asks(`${ACCOUNT}/orders`, list('<Key>e6b1</Key><CustomerOrderId>someone-else</CustomerOrderId>'));
    expect((await errorOf(aClient().bandwidth.find(lost(aPurchase())))).trouble).toBe('broken');
  });

  test('is found by opening the row that leaves out its CustomerOrderId', async () => {
    asks(`${ACCOUNT}/orders`, list(`<orderId>${CARRIER_ORDER_ID}</orderId>`));
    asks(
      `${ACCOUNT}/orders/${CARRIER_ORDER_ID}`,
      `<OrderResponse><Order><CustomerOrderId>${ORDER_ID}</CustomerOrderId></Order></OrderResponse>`,
    );
    expect(await aClient().bandwidth.find(lost(aPurchase()))).toEqual([CARRIER_ORDER_ID]);
  });

  test.each([
    ['cannot be opened', '', 500],
    ['says nothing', '<OrderResponse/>', 200],
  ])('may be the row without a CustomerOrderId that %s', async (_what, body, status) => {
    asks(`${ACCOUNT}/orders`, list(`<orderId>${CARRIER_ORDER_ID}</orderId>`));
    asks(`${ACCOUNT}/orders/${CARRIER_ORDER_ID}`, body, status);
    expect((await errorOf(aClient().bandwidth.find(lost(aPurchase())))).trouble).toBe('broken');
  });

  test('may be the disconnect one of whose numbers cannot be read', async () => {
    asks(
      `${ACCOUNT}/disconnects`,
      list('<OrderId>d1</OrderId>').replace(
        '<ListOrderIdUserIdDate>',
        '<ListOrderIdUserIdDate><TotalCount>1</TotalCount>',
      ),
    );
    asks(
      `${ACCOUNT}/disconnects/d1`,
      `<DisconnectTelephoneNumberOrderResponse><orderRequest><OrderCreateDate>${new Date(NOW - 60_000).toISOString()}</OrderCreateDate><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber><TelephoneNumber>91055</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType></orderRequest><OrderStatus>RECEIVED</OrderStatus></DisconnectTelephoneNumberOrderResponse>`,
    );
    asks('/api/tns/9105550123', '', 404);
    expect((await errorOf(aClient().bandwidth.find(lost(aDisconnect())))).trouble).toBe('broken');
  });

  test.each([
    [
      'names no number',
      '<TelephoneNumberResponse><OrderId>x</OrderId><OrderType>DISCONNECT</OrderType></TelephoneNumberResponse>',
    ],
    [
      'does not say what the order did',
      '<TelephoneNumberResponse><TelephoneNumber>9105550123</TelephoneNumber><OrderId>x</OrderId></TelephoneNumberResponse>',
    ],
  ])('is not called lost where the answer about its number %s', async (_what, body) => {
    asks(`${ACCOUNT}/disconnects`, '', 204);
    asks('/api/tns/9105550123', body);
    expect((await errorOf(aClient().bandwidth.find(lost(aDisconnect())))).trouble).toBe('broken');
  });
});

describe('A number on the account', () => {
  const standing = async (details: string) => {
    asks(
      '/api/tns/9105550123/tndetails',
      `<TelephoneNumberResponse><TelephoneNumberDetails>${details}</TelephoneNumberDetails></TelephoneNumberResponse>`,
    );
    return (await aClient().bandwidth.lookUpNumbers([phone('9105550123')]))[0];
  };
  const ours = '<FullNumber>9105550123</FullNumber><AccountId>9900012</AccountId>';

  test('of whose services nothing is said has neither "no E911" nor "E911"', async () => {
    asks('/api/tns/9105550123', '', 404);
    expect(await standing(`${ours}<Status>Inservice</Status>`)).toEqual({
      standing: 'in-service',
      record: { number: phone('9105550123') },
    });
  });

  test('whose status is missing is given none', async () => {
    asks(`${ACCOUNT}/inserviceNumbers/9105550123`, '', 404);
    expect(await standing(ours)).toEqual({ standing: 'not-in-service', number: phone('9105550123') });
  });

  test('is not called someone else’s because a web page says 404', async () => {
    asks('/api/tns/9105550123/tndetails', '<html><title>Not here</title></html>', 404);
    expect((await errorOf(aClient().bandwidth.lookUpNumbers([phone('9105550123')]))).trouble).toBe('missing');
  });
});
