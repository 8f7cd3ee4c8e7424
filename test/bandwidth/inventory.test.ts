import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, errorOf, HOST, phone, XML } from './support.js';

const TNS = '/api/tns';
const asked = { accountId: '9900012', page: '1', size: '2500' };

const row = (number: string, status = 'Inservice', account = '9900012') =>
  `<TelephoneNumber><City>CARY</City><Lata>426</Lata><State>NC</State><FullNumber>${number}</FullNumber><Tier>0</Tier><RateCenter>CARY</RateCenter><Status>${status}</Status><AccountId>${account}</AccountId><LastModified>2013-12-05T05:58:27.000Z</LastModified><InServiceDate>2013-12-05T05:58:27.000Z</InServiceDate></TelephoneNumber>`;

const numbersPage = (rows: string, more = '') =>
  `<TelephoneNumbersResponse><TelephoneNumberCount>1</TelephoneNumberCount>${more}<TelephoneNumbers>${rows}</TelephoneNumbers></TelephoneNumbersResponse>`;

const nextLink = (url: string) => `<Links><next>Link=&lt;${url}&gt;;rel="next";</next></Links>`;

function inventory(path: string, query: object, body: string, status = 200, apiUrl = `${HOST}/api`) {
  nock(HOST)
    .get(path)
    .query(query as Record<string, string>)
    .reply(status, body, XML);
  return aClient({ apiUrl }).bandwidth.inventory;
}

