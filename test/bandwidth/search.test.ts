import { describe, expect, test } from '@jest/globals';
import type { SearchDraft } from '../../src/orders/domain/search/search.js';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, aSearch, errorOf, fixture, HOST, phone, XML } from './support.js';

const queries: readonly (readonly [string, SearchDraft, string])[] = [
  ['an area code', { criteria: { areaCode: '910' } }, 'areaCode=910&quantity=100&enableTNDetail=true'],
  [
    'an exchange',
    { criteria: { npaNxx: '910555' }, quantity: 25 },
    'npaNxx=910555&quantity=25&enableTNDetail=true&LCA=false',
  ],
  [
    'an exchange and what is local to it',
    { criteria: { npaNxx: '910555' }, lca: true },
    'npaNxx=910555&quantity=100&enableTNDetail=true&LCA=true',
  ],
  [
    'a thousand-block',
    { criteria: { npaNxxx: '9105551' }, orderBy: 'fullNumber' },
    'npaNxxx=9105551&quantity=100&enableTNDetail=true&LCA=false&orderBy=fullNumber',
  ],
  [
    'a rate center',
    { criteria: { rateCenter: 'WINSTON SALEM', state: 'NC' } },
    'rateCenter=WINSTON%20SALEM&state=NC&quantity=100&enableTNDetail=true&LCA=false',
  ],
  [
    'a city',
    { criteria: { city: 'Coeur d’Alene', state: 'ID' }, orderBy: 'npaNxx' },
    'city=Coeur%20d%27Alene&state=ID&quantity=100&enableTNDetail=true&orderBy=npaNxx',
  ],
  ['a state', { criteria: { state: 'NC' } }, 'state=NC&quantity=100&enableTNDetail=true'],
  ['a zip code', { criteria: { zip: '07030-1234' } }, 'zip=07030-1234&quantity=100&enableTNDetail=true'],
  ['a LATA', { criteria: { lata: '426' } }, 'lata=426&quantity=100&enableTNDetail=true'],
  [
    'an area code within a zip code',
    { criteria: { areaCode: '910', zip: '28301' }, quantity: 5000 },
    'areaCode=910&zip=28301&quantity=5000&enableTNDetail=true',
  ],
  [
    'a local vanity number',
    { criteria: { localVanity: 'PIZZA', areaCode: '910', endsIn: true } },
    'areaCode=910&localVanity=PIZZA&endsIn=true&quantity=100&enableTNDetail=true',
  ],
  [
    'a toll-free vanity number',
    { criteria: { tollFreeVanity: 'NEWCARS' }, orderBy: 'areaCode' },
    'tollFreeVanity=NEWCARS&quantity=100&orderBy=areaCode',
  ],
  [
    'any toll-free number',
    { criteria: { tollFreeWildCardPattern: '8**' } },
    'tollFreeWildCardPattern=8**&quantity=100',
  ],
  [
    'protected numbers only',
    { criteria: { areaCode: '910' }, protected: 'ONLY' },
    'areaCode=910&quantity=100&enableTNDetail=true&protected=ONLY',
  ],
];

describe('Bandwidth is asked', () => {
  test.each(queries)('for %s', async (_what, draft, query) => {
    const asked: string[] = [];
    nock(HOST)
      .get(`${ACCOUNT}/availableNumbers`)
      .query(true)
      .reply(function () {
        asked.push(this.req.path);
        return [200, '<SearchResult/>', XML];
      });
    await aClient().bandwidth.search(aSearch(draft));
    expect(asked).toEqual([`${ACCOUNT}/availableNumbers?${query}`]);
  });

  test.each([
    [`${HOST}/api`, '/api/accounts/12%2F34/availableNumbers'],
    [`${HOST}/api///`, '/api/accounts/12%2F34/availableNumbers'],
    ['https://api.bandwidth.com/api/v2/', '/api/v2/accounts/12%2F34/availableNumbers'],
  ])('below %s, however that is written', async (apiUrl, path) => {
    const scope = nock(new URL(apiUrl).origin).get(path).query(true).reply(200, '<SearchResult/>', XML);
    await aClient({ apiUrl, accountId: '12/34' }).bandwidth.search(aSearch({ criteria: { state: 'NC' } }));
    expect(scope.isDone()).toBe(true);
  });
});

