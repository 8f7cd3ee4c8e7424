import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { areaCode, childNames, existing, site, startClient, stopAll, values } from './client.js';

afterEach(stopAll);

describe('an order that is accepted', () => {
  test('is answered 201 with its id, its Location and what was understood, as in the guide', async () => {
    const { bandwidth, order } = await startClient();
    const reply = await order(`${areaCode('910', 1)}${site}`);
    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    expect(reply.headers.get('location')).toBe(`${bandwidth.apiUrl}/accounts/9900123/orders/${reply.id}`);
    expect(reply.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8" standalone="yes"\?><OrderResponse><Order>/,
    );
    expect(childNames(reply.body, 'Order')).toEqual([
      'OrderCreateDate',
      'BackOrderRequested',
      'id',
      'AreaCodeSearchAndOrderType',
      'PartialAllowed',
      'SiteId',
    ]);
    expect(values(reply.body, 'OrderStatus')).toEqual(['RECEIVED']);
  });

  test('returns the name and CustomerOrderId it was given, escaped', async () => {
    const { bandwidth, order } = await startClient();
    const reply = await order(
      `<Name>R&amp;D &lt;east&gt;</Name><CustomerOrderId>abc-1</CustomerOrderId>${areaCode('910', 1)}${site}`,
    );
    expect(values(reply.body, 'Name')).toEqual(['R&amp;D &lt;east&gt;']);
    expect(bandwidth.orders()[0]).toMatchObject({ name: 'R&D <east>', customerOrderId: 'abc-1' });
  });

  test('can be written with a prolog, on several lines, its elements in any order', async () => {
    const { bandwidth, send } = await startClient();
    const reply = await send(
      'POST',
      'orders',
      `<?xml version="1.0" encoding="UTF-8"?>
      <!-- two numbers for the front desk -->
      <Order>
        <SiteId> 461 </SiteId>
        <ExistingTelephoneNumberOrderType>
          <TelephoneNumberList>
            <TelephoneNumber>9102414365</TelephoneNumber>
            <TelephoneNumber>
              9103174992
            </TelephoneNumber>
          </TelephoneNumberList>
        </ExistingTelephoneNumberOrderType>
        <Name>Front desk</Name>
      </Order>`,
    );
    expect(reply.status).toBe(201);
    expect(values(reply.body, 'TelephoneNumber')).toEqual(['9102414365', '9103174992']);
    expect(bandwidth.orders()[0]).toMatchObject({ name: 'Front desk', siteId: '461', quantity: 2 });
  });

  test('has no OrderStatus on some days', async () => {
    const { order } = await startClient({ switches: { omitOrderStatus: true } });
    const reply = await order(`${areaCode('910', 1)}${site}`);
    expect(reply.status).toBe(201);
    expect(values(reply.body, 'OrderStatus')).toEqual([]);
  });

  test('defaults to 5000 numbers, partial delivery and no back-order', async () => {
    const { bandwidth, order } = await startClient();
    const reply = await order(`${areaCode('910')}${site}`);
    expect(values(reply.body, 'Quantity')).toEqual(['5000']);
    expect(values(reply.body, 'PartialAllowed')).toEqual(['true']);
    expect(values(reply.body, 'BackOrderRequested')).toEqual(['false']);
    const onOffer = bandwidth.available('910').length;
    bandwidth.finish(reply.id);
    expect(bandwidth.numbersInService()).toHaveLength(onOffer);
    expect(bandwidth.orders()[0]).toMatchObject({ status: 'PARTIAL', quantity: 5000 });
  });

  test('is completed about 400 ms later by itself', async () => {
    const { bandwidth, order } = await startClient({ orderDelayMs: 400 });
    const completed = new Promise<string>((resolve) => {
      const stop = bandwidth.on('change', (change) => {
        if (change.what !== 'order' || bandwidth.orders()[0]?.status !== 'COMPLETE') return;
        stop();
        resolve(change.id);
      });
    });
    const began = Date.now();
    const reply = await order(`${areaCode('910', 1)}${site}`);
    expect(await completed).toBe(reply.id);
    // The delay is a real timer's. A slow machine only adds to it.
    expect(Date.now() - began).toBeGreaterThan(300);
  });
});

