import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { type Client, existing, site, startClient, stopAll, values } from './client.js';

afterEach(stopAll);

const ours = ['9102420000', '9102420001', '9102420002'];

/** A client of version 2, by paths below its address. */
async function startV2(options: Parameters<typeof startClient>[0] = {}) {
  const client = await startClient({ inService: { ours }, ...options });
  const at = (path: string) =>
    path.startsWith('/') ? `/v2${path}` : `/v2/accounts/${client.bandwidth.accountId}/${path}`;
  return {
    bandwidth: client.bandwidth,
    get: (path: string) => client.get(at(path)),
    send: (method: 'POST' | 'PUT' | 'DELETE', path: string, xml?: string) =>
      client.send(method, at(path), xml),
  };
}

describe('version 2 of the API', () => {
  test("serves what Bandwidth's own command line sends: search, order, list and release", async () => {
    const { bandwidth, get, send } = await startV2();
    const found = await get('availableNumbers?areaCode=910&quantity=2');
    const [number = ''] = values(found.body, 'TelephoneNumber');
    expect(number).toMatch(/^\+1910\d{7}$/);
    const order = await send('POST', 'orders', `<Order>${site}${existing(number)}</Order>`);
    expect(order.status).toBe(201);
    expect(values(order.body, 'TelephoneNumber')).toEqual([number]);
    const [id = ''] = values(order.body, 'id');
    expect(order.headers.get('location')).toBe(`${bandwidth.apiUrlV2}/accounts/9900123/orders/${id}`);
    bandwidth.finish(id);
    expect(values((await get(`orders/${id}`)).body, 'FullNumber')).toEqual([number]);

    const listed = await get(
      `/tns?accountId=${bandwidth.accountId}&status=Inservice,InAccount&page=1&size=500`,
    );
    expect(values(listed.body, 'FullNumber')).toContain(number);
    const release = await send(
      'POST',
      'disconnects',
      `<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>${number}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>`,
    );
    expect(release.status).toBe(201);
    bandwidth.finish(bandwidth.disconnects()[0]?.id ?? '');
    expect(bandwidth.numbersInService()).toEqual(ours);
    const left = await get(`/tns?accountId=${bandwidth.accountId}&status=Inservice&page=1&size=500`);
    expect(values(left.body, 'FullNumber')).toEqual(ours.map((each) => `+1${each}`));
  });

  test('pages by E.164, with a raw plus in its links, and refuses one that was not encoded', async () => {
    const { get } = await startV2();
    const page = (key: string) => get(`/tns?accountId=9900123&page=${key}&size=2`);
    const { body } = await page('1');
    expect(body).toContain('page=+19102420002&');
    expect(values((await page('%2B19102420002')).body, 'FullNumber')).toEqual(['+19102420002']);
    expect((await page('+19102420002')).status).toBe(400);
    expect((await page('9102420002')).status).toBe(400);
  });

  test('refuses ten digits in paths and documents, and version 1 refuses E.164', async () => {
    const { bandwidth, get, send } = await startV2();
    const [number = ''] = bandwidth.available('919');
    const reservation = (text: string) => `<Reservation><ReservedTn>${text}</ReservedTn></Reservation>`;
    expect((await get(`/tns/${ours[0]}/tndetails`)).status).toBe(400);
    expect((await get(`/tns/%2B1${ours[0]}/tndetails`)).status).toBe(200);
    expect((await get(`inserviceNumbers/%2B1${ours[0]}`)).status).toBe(200);
    expect((await send('POST', 'tnreservation', reservation(number))).status).toBe(400);
    expect((await send('POST', 'tnreservation', reservation(`+1${number}`))).status).toBe(201);
    const again = await send('POST', 'tnreservation', reservation(`+1${number}`));
    expect(values(again.body, 'Description')).toEqual([
      `Reservation failed: telephone number +1${number} is not available.`,
    ]);
    const one: Client = await startClient();
    expect((await one.send('POST', 'tnreservation', reservation(`+1${number}`))).status).toBe(400);
    expect((await one.get(`/tns/%2B1${number}/tndetails`)).status).toBe(400);
  });

  test.each([
    ['required', 'areaCode=910', 400],
    ['required', 'areaCode=910&countryCodeA3=USA', 200],
    ['required', 'state=NC', 200],
    ['refused', 'areaCode=910&countryCodeA3=USA', 400],
    ['refused', 'areaCode=910', 200],
    ['optional', 'areaCode=910', 200],
  ] as const)('takes countries as they are %s: %s', async (countryCodes, query, status) => {
    const { get } = await startV2({ switches: { countryCodes } });
    expect((await get(`availableNumbers?${query}`)).status).toBe(status);
  });

  test('finds no Canadian numbers in the USA, and says where each number is', async () => {
    const { get } = await startV2();
    const found = (country: string) =>
      get(`availableNumbers?areaCode=250&enableTNDetail=true&countryCodeA3=${country}`);
    expect((await found('USA')).body).toContain('<SearchResult/>');
    const { body } = await found('CAN');
    expect(values(body, 'FullNumber')).toEqual(['+12503950001']);
    expect(values(body, 'CountryCodeA3')).toEqual(['CAN']);
    expect(values(body, 'PhoneNumberType')).toEqual(['GEOGRAPHIC']);
  });

  test.each([
    ['version 2', '/v2/accounts/9900123/subscriptions', '+19102420000'],
    ['version 1', '/accounts/9900123/subscriptions', '9102420000'],
  ])('subscribed to in %s, a notice has its numbers', async (_version, path, number) => {
    const { bandwidth, send } = await startClient({ inService: { ours } });
    const told: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => told.push(text));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
      const subscription = `<Subscription><OrderType>disconnects</OrderType><CallbackSubscription><URL>${url}</URL></CallbackSubscription></Subscription>`;
      expect((await send('POST', path, subscription)).status).toBe(201);
      await send(
        'POST',
        'disconnects',
        '<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>9102420000</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>',
      );
      bandwidth.finish(bandwidth.disconnects()[0]?.id ?? '');
      await until(() => bandwidth.notices.length === 1, 'the notice to be answered');
      expect(values(told.join(''), 'TelephoneNumber')).toEqual([number]);
    } finally {
      server.close();
    }
  });
});

test('an account can be set to list its orders without their ids, with dashes in dates and empty links', async () => {
  const { bandwidth, get, send } = await startV2({
    switches: { omitCustomerOrderIds: true, dashedDates: true, emptyLinks: true },
  });
  const [number = ''] = bandwidth.available('919');
  await send(
    'POST',
    'orders',
    `<Order><CustomerOrderId>c-1</CustomerOrderId>${site}${existing(`+1${number}`)}</Order>`,
  );
  const mine = await get('orders?page=1&size=10&customerOrderId=c-1');
  expect(values(mine.body, 'TotalCount')).toEqual(['1']);
  expect(values(mine.body, 'CustomerOrderId')).toEqual([]);
  expect(values(mine.body, 'OrderDate')[0]).toMatch(/T\d\d-\d\d-\d\d\.\d+Z$/);
  expect(mine.body).toContain('<Links/>');
  expect(values((await get('orders?page=1&size=10&customerOrderId=c-2')).body, 'TotalCount')).toEqual(['0']);
});
