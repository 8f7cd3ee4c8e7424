import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { areaCode, childNames, existing, site, startClient, stopAll, values } from './client.js';

afterEach(stopAll);

describe('the list of orders', () => {
  const placed = async (count: number, options: Parameters<typeof startClient>[0] = {}) => {
    const client = await startClient(options);
    for (let at = 1; at <= count; at += 1) {
      await client.order(`<CustomerOrderId>c-${at % 2}</CustomerOrderId>${areaCode('910', 1)}${site}`);
    }
    return client;
  };

  test('always needs page and size', async () => {
    const { get } = await placed(1);
    for (const query of ['', '?page=1', '?size=10']) {
      const { status, body } = await get(`orders${query}`);
      expect(status).toBe(404);
      expect(values(body, 'Description')).toEqual(['Size and page parameters are required']);
    }
  });

  test('is newest first, spells orderId in lower case, and continues where its next link says', async () => {
    const { bandwidth, get } = await placed(5);
    const newestFirst = bandwidth
      .orders()
      .map(({ id }) => id)
      .reverse();
    const seen: string[] = [];
    let page: string | undefined = '1';
    while (page !== undefined) {
      const { body } = await get(`orders?page=${page}&size=2`);
      expect(values(body, 'TotalCount')).toEqual(['5']);
      seen.push(...values(body, 'orderId'));
      page = /<next>Link=&lt;http:[^<]*[?&]page=([^&]+)&amp;/.exec(
        body.replaceAll('&amp;amp;', '&amp;'),
      )?.[1];
    }
    expect(seen).toEqual(newestFirst);
  });

  test('finds orders by CustomerOrderId, which several may share', async () => {
    const { bandwidth, get } = await placed(3);
    const { body } = await get('orders?page=1&size=10&customerOrderId=c-1');
    expect(values(body, 'orderId').sort()).toEqual(
      bandwidth
        .orders()
        .filter((order) => order.customerOrderId === 'c-1')
        .map(({ id }) => id)
        .sort(),
    );
    expect(values(body, 'orderId')).toHaveLength(2);
    expect(childNames(body, 'OrderIdUserIdDate').slice(0, 8)).toEqual([
      'CountOfTNs',
      'CustomerOrderId',
      'userId',
      'lastModifiedDate',
      'OrderType',
      'OrderDate',
      'orderId',
      'OrderStatus',
    ]);
  });

  test('filters by status, but not by RECEIVED', async () => {
    const { bandwidth, get } = await placed(2);
    bandwidth.finish(bandwidth.orders()[0]?.id ?? '');
    expect(values((await get('orders?page=1&size=9&status=COMPLETE')).body, 'OrderStatus')).toEqual([
      'COMPLETE',
    ]);
    const refused = await get('orders?page=1&size=9&status=RECEIVED');
    expect(refused.status).toBe(400);
    expect(values(refused.body, 'ErrorCode')).toEqual(['15518']);
  });

  test('filters by days, both of them or neither', async () => {
    const { get } = await placed(1, { now: () => Date.parse('2026-03-05T23:30:00Z') });
    const found = async (days: string) =>
      values((await get(`orders?page=1&size=9&${days}`)).body, 'orderId').length;
    expect(await found('startdate=26-03-05&enddate=26-03-05')).toBe(1);
    expect(await found('startdate=26-03-01&enddate=26-03-04')).toBe(0);
    expect(await found('startdate=26-03-06&enddate=26-03-09')).toBe(0);
    const code = async (days: string) =>
      values((await get(`orders?page=1&size=9&${days}`)).body, 'ErrorCode');
    expect(await code('startdate=26-03-05')).toEqual(['15508']);
    expect(await code('startdate=26-03-05&enddate=26-03-04')).toEqual(['15509']);
    expect(await code('startdate=2026-03-05&enddate=26-03-09')).toEqual(['1007']);
  });

  test('filters by the user who ordered', async () => {
    const { get } = await placed(1);
    expect(values((await get('orders?page=1&size=9&userid=local-user')).body, 'orderId')).toHaveLength(1);
    expect(values((await get('orders?page=1&size=9&userid=somebody')).body, 'orderId')).toHaveLength(0);
  });

  test('shows at most 1000 at a time', async () => {
    const { get } = await startClient();
    expect(values((await get('orders?page=1&size=1001')).body, 'ErrorCode')).toEqual(['1006']);
  });

  test('leaves out what is still RECEIVED, by switch', async () => {
    const { bandwidth, get } = await placed(2);
    bandwidth.set({ listOmitsReceived: true });
    bandwidth.finish(bandwidth.orders()[1]?.id ?? '');
    expect(values((await get('orders?page=1&size=9')).body, 'OrderStatus')).toEqual(['COMPLETE']);
  });

  test.each([200, 204, 404] as const)(
    'is answered %s when there is nothing, by switch',
    async (emptyOrderList) => {
      const { get } = await startClient({ switches: { emptyOrderList } });
      const { status, body } = await get('orders?page=1&size=9');
      expect(status).toBe(emptyOrderList);
      const expected = { 200: ['0', 'Links'], 204: [undefined, undefined], 404: [undefined, 'Links'] }[
        emptyOrderList
      ];
      expect([values(body, 'TotalCount')[0], /<(Links)>/.exec(body)?.[1]]).toEqual(expected);
    },
  );
});

