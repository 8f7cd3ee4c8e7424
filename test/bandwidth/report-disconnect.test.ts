import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, CARRIER_ORDER_ID, errorOf, fixture, HOST, phone, XML } from './support.js';

const reportOf = (body: string, status = 200) => {
  nock(HOST).get(`${ACCOUNT}/disconnects/${CARRIER_ORDER_ID}`).reply(status, body, XML);
  return aClient().bandwidth.report('disconnect', CARRIER_ORDER_ID);
};

const request = '<orderRequest><id>e6b1</id></orderRequest>';
const response = (inside: string) =>
  `<DisconnectTelephoneNumberOrderResponse>${inside}</DisconnectTelephoneNumberOrderResponse>`;
const withStatus = (status: string, rest = '') =>
  response(`${rest}${request}<OrderStatus>${status}</OrderStatus>`);
const disconnected = (...numbers: readonly string[]) =>
  `<DisconnectedTelephoneNumberList>${numbers.map((each) => `<TelephoneNumber>${each}</TelephoneNumber>`).join('')}</DisconnectedTelephoneNumberList>`;
const error = (code: string, description: string, number = '') =>
  `<Error><Code>${code}</Code><Description>${description}</Description>${number}</Error>`;

const nothing = { completed: [], failed: [], faults: [] };

describe('Bandwidth reports for a disconnect', () => {
  test('what was disconnected and what was not, in its own words', async () => {
    const failed = [phone('9105550124'), phone('9105550125')];
    expect(await reportOf(fixture('disconnect-partial.xml'))).toEqual({
      status: 'partial',
      completed: [phone('9105550123'), phone('9105550126')],
      failed,
      faults: [
        {
          code: '5006',
          description:
            'Telephone number could not be disconnected since it is not associated with your account',
          numbers: failed,
        },
      ],
    });
  });

  test.each([
    ['RECEIVED', 'received'],
    ['Processing', 'processing'],
    ['COMPLETE', 'complete'],
    ['Completed', 'complete'],
    ['PARTIAL', 'partial'],
    [' FAILED ', 'failed'],
  ])('%s, which we read as %s', async (said, status) => {
    expect(await reportOf(withStatus(said))).toEqual({ ...nothing, status });
  });

  test('an unknown status: it stays open, and the word is kept', async () => {
    expect(await reportOf(withStatus('QUANTUM'))).toEqual({
      ...nothing,
      status: 'processing',
      unknownStatus: 'QUANTUM',
    });
  });

  test('no status: it was received', async () => {
    expect(await reportOf(response(request))).toEqual({ ...nothing, status: 'received' });
  });

  test.each([
    ['missing', ''],
    ['empty', '<DisconnectedTelephoneNumberList/><ErrorList/>'],
  ])('that it is complete, if its list %s', async (_how, rest) => {
    expect(await reportOf(withStatus('COMPLETE', rest))).toEqual({ ...nothing, status: 'complete' });
  });

  test.each([
    ['one number', ['9105550123']],
    ['one number in E.164', ['+19105550123']],
    ['many numbers', Array.from({ length: 500 }, (_, n) => `910555${String(n).padStart(4, '0')}`)],
  ])('%s disconnected', async (_how, numbers) => {
    const report = await reportOf(withStatus('COMPLETE', disconnected(...numbers)));
    expect(report).toEqual({ ...nothing, status: 'complete', completed: numbers.map(phone) });
  });

  test('that it failed: the numbers are only next to the errors', async () => {
    const list = `<ErrorList>${error('5006', 'not yours', '<TelephoneNumber>9105550123</TelephoneNumber>')}</ErrorList>`;
    expect(await reportOf(withStatus('FAILED', list))).toEqual({
      status: 'failed',
      completed: [],
      failed: [phone('9105550123')],
      faults: [{ code: '5006', description: 'not yours', numbers: [phone('9105550123')] }],
    });
  });

  test('that it failed, with an error that names no number', async () => {
    expect(
      await reportOf(withStatus('FAILED', `<ErrorList>${error('5086', 'timed out')}</ErrorList>`)),
    ).toEqual({
      ...nothing,
      status: 'failed',
      faults: [{ code: '5086', description: 'timed out', numbers: [] }],
    });
  });

  test('that it is pending, whose "error" 5019 isn’t one', async () => {
    const list = `<ErrorList>${error('5019', 'Order is pending.')}</ErrorList>`;
    expect(await reportOf(withStatus('RECEIVED', list))).toEqual({ ...nothing, status: 'received' });
  });
});

describe('A disconnect has no report', () => {
  test('in an error inside a success', async () => {
    const list = `<ErrorList>${error('5061', 'Order ID is invalid.')}</ErrorList>`;
    expect(await errorOf(reportOf(response(list)))).toMatchObject({
      trouble: 'refused',
      faults: [{ code: '5061', description: 'Order ID is invalid.', numbers: [] }],
    });
  });

  test.each([
    ['says nothing', response(''), 200, 'broken'],
    ['is empty', '', 200, 'broken'],
    ['has no content', '', 204, 'broken'],
    ['is that of an order', fixture('taken.xml'), 200, 'broken'],
    ['is cut short', fixture('disconnect-partial.xml').slice(0, -40), 200, 'broken'],
    ['is an empty 404', '', 404, 'missing'],
    ['forbids it', '', 403, 'forbidden'],
  ])('in an answer that %s', async (_how, body, status, trouble) => {
    expect((await errorOf(reportOf(body, status))).trouble).toBe(trouble);
  });
});
