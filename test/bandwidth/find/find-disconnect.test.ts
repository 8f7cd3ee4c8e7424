import { describe, expect, test } from '@jest/globals';
import type { DisconnectRequest } from '../../../src/orders/domain/request.js';
import { nock } from '../../support/nock.js';
import { ACCOUNT, aClient, aDisconnect, errorOf, HOST, lost, NOW, ORDER_ID, phone, XML } from '../support.js';

// Sent on 2026-03-02 at 09:59, looked for at 10:00.
const days = { startdate: '26-03-01', enddate: '26-03-03' };
const today = '2026-03-02T09-59-01.100Z';

const row = (id: string, { by = '', date = today }: { by?: string; date?: string } = {}) =>
  `<OrderIdUserIdDate><CountOfTNs>0</CountOfTNs>${by === '' ? '' : `<CustomerOrderId>${by}</CustomerOrderId>`}<userId>smith</userId><lastModifiedDate>2026-03-02T09-59-01Z</lastModifiedDate><OrderId>${id}</OrderId><OrderType>disconnect</OrderType><OrderDate>${date}</OrderDate><OrderStatus>COMPLETE</OrderStatus><TelephoneNumberDetails/></OrderIdUserIdDate>`;

const list = (rows: readonly string[], total = rows.length, next?: string) =>
  `<ResponseSelectWrapper><ListOrderIdUserIdDate><TotalCount>${total}</TotalCount><Links>${
    next === undefined
      ? ''
      : `<next>Link=&lt;https://api.test.inetwork.com:443/v1.0/accounts/1/disconnects?page=${next}&amp;size=1000&gt;;rel="next";</next>`
  }</Links>${rows.join('')}</ListOrderIdUserIdDate></ResponseSelectWrapper>`;

const links =
  '<Links><first>Link=&lt;https://x/disconnects?page=1&amp;size=1000&gt;;rel="first";</first></Links>';

const lists = (body: string, status = 200, page = '1') =>
  nock(HOST)
    .get(`${ACCOUNT}/disconnects`)
    .query({ ...days, page, size: '1000' })
    .reply(status, body, XML);

const numbersXml = (...numbers: readonly string[]) =>
  `<TelephoneNumberList>${numbers.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('')}</TelephoneNumberList>`;

/** GET /disconnects/{id}: who it says asked for it, and which numbers. */
const opens = (
  id: string,
  {
    by = '',
    numbers = [],
    created = today,
    rest = '',
  }: { by?: string; numbers?: string[]; created?: string; rest?: string },
) =>
  nock(HOST)
    .get(`${ACCOUNT}/disconnects/${id}`)
    .reply(
      200,
      `<DisconnectTelephoneNumberOrderResponse>${rest}<orderRequest><CustomerOrderId>${by}</CustomerOrderId><OrderCreateDate>${created}</OrderCreateDate><id>${id}</id><DisconnectTelephoneNumberOrderType>${numbersXml(...numbers)}<DisconnectMode>normal</DisconnectMode></DisconnectTelephoneNumberOrderType></orderRequest><OrderStatus>COMPLETE</OrderStatus></DisconnectTelephoneNumberOrderResponse>`,
      XML,
    );

/** GET /tns/{tn} */
const knows = (number: string, orderId = 'n1', orderType = 'NEW_NUMBER_ORDER', named = number) =>
  nock(HOST)
    .get(`/api/tns/${number}`)
    .reply(
      200,
      `<TelephoneNumberResponse><TelephoneNumber>${named}</TelephoneNumber><Status>Inservice</Status><OrderId>${orderId}</OrderId><OrderType>${orderType}</OrderType><AccountId>9900012</AccountId></TelephoneNumberResponse>`,
      XML,
    );

const find = (change: Partial<DisconnectRequest> = {}) => aClient().bandwidth.find(lost(aDisconnect(change)));

const two = { inService: [{ number: phone('9105550123') }, { number: phone('9105550124') }] };

describe('A disconnect whose answer was lost', () => {
  test('is found where the list shows its CustomerOrderId, and nothing else is opened', async () => {
    lists(list([row('d1'), row('d2', { by: ORDER_ID.toUpperCase() }), row('d3', { by: 'someone-else' })]));
    expect(await find()).toEqual(['d2']);
  });

  test('is found by opening the candidates, when the list shows no CustomerOrderId', async () => {
    lists(list([row('d1'), row('d2')]));
    opens('d1', { by: 'someone-else', numbers: ['9105550123'] });
    opens('d2', { by: ORDER_ID, numbers: ['9105550123'] });
    expect(await find()).toEqual(['d2']);
  });

  test('is found on a later page', async () => {
    lists(list([row('d1', { by: 'someone-else' })], 2, 'd2'));
    lists(list([row('d2')], 2), 200, 'd2');
    opens('d2', { by: ORDER_ID });
    expect(await find()).toEqual(['d2']);
  });

  test('is found by exactly its numbers, in any order, when not even the disconnect names it', async () => {
    lists(list([row('d1'), row('d2'), row('d3')]));
    opens('d1', { numbers: ['9105550123'] });
    opens('d2', { numbers: ['9105550124', '+19105550123'] });
    opens('d3', { numbers: ['9105550123', '9105550124', '9105550125'] });
    expect(await find(two)).toEqual(['d2']);
  });

  test('is the one with its id rather than one with the same numbers', async () => {
    lists(list([row('d1'), row('d2')]));
    opens('d1', { numbers: ['9105550123'] });
    opens('d2', { by: ORDER_ID, numbers: ['9105550123'] });
    expect(await find()).toEqual(['d2']);
  });

  test('is recognized by the results of its numbers when the echo of them is empty', async () => {
    lists(list([row('d1')]));
    opens('d1', {
      rest: '<DisconnectedTelephoneNumberList><TelephoneNumber>9105550123</TelephoneNumber></DisconnectedTelephoneNumberList><ErrorList><Error><Code>5006</Code><Description>no</Description><TelephoneNumber>9105550124</TelephoneNumber></Error></ErrorList>',
    });
    expect(await find(two)).toEqual(['d1']);
  });

  test('is not one that is certainly older; a date that cannot be read rules out none', async () => {
    lists(
      list([
        row('old', { date: '2026-03-02T08-00-00.000Z' }),
        row('older', { date: '2026-03-01T23:59:59Z' }),
        row('hour', { date: '2026-03-02T06' }),
        row('zone', { date: '2026-03-02T04:59:01' }),
        row('skewed', { date: '2026-03-02T09:50:00Z' }),
      ]),
    );
    opens('hour', { by: 'someone-else' });
    opens('zone', { by: 'someone-else' });
    opens('skewed', { by: ORDER_ID });
    expect(await find()).toEqual(['skewed']);
  });

  test('is the nearest in time of those with the same numbers, if nothing names it', async () => {
    lists(
      list([
        row('undated', { date: '' }),
        row('before', { date: '2026-03-02T09:50:00Z' }),
        row('ours', { date: '2026-03-02T09:59:02Z' }),
        row('after', { date: '2026-03-02T10:03:00Z' }),
      ]),
    );
    for (const id of ['undated', 'before', 'ours', 'after'])
      opens(id, { numbers: ['9105550123'], created: '' });
    expect(await find()).toEqual(['ours', 'after', 'before', 'undated']);
  });

  test('is not an earlier one of the same numbers, listed without a date', async () => {
    lists(list([row('d1', { date: '' })]));
    opens('d1', { numbers: ['9105550123'], created: '2026-03-01T10:00:00.000Z' });
    knows('9105550123');
    expect(await find()).toEqual([]);
  });

  test('is found by its number, when the list does not show it yet', async () => {
    lists(links, 404);
    knows('9105550123', 'd9', 'DISCONNECT');
    opens('d9', { by: ORDER_ID });
    expect(await find()).toEqual(['d9']);
  });

  test('is found by a number that was disconnected, when the first was not', async () => {
    lists('', 204);
    knows('9105550123');
    knows('9105550124', 'd9', 'Disconnect_Order');
    opens('d9', { numbers: ['9105550123', '9105550124'] });
    expect(await find(two)).toEqual(['d9']);
  });

  test('is found by its number though the list is broken', async () => {
    lists('', 500);
    knows('9105550123', 'd9', 'DISCONNECT');
    opens('d9', { by: ORDER_ID });
    expect(await find()).toEqual(['d9']);
  });

  test('is not looked for beyond the day before it was sent and the day after now', async () => {
    const dayLater = NOW + 24 * 60 * 60_000;
    nock(HOST)
      .get(`${ACCOUNT}/disconnects`)
      .query({ startdate: '26-03-01', enddate: '26-03-04', page: '1', size: '1000' })
      .reply(204);
    knows('9105550123');
    expect(await aClient({ now: () => dayLater }).bandwidth.find(lost(aDisconnect()))).toEqual([]);
  });
});

describe('Before a disconnect is sent', () => {
  const findLike = () => aClient().bandwidth.findLike(lost(aDisconnect()));

  test('one with its id is its own', async () => {
    lists(list([row('d1'), row('d2')]));
    opens('d1', { numbers: ['9105550123'] });
    opens('d2', { by: ORDER_ID });
    expect(await findLike()).toEqual({ ours: ['d2'], sameNumbers: [] });
  });

  test('one of the same numbers that a colleague created at Bandwidth is not its own', async () => {
    lists(list([row('d1')]));
    opens('d1', { numbers: ['9105550123'] });
    expect(await findLike()).toEqual({ ours: [], sameNumbers: ['d1'] });
  });

  test('one that its number names is not its own either, unless it has its id', async () => {
    lists('', 204);
    knows('9105550123', 'd9', 'DISCONNECT');
    opens('d9', { numbers: ['9105550123'] });
    expect(await findLike()).toEqual({ ours: [], sameNumbers: ['d9'] });
    lists('', 204);
    knows('9105550123', 'd8', 'DISCONNECT');
    opens('d8', { by: ORDER_ID });
    expect(await findLike()).toEqual({ ours: ['d8'], sameNumbers: [] });
  });
});

describe('A disconnect does not exist', () => {
  test.each([
    ['a count of none', list([]), 200],
    ['no content', '', 204],
    ['a 404 of links', links, 404],
    ['a list of other people’s disconnects', list([row('a', { by: 'someone-else' })]), 200],
  ])('after %s, and a number that nobody disconnected', async (_what, body, status) => {
    lists(body, status);
    knows('9105550123');
    expect(await find()).toEqual([]);
  });

  test('after a list without it, and a number that Bandwidth no longer has', async () => {
    lists('', 204);
    nock(HOST).get('/api/tns/9105550123').reply(404);
    expect(await find()).toEqual([]);
  });

  test('after a number that someone else’s disconnect took, which is opened once', async () => {
    lists(list([row('d1')]));
    opens('d1', { by: 'someone-else', numbers: ['9105550123'] });
    knows('9105550123', 'd1', 'DISCONNECT');
    expect(await find()).toEqual([]);
  });

  test('after a number whose disconnect names neither its order nor its numbers, but is certainly older', async () => {
    lists('', 204);
    knows('9105550123', 'd1', 'DISCONNECT');
    opens('d1', { created: '2026-01-02T09-59-01.100Z' });
    expect(await find()).toEqual([]);
  });

  test('after an answer about a longer number', async () => {
    lists('', 204);
    knows('9105550123', 'd9', 'DISCONNECT', '91055501234');
    expect(await find()).toEqual([]);
  });
});

describe('A disconnect may still exist', () => {
  test.each([
    ['an empty 404', '', 404, 'missing'],
    ['a web page', '<html/>', 200, 'broken'],
    ['a list that counts nothing', '<ResponseSelectWrapper/>', 200, 'broken'],
    ['the first page of a list whose rest is not linked', list([row('a', { by: 'x' })], 7), 200, 'broken'],
    ['a fault', '', 500, 'broken'],
    ['no permission', '', 403, 'forbidden'],
    ['too many requests', '', 429, 'throttled'],
  ])('after %s', async (_what, body, status, trouble) => {
    lists(body, status);
    knows('9105550123');
    expect((await errorOf(find())).trouble).toBe(trouble);
  });

  test('when one of the candidates cannot be opened', async () => {
    lists(list([row('d1')]));
    nock(HOST).get(`${ACCOUNT}/disconnects/d1`).reply(500);
    knows('9105550123');
    expect((await errorOf(find())).trouble).toBe('broken');
  });

  test('when one of the candidates names neither its order nor its numbers', async () => {
    lists(list([row('d1')]));
    opens('d1', {});
    knows('9105550123');
    expect((await errorOf(find())).trouble).toBe('broken');
  });

  test('when there are too many candidates to open', async () => {
    lists(list(Array.from({ length: 201 }, (_, at) => row(`d${at}`))));
    knows('9105550123');
    expect((await errorOf(find())).message).toContain('201');
  });

  test('when the list is broken, and its number names one without an id: ours may be in the list', async () => {
    for (const ask of ['find', 'findLike'] as const) {
      lists('', 503);
      knows('9105550123', 'by-hand', 'DISCONNECT');
      opens('by-hand', { numbers: ['9105550123'] });
      expect((await errorOf(aClient().bandwidth[ask](lost(aDisconnect())))).trouble).toBe('broken');
    }
  });

  test('when its numbers cannot be looked up', async () => {
    lists('', 204);
    nock(HOST).get('/api/tns/9105550123').reply(403);
    expect(await errorOf(find())).toMatchObject({
      trouble: 'forbidden',
      advice: expect.stringContaining('Numbers'),
    });
  });
});