describe('GET of an order', () => {
  test('that is complete has the numbers and the peer really used, but no id', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(`<CustomerOrderId>c-1</CustomerOrderId>${existing('9102414365')}${site}`);
    bandwidth.finish(id);
    const { status, body } = await get(`orders/${id}`);
    expect(status).toBe(200);
    expect(childNames(body, 'OrderResponse')).toEqual([
      'CompletedQuantity',
      'CreatedByUser',
      'LastModifiedDate',
      'OrderCompleteDate',
      'Order',
      'OrderStatus',
      'CompletedNumbers',
      'Summary',
      'FailedQuantity',
    ]);
    expect(values(body, 'id')).toEqual([]);
    expect(body).toContain(
      '<CompletedNumbers><TelephoneNumber><FullNumber>9102414365</FullNumber></TelephoneNumber></CompletedNumbers>',
    );
    expect(values(body, 'PeerId')).toEqual(['651681']);
    expect(values(body, 'Summary')).toEqual(['1 number ordered in (910)']);
    expect(bandwidth.numbersInService()).toEqual(['9102414365']);
    expect(bandwidth.available('9102414365')).toEqual([]);
  });

  test('that is pending has a status and no quantities', async () => {
    const { get, order } = await startClient();
    const { id } = await order(`${areaCode('910', 1)}${site}`);
    const { body } = await get(`orders/${id}`);
    expect(childNames(body, 'OrderResponse')).toEqual([
      'CreatedByUser',
      'LastModifiedDate',
      'Order',
      'OrderStatus',
      'Summary',
    ]);
    expect(values(body, 'OrderStatus')).toEqual(['RECEIVED']);
  });

  test('that is pending may carry error 5019, and empty lists, by switch', async () => {
    const { bandwidth, get, order } = await startClient();
    bandwidth.set({ pendingError: true, emptyLists: true });
    const { id } = await order(`${areaCode('910', 1)}${site}`);
    const pending = await get(`orders/${id}`);
    expect(values(pending.body, 'Code')).toEqual(['5019']);
    bandwidth.finish(id);
    const done = await get(`orders/${id}`);
    expect(done.body).toContain('<ErrorList/><FailedNumbers/>');
    expect(bandwidth.switches()).toMatchObject({ pendingError: true, emptyLists: true });
  });

  test('shows PROCESSING on the way, by switch or for one order', async () => {
    const { bandwidth, order } = await startClient({ switches: { processing: true } });
    const seen: (string | undefined)[] = [];
    bandwidth.on('change', ({ what }) => {
      if (what === 'order') seen.push(bandwidth.orders().at(-1)?.status);
    });
    const complete = () => bandwidth.orders().every(({ status }) => status === 'COMPLETE');
    bandwidth.nextOrder({ delayMs: 20 });
    await order(`${areaCode('910', 1)}${site}`);
    bandwidth.set({ processing: false });
    bandwidth.nextOrder({ delayMs: 20, processing: true });
    await until(complete, 'the first order');
    await order(`${areaCode('910', 1)}${site}`);
    await until(complete, 'the second order');
    expect(seen).toEqual(['RECEIVED', 'PROCESSING', 'COMPLETE', 'RECEIVED', 'PROCESSING', 'COMPLETE']);
  });

  test('that does not exist is 404 without a word', async () => {
    const { get } = await startClient();
    expect(await get('orders/nothing')).toMatchObject({ status: 404, body: '' });
  });
});