describe('A page of the account’s numbers', () => {
  test('may have one row, not in a list, with everything that Bandwidth says about the number', async () => {
    const page = await inventory(TNS, asked, numbersPage(row('9192381138'))).listNumbers();
    const at = Date.parse('2013-12-05T05:58:27Z');
    expect(page).toEqual({
      numbers: [
        {
          number: '+19192381138',
          city: 'CARY',
          state: 'NC',
          rateCenter: 'CARY',
          status: 'Inservice',
          inServiceSince: at,
          lastModified: at,
        },
      ],
      rows: 1,
      unread: 0,
    });
  });

  test('leaves out numbers that are not in service, and other accounts’', async () => {
    const rows = [
      row('9192381138'),
      row('9192381139', 'Aging'),
      row('9192381140', 'Inservice', '9900000'),
      row('9192381141', 'InAccount'),
    ];
    const page = await inventory(TNS, asked, numbersPage(rows.join(''))).listNumbers();
    expect(page.numbers.map(({ number }) => number)).toEqual(['+19192381138', '+19192381141']);
    expect(page.rows).toBe(4);
  });

  test('says where the number is, if Bandwidth does', async () => {
    const site =
      '<Site><Id>461</Id><Name>Raleigh</Name></Site><SipPeer><PeerId>651681</PeerId></SipPeer></TelephoneNumber>';
    const body = numbersPage(row('9192381138').replace('</TelephoneNumber>', site));
    const { numbers } = await inventory(TNS, asked, body).listNumbers();
    expect(numbers[0]).toMatchObject({
      site: { id: '461', name: 'Raleigh' },
      location: { id: '651681', name: '651681' },
    });
  });

  test('counts the rows that cannot be read', async () => {
    const page = await inventory(TNS, asked, numbersPage(row('9192381138') + row('919'))).listNumbers();
    expect(page).toMatchObject({ rows: 2, unread: 1 });
  });

  test.each([
    [
      'https://dashboard.bandwidth.com:443/v1.0/tns?account=9900012&amp;page=2012082912&amp;size=500',
      '2012082912',
    ],
    [
      'https://dashboard.bandwidth.com/v1.0/tns?account=9900012&amp;page=+12012082912&amp;size=500',
      '+12012082912',
    ],
    ['https://dashboard.bandwidth.com/v1.0/tns?account=9900012&amp;page=%2B12012082912', '+12012082912'],
    ['https://dashboard.bandwidth.com/v1.0/tns?page= 12012082912&amp;size=500', '+12012082912'],
    ['https://dashboard.bandwidth.com/v1.0/tns?page=%2012012082912&amp;size=500', '+12012082912'],
    [' ( a link goes here ) ', undefined],
  ])('is followed by the page that %s names', async (link, key) => {
    const page = await inventory(TNS, asked, numbersPage(row('9192381138'), nextLink(link))).listNumbers();
    expect(page.nextPage).toBe(key);
  });

  test.each([
    ['/api', '+12012082912', 'page=2012082912'],
    ['/api', '2012082912', 'page=2012082912'],
    ['/api/v2', '12012082912', 'page=%2B12012082912'],
    ['/api/v2', '2012082912', 'page=%2B12012082912'],
    ['/api/v2', '1', 'page=1'],
  ])('is requested below %s with the key %s as this version writes it: %s', async (path, key, query) => {
    let sent = '';
    nock(HOST)
      .get((asked) => {
        sent = asked;
        return asked.startsWith(`${path}/tns`);
      })
      .reply(200, numbersPage(row('+19192381138')), XML);
    await aClient({ apiUrl: HOST + path }).bandwidth.inventory.listNumbers(key);
    expect(sent).toContain(`&${query}&`);
  });

  test('is requested with the same key, on the path of this app, and a plus as %2B', async () => {
    let sent = '';
    nock(HOST)
      .get((path) => {
        sent = path;
        return path.startsWith('/api/v2/tns');
      })
      .reply(200, numbersPage(row('+19192381138')), XML);
    await aClient({ apiUrl: `${HOST}/api/v2` }).bandwidth.inventory.listNumbers('+12012082912');
    expect(sent).toBe('/api/v2/tns?accountId=9900012&page=%2B12012082912&size=2500');
  });

  test.each([
    [204, ''],
    [
      200,
      '<TelephoneNumbersResponse><TelephoneNumberCount>0</TelephoneNumberCount></TelephoneNumbersResponse>',
    ],
    [404, '<Links><first>Link=&lt;https://x/tns?page=1&gt;</first></Links>'],
  ])('is empty (HTTP %d)', async (status, body) => {
    const page = await inventory(TNS, asked, body, status).listNumbers();
    expect(page).toEqual({ numbers: [], rows: 0, unread: 0 });
  });

  test.each([
    ['neither rows nor a count', 200, '<TelephoneNumbersResponse/>', 'broken'],
    [
      'a count without rows',
      200,
      '<TelephoneNumbersResponse><TelephoneNumberCount>7</TelephoneNumberCount></TelephoneNumbersResponse>',
      'broken',
    ],
    ['a web page', 200, '<html><body>Sign in</body></html>', 'broken'],
    ['no such address', 404, '', 'missing'],
    ['no role', 403, '', 'forbidden'],
    [
      'an error in a success',
      200,
      '<TelephoneNumbersResponse><TelephoneNumberCount>0</TelephoneNumberCount><ResponseStatus><ErrorCode>15516</ErrorCode><Description>Page must be a 10 digit phone number</Description></ResponseStatus></TelephoneNumbersResponse>',
      'refused',
    ],
  ])('is never taken for empty: %s', async (_, status, body, trouble) => {
    expect(await errorOf(inventory(TNS, asked, body, status).listNumbers())).toMatchObject({ trouble });
  });
});