describe('Version 2 is asked', () => {
  const V2 = `${HOST}/api/v2`;
  const path = ACCOUNT.replace('/api', '/api/v2');

  test.each<[string, SearchDraft, string]>([
    ['for an area code of the USA', { criteria: { areaCode: '910' } }, 'countryCodeA3=USA'],
    ['for an area code of Canada', { criteria: { areaCode: '416' } }, 'countryCodeA3=CAN'],
    ['for a city of the USA', { criteria: { city: 'Raleigh', state: 'NC' } }, 'countryCodeA3=USA'],
    ['for a city of Canada', { criteria: { city: 'Toronto', state: 'ON' } }, 'countryCodeA3=CAN'],
    [
      'for a word in an area code',
      { criteria: { localVanity: 'PIZZA', areaCode: '204' } },
      'countryCodeA3=CAN',
    ],
    ['for a city of a territory', { criteria: { city: 'San Juan', state: 'PR' } }, ''],
    ['for a state', { criteria: { state: 'NC' } }, ''],
    ['for a prefix', { criteria: { npaNxx: '910241' } }, ''],
    ['for toll-free numbers', { criteria: { tollFreeWildCardPattern: '83*' } }, ''],
  ])('%s with its country: %s', async (_what, draft, country) => {
    const asked: string[] = [];
    nock(HOST)
      .get(`${path}/availableNumbers`)
      .query(true)
      .reply(function () {
        asked.push(new URL(HOST + this.req.path).searchParams.get('countryCodeA3') ?? '');
        return [200, '<SearchResult/>', XML];
      });
    await aClient({ apiUrl: V2 }).bandwidth.search(aSearch(draft));
    expect(asked).toEqual([country.replace('countryCodeA3=', '')]);
  });

  test('once more without the country when Bandwidth refuses the search, and only then', async () => {
    const numbers =
      '<SearchResult><TelephoneNumberList><TelephoneNumber>+19105550123</TelephoneNumber></TelephoneNumberList></SearchResult>';
    const refusal =
      '<SearchResult><Error><Code>5002</Code><Description>The combination of search criteria is unsupported.</Description></Error></SearchResult>';
    const search = () => aClient({ apiUrl: V2 }).bandwidth.search(aSearch({ criteria: { areaCode: '910' } }));
    const asks = (country: string | undefined) =>
      nock(HOST)
        .get(`${path}/availableNumbers`)
        .query(({ countryCodeA3 }) => countryCodeA3 === country);
    asks('USA').reply(400, refusal, XML);
    asks(undefined).reply(200, numbers, XML);
    expect(await search()).toEqual([{ number: phone('9105550123') }]);

    asks('USA').reply(400, refusal, XML);
    asks(undefined).reply(400, refusal, XML);
    expect((await errorOf(search())).trouble).toBe('refused');

    asks('USA').reply(503, '', XML);
    expect((await errorOf(search())).trouble).toBe('broken');
  });

  test('and its answer is read in E.164, ten digits, or eleven without a plus, with elements of its own', async () => {
    nock(HOST)
      .get(`${path}/availableNumbers`)
      .query(true)
      .reply(
        200,
        '<SearchResult><ResultCount>3</ResultCount><TelephoneNumberDetailList><TelephoneNumberDetail><City>Toronto</City><CountryCodeA3>CAN</CountryCodeA3><FullNumber>+14165550123</FullNumber><PhoneNumberType>GEOGRAPHIC</PhoneNumberType><State>ON</State></TelephoneNumberDetail></TelephoneNumberDetailList><TelephoneNumberList><TelephoneNumber>14165550124</TelephoneNumber><TelephoneNumber>4165550125</TelephoneNumber></TelephoneNumberList></SearchResult>',
        XML,
      );
    const found = await aClient({ apiUrl: V2 }).bandwidth.search(aSearch({ criteria: { areaCode: '416' } }));
    expect(found).toEqual([
      { number: phone('+14165550123'), city: 'Toronto', state: 'ON' },
      { number: phone('+14165550124') },
      { number: phone('+14165550125') },
    ]);
  });
});

