import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, errorOf, HOST, NOW, phone, XML } from './support.js';

const OURS = '9900012';
const number = phone('9102414365');

const details = (inside: string) =>
  `<TelephoneNumberResponse><TelephoneNumberDetails>${inside}</TelephoneNumberDetails></TelephoneNumberResponse>`;

const full = `<City>FAYETTEVILLE</City><Lata>949</Lata><State>NC</State><FullNumber>9102414365</FullNumber><Tier>0</Tier>
  <VendorName>Bandwidth CLEC</VendorName><Status>Inservice</Status><AccountId>${OURS}</AccountId>
  <Site><Id>461</Id><Name>Raleigh</Name></Site><SipPeer><PeerId>651681</PeerId><PeerName>Main</PeerName></SipPeer>
  <ServiceTypes><ServiceType>Voice</ServiceType></ServiceTypes><InServiceDate>2014-07-30T11:29:37.000Z</InServiceDate>`;

const tellsDetails = (body: string, status = 200, digits = '9102414365') =>
  nock(HOST).get(`/api/tns/${digits}/tndetails`).reply(status, body, XML);

const tellsOrder = (orderId: string, type = 'NEW_NUMBER_ORDER', digits = '9102414365') =>
  nock(HOST)
    .get(`/api/tns/${digits}`)
    .reply(
      200,
      `<TelephoneNumberResponse><TelephoneNumber>${digits}</TelephoneNumber><Status>Inservice</Status><OrderId>${orderId}</OrderId><OrderType>${type}</OrderType><AccountId>${OURS}</AccountId></TelephoneNumberResponse>`,
      XML,
    );

const lookUp = (...numbers: Parameters<typeof phone>[0][]) =>
  aClient().bandwidth.lookUpNumbers(numbers.map(phone));

const quietOrder = () =>
  nock(HOST)
    .get(/^\/api\/tns\/\d{10}$/)
    .reply(404);

describe('A number that works on our account', () => {
  test('is reported with its place, its order and its services', async () => {
    tellsDetails(details(full));
    tellsOrder('cf79d3c3');
    expect(await lookUp('9102414365')).toEqual([
      {
        standing: 'in-service',
        record: {
          number,
          city: 'FAYETTEVILLE',
          state: 'NC',
          site: { id: '461', name: 'Raleigh' },
          location: { id: '651681', name: 'Main' },
          since: '2014-07-30T11:29:37.000Z',
          byOrder: 'cf79d3c3',
          hanging: { e911: false, messaging: false },
        },
      },
    ]);
  });

  test('is reported without what Bandwidth does not say', async () => {
    tellsDetails(
      details(
        `<FullNumber>9102414365</FullNumber><Status>INSERVICE</Status><AccountId>${OURS}</AccountId><City/><Site/><Features/>`,
      ),
    );
    quietOrder();
    expect(await lookUp('9102414365')).toEqual([
      { standing: 'in-service', record: { number, hanging: { e911: false, messaging: false } } },
    ]);
  });

  const address = '<Address><HouseNumber>901</HouseNumber></Address>';
  test.each([
    [
      'E911',
      { e911: true },
      `<Features><E911><AccountId>14</AccountId><LastE911OrderOutcome>SUCCESS</LastE911OrderOutcome>${address}</E911></Features>`,
    ],
    [
      'E911 without an outcome',
      { e911: true },
      '<Features><E911><CallerName>Joe</CallerName></E911></Features>',
    ],
    [
      'no E911: it was refused',
      {},
      '<Features><E911><LastE911OrderOutcome>FAILED</LastE911OrderOutcome></E911></Features>',
    ],
    [
      'E911 whose last change was refused',
      { e911: true },
      `<Features><E911><Status>Failed</Status>${address}</E911></Features>`,
    ],
    [
      'no E911: the element is empty',
      {},
      '<Features><E911/><Lidb><Status>Pending</Status></Lidb></Features>',
    ],
    [
      'messaging',
      { messaging: true },
      '<ServiceTypes><ServiceType>Voice</ServiceType><ServiceType>Messaging</ServiceType></ServiceTypes>',
    ],
    [
      'messaging by its settings',
      { messaging: true },
      '<MessagingSettings><SmsEnabled>true</SmsEnabled></MessagingSettings>',
    ],
    [
      'messaging by a feature',
      { messaging: true },
      '<Features><Messaging><Status>Success</Status></Messaging></Features>',
    ],
    [
      'messaging and E911 of other accounts',
      { e911: true, messaging: true },
      '<HostedTelephoneNumberDetails><HostedTelephoneNumberDetail><ServiceTypes><ServiceType>Hosted Messaging</ServiceType></ServiceTypes></HostedTelephoneNumberDetail><HostedTelephoneNumberDetail><ServiceTypes><ServiceType>Hosted E911</ServiceType></ServiceTypes></HostedTelephoneNumberDetail></HostedTelephoneNumberDetails>',
    ],
  ])('may have %s', async (_what, expected, extra) => {
    tellsDetails(
      details(
        `<FullNumber>9102414365</FullNumber><Status>Inservice</Status><AccountId>${OURS}</AccountId>${extra}`,
      ),
    );
    quietOrder();
    const [standing] = await lookUp('9102414365');
    expect(standing).toHaveProperty('record.hanging', { e911: false, messaging: false, ...expected });
  });

  test('also works if Bandwidth calls it InAccount', async () => {
    tellsDetails(details(full.replace('Inservice', 'InAccount')));
    quietOrder();
    expect(await lookUp('9102414365')).toMatchObject([{ standing: 'in-service' }]);
  });

  test('is reported without its order if that can’t be looked up, or belongs to another number', async () => {
    for (const orderless of [
      () => nock(HOST).get('/api/tns/9102414365').reply(500),
      () =>
        nock(HOST)
          .get('/api/tns/9102414365')
          .reply(
            200,
            '<TelephoneNumberResponse><TelephoneNumber>91024143650</TelephoneNumber><OrderId>x</OrderId></TelephoneNumberResponse>',
            XML,
          ),
      () => tellsOrder('d1', 'DISCONNECT'),
    ]) {
      tellsDetails(details(full));
      orderless();
      const [standing] = await lookUp('9102414365');
      expect(standing).toMatchObject({ standing: 'in-service', record: { number } });
      expect(standing).not.toHaveProperty('record.byOrder');
    }
  });

  test('is looked up in E.164 where the API is version 2', async () => {
    nock('https://api.bandwidth.com')
      .get('/api/v2/tns/%2B19102414365/tndetails')
      .reply(200, details(full.replace('>9102414365', '>+19102414365')), XML)
      .get('/api/v2/tns/%2B19102414365')
      .reply(404);
    const { bandwidth } = aClient({ apiUrl: 'https://api.bandwidth.com/api/v2' });
    expect(await bandwidth.lookUpNumbers([number])).toMatchObject([{ standing: 'in-service' }]);
  });
});

