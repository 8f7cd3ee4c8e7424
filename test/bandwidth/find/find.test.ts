import { describe, expect, test } from '@jest/globals';
import { nock } from '../../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aPurchase,
  CARRIER_ORDER_ID,
  errorOf,
  HOST,
  lost,
  ORDER_ID,
  XML,
} from '../support.js';

const asked = (page = '1') => ({ customerOrderId: ORDER_ID, page, size: '1000' });

const row = (
  id: string,
  customerOrderId: string | undefined,
  date = '2026-03-02T10:00:00.000Z',
  tag = 'orderId',
) =>
  `<OrderIdUserIdDate><CountOfTNs>1</CountOfTNs>${
    customerOrderId === undefined ? '' : `<CustomerOrderId>${customerOrderId}</CustomerOrderId>`
  }<lastModifiedDate>${date}</lastModifiedDate><OrderDate>${date}</OrderDate><OrderType>new_number</OrderType><${tag}>${id}</${tag}><OrderStatus>COMPLETE</OrderStatus></OrderIdUserIdDate>`;

const list = (rows: string, total?: number, next?: string) =>
  `<ResponseSelectWrapper><ListOrderIdUserIdDate>${total === undefined ? '' : `<TotalCount>${total}</TotalCount>`}<Links>
    <first>Link=&lt;https://api.test.inetwork.com:443/v1.0/accounts/1/orders?page=1&amp;size=1000&gt;;rel="first";</first>${
      next === undefined
        ? ''
        : `<next>Link=&lt;https://api.test.inetwork.com:443/v1.0/accounts/1/orders?page=${next}&amp;size=1000&gt;;rel="next";</next>`
    }</Links>${rows}</ListOrderIdUserIdDate></ResponseSelectWrapper>`;

const emptyLinks = (body: string) => body.replace(/<Links>.*<\/Links>/s, '<Links/>');

const internalError =
  '<ErrorList><Error><Code>1000</Code><Description>Internal error</Description></Error></ErrorList>';

const answer = (body: string, status = 200, page = '1') =>
  nock(HOST).get(`${ACCOUNT}/orders`).query(asked(page)).reply(status, body, XML);

const find = () => aClient().bandwidth.find(lost(aPurchase()));

describe('An order whose answer was lost', () => {
  test('is found by its CustomerOrderId', async () => {
    answer(list(row(CARRIER_ORDER_ID, ORDER_ID), 1));
    expect(await find()).toEqual([CARRIER_ORDER_ID]);
  });

  test('is found when the id is spelled OrderId', async () => {
    answer(list(row(CARRIER_ORDER_ID, ORDER_ID.toUpperCase(), undefined, 'OrderId'), 1));
    expect(await find()).toEqual([CARRIER_ORDER_ID]);
  });

  test('is found twice if it was accepted twice, the newest last, whatever format the dates have', async () => {
    answer(
      list(
        row('third', ORDER_ID, '2026-03-02T10-00-05.797Z') +
          row('first', ORDER_ID, '2026-03-02T06') +
          row('second', ORDER_ID, '2026-03-02T10:00:05.100Z') +
          row('first', ORDER_ID, '2026-03-02T06'),
        4,
      ),
    );
    expect(await find()).toEqual(['first', 'second', 'third']);
  });

  test('is found on a later page when Bandwidth lists other people’s orders too', async () => {
    answer(list(row('a', 'someone-else') + row('b', undefined), 3, 'key-2'));
    answer(list(row(CARRIER_ORDER_ID, ORDER_ID), 3), 200, 'key-2');
    const { bandwidth, log } = aClient();
    expect(await bandwidth.find(lost(aPurchase()))).toEqual([CARRIER_ORDER_ID]);
    expect(log.lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  test.each([
    ['a count of none', list('', 0), 200],
    ['no content', '', 204],
    [
      'a 404 of links',
      '<Links><first>Link=&lt;https://x/orders?page=1&gt;;rel="first";</first></Links>',
      404,
    ],
    ['a list of other people’s orders', list(row('a', 'someone-else') + row('b', undefined), 2), 200],
    ['an uncounted list of other people’s orders', list(row('a', 'someone-else')), 200],
  ])('does not exist after %s', async (_what, body, status) => {
    answer(body, status);
    expect(await find()).toEqual([]);
  });

  test.each([
    ['an empty 404', '', 404, 'missing'],
    [
      'a 404 in words',
      '<ErrorResponse><ResponseStatus><Description>gone</Description></ResponseStatus></ErrorResponse>',
      404,
      'missing',
    ],
    ['an empty success', '', 200, 'broken'],
    ['a web page', '<html/>', 200, 'broken'],
    ['a list that counts nothing', '<ResponseSelectWrapper/>', 200, 'broken'],
    ['a count without a list', list('', 122), 200, 'broken'],
    ['the first page of a list whose rest is not linked', list(row('a', 'someone-else'), 122), 200, 'broken'],
    ['a list that loses a row without an id', list(row('', ORDER_ID), 1), 200, 'broken'],
    [
      'a complaint inside a success',
      '<ResponseSelectWrapper><ErrorList><Error><Code>15516</Code><Description>bad page</Description></Error></ErrorList></ResponseSelectWrapper>',
      200,
      'refused',
    ],
    [
      'a count of none beside an error',
      list('', 0).replace('</ResponseSelectWrapper>', `${internalError}</ResponseSelectWrapper>`),
      200,
      'refused',
    ],
    ['a count of none around an error', list(internalError, 0), 200, 'refused'],
    [
      'a count of none after a status that is an error',
      list('', 0).replace(
        '<ResponseSelectWrapper>',
        '<ResponseSelectWrapper><ResponseStatus><ErrorCode>1010</ErrorCode><Description>Unexpected</Description></ResponseStatus>',
      ),
      200,
      'refused',
    ],
    [
      'a list of other people’s orders around an error',
      list(row('a', 'someone-else') + internalError, 1),
      200,
      'broken',
    ],
    ['a 404 of links around an error', `<Links>${internalError}</Links>`, 404, 'missing'],
    ['a 404 of links around anything else', '<Links><Order><id>x</id></Order></Links>', 404, 'missing'],
    ['a fault', '', 500, 'broken'],
    ['no permission', '', 403, 'forbidden'],
  ])('may still exist after %s', async (_what, body, status, trouble) => {
    answer(body, status);
    expect((await errorOf(find())).trouble).toBe(trouble);
  });

  test('may still exist when the next page is empty before all were listed', async () => {
    answer(list(row('a', 'someone-else'), 3, 'key-2'));
    answer('', 204, 'key-2');
    expect((await errorOf(find())).trouble).toBe('broken');
  });

  test('may still exist when the list has no end', async () => {
    let pages = 0;
    nock(HOST)
      .persist()
      .get(`${ACCOUNT}/orders`)
      .query(true)
      .reply(() => {
        pages += 1;
        return [200, list(row(`o${pages}`, 'someone-else'), 1_000_000, `key-${pages}`), XML];
      });
    expect((await errorOf(find())).trouble).toBe('broken');
    expect(pages).toBe(20);
  });

  describe('where neither the list nor the orders show their CustomerOrderId', () => {
    const nameless = emptyLinks(list(row('a', undefined, '2026-03-02T09-59-05Z'), 1));
    const opens = (id: string, inside = '<SiteId>461</SiteId>') =>
      nock(HOST)
        .get(`${ACCOUNT}/orders/${id}`)
        .reply(
          200,
          `<OrderResponse><Order>${inside}</Order><OrderStatus>COMPLETE</OrderStatus></OrderResponse>`,
          XML,
        );
    /** Asks the same list for an id that nobody has. */
    const listsForNobody = (body: string, status = 200) =>
      nock(HOST)
        .get(`${ACCOUNT}/orders`)
        .query(
          ({ customerOrderId }) =>
            customerOrderId !== ORDER_ID && /^[\da-f-]{36}$/.test(`${customerOrderId}`),
        )
        .reply(status, body, XML);

    test('is what the list names for its id, because the list names nothing for an id that nobody has', async () => {
      answer(nameless);
      opens('a');
      listsForNobody('<Links/>', 404);
      expect(await find()).toEqual(['a']);
    });

    test.each([
      ['the list names the same order for any id', nameless, 200],
      ['the list names an order that it gives no id for any id', list(row('', undefined), 1), 200],
      ['the list cannot be asked again', '', 503],
    ])('may exist when %s', async (_what, body, status) => {
      answer(nameless);
      opens('a');
      listsForNobody(body, status);
      expect((await errorOf(find())).trouble).toBe('broken');
    });

    test('does not exist if every one of them is older, or names another', async () => {
      answer(
        list(row('old', undefined, '2026-03-01T09-59-05Z') + row('b', undefined, '2026-03-02T09-59-05Z'), 2),
      );
      opens('b', '<CustomerOrderId>someone-else</CustomerOrderId>');
      expect(await find()).toEqual([]);
    });
  });

  test.each([
    ['a count of none and an empty Links', emptyLinks(list('', 0)), 200],
    ['a 404 of empty Links', '<Links/>', 404],
  ])('does not exist after %s', async (_what, body, status) => {
    answer(body, status);
    expect(await find()).toEqual([]);
  });

  test('may still exist when more are counted than listed and Links is empty', async () => {
    answer(emptyLinks(list(row('a', 'someone-else'), 2)));
    expect((await errorOf(find())).trouble).toBe('broken');
  });

  test('is not searched for in a loop', async () => {
    answer(list(row('a', 'someone-else'), undefined, '1'));
    expect(await find()).toEqual([]);
  });
});