describe('numbers that someone else took in the meantime', () => {
  test('make an order PARTIAL, each with 5005, and spelled unlike the completed ones', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(`${existing('9102414365', '9103174992')}${site}`);
    expect(bandwidth.anotherCustomerBuys('9102414365')).toBe(true);
    bandwidth.finish(id);
    const { status, body } = await get(`orders/${id}`);
    expect(status).toBe(200);
    expect(values(body, 'OrderStatus')).toEqual(['PARTIAL']);
    expect(body).toContain(
      '<Error><Code>5005</Code><Description>The telephone number is unavailable for ordering</Description><TelephoneNumber>9102414365</TelephoneNumber></Error>',
    );
    expect(body).toContain('<FailedNumbers><FullNumber>9102414365</FullNumber></FailedNumbers>');
    expect(body).toContain(
      '<CompletedNumbers><TelephoneNumber><FullNumber>9103174992</FullNumber></TelephoneNumber></CompletedNumbers>',
    );
    expect(values(body, 'Summary')).toEqual(['1 out of 2 numbers ordered in (910)']);
    expect(values(body, 'FailedQuantity')).toEqual(['1']);
  });

  test('fail the whole order when part of it is not allowed, and its echo is empty', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(
      `${existing('9102414365', '9103174992')}<PartialAllowed>false</PartialAllowed>${site}`,
    );
    bandwidth.anotherCustomerBuys('9102414365');
    bandwidth.finish(id);
    const { body } = await get(`orders/${id}`);
    expect(values(body, 'OrderStatus')).toEqual(['FAILED']);
    expect(values(body, 'TelephoneNumber')).toEqual(['9102414365']);
    expect(body).toContain('<ExistingTelephoneNumberOrderType/>');
    expect(body).toContain('<CompletedNumbers/>');
    expect(values(body, 'FailedQuantity')).toEqual(['2']);
    expect(bandwidth.numbersInService()).toEqual([]);
    expect(bandwidth.orders()[0]).toMatchObject({ failed: ['9102414365', '9103174992'] });
  });

  test('cannot be bought twice by another customer', async () => {
    const { bandwidth } = await startClient();
    expect(bandwidth.anotherCustomerBuys('9102414365')).toBe(true);
    expect(bandwidth.anotherCustomerBuys('9102414365')).toBe(false);
  });

  test('ordered twice by us are delivered once', async () => {
    const { bandwidth, order } = await startClient();
    const first = await order(`${existing('9102414365')}${site}`);
    const second = await order(`${existing('9102414365')}${site}`);
    bandwidth.finish(second.id);
    bandwidth.finish(first.id);
    expect(bandwidth.orders().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETE']);
  });
});

describe('a search-and-order for more than there is', () => {
  const tooMany = '<ZIPSearchAndOrderType><Quantity>9</Quantity><Zip>22747</Zip></ZIPSearchAndOrderType>';
  const both = (backOrder: boolean, partial: boolean) =>
    `${tooMany}<BackOrderRequested>${backOrder}</BackOrderRequested><PartialAllowed>${partial}</PartialAllowed>${site}`;

  test.each([
    { backOrder: false, partial: true, status: 'PARTIAL', bought: 4, code: '5017' },
    { backOrder: false, partial: false, status: 'FAILED', bought: 0, code: '5018' },
    { backOrder: true, partial: true, status: 'BACKORDERED', bought: 4, code: '5520' },
    { backOrder: true, partial: false, status: 'BACKORDERED', bought: 0, code: '5521' },
  ])('is $status when back-order is $backOrder and partial $partial', async (row) => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(both(row.backOrder, row.partial));
    bandwidth.finish(id);
    expect(bandwidth.numbersInService()).toHaveLength(row.bought);
    const { body } = await get(`orders/${id}`);
    expect(values(body, 'OrderStatus')).toEqual([row.status]);
    expect(values(body, 'Code')).toEqual([row.code]);
    expect(values(body, 'TelephoneNumber')).toEqual([]);
    expect(values(body, row.status === 'BACKORDERED' ? 'PendingQuantity' : 'FailedQuantity')).toEqual([
      String(9 - row.bought),
    ]);
  });

  test('is FAILED with one 5018 and no failed numbers if there is nothing at all', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(`${areaCode('212', 1)}${site}`);
    bandwidth.finish(id);
    const { body } = await get(`orders/${id}`);
    expect(values(body, 'OrderStatus')).toEqual(['FAILED']);
    expect(values(body, 'Code')).toEqual(['5018']);
    expect(body).not.toContain('FailedNumbers');
    expect(body).toContain('<CompletedNumbers/>');
    expect(values(body, 'Summary')).toEqual(['1 number requested']);
  });

  test('is completed when numbers become available, if it was back-ordered', async () => {
    const { bandwidth, order } = await startClient();
    const { id } = await order(both(true, true));
    bandwidth.finish(id);
    bandwidth.finish(id);
    expect(bandwidth.orders()[0]).toMatchObject({ status: 'COMPLETE', failed: [] });
    expect(bandwidth.numbersInService()).toHaveLength(9);
  });

  test('is completed by itself after a while, if configured', async () => {
    const { bandwidth, order } = await startClient({ switches: { orderDelayMs: 5, backorderDelayMs: 20 } });
    bandwidth.set({ orderDelayMs: 5 });
    await order(both(true, true));
    await until(() => bandwidth.orders()[0]?.status === 'COMPLETE', 'the numbers to come');
    expect(bandwidth.numbersInService()).toHaveLength(9);
  });

  test('can be closed only while it is BACKORDERED; what was bought stays', async () => {
    const { bandwidth, get, order, send } = await startClient();
    const { id } = await order(both(true, true));
    const close = () => send('PUT', `orders/${id}`, '<Order><CloseOrder>true</CloseOrder></Order>');
    expect(values((await close()).body, 'Code')).toEqual(['5060']);
    bandwidth.finish(id);
    expect((await send('PUT', `orders/${id}`, '<Order/>')).status).toBe(400);
    const closed = await close();
    expect(closed.status).toBe(200);
    expect(closed.body).toContain('<OrderResponse/>');
    expect(values((await get(`orders/${id}`)).body, 'OrderStatus')).toEqual(['PARTIAL']);
    expect((await send('PUT', 'orders/nothing', '<Order/>')).status).toBe(404);
  });

  test('is FAILED when closed before any number was delivered', async () => {
    const { bandwidth, order, send } = await startClient();
    const { id } = await order(both(true, false));
    bandwidth.finish(id);
    await send('PUT', `orders/${id}`, '<Order><CloseOrder>true</CloseOrder></Order>');
    expect(bandwidth.orders()[0]?.status).toBe('FAILED');
  });
});