describe('sub-accounts and locations', () => {
  test('are two offices, each with one default location', async () => {
    const { get } = await startClient();
    const sites = await get('sites');
    expect(values(sites.body, 'Id')).toEqual(['461', '743']);
    expect(values(sites.body, 'Name')).toEqual(['Raleigh office', 'Boston office']);
    const peers = await get('sites/461/sippeers');
    expect(peers.body).toContain('<TNSipPeersResponse><SipPeers><SipPeer><PeerId>651681</PeerId>');
    expect(values(peers.body, 'IsDefaultPeer')).toEqual(['true', 'false']);
  });

  test('come in one answer when asked for details', async () => {
    const { get } = await startClient();
    const { body } = await get('sites?sipPeerDetails=true');
    expect(values(body, 'PeerName')).toEqual(['Main SIP trunk', 'Contact center', 'Boston trunk']);
  });

  test.each([0, 1, 500])('may be %s', async (count) => {
    const sites = Array.from({ length: count }, (_, at) => ({
      id: String(at + 1),
      name: `Site ${at + 1}`,
      peers: [],
    }));
    const { get } = await startClient({ sites });
    expect(values((await get('sites')).body, 'Id')).toHaveLength(count);
  });

  test('of an unknown sub-account are 404 with code 12016', async () => {
    const { get } = await startClient();
    const { status, body } = await get('sites/1/sippeers');
    expect(status).toBe(404);
    expect(values(body, 'ErrorCode')).toEqual(['12016']);
  });
});

const disconnect = (inside: string, before = '<name>training run</name>') =>
  `<DisconnectTelephoneNumberOrder>${before}<DisconnectTelephoneNumberOrderType>${inside}</DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>`;
const numbers = (...list: readonly string[]) =>
  `<TelephoneNumberList>${list.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('')}</TelephoneNumberList>`;