describe('A person who searches', () => {
  const search = aSearch({ criteria: { areaCode: '910' } });
  const answered = (body: string, status = 200) => {
    nock(HOST).get(`${ACCOUNT}/availableNumbers`).query(true).reply(status, body, XML);
    return aClient();
  };

  test('sees the numbers that are listed, whatever ResultCount says', async () => {
    const { bandwidth } = answered(fixture('search-plain.xml'));
    expect(await bandwidth.search(search)).toEqual([
      { number: phone('9105550123') },
      { number: phone('9105550187') },
    ]);
  });

  test('sees each number with its details, leading zeros kept, in either spelling of LATA', async () => {
    const { bandwidth } = answered(fixture('search-detail.xml'));
    expect(await bandwidth.search(search)).toEqual([
      {
        number: phone('2015550101'),
        city: 'HOBOKEN',
        state: 'NJ',
        rateCenter: 'HOBOKEN',
        lata: '00224',
        tier: '0',
      },
      { number: phone('2015550102'), lata: '224' },
    ]);
  });

  test('sees one number when there is exactly one', async () => {
    const { bandwidth } = answered(
      '<SearchResult><TelephoneNumberList><TelephoneNumber>+19105550123</TelephoneNumber></TelephoneNumberList></SearchResult>',
    );
    expect(await bandwidth.search(search)).toEqual([{ number: phone('9105550123') }]);
  });

  test.each([
    '<SearchResult/>',
    '<SearchResult><ResultCount>0</ResultCount><TelephoneNumberList/></SearchResult>',
    '<SearchResult><TelephoneNumberDetailList></TelephoneNumberDetailList></SearchResult>',
  ])('is told that there are none by %s', async (body) => {
    expect(await answered(body).bandwidth.search(search)).toEqual([]);
  });

  test('is told that there are none by an answer without content', async () => {
    expect(await answered('', 204).bandwidth.search(search)).toEqual([]);
  });

  test('sees every number once, and none that cannot be read', async () => {
    const { bandwidth, log } = answered(
      `<SearchResult><TelephoneNumberDetailList>
        <TelephoneNumberDetail><City>RALEIGH</City><TelephoneNumber>9105550123</TelephoneNumber></TelephoneNumberDetail>
        <TelephoneNumberDetail><City>RALEIGH</City><FullNumber>123123123</FullNumber></TelephoneNumberDetail>
        <TelephoneNumberDetail><City>RALEIGH</City></TelephoneNumberDetail>
      </TelephoneNumberDetailList><TelephoneNumberList><TelephoneNumber>+19105550123</TelephoneNumber></TelephoneNumberList></SearchResult>`,
    );
    expect(await bandwidth.search(search)).toEqual([{ number: phone('9105550123'), city: 'RALEIGH' }]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { facts: { count: 2, first: ['123123123', ''] } },
    ]);
  });

  test('sees numbers of other countries as they are', async () => {
    const { bandwidth } = answered(
      '<SearchResult><TelephoneNumberList><TelephoneNumber>+31205550199</TelephoneNumber></TelephoneNumberList></SearchResult>',
    );
    expect(await bandwidth.search(search)).toEqual([{ number: '+31205550199' }]);
  });

  const complaint =
    '<SearchResult><Error><Code>4010</Code><Description>The state abbreviation N is not valid.</Description></Error></SearchResult>';

  test.each([200, 400])(
    'is told in Bandwidth’s words what is wrong with the search (HTTP %d)',
    async (status) => {
      const error = await errorOf(answered(complaint, status).bandwidth.search(search));
      expect(error.trouble).toBe('refused');
      expect(error.advice).toBe(
        'Bandwidth refused this search. Bandwidth says: “The state abbreviation N is not valid.” (4010)',
      );
      expect(error.faults).toEqual([
        { code: '4010', description: 'The state abbreviation N is not valid.', numbers: [] },
      ]);
    },
  );

  test.each([
    ['a web page', '<!DOCTYPE html><html><body><br>Welcome</body></html>'],
    ['a tidy web page', '<html><body/></html>'],
    ['JSON', '{"error":"nope"}'],
    ['nothing', ''],
    ['half a document', fixture('search-plain.xml').slice(0, 200)],
    ['another document', '<SitesResponse><Sites/></SitesResponse>'],
  ])('is not shown "no numbers" when Bandwidth answers with %s', async (_what, body) => {
    const error = await errorOf(answered(body).bandwidth.search(search));
    expect(error.trouble).toBe('broken');
    expect(error.advice).toContain('BW_API_URL');
  });
});