describe('A number that does not work on our account', () => {
  test.each([
    ['belongs to another account', details(full.replace(OURS, '8000273')), 200],
    ['belongs to an account whose number begins like ours', details(full.replace(OURS, `${OURS}3`)), 200],
    ['is unknown', '', 404],
    [
      'is none',
      '<TelephoneNumberResponse><ResponseStatus><ErrorCode>12512</ErrorCode><Description>Telephone number is not valid</Description></ResponseStatus></TelephoneNumberResponse>',
      400,
    ],
  ])('is not ours when it %s', async (_why, body, status) => {
    tellsDetails(body, status);
    expect(await lookUp('9102414365')).toEqual([{ standing: 'not-ours', number }]);
  });

  test.each(['Aging', 'Disconnected', 'PortInPendingFoc', 'Reserved'])(
    'is ours and called %s by Bandwidth',
    async (status) => {
      tellsDetails(details(full.replace('Inservice', status)));
      expect(await lookUp('9102414365')).toEqual([{ standing: 'not-in-service', number, status }]);
    },
  );

  const ownerless = full.replace(`<AccountId>${OURS}</AccountId>`, '');
  test.each([
    [200, ownerless, 'in-service'],
    [404, ownerless, 'not-ours'],
    [200, ownerless.replace('Inservice', 'Aging'), 'not-in-service'],
    [200, full.replace('<Status>Inservice</Status>', ''), 'in-service'],
    [404, full.replace('<Status>Inservice</Status>', ''), 'not-in-service'],
  ])(
    'is decided by the numbers in service (%d) if its details do not decide it',
    async (status, inside, standing) => {
      tellsDetails(details(inside));
      nock(HOST).get(`${ACCOUNT}/inserviceNumbers/9102414365`).reply(status);
      if (standing === 'in-service') quietOrder();
      expect(await lookUp('9102414365')).toMatchObject([{ standing }]);
    },
  );
});