describe('a disconnect', () => {
  const owning = async (...list: readonly string[]) => {
    const client = await startClient();
    const { id } = await client.order(`${existing(...list)}${site}`);
    client.bandwidth.finish(id);
    return client;
  };

  test('is accepted, and ends COMPLETE with the numbers out of the account', async () => {
    const { bandwidth, get, send } = await owning('9102414365', '9103174992');
    const reply = await send('POST', 'disconnects', disconnect(numbers('9102414365', '9103174992')));
    const [id] = values(reply.body, 'id');
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`${bandwidth.apiUrl}/accounts/9900123/disconnects/${id}`);
    expect(childNames(reply.body, 'DisconnectTelephoneNumberOrderResponse')).toEqual([
      'orderRequest',
      'OrderStatus',
    ]);
    expect(values(reply.body, 'DisconnectMode')).toEqual(['normal']);
    expect(bandwidth.numbersInService()).toHaveLength(2);
    bandwidth.finish(id ?? '');
    const { body } = await get(`disconnects/${id}`);
    expect(body).toContain(
      '<DisconnectedTelephoneNumberList><TelephoneNumber>9102414365</TelephoneNumber><TelephoneNumber>9103174992</TelephoneNumber></DisconnectedTelephoneNumberList><ErrorList/>',
    );
    expect(values(body, 'id')).toEqual([id]);
    expect(values(body, 'OrderStatus')).toEqual(['COMPLETE']);
    expect(bandwidth.numbersInService()).toEqual([]);
    expect(bandwidth.available('9102414365')).toEqual([]);
    expect(bandwidth.disconnects()[0]).toMatchObject({
      name: 'training run',
      status: 'COMPLETE',
      failed: [],
    });
    expect(values((await get('/tns/9102414365')).body, 'Status')).toEqual(['Aging']);
  });

  test('of someone else’s number is accepted too, and fails later with 5006', async () => {
    const { bandwidth, get, send } = await owning('9102414365');
    bandwidth.anotherCustomerBuys('7034343704');
    const mixed = await send('POST', 'disconnects', disconnect(numbers('9102414365', '7034343704')));
    const foreign = await send('POST', 'disconnects', disconnect(numbers('7034343704')));
    expect([mixed.status, foreign.status]).toEqual([201, 201]);
    const read = async (body: string) => {
      const id = values(body, 'id')[0] ?? '';
      bandwidth.finish(id);
      return (await get(`disconnects/${id}`)).body;
    };
    const partial = await read(mixed.body);
    expect(values(partial, 'OrderStatus')).toEqual(['PARTIAL']);
    expect(partial).toContain('<TelephoneNumber>7034343704</TelephoneNumber></Error></ErrorList>');
    const failed = await read(foreign.body);
    expect(values(failed, 'OrderStatus')).toEqual(['FAILED']);
    expect(values(failed, 'Code')).toEqual(['5006']);
    expect(failed).not.toContain('DisconnectedTelephoneNumberList');
  });

  test('takes its name as name, Name, or not at all', async () => {
    const { bandwidth, send } = await startClient();
    for (const before of ['<name>a</name>', '<Name>b</Name>', '<CustomerOrderId>c-1</CustomerOrderId>']) {
      await send('POST', 'disconnects', disconnect(numbers('9102414365'), before));
    }
    expect(bandwidth.disconnects().map(({ name, customerOrderId }) => name ?? customerOrderId)).toEqual([
      'a',
      'b',
      'c-1',
    ]);
  });

  test.each([
    ['5001', ''],
    ['5001', numbers()],
    ['5070', numbers('910241')],
    ['5072', numbers('9102414365', '9102414365')],
    ['5084', `${numbers('9102414365')}<DisconnectMode>gently</DisconnectMode>`],
    ['5085', `${numbers('9102414365')}<DisconnectMode>purge</DisconnectMode>`],
    ['5108', `${numbers('9102414365')}<Protected>perhaps</Protected>`],
  ])('is refused with %s: %s', async (code, inside) => {
    const { bandwidth, send } = await startClient();
    const { status, body } = await send('POST', 'disconnects', disconnect(inside));
    expect(status).toBe(400);
    expect(values(body, 'Code')).toEqual([code]);
    expect(values(body, 'id')).toEqual([]);
    expect(bandwidth.disconnects()).toEqual([]);
  });

  test('is refused without the element around its numbers, with too long a name or a wrong CustomerOrderId', async () => {
    const { send } = await startClient();
    const codes = async (xml: string) => values((await send('POST', 'disconnects', xml)).body, 'Code');
    const bare = `<DisconnectTelephoneNumberOrder>${numbers('9102414365')}</DisconnectTelephoneNumberOrder>`;
    expect(await codes(bare)).toEqual(['5001']);
    const list = numbers('9102414365');
    expect(await codes(disconnect(list, `<Name>${'n'.repeat(51)}</Name>`))).toEqual(['1011']);
    expect(await codes(disconnect(list, '<CustomerOrderId>a_b</CustomerOrderId>'))).toEqual(['5052']);
    expect((await send('POST', 'disconnects', '<Order/>')).status).toBe(400);
  });

  test('goes as planned, through PROCESSING too', async () => {
    const { bandwidth, get, send } = await owning('9102414365', '9103174992');
    bandwidth.nextDisconnect({ ends: 'PARTIAL', delayMs: 20, processing: true });
    bandwidth.nextDisconnect({
      ends: 'FAILED',
      errors: [{ code: '5086', description: 'Order request timed out.' }],
    });
    const seen: (string | undefined)[] = [];
    bandwidth.on('change', ({ what }) => {
      if (what === 'disconnect') seen.push(bandwidth.disconnects()[0]?.status);
    });
    await send('POST', 'disconnects', disconnect(numbers('9102414365', '9103174992')));
    await until(() => seen.at(-1) === 'PARTIAL', 'the disconnect to end');
    expect(seen).toEqual(['RECEIVED', 'PROCESSING', 'PARTIAL']);
    const reply = await send('POST', 'disconnects', disconnect(numbers('9103174992')));
    const [id = ''] = values(reply.body, 'id');
    bandwidth.finish(id);
    expect(values((await get(`disconnects/${id}`)).body, 'Code')).toEqual(['5086']);
    expect(bandwidth.numbersInService()).toEqual(['9103174992']);
  });

  test('removes a number’s protection only if told to', async () => {
    const { bandwidth, get, order, send } = await startClient();
    const { id } = await order(
      `${existing('9102414365', '9103174992')}<TnAttributes><TnAttribute>Protected</TnAttribute></TnAttributes>${site}`,
    );
    bandwidth.finish(id);
    for (const [number, protection] of [
      ['9102414365', 'UNCHANGED'],
      ['9103174992', 'FALSE'],
    ] as const) {
      await send('POST', 'disconnects', disconnect(`${numbers(number)}<Protected>${protection}</Protected>`));
      bandwidth.finish(bandwidth.disconnects().at(-1)?.id ?? '');
    }
    expect(values((await get('/tns/9102414365/tndetails')).body, 'TnAttribute')).toEqual(['Protected']);
    expect(values((await get('/tns/9103174992/tndetails')).body, 'TnAttribute')).toEqual([]);
  });

  test('is in a list that spells OrderId with a capital, and is 404 with links when empty', async () => {
    const { bandwidth, get, send } = await startClient();
    const none = await get('disconnects');
    expect(none.status).toBe(404);
    expect(none.body).toContain('<Links><first>');
    await send('POST', 'disconnects', disconnect(numbers('9102414365')));
    const { status, body } = await get('disconnects');
    expect(status).toBe(200);
    expect(values(body, 'OrderId')).toEqual(bandwidth.disconnects().map(({ id }) => id));
    expect(values(body, 'OrderType')).toEqual(['disconnect']);
    expect(values(body, 'lastModifiedDate')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
    expect(values((await get('disconnects?status=backordered')).body, 'ErrorCode')).toEqual(['15532']);
  });

  test('shows its CustomerOrderId in the list, and hides its numbers when complete, by switch', async () => {
    const { bandwidth, get, send } = await owning('9102414365');
    await send(
      'POST',
      'disconnects',
      disconnect(numbers('9102414365'), '<CustomerOrderId>c-1</CustomerOrderId>'),
    );
    const id = bandwidth.disconnects()[0]?.id ?? '';
    expect(values((await get('disconnects')).body, 'CustomerOrderId')).toEqual([]);
    bandwidth.set({
      disconnectListNamesOrders: true,
      omitDisconnectedNumbers: true,
      listOmitsReceived: true,
    });
    expect((await get('disconnects')).status).toBe(404);
    bandwidth.finish(id);
    expect(values((await get('disconnects')).body, 'CustomerOrderId')).toEqual(['c-1']);
    const { body } = await get(`disconnects/${id}`);
    expect(values(body, 'OrderStatus')).toEqual(['COMPLETE']);
    expect(body).not.toContain('DisconnectedTelephoneNumberList');
  });

  test('that does not exist is 404', async () => {
    const { get } = await startClient();
    expect(await get('disconnects/nothing')).toMatchObject({ status: 404, body: '' });
  });
});

