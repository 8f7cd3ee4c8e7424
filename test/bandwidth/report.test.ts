import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, CARRIER_ORDER_ID, errorOf, fixture, HOST, phone, XML } from './support.js';

const path = `${ACCOUNT}/orders/${CARRIER_ORDER_ID}`;

const answered = (body: string, status = 200) => {
  nock(HOST).get(path).reply(status, body, XML);
  const { bandwidth, log } = aClient();
  return { report: () => bandwidth.report('purchase', CARRIER_ORDER_ID), log };
};

const withStatus = (status: string, rest = '') =>
  `<OrderResponse><Order><SiteId>461</SiteId></Order><OrderStatus>${status}</OrderStatus>${rest}</OrderResponse>`;

const nothing = { completed: [], failed: [], faults: [] };

describe('Bandwidth reports', () => {
  test('an order that was filled in part: both lists, and its own words once for all the numbers', async () => {
    expect(await answered(fixture('report-partial.xml')).report()).toEqual({
      status: 'partial',
      completed: [phone('9105550123')],
      completedQuantity: 1,
      failed: [phone('9105550124'), phone('9105550125')],
      faults: [
        {
          code: '5005',
          description: 'The telephone number is unavailable for ordering',
          numbers: [phone('9105550124'), phone('9105550125')],
        },
      ],
      summary: '1 out of 3 numbers ordered in (910)',
    });
  });

  test.each([
    ['RECEIVED', 'received'],
    ['received', 'received'],
    ['Processing', 'processing'],
    ['BACKORDERED', 'backordered'],
    ['COMPLETE', 'complete'],
    ['Completed', 'complete'],
    ['PARTIAL', 'partial'],
    [' FAILED ', 'failed'],
  ])('%s, which we read as %s', async (said, status) => {
    expect(await answered(withStatus(said)).report()).toEqual({ ...nothing, status });
  });

  test('an unknown status: the order stays open, and the log says so', async () => {
    const { report, log } = answered(withStatus('QUANTUM'));
    expect(await report()).toEqual({ ...nothing, status: 'processing', unknownStatus: 'QUANTUM' });
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', facts: expect.objectContaining({ orderStatus: 'QUANTUM' }) }),
    );
  });

  test('an order without any status: it was received', async () => {
    expect(
      await answered('<OrderResponse><Order><SiteId>461</SiteId></Order></OrderResponse>').report(),
    ).toEqual({ ...nothing, status: 'received' });
  });

  test('a completed order without its numbers', async () => {
    expect(
      await answered(withStatus('COMPLETE', '<CompletedQuantity>2</CompletedQuantity>')).report(),
    ).toEqual({ ...nothing, status: 'complete', completedQuantity: 2 });
  });

  test('empty lists', async () => {
    const body = withStatus('COMPLETE', '<ErrorList/><FailedNumbers/><CompletedNumbers></CompletedNumbers>');
    expect(await answered(body).report()).toEqual({ ...nothing, status: 'complete' });
  });

  test('a pending order, whose "error" 5019 isn’t one', async () => {
    const body = withStatus(
      'RECEIVED',
      '<ErrorList><Error><Code>5019</Code><Description>Order is pending.</Description></Error></ErrorList>',
    );
    expect(await answered(body).report()).toEqual({ ...nothing, status: 'received' });
  });

  test('a search-and-order that failed, with an error that names no number', async () => {
    const body = withStatus(
      'FAILED',
      '<CompletedQuantity>0</CompletedQuantity><ErrorList><Error><Code>5018</Code><Description>The entire quantity is unavailable</Description></Error></ErrorList><CompletedNumbers/><FailedQuantity>1</FailedQuantity>',
    );
    expect(await answered(body).report()).toEqual({
      ...nothing,
      status: 'failed',
      completedQuantity: 0,
      faults: [{ code: '5018', description: 'The entire quantity is unavailable', numbers: [] }],
    });
  });

  test('failed numbers only next to their errors', async () => {
    const body = withStatus(
      'FAILED',
      `<ErrorList><Error><Code>5005</Code><Description>unavailable</Description>
        <TelephoneNumbers><TelephoneNumber>9105550124</TelephoneNumber><TelephoneNumber>+19105550125</TelephoneNumber></TelephoneNumbers>
      </Error></ErrorList><FailedNumbers/>`,
    );
    const numbers = [phone('9105550124'), phone('9105550125')];
    expect(await answered(body).report()).toEqual({
      ...nothing,
      status: 'failed',
      failed: numbers,
      faults: [{ code: '5005', description: 'unavailable', numbers }],
    });
  });

  test.each([
    ['ten digits', '<TelephoneNumber><FullNumber>9105550123</FullNumber></TelephoneNumber>'],
    [
      'E.164 and a country',
      '<TelephoneNumber><CountryCodeA3>USA</CountryCodeA3><FullNumber>+19105550123</FullNumber></TelephoneNumber>',
    ],
    ['a bare number', '<TelephoneNumber>9105550123</TelephoneNumber>'],
    ['a bare FullNumber', '<FullNumber>910-555-0123</FullNumber>'],
    [
      'details',
      '<TelephoneNumber><City>CARY</City><TelephoneNumber>9105550123</TelephoneNumber></TelephoneNumber>',
    ],
  ])('a delivered number as %s', async (_spelling, number) => {
    const body = withStatus('COMPLETE', `<CompletedNumbers>${number}</CompletedNumbers>`);
    expect((await answered(body).report()).completed).toEqual([phone('9105550123')]);
  });

  test('a number that cannot be read: it is counted as one, the rest stays, and the log says so', async () => {
    const { report, log } = answered(
      withStatus(
        'PARTIAL',
        `<CompletedNumbers><TelephoneNumber><FullNumber>910555012</FullNumber></TelephoneNumber><TelephoneNumber><FullNumber>9105550123</FullNumber></TelephoneNumber></CompletedNumbers>
         <ErrorList><Error><Code>5070</Code><Description>Telephone number is invalid.</Description><TelephoneNumber>55544433</TelephoneNumber></Error></ErrorList>`,
      ),
    );
    expect(await report()).toEqual({
      ...nothing,
      status: 'partial',
      completed: [phone('9105550123')],
      unread: 1,
      faults: [{ code: '5070', description: 'Telephone number is invalid.', numbers: [] }],
    });
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  test('with prefixes, attributes and CDATA, which change nothing', async () => {
    const body = `<ns2:OrderResponse xmlns:ns2="urn:x" xmlns:xsi="urn:y"><ns2:OrderStatus xsi:type="string">COMPLETE</ns2:OrderStatus>
      <ns2:Summary><![CDATA[1 number ordered in <b>(910)</b>]]></ns2:Summary></ns2:OrderResponse>`;
    expect(await answered(body).report()).toEqual({
      ...nothing,
      status: 'complete',
      summary: '1 number ordered in <b>(910)</b>',
    });
  });

  test('five thousand failed numbers without keeping everyone else waiting', async () => {
    const numbers = Array.from({ length: 5000 }, (_, n) => `910555${String(n).padStart(4, '0')}`);
    const body = withStatus(
      'FAILED',
      `<ErrorList>${numbers.map((n) => `<Error><Code>5005</Code><Description>The telephone number is unavailable for ordering</Description><TelephoneNumber>${n}</TelephoneNumber></Error>`).join('')}</ErrorList>
       <FailedNumbers>${numbers.map((n) => `<FullNumber>${n}</FullNumber>`).join('')}</FailedNumbers>`,
    );
    const report = await answered(body).report();
    expect(report.failed).toHaveLength(5000);
    expect(report.faults).toHaveLength(1);
  });
});

describe('There is no report', () => {
  const complaint =
    '<ErrorList><Error><Code>5061</Code><Description>Order ID is invalid.</Description></Error></ErrorList>';
  const faults = [{ code: '5061', description: 'Order ID is invalid.', numbers: [] }];

  test('in an error inside a success', async () => {
    const error = await errorOf(answered(`<OrderResponse>${complaint}</OrderResponse>`).report());
    expect(error).toMatchObject({ trouble: 'refused', faults });
  });

  test('in an error', async () => {
    const error = await errorOf(answered(`<OrderResponse>${complaint}</OrderResponse>`, 400).report());
    expect(error).toMatchObject({ trouble: 'refused', faults });
  });

  test.each([
    ['says nothing', '<OrderResponse/>', 200],
    ['is empty', '', 200],
    ['has no content', '', 204],
    ['is cut short', fixture('report-partial.xml').slice(0, -40), 200],
    ['is another document', '<SearchResult/>', 200],
    ['is a gateway’s page', '<html><body>503</body></html>', 503],
    ['points elsewhere', '', 302],
  ])('in an answer that %s', async (_how, body, status) => {
    expect((await errorOf(answered(body, status).report())).trouble).toBe('broken');
  });

  test.each([
    ['an empty body', ''],
    [
      'an ErrorResponse without a code',
      '<ErrorResponse><ResponseStatus><Description>The resource does not exist</Description></ResponseStatus></ErrorResponse>',
    ],
    ['links', '<Links><first/></Links>'],
  ])('for an order that Bandwidth does not have (404 with %s)', async (_what, body) => {
    expect((await errorOf(answered(body, 404).report())).trouble).toBe('missing');
  });
});