describe('the end of the next order can be chosen', () => {
  test.each([
    { ends: 'COMPLETE', bought: 4 },
    { ends: 'PARTIAL', bought: 2 },
    { ends: 'FAILED', bought: 0 },
    { ends: 'BACKORDERED', bought: 2 },
  ] as const)('$ends', async ({ ends, bought }) => {
    const { bandwidth, order } = await startClient();
    bandwidth.nextOrder({ ends });
    const { id } = await order(`${areaCode('910', 4)}${site}`);
    bandwidth.finish(id);
    expect(bandwidth.orders()[0]?.status).toBe(ends);
    expect(bandwidth.numbersInService()).toHaveLength(bought);
  });

  test('COMPLETE even if there are no numbers, which are then created', async () => {
    const { bandwidth, order } = await startClient();
    bandwidth.nextOrder({ ends: 'COMPLETE' });
    const { id } = await order(`${areaCode('212', 3)}${site}`);
    bandwidth.finish(id);
    expect(bandwidth.numbersInService()).toHaveLength(3);
    expect(bandwidth.numbersInService().every((number) => /^212[2-9]\d{6}$/.test(number))).toBe(true);
  });

  test('with errors of our choice, and only for one order', async () => {
    const { bandwidth, get, order } = await startClient();
    bandwidth.nextOrder({
      ends: 'FAILED',
      errors: [{ code: '5086', description: 'Order request timed out.' }],
    });
    const first = await order(`${existing('9102414365')}${site}`);
    const second = await order(`${existing('9102414365')}${site}`);
    bandwidth.finish(first.id);
    bandwidth.finish(second.id);
    expect(values((await get(`orders/${first.id}`)).body, 'Code')).toEqual(['5086']);
    expect(bandwidth.orders().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETE']);
  });

  test('as a refusal at once', async () => {
    const { bandwidth, order } = await startClient();
    bandwidth.refuseNextOrder({
      code: '5012',
      description: 'The account is locked and the operation is not permissible',
    });
    const reply = await order(`${areaCode('910', 1)}${site}`);
    expect(reply.status).toBe(400);
    expect(values(reply.body, 'Code')).toEqual(['5012']);
    expect(bandwidth.orders()).toEqual([]);
  });

  test('finish() of an order that does not exist is a mistake in the test', async () => {
    const { bandwidth } = await startClient();
    expect(() => bandwidth.finish('nothing')).toThrow('there is no order nothing');
  });
});

describe('every order type of the guide', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    [
      '<AreaCodeSearchAndOrderType><AreaCode>617</AreaCode><Quantity>2</Quantity></AreaCodeSearchAndOrderType>',
      /^617/,
    ],
    [
      '<RateCenterSearchAndOrderType><RateCenter>RALEIGH</RateCenter><State>NC</State><EnableLCA>false</EnableLCA><Quantity>2</Quantity></RateCenterSearchAndOrderType>',
      /^9(?:19|84)/,
    ],
    [
      '<NPANXXSearchAndOrderType><NpaNxx>540227</NpaNxx><EnableTNDetail>true</EnableTNDetail><EnableLCA>false</EnableLCA><Quantity>2</Quantity></NPANXXSearchAndOrderType>',
      /^540227/,
    ],
    ['<StateSearchAndOrderType><Quantity>2</Quantity><State>NJ</State></StateSearchAndOrderType>', /^973/],
    [
      '<CitySearchAndOrderType><Quantity>2</Quantity><City>Raleigh</City><State>NC</State></CitySearchAndOrderType>',
      /^9/,
    ],
    ['<ZIPSearchAndOrderType><Quantity>2</Quantity><Zip>07945-1234</Zip></ZIPSearchAndOrderType>', /^973/],
    ['<LATASearchAndOrderType><Quantity>2</Quantity><Lata>224</Lata></LATASearchAndOrderType>', /^973/],
    [
      '<TollFreeVanitySearchAndOrderType><Quantity>2</Quantity><TollFreeVanity>newcars</TollFreeVanity></TollFreeVanitySearchAndOrderType>',
      /^8(?:00|88)6392277/,
    ],
    [
      '<TollFreeWildCharSearchAndOrderType><Quantity>2</Quantity><TollFreeWildCardPattern>83*</TollFreeWildCardPattern></TollFreeWildCharSearchAndOrderType>',
      /^833/,
    ],
    [
      '<CombinedSearchAndOrderType><Quantity>2</Quantity><AreaCode>984</AreaCode><City>CARY</City><State>NC</State></CombinedSearchAndOrderType>',
      /^984465/,
    ],
  ];

  test.each(rows)('%s', async (type, expected) => {
    const { bandwidth, order } = await startClient();
    const { id, status } = await order(`${type}${site}`);
    expect(status).toBe(201);
    bandwidth.finish(id);
    const [made] = bandwidth.orders();
    expect(made).toMatchObject({ status: 'COMPLETE', quantity: 2 });
    expect(made?.numbers.filter((number) => expected.test(number))).toHaveLength(2);
  });

  test('local vanity is an area code and a word', async () => {
    const { bandwidth, order } = await startClient();
    const { id } = await order(
      `<CombinedSearchAndOrderType><AreaCode>910</AreaCode><LocalVanity>pizza</LocalVanity><Quantity>1</Quantity><EndsIn>true</EndsIn></CombinedSearchAndOrderType>${site}`,
    );
    bandwidth.finish(id);
    expect(bandwidth.numbersInService()).toEqual(['9103174992']);
  });

  test('without EnableLCA buys numbers outside the requested prefix', async () => {
    const { bandwidth, order } = await startClient();
    const { id } = await order(
      `<NPANXXSearchAndOrderType><NpaNxx>540551</NpaNxx><Quantity>5</Quantity></NPANXXSearchAndOrderType>${site}`,
    );
    bandwidth.finish(id);
    expect(bandwidth.numbersInService().filter((number) => !number.startsWith('540551'))).toHaveLength(2);
  });

  test('a number ordered as Protected is protected', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id, body } = await order(
      `${existing('9102414365')}<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>${site}`,
    );
    expect(body).toContain('<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>');
    bandwidth.finish(id);
    expect(values((await get('/tns/9102414365/tndetails')).body, 'TnAttribute')).toEqual(['Protected']);
  });
});