describe('who has a number', () => {
  test('we do, with site, order and date', async () => {
    const { bandwidth, get, order } = await startClient();
    const { id } = await order(`${existing('9102414365')}${site}<PeerId>651682</PeerId>`);
    bandwidth.finish(id);
    expect(await get('inserviceNumbers/9102414365')).toMatchObject({ status: 200, body: '' });
    const { body } = await get('/tns/9102414365');
    expect(values(body, 'AccountId')).toEqual(['9900123']);
    expect(values(body, 'OrderId')).toEqual([id]);
    expect(values(body, 'Status')).toEqual(['Inservice']);
    const details = (await get('/tns/9102414365/tndetails')).body;
    expect(details).toContain('<Site><Id>461</Id><Name>Raleigh office</Name></Site>');
    expect(values(details, 'PeerName')).toEqual(['Contact center']);
    expect(values(details, 'Lata')).toEqual(['949']);
  });

  test('another customer, nobody (available), nobody (unknown), and not a number at all', async () => {
    const { bandwidth, get } = await startClient();
    bandwidth.anotherCustomerBuys('7034343704');
    expect((await get('inserviceNumbers/7034343704')).status).toBe(404);
    expect(values((await get('/tns/7034343704')).body, 'AccountId')).not.toEqual(['9900123']);
    expect(values((await get('/tns/9102414365')).body, 'Status')).toEqual(['Available']);
    expect(values((await get('/tns/9102414365')).body, 'AccountId')).toEqual([]);
    expect((await get('/tns/2125550100')).status).toBe(404);
    expect((await get('/tns/2125550100/tndetails')).status).toBe(404);
    const wrong = await get('/tns/123/tndetails');
    expect(wrong.status).toBe(400);
    expect(values(wrong.body, 'ErrorCode')).toEqual(['12512']);
  });
});

