import { afterEach, describe, expect, test } from '@jest/globals';
import { childNames, startClient, stopAll, values } from './client.js';

afterEach(stopAll);

const search = (query: string) => `availableNumbers?${query}`;

describe('a search', () => {
  test('for 540551 answers as printed in the guide: seven numbers, four of them elsewhere', async () => {
    const { get } = await startClient();
    const { status, body } = await get(search('npaNxx=540551&quantity=10'));
    expect(status).toBe(200);
    expect(values(body, 'ResultCount')).toEqual(['7']);
    expect(values(body, 'TelephoneNumber')).toEqual([
      '5405514342',
      '5405515330',
      '5405515329',
      '5402278098',
      '5402270905',
      '5402278089',
      '5402278090',
    ]);
  });

  test('with LCA=false stays inside the prefix', async () => {
    const { get } = await startClient();
    const { body } = await get(search('npaNxx=540551&LCA=false'));
    expect(values(body, 'TelephoneNumber')).toEqual(['5405514342', '5405515330', '5405515329']);
  });

  test('for a prefix without numbers still offers its neighbors, unless LCA=false', async () => {
    const { bandwidth, get } = await startClient();
    for (const number of bandwidth.available('540551')) bandwidth.anotherCustomerBuys(number);
    expect(values((await get(search('npaNxx=540551'))).body, 'TelephoneNumber')).toHaveLength(4);
    expect((await get(search('npaNxx=540551&LCA=false'))).body).toMatch(/<SearchResult\/>$/);
  });

  test('without a quantity returns everything', async () => {
    const { bandwidth, get } = await startClient();
    const { body } = await get(search('areaCode=910'));
    expect(values(body, 'TelephoneNumber')).toEqual(bandwidth.available('910'));
    expect(bandwidth.available('910').length).toBeGreaterThan(300);
  });

  test('with enableTNDetail=true says where each number is, leading zeros included', async () => {
    const { get } = await startClient();
    const { body } = await get(search('areaCode=910&quantity=2&enableTNDetail=true'));
    expect(childNames(body, 'SearchResult')).toEqual(['ResultCount', 'TelephoneNumberDetailList']);
    expect(childNames(body, 'TelephoneNumberDetail').slice(0, 8)).toEqual([
      'City',
      'LATA',
      'RateCenter',
      'State',
      'FullNumber',
      'Tier',
      'VendorId',
      'VendorName',
    ]);
    expect(body).toContain(
      '<City>FAYETTEVILLE</City><LATA>949</LATA><RateCenter>FAYETTEVL</RateCenter><State>NC</State><FullNumber>9102414365</FullNumber>',
    );
  });

  test.each([
    ['npaNxxx=9734242&LCA=false', undefined],
    ['state=VA', /^(?:540|703)/],
    ['state=ma', /^617/],
    ['city=Cambridge&state=MA', /^617(?:354|661)/],
    ['rateCenter=RALEIGH&state=NC&LCA=false', /^9(?:19|84)/],
    ['rateCenter=RALEIGH&state=NC&areaCode=984&LCA=false', /^984/],
    ['zip=02139', /^617/],
    ['zip=02139-1234', /^617/],
    ['lata=128', /^617/],
    ['areaCode=919&city=DURHAM&state=NC&lata=426', /^919286/],
    ['localVanity=PIZZA', /^.{3}.*74992/],
    ['localVanity=pizza&areaCode=910&endsIn=true', /74992$/],
    ['localVanity=PIZZA&state=NC', /74992/],
    ['tollFreeVanity=newcars', /^8..6392277$/],
    ['tollFreeWildCardPattern=8**', /^8(?:00|33|44|55|66|77|88)/],
    ['tollFreeWildCardPattern=83*', /^833/],
    ['tollFreeWildCardPattern=800', /^800/],
  ])('%s', async (query, expected) => {
    const { get } = await startClient();
    const { status, body } = await get(search(`${query}&quantity=20`));
    expect(status).toBe(200);
    const found = values(body, 'TelephoneNumber');
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found.filter((number) => expected.test(number))).toHaveLength(found.length || 1);
  });

  test('for toll-free numbers is a plain list even if details were requested', async () => {
    const { get } = await startClient();
    const { body } = await get(search('tollFreeWildCardPattern=8**&enableTNDetail=true&quantity=1'));
    expect(childNames(body, 'SearchResult')).toEqual(['ResultCount', 'TelephoneNumberList']);
  });

  test('is sorted when asked', async () => {
    const { get } = await startClient();
    const { body } = await get(search('npaNxx=540551&LCA=false&orderBy=fullNumber'));
    expect(values(body, 'TelephoneNumber')).toEqual(['5405514342', '5405515329', '5405515330']);
  });

  test('tells protected numbers from others', async () => {
    const { get } = await startClient();
    const count = async (protection: string) =>
      values((await get(search(`areaCode=910${protection}`))).body, 'TelephoneNumber').length;
    const only = await count('&protected=ONLY');
    expect(only).toBeGreaterThan(0);
    expect((await count('&protected=None')) + only).toBe(await count('&protected=MIXED'));
    expect(await count('')).toBe(await count('&protected=MIXED'));
  });

  test('leaves out numbers that are ours or reserved', async () => {
    const { get, send } = await startClient();
    await send('POST', 'tnreservation', '<Reservation><ReservedTn>5405514342</ReservedTn></Reservation>');
    const { body } = await get(search('npaNxx=540551&LCA=false'));
    expect(values(body, 'TelephoneNumber')).toEqual(['5405515330', '5405515329']);
  });

  test('finds the same numbers every day, and others with another seed', async () => {
    const [one, two, other] = [await startClient(), await startClient(), await startClient({ seed: 7 })];
    expect(one.bandwidth.available()).toEqual(two.bandwidth.available());
    expect(one.bandwidth.available()).not.toEqual(other.bandwidth.available());
    expect(one.bandwidth.available().length).toBeGreaterThan(2000);
    expect(other.bandwidth.available('9102414365')).toEqual(['9102414365']);
  });
});