describe('Nothing is reported about numbers', () => {
  test.each([
    ['longer by a digit', details(full.replace('>9102414365', '>91024143650')), 200, 'broken'],
    ['shorter by a digit', details(full.replace('>9102414365', '>910241436')), 200, 'broken'],
    ['of somebody else', details(full.replace('>9102414365', '>9102414366')), 200, 'broken'],
    ['left out', details('<State>NC</State>'), 200, 'broken'],
    ['on a web page', '<html/>', 200, 'broken'],
    ['in an empty success', '', 200, 'broken'],
    ['in no content', '', 204, 'broken'],
    ['behind a fault', '', 500, 'broken'],
    [
      'behind a complaint',
      '<TelephoneNumberResponse><ResponseStatus><ErrorCode>1010</ErrorCode><Description>unexpected</Description></ResponseStatus></TelephoneNumberResponse>',
      400,
      'refused',
    ],
  ])('%s', async (_what, body, status, trouble) => {
    tellsDetails(body, status);
    expect((await errorOf(lookUp('9102414365'))).trouble).toBe(trouble);
  });

  test('without the role for it, and the advice names that role', async () => {
    tellsDetails('', 403);
    expect(await errorOf(lookUp('9102414365'))).toMatchObject({
      trouble: 'forbidden',
      advice: expect.stringContaining('roles Ordering and Numbers'),
    });
  });

  test('while Bandwidth is rate-limiting, and until when is known', async () => {
    nock(HOST)
      .get('/api/tns/9102414365/tndetails')
      .reply(429, '', { 'X-RateLimit-Reset': String(NOW / 1000 + 30) });
    expect(await errorOf(lookUp('9102414365'))).toMatchObject({
      trouble: 'throttled',
      retryAt: NOW + 30_000,
    });
  });

  test('when the check of numbers in service is answered by a web page', async () => {
    tellsDetails(details(full.replace(`<AccountId>${OURS}</AccountId>`, '')));
    nock(HOST).get(`${ACCOUNT}/inserviceNumbers/9102414365`).reply(200, '<html>');
    expect((await errorOf(lookUp('9102414365'))).trouble).toBe('broken');
  });

  test('and no more lookups are made after one failed', async () => {
    let asked = 0;
    nock(HOST)
      .persist()
      .get(/tndetails$/)
      .reply(() => {
        asked += 1;
        return [500, ''];
      });
    await errorOf(lookUp(...digitsOf(100)));
    expect(asked).toBeLessThan(10);
  });
});

const digitsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `910241${String(at).padStart(4, '0')}`);