describe('an order that is refused', () => {
  const none = { sites: [{ id: '461', name: 'Bare', peers: [{ id: '1', name: 'Only' }] }] };
  const ok = areaCode('910', 1);
  const many = Array.from({ length: 5001 }, (_, at) => `910555${String(at).padStart(4, '0')}`);
  test.each([
    ['5022', 'no sub-account', ok],
    ['5016', 'an unknown sub-account', `${ok}<SiteId>1</SiteId>`],
    ['5023', "another sub-account's location", `${ok}${site}<PeerId>303716</PeerId>`],
    ['5052', 'a CustomerOrderId with an underscore', `${ok}${site}<CustomerOrderId>a_b</CustomerOrderId>`],
    ['5052', 'a CustomerOrderId of 41', `${ok}${site}<CustomerOrderId>${'a'.repeat(41)}</CustomerOrderId>`],
    ['1011', 'a name of 51', `${ok}${site}<Name>${'n'.repeat(51)}</Name>`],
    ['5217', 'PartialAllowed perhaps', `${ok}${site}<PartialAllowed>perhaps</PartialAllowed>`],
    ['1008', 'BackOrderRequested perhaps', `${ok}${site}<BackOrderRequested>perhaps</BackOrderRequested>`],
    ['5001', 'no numbers', `${existing()}${site}`],
    ['5070', 'a short number', `${existing('910241436')}${site}`],
    ['5070', 'a number in E.164, to this version of the API', `${existing('+19102414365')}${site}`],
    ['5093', 'a number twice', `${existing('9102414365', '9102414365')}${site}`],
    ['5095', '5001 numbers', `${existing(...many)}${site}`],
    ['5211', '5001 of an area', `${areaCode('910', 5001)}${site}`],
    ['5215', '0 of an area', `${areaCode('910', 0)}${site}`],
    [
      '5522',
      'named numbers back-ordered',
      `${existing('9102414365')}<BackOrderRequested>true</BackOrderRequested>${site}`,
    ],
    [
      '5100',
      'a toll-free number protected',
      `${existing('8006392277')}<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>${site}`,
    ],
    [
      '5101',
      'toll-free search protected',
      `<TollFreeWildCharSearchAndOrderType><TollFreeWildCardPattern>8**</TollFreeWildCardPattern><Quantity>1</Quantity></TollFreeWildCharSearchAndOrderType><TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>${site}`,
    ],
    ['5002', 'an area code that is none', `${areaCode('110', 1)}${site}`],
    ['5002', 'nothing to order', site],
    [
      '1003',
      'a city without its state',
      `<CitySearchAndOrderType><City>RALEIGH</City><Quantity>1</Quantity></CitySearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'a combined city without its state',
      `<CombinedSearchAndOrderType><City>RALEIGH</City><Quantity>1</Quantity></CombinedSearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'two prefixes',
      `<CombinedSearchAndOrderType><AreaCode>910</AreaCode><NpaNxx>910241</NpaNxx><Quantity>1</Quantity></CombinedSearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'vanity without an area',
      `<CombinedSearchAndOrderType><LocalVanity>pizza</LocalVanity><Quantity>1</Quantity></CombinedSearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'vanity in a state',
      `<CombinedSearchAndOrderType><AreaCode>910</AreaCode><State>NC</State><LocalVanity>pizza</LocalVanity><Quantity>1</Quantity></CombinedSearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'a combined order of nothing',
      `<CombinedSearchAndOrderType><Quantity>1</Quantity></CombinedSearchAndOrderType>${site}`,
    ],
    [
      '5002',
      'EnableLCA perhaps',
      `<NPANXXSearchAndOrderType><NpaNxx>540551</NpaNxx><EnableLCA>perhaps</EnableLCA><Quantity>1</Quantity></NPANXXSearchAndOrderType>${site}`,
    ],
    [
      '5522',
      'a prefix back-ordered',
      `<NPANXXSearchAndOrderType><NpaNxx>540551</NpaNxx><Quantity>1</Quantity></NPANXXSearchAndOrderType><BackOrderRequested>true</BackOrderRequested>${site}`,
    ],
  ])('%s: %s', async (code, _why, inside) => {
    const { bandwidth, order } = await startClient();
    const { status, body } = await order(inside);
    expect(status).toBe(400);
    expect(values(body, 'Code')).toEqual([code]);
    expect(childNames(body, 'OrderResponse')).toEqual(['ErrorList', 'Order']);
    expect(values(body, 'id')).toEqual([]);
    expect(bandwidth.orders()).toEqual([]);
  });

  test('5020: no location named if there is no default', async () => {
    const { order } = await startClient(none);
    expect(values((await order(`${ok}${site}`)).body, 'Code')).toEqual(['5020']);
    expect((await order(`${ok}${site}<PeerId>1</PeerId>`)).status).toBe(201);
  });

  test('500, as at Bandwidth, for numbers without the element around them', async () => {
    const { order } = await startClient();
    const { status } = await order(
      `<TelephoneNumberList><TelephoneNumber>9102414365</TelephoneNumber></TelephoneNumberList>${site}`,
    );
    expect(status).toBe(500);
  });

  test('400 for what is not an order, 415 for what does not say it is XML', async () => {
    const { bandwidth, send } = await startClient();
    expect((await send('POST', 'orders', '<Orders/>')).status).toBe(400);
    expect((await send('POST', 'orders', '<Order><SiteId>461')).status).toBe(400);
    const { status } = await fetch(`${bandwidth.apiUrl}/accounts/9900123/orders`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('local-user:local-password')}` },
      body: '<Order/>',
    });
    expect(status).toBe(415);
  });
});