describe('numbers in service from the start', () => {
  const start = () =>
    startClient({ inService: { ours: ['9102414365', '2125550100'], strangers: ['7034343704'] } });

  test('are ours or someone else’s, whether or not they were in the inventory', async () => {
    const { bandwidth, get } = await start();
    expect([...bandwidth.numbersInService()].sort()).toEqual(['2125550100', '9102414365']);
    const { body } = await get('/tns/2125550100/tndetails');
    expect(values(body, 'AccountId')).toEqual(['9900123']);
    expect(body).toContain('<Site><Id>461</Id>');
    expect(values(body, 'PeerName')).toEqual(['Main SIP trunk']);
    expect(Date.parse(values(body, 'InServiceDate')[0] ?? '')).toBeLessThan(Date.now() - 1000);
    expect(values((await get('/tns/7034343704')).body, 'AccountId')).toEqual(['9900999']);
  });

  test('show their services, until they are disconnected', async () => {
    const { bandwidth, get, send } = await start();
    const hanging = async () => {
      const { body } = await get('/tns/9102414365/tndetails');
      return [values(body, 'ServiceType'), values(body, 'LastE911OrderOutcome')];
    };
    expect(await hanging()).toEqual([['Voice'], []]);
    expect(bandwidth.attach('9102414365', { e911: true, messaging: true })).toBe(true);
    expect(await hanging()).toEqual([['Voice', 'Messaging'], ['SUCCESS']]);
    expect(bandwidth.attach('9103174992', { e911: true })).toBe(false);
    await send('POST', 'disconnects', disconnect(numbers('9102414365')));
    bandwidth.finish(bandwidth.disconnects()[0]?.id ?? '');
    expect(await hanging()).toEqual([['Voice'], []]);
  });

  test('list messaging with its campaign, and what another account runs on them', async () => {
    const { bandwidth, get } = await start();
    const settings = async () => {
      const { body } = await get('/tns/9102414365/tndetails');
      return ['SmsEnabled', 'CampaignId', 'A2pState', 'CampaignFullyProvisioned'].map((name) =>
        values(body, name),
      );
    };
    expect(await settings()).toEqual([[], [], [], []]);
    expect((await get('/tns/9102414365/tndetails')).body).toContain('<Features/>');
    bandwidth.attach('9102414365', { messaging: true });
    expect(await settings()).toEqual([['true'], [], ['system_default'], []]);
    bandwidth.attach('9102414365', { messaging: true, campaign: { id: 'CB7T2QK', provisioned: false } });
    expect(await settings()).toEqual([['true'], ['CB7T2QK'], ['overridden'], ['false']]);
    bandwidth.attach('9102414365', { hosted: ['messaging', 'E911'] });
    const { body } = await get('/tns/9102414365/tndetails');
    expect(values(body, 'ServiceType')).toEqual(['Voice', 'Hosted Messaging', 'Hosted E911']);
    expect(body).toContain('<HostedTelephoneNumberDetails>');
  });

  test('have the services of their location', async () => {
    const peer = {
      id: '2',
      name: 'Texts',
      isDefault: true,
      services: { messaging: true, campaign: { id: 'CB7T2QK' } },
    };
    const { get } = await startClient({
      sites: [{ id: '1', name: 'Office', peers: [peer] }],
      inService: { ours: ['9102414365'] },
    });
    expect(values((await get('/tns/9102414365/tndetails')).body, 'CampaignId')).toEqual(['CB7T2QK']);
  });

  test('are not shown to credentials without the role: 403 without a body', async () => {
    const { bandwidth, get, send } = await start();
    bandwidth.set({ lacksRoles: ['Numbers'] });
    for (const path of ['/tns/9102414365', '/tns/9102414365/tndetails']) {
      expect(await get(path)).toMatchObject({ status: 403, body: '' });
    }
    expect(await send('POST', '/tns', '<TnList><Tn>9102414365</Tn></TnList>')).toMatchObject({ status: 403 });
    expect((await get('inserviceNumbers/9102414365')).status).toBe(200);
    bandwidth.set({ lacksRoles: ['InService'] });
    expect((await get('inserviceNumbers/9102414365')).status).toBe(403);
    expect((await get('/tns/9102414365')).status).toBe(200);
  });

  test('name the order that changed them last: once disconnected, the disconnect', async () => {
    const { bandwidth, get, send } = await start();
    const last = async () => {
      const { body } = await get('/tns/9102414365');
      return ['OrderType', 'OrderId', 'Status', 'AccountId', 'SiteId'].map((name) => values(body, name)[0]);
    };
    expect((await last())[0]).toBe('NEW_NUMBER_ORDER');
    await send('POST', 'disconnects', disconnect(numbers('9102414365')));
    const id = bandwidth.disconnects()[0]?.id ?? '';
    bandwidth.finish(id);
    expect(await last()).toEqual(['DISCONNECT', id, 'Aging', '9900123', undefined]);
    expect((await get('inserviceNumbers/9102414365')).status).toBe(404);
  });

  test('can leave the account, and then can’t be disconnected', async () => {
    const { bandwidth, get, send } = await start();
    expect(bandwidth.leaves('9102414365')).toBe(true);
    expect(bandwidth.leaves('9102414365')).toBe(false);
    expect(bandwidth.leaves('7034343704')).toBe(false);
    expect(values((await get('/tns/9102414365')).body, 'AccountId')).toEqual(['9900999']);
    await send('POST', 'disconnects', disconnect(numbers('9102414365')));
    bandwidth.finish(bandwidth.disconnects()[0]?.id ?? '');
    expect(bandwidth.disconnects()).toMatchObject([{ status: 'FAILED', failed: ['9102414365'] }]);
  });

  test('are looked up many at once, including unknown and invalid ones', async () => {
    const { send } = await start();
    const asked = ['9102414365', '7034343704', '2125550199', '91024']
      .map((each) => `<Tn>${each}</Tn>`)
      .join('');
    const { status, body } = await send('POST', '/tns', `<TnList>${asked}</TnList>`);
    expect(status).toBe(200);
    expect(values(body, 'FullNumber')).toEqual(['9102414365', '7034343704']);
    expect(values(body, 'AccountId')).toEqual(['9900123', '9900999']);
    expect(values(body, 'Code')).toEqual(['15608', '15610']);
    expect(values(body, 'TelephoneNumber')).toEqual(['91024', '2125550199']);
    const many = Array.from({ length: 2501 }, (_, at) => `<Tn>${2_000_000_000 + at}</Tn>`).join('');
    expect(values((await send('POST', '/tns', `<TnList>${many}</TnList>`)).body, 'ErrorCode')).toEqual([
      '15607',
    ]);
    expect((await send('POST', '/tns', '<TnList/>')).status).toBe(400);
  });
});

