import { describe, expect, test } from '@jest/globals';
import { basicCredentials } from '../../src/bandwidth/credentials.js';
import { isDuplicate, makeSubscriptions } from '../../src/bandwidth/subscriptions.js';
import { nock } from '../support/nock.js';
import { ACCOUNT, errorOf, fixture, HOST, NOW, recordingLog, XML } from './support.js';

const PATH = `${ACCOUNT}/subscriptions`;
const wanted = {
  orderType: 'orders',
  url: 'https://numbers.example.com/bandwidth/callbacks',
  basic: { username: 'bandwidth', password: 'p&ss <word>' },
} as const;

const client = () =>
  makeSubscriptions({
    accountId: '9900012',
    apiUrl: `${HOST}/api`,
    credentials: basicCredentials(
      { username: 'jane', password: 'correct horse' },
      { clock: { now: () => NOW } },
    ),
    clock: { now: () => NOW },
    log: recordingLog(),
  });

const refused = (code: string) =>
  `<SubscriptionResponse><ResponseStatus><ErrorCode>${code}</ErrorCode><Description>no</Description></ResponseStatus></SubscriptionResponse>`;

describe('The list of subscriptions', () => {
  test.each([
    '<SubscriptionsResponse><Subscriptions><Subscription><OrderType>orders</OrderType></Subscription></Subscriptions></SubscriptionsResponse>',
    '<SubscriptionsResponse><Entries><Subscription><SubscriptionId>1</SubscriptionId></Subscription></Entries></SubscriptionsResponse>',
    '<SubscriptionsResponse><Subscriptions><Entry><SubscriptionId>1</SubscriptionId></Entry></Subscriptions></SubscriptionsResponse>',
  ])('that cannot be read is not called empty: %s', async (body) => {
    nock(HOST).get(PATH).reply(200, body, XML);
    expect((await errorOf(client().list())).trouble).toBe('broken');
  });

  test('is read in all its formats', async () => {
    nock(HOST).get(PATH).reply(200, fixture('subscriptions.xml'), XML);
    expect(await client().list()).toEqual([
      {
        id: 'c3a8d6de-2f53-4d9b-9d7b-6a7e3f5f0a01',
        orderType: 'orders',
        url: 'https://numbers.example.com/bandwidth/callbacks',
        username: 'bandwidth',
        secondsLeft: 3122063000,
        lastDelivery: '200 OK',
      },
      {
        id: 'c3a8d6de-2f53-4d9b-9d7b-6a7e3f5f0a02',
        orderType: 'disconnects',
        orderId: '0f8c3b52-6f0e-4a52-9a53-1c3a1e2f7d10',
        url: 'https://other.example.com/hook',
        secondsLeft: 14283455101,
      },
      { id: 'c3a8d6de-2f53-4d9b-9d7b-6a7e3f5f0a03' },
    ]);
  });

  test('may have one without the list around it', async () => {
    const only =
      '<Subscription><SubscriptionId>1</SubscriptionId><OrderType>orders</OrderType></Subscription>';
    nock(HOST).get(PATH).reply(200, `<SubscriptionsResponse>${only}</SubscriptionsResponse>`, XML);
    expect(await client().list()).toEqual([{ id: '1', orderType: 'orders' }]);
  });

  test.each([
    ['nothing', 204, ''],
    ['an error (16001)', 404, refused('16001')],
    ['links', 404, '<Links/>'],
    ['an empty list', 200, '<SubscriptionsResponse><Subscriptions/></SubscriptionsResponse>'],
  ])('is empty where Bandwidth answers with %s', async (_, status, body) => {
    nock(HOST).get(PATH).reply(status, body, XML);
    expect(await client().list()).toEqual([]);
  });

  test('is not mistaken for empty if the address is wrong', async () => {
    nock(HOST).get(PATH).reply(404);
    expect((await errorOf(client().list())).trouble).toBe('missing');
  });
});

describe('A subscription', () => {
  test('is requested in these words', async () => {
    let sent = '';
    nock(HOST)
      .post(PATH, (body: string) => {
        sent = body;
        return true;
      })
      .reply(201, '', { Location: `${HOST}${PATH}/1` });
    await client().create(wanted);
    expect(sent).toBe(fixture('subscribe.xml'));
  });

  test('that already exists is recognized by its code', async () => {
    nock(HOST).post(PATH).reply(409, refused('16008'), XML);
    expect(isDuplicate(await errorOf(client().create(wanted)))).toBe(true);
    nock(HOST).post(PATH).reply(400, refused('16006'), XML);
    expect(isDuplicate(await errorOf(client().create(wanted)))).toBe(false);
  });

  test('is refused also inside a success', async () => {
    nock(HOST).put(`${PATH}/1`).reply(200, refused('14505'), XML);
    expect((await errorOf(client().renew('1', wanted))).faults).toMatchObject([{ code: '14505' }]);
  });

  test('that is gone needs no removing', async () => {
    nock(HOST).delete(`${PATH}/1`).reply(404, refused('16000'), XML);
    await expect(client().remove('1')).resolves.toBeUndefined();
    nock(HOST).delete(`${PATH}/2`).reply(200);
    await expect(client().remove('2')).resolves.toBeUndefined();
  });
});