describe('a search that is refused with 400', () => {
  test.each([
    ['4010', ''],
    ['4010', 'areaCode='],
    ['4010', 'areaCode=110'],
    ['4010', 'areaCode=91'],
    ['4010', 'areaCode=911'],
    ['4010', 'areaCode=290'],
    ['4010', 'areaCode=371'],
    ['4010', 'areaCode=800'],
    ['4010', 'npaNxx=910155'],
    ['4010', 'npaNxx=91024'],
    ['4010', 'npaNxxx=910241'],
    ['4010', 'state=N'],
    ['4010', 'zip=2760'],
    ['4010', 'lata=949949'],
    ['4010', 'localVanity=abc'],
    ['4010', 'tollFreeVanity=a-b-c'],
    ['4010', 'tollFreeWildCardPattern=9**'],
    ['4010', 'areaCode=910&enableTNDetail=perhaps'],
    ['4010', 'areaCode=910&quantity=ten'],
    ['1006', 'areaCode=910&quantity=0'],
    ['1006', 'areaCode=910&quantity=5001'],
    ['5002', 'areaCode=910&npaNxx=910241'],
    ['5002', 'city=RALEIGH'],
    ['5002', 'rateCenter=RALEIGH'],
    ['5002', 'tollFreeVanity=NEWCARS&state=NC'],
    ['5002', 'tollFreeWildCardPattern=8**&protected=NONE'],
    ['5002', 'localVanity=PIZZA&zip=27601'],
    ['5002', 'areaCode=910&endsIn=true'],
    ['5002', 'areaCode=910&LCA=true'],
    ['5002', 'state=NC&LCA=false'],
    ['5002', 'npaNxx=910241&state=NC&LCA=true'],
    ['4020', 'npaNxx=910241&orderBy=price'],
    ['4021', 'areaCode=910&orderBy=fullNumber'],
    ['4021', 'npaNxx=910241&LCA=true&orderBy=fullNumber'],
    ['4022', 'areaCode=910&protected=maybe'],
  ])('%s: %s', async (code, query) => {
    const { get } = await startClient();
    const { status, body } = await get(search(query));
    expect(status).toBe(400);
    expect(body).toContain(`<SearchResult><Error><Code>${code}</Code><Description>`);
    expect(childNames(body, 'SearchResult')).toEqual(['Error']);
  });

  test('but an unknown parameter is silently ignored', async () => {
    const { get } = await startClient();
    const { status, body } = await get(search('npaNxx=540551&lca=false'));
    expect(status).toBe(200);
    expect(values(body, 'TelephoneNumber')).toHaveLength(7);
  });
});