describe('The other lists of the account’s numbers', () => {
  test('have only numbers, and how many there are', async () => {
    const body =
      '<TNs><TotalCount>59</TotalCount><Links/><TelephoneNumbers><Count>2</Count><TelephoneNumber>8043024183</TelephoneNumber><TelephoneNumber>nonsense</TelephoneNumber></TelephoneNumbers></TNs>';
    const page = await inventory(
      `${ACCOUNT}/inserviceNumbers`,
      { page: '1', size: '1000' },
      body,
    ).listBareNumbers();
    expect(page).toEqual({ numbers: [{ number: '+18043024183' }], rows: 2, unread: 1, total: 59 });
  });

  const peer = `${ACCOUNT}/sites/461/sippeers/651681/tns`;
  const query = { page: '1', size: '5000', includeAttributes: 'false' };
  const inLocation = (rows: string) =>
    `<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers>${rows}</SipPeerTelephoneNumbers></SipPeerTelephoneNumbersResponse>`;
  const bare = (number: number) =>
    `<SipPeerTelephoneNumber><FullNumber>${number}</FullNumber></SipPeerTelephoneNumber>`;

  test('name the numbers of a location', async () => {
    const page = await inventory(peer, query, inLocation(bare(8183386251))).listLocationNumbers(
      '461',
      '651681',
    );
    expect(page).toEqual({ numbers: [{ number: '+18183386251' }], rows: 1, unread: 0 });
  });

  test('are continued by counting if a full page of a location names no next one', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => bare(8_183_380_000 + index)).join('');
    const page = await inventory(peer, query, inLocation(rows)).listLocationNumbers('461', '651681');
    expect(page.nextPage).toBe('2');
  });

  test('may be empty', async () => {
    const page = await inventory(peer, query, '<SipPeerTelephoneNumbersResponse/>').listLocationNumbers(
      '461',
      '651681',
    );
    expect(page.rows).toBe(0);
  });
});

describe('The totals', () => {
  const totals = (of: string) => `${ACCOUNT}/${of}/totals`;

  test('are counts', async () => {
    const body = '<Quantity><Count>12045</Count></Quantity>';
    expect(await inventory(totals('inserviceNumbers'), {}, body).total('inService')).toBe(12_045);
    expect(await inventory(totals('discnumbers'), {}, body).total('disconnected')).toBe(12_045);
  });

  test('are not known without the role for them', async () => {
    expect(await inventory(totals('inserviceNumbers'), {}, '', 403).total('inService')).toBeUndefined();
  });

  test('are not zero if there is no count', async () => {
    const failed = inventory(totals('inserviceNumbers'), {}, '<Quantity/>').total('inService');
    expect(await errorOf(failed)).toMatchObject({ trouble: 'broken' });
  });
});

describe('Numbers that were looked up one by one', () => {
  const judged = (body: string, status = 200) => {
    nock(HOST).post(TNS).reply(status, body, XML);
    const numbers = ['9192381138', '9192381139', '9192381140', '9192381141'].map(phone);
    return aClient().bandwidth.inventory.judge(numbers);
  };

  test('are in service, not in service, not ours, or not known', async () => {
    const unknown =
      '<ErrorList><Error><Code>15610</Code><Description>not found</Description><TelephoneNumbers><TelephoneNumber>9192381140</TelephoneNumber></TelephoneNumbers></Error></ErrorList>';
    const rows = row('9192381138') + row('9192381139', 'Aging');
    const verdicts = await judged(
      `<TelephoneNumbersResponse><TelephoneNumbers>${rows}</TelephoneNumbers>${unknown}</TelephoneNumbersResponse>`,
    );
    expect(Object.fromEntries(verdicts)).toMatchObject({
      '+19192381138': { verdict: 'in-service', number: { city: 'CARY' } },
      '+19192381139': { verdict: 'not-in-service', status: 'Aging' },
      '+19192381140': { verdict: 'not-ours' },
    });
    expect(verdicts.size).toBe(3);
  });

  test('are ours if any account that lists them is', async () => {
    const rows =
      row('9192381138', 'Available', '14') + row('9192381138') + row('9192381139', 'Inservice', '14');
    const verdicts = await judged(numbersPage(rows));
    expect(verdicts.get(phone('9192381138'))).toMatchObject({ verdict: 'in-service' });
    expect(verdicts.get(phone('9192381139'))).toEqual({ verdict: 'not-ours' });
  });

  test('are not judged at all if Bandwidth refuses the request', async () => {
    const body =
      '<TelephoneNumbersResponse><ResponseStatus><ErrorCode>15607</ErrorCode><Description>too many</Description></ResponseStatus></TelephoneNumbersResponse>';
    expect(await errorOf(judged(body, 400))).toMatchObject({ trouble: 'refused' });
  });
});