describe('a reservation', () => {
  const reserved = (...list: readonly string[]) =>
    `<Reservation>${list.map((each) => `<ReservedTn>${each}</ReservedTn>`).join('')}</Reservation>`;
  const idOf = (reply: { headers: Headers }) => reply.headers.get('location')?.split('/').at(-1) ?? '';

  test('is for four hours, counted down in seconds, its id only in the Location', async () => {
    let now = Date.parse('2026-03-05T12:00:00Z');
    const { bandwidth, get, send } = await startClient({ now: () => now });
    const reply = await send('POST', 'tnreservation', reserved('9102414365'));
    expect(reply).toMatchObject({ status: 201, body: '' });
    now += 107_000;
    const { body } = await get(`tnreservation/${idOf(reply)}`);
    expect(values(body, 'ReservationExpires')).toEqual(['14293']);
    expect(values(body, 'ReservedTn')).toEqual(['9102414365']);
    expect(bandwidth.reservations()).toHaveLength(1);
    now += 14_293_000;
    const gone = await get(`tnreservation/${idOf(reply)}`);
    expect(gone.status).toBe(404);
    expect(values(gone.body, 'ErrorCode')).toEqual(['5043']);
    expect(bandwidth.available('9102414365')).toHaveLength(1);
  });

  test('is for one number, the last of several', async () => {
    const { bandwidth, send } = await startClient();
    await send('POST', 'tnreservation', reserved('9102414365', '9103174992'));
    expect(bandwidth.reservations().map((each) => each.telephoneNumber)).toEqual(['9103174992']);
  });

  test('keeps a number for the order that names the reservation, and ends with it', async () => {
    const { bandwidth, order, send } = await startClient();
    const id = idOf(await send('POST', 'tnreservation', reserved('9102414365')));
    expect(bandwidth.anotherCustomerBuys('9102414365')).toBe(false);
    const without = await order(`${existing('9102414365')}${site}`);
    bandwidth.finish(without.id);
    const naming = existing('9102414365').replace(
      '</ExistingTelephoneNumberOrderType>',
      `<ReservationIdList><ReservationId>${id}</ReservationId></ReservationIdList></ExistingTelephoneNumberOrderType>`,
    );
    const withId = await order(`${naming}${site}`);
    bandwidth.finish(withId.id);
    expect(bandwidth.orders().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETE']);
    expect(bandwidth.reservations()).toEqual([]);
    expect(bandwidth.numbersInService()).toEqual(['9102414365']);
  });

  test('that is released makes the number available again', async () => {
    const { bandwidth, send } = await startClient();
    const id = idOf(await send('POST', 'tnreservation', reserved('9102414365')));
    expect(bandwidth.available('9102414365')).toEqual([]);
    expect((await send('DELETE', `tnreservation/${id}`)).status).toBe(200);
    expect((await send('DELETE', `tnreservation/${id}`)).status).toBe(404);
    expect(bandwidth.available('9102414365')).toHaveLength(1);
  });

  test('is found by its number too, but not once it has ended', async () => {
    let now = Date.parse('2026-03-05T12:00:00Z');
    const { bandwidth, get, send } = await startClient({
      now: () => now,
      switches: { reservationSeconds: 60 },
    });
    expect((await get('/tns/9102414365/tnreservation')).status).toBe(404);
    const id = idOf(await send('POST', 'tnreservation', reserved('9102414365')));
    const { body } = await get('/tns/9102414365/tnreservation');
    expect(values(body, 'ReservationID')).toEqual([id]);
    expect(values(body, 'ReservedTN')).toEqual(['9102414365']);
    expect(values(body, 'Account')).toEqual([bandwidth.accountId]);
    expect(values(body, 'ReservationExpires')).toEqual(['60']);
    now += 60_000;
    expect(bandwidth.anotherCustomerBuys('9102414365')).toBe(true);
    expect((await get('/tns/9102414365/tnreservation')).status).toBe(404);
  });

  test('cannot be released while an order that names it is being decided (5047)', async () => {
    const { bandwidth, order, send } = await startClient();
    const id = idOf(await send('POST', 'tnreservation', reserved('9102414365')));
    const naming = existing('9102414365').replace(
      '</ExistingTelephoneNumberOrderType>',
      `<ReservationIdList><ReservationId>${id}</ReservationId></ReservationIdList></ExistingTelephoneNumberOrderType>`,
    );
    await order(`${naming}${site}`);
    const refused = await send('DELETE', `tnreservation/${id}`);
    expect(refused.status).toBe(400);
    expect(values(refused.body, 'ErrorCode')).toEqual(['5047']);
    expect(bandwidth.reservations()).toHaveLength(1);
  });

  test('is refused for taken numbers (5041), unknown ones (5040), nonsense (5044, 5045), and for some accounts (5046)', async () => {
    const { bandwidth, send } = await startClient();
    const code = async (xml: string) => {
      const { status, body } = await send('POST', 'tnreservation', xml);
      expect(status).toBe(400);
      return values(body, 'ErrorCode')[0];
    };
    bandwidth.anotherCustomerBuys('9102414365');
    expect(await code(reserved('9102414365'))).toBe('5041');
    expect(await code(reserved('2125550100'))).toBe('5040');
    expect(await code(reserved())).toBe('5044');
    expect(await code(reserved('none'))).toBe('5045');
    bandwidth.set({ reservationsAllowed: false });
    expect(await code(reserved('9103174992'))).toBe('5046');
  });
});