describe('A hundred numbers', () => {
  test('are looked up one by one, a few at a time; one that is not ours is reported in its place', async () => {
    const wanted = digitsOf(100);
    let under = 0;
    let most = 0;
    nock(HOST)
      .persist()
      .get(/tndetails$/)
      .reply((path, _body, done) => {
        under += 1;
        most = Math.max(most, under);
        const digits = path.split('/').at(-2) ?? '';
        // The answers come in another order than the questions.
        setTimeout(
          () => {
            under -= 1;
            const account = digits === '9102410041' ? '8000273' : OURS;
            done(null, [200, details(full.replace('9102414365', digits).replace(OURS, account)), XML]);
          },
          Number(digits.slice(-1)),
        );
      });
    const standings = await lookUp(...wanted);
    expect(standings).toHaveLength(100);
    expect(
      standings.map((each) => (each.standing === 'in-service' ? each.record.number : each.number)),
    ).toEqual(wanted.map(phone));
    expect(standings.filter(({ standing }) => standing !== 'in-service')).toEqual([
      { standing: 'not-ours', number: phone('9102410041') },
    ]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('named twice are looked up once and reported twice', async () => {
    tellsDetails(details(full));
    quietOrder();
    expect(await lookUp('9102414365', '+1 (910) 241-4365')).toMatchObject([
      { standing: 'in-service' },
      { standing: 'in-service' },
    ]);
  });
});

describe('More than a hundred numbers', () => {
  const entry = (digits: string, { account = OURS, status = 'Inservice' } = {}) =>
    `<TelephoneNumber><City>CARY</City><State>NC</State><FullNumber>${digits}</FullNumber><Status>${status}</Status>${account === '' ? '' : `<AccountId>${account}</AccountId>`}<InServiceDate>2013-12-05T05:58:27.000Z</InServiceDate></TelephoneNumber>`;
  const listOf = (entries: readonly string[], errors = '') =>
    `<TelephoneNumbersResponse><TelephoneNumberCount>${entries.length}</TelephoneNumberCount><TelephoneNumbers>${entries.join('')}</TelephoneNumbers>${errors}</TelephoneNumbersResponse>`;
  const unknown = (code: string, ...digits: readonly string[]) =>
    `<Error><Code>${code}</Code><Description>unknown</Description><TelephoneNumbers>${digits.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('')}</TelephoneNumbers></Error>`;
  const wanted = digitsOf(101);
  const [first = '', second = '', third = '', fourth = '', ...rest] = wanted;
  const tells = (body: string, status = 200) => nock(HOST).post('/api/tns').reply(status, body, XML);

  test('are looked up in one list, and reported in the order requested', async () => {
    const sent: string[] = [];
    nock(HOST)
      .post('/api/tns')
      .reply((_path, body) => {
        sent.push(String(body));
        return [
          200,
          listOf(
            [
              ...rest.toReversed().map((each) => entry(each)),
              entry(`${first}0`),
              entry(first, { account: '8000273' }),
              entry(second, { status: 'Aging' }),
            ],
            `<ErrorList>${unknown('15608', third)}${unknown('15610', fourth)}</ErrorList>`,
          ),
          XML,
        ];
      });
    const standings = await lookUp(...wanted);
    expect(standings.slice(0, 4)).toEqual([
      { standing: 'not-ours', number: phone(first) },
      { standing: 'not-in-service', number: phone(second), status: 'Aging' },
      { standing: 'not-ours', number: phone(third) },
      { standing: 'not-ours', number: phone(fourth) },
    ]);
    expect(standings.slice(4)).toEqual(
      rest.map((each) => ({
        standing: 'in-service',
        record: { number: phone(each), city: 'CARY', state: 'NC', since: '2013-12-05T05:58:27.000Z' },
      })),
    );
    expect(sent[0]).toContain(`<TnList>\n  <Tn>${first}</Tn>\n  <Tn>${second}</Tn>`);
  });

  test('are looked up 2,500 at a time', async () => {
    const sizes: number[] = [];
    nock(HOST)
      .post('/api/tns')
      .times(2)
      .reply((_path, body) => {
        const asked = [...String(body).matchAll(/<Tn>(\d+)</g)].map(([, digits]) => digits ?? '');
        sizes.push(asked.length);
        return [200, listOf(asked.map((each) => entry(each))), XML];
      });
    const standings = await lookUp(...digitsOf(5000));
    expect(sizes).toEqual([2500, 2500]);
    expect(standings.filter(({ standing }) => standing === 'in-service')).toHaveLength(5000);
  });

  test('may be listed for several accounts, of which ours counts', async () => {
    tells(
      listOf([
        entry(first, { account: '8000273' }),
        ...wanted.map((each) => entry(each)),
        entry(second, { account: '8000273' }),
      ]),
    );
    const standings = await lookUp(...wanted);
    expect(standings.every(({ standing }) => standing === 'in-service')).toBe(true);
  });

  test('that the list leaves out or gives no owner are looked up one by one', async () => {
    tells(listOf([entry(second, { account: '' }), ...wanted.slice(2).map((each) => entry(each))]));
    tellsDetails('', 404, first);
    nock(HOST).get(`${ACCOUNT}/inserviceNumbers/${second}`).reply(404);
    expect((await lookUp(...wanted)).slice(0, 3)).toMatchObject([
      { standing: 'not-ours' },
      { standing: 'not-ours' },
      { standing: 'in-service' },
    ]);
  });

  test('may all be unknown, and then the list is a 400', async () => {
    tells(
      `<TelephoneNumbersResponse><ErrorList>${unknown('15610', ...wanted)}</ErrorList></TelephoneNumbersResponse>`,
      400,
    );
    expect((await lookUp(...wanted)).every(({ standing }) => standing === 'not-ours')).toBe(true);
  });

  test.each([
    ['is empty', listOf([]), 200, 'broken'],
    ['is a web page', '<html/>', 200, 'broken'],
    [
      'is a complaint',
      `<TelephoneNumbersResponse><ErrorList>${unknown('1010')}</ErrorList></TelephoneNumbersResponse>`,
      200,
      'refused',
    ],
    [
      'is too long for Bandwidth',
      '<TelephoneNumbersResponse><ResponseStatus><ErrorCode>15607</ErrorCode><Description>too many</Description></ResponseStatus></TelephoneNumbersResponse>',
      400,
      'refused',
    ],
    ['is forbidden', '', 403, 'forbidden'],
  ])('are not reported if the list %s', async (_what, body, status, trouble) => {
    tells(body, status);
    expect((await errorOf(lookUp(...wanted))).trouble).toBe(trouble);
  });
});
