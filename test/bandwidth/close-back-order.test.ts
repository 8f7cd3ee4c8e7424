import { describe, expect, test } from '@jest/globals';
import { nock } from '../support/nock.js';
import {
  ACCOUNT,
  aClient,
  aPurchase,
  CARRIER_ORDER_ID,
  errorOf,
  fixture,
  HOST,
  ORDER_ID,
  XML,
} from './support.js';

const closing = () =>
  nock(HOST).put(`${ACCOUNT}/orders/${CARRIER_ORDER_ID}`, fixture('close-back-order.xml'));
const close = () =>
  aClient().bandwidth.closeBackOrder(CARRIER_ORDER_ID, { id: ORDER_ID, request: aPurchase() });

const complaint = (code: string) =>
  `<OrderResponse><ErrorList><Error><Code>${code}</Code><Description>no</Description></Error></ErrorList></OrderResponse>`;

describe('Closing a back-order', () => {
  test.each([
    ['without a word more', 200, '<OrderResponse/>'],
    ['in silence', 204, ''],
    ['beside what was wrong with the order', 200, complaint('5520')],
  ])('is done if Bandwidth answers %s', async (_, status, body) => {
    closing().reply(status, body, XML);
    expect(await close()).toEqual({ outcome: 'closed' });
  });

  test.each([400, 200])('comes too late when the order is not back-ordered (HTTP %d)', async (status) => {
    closing().reply(status, complaint('5060'), XML);
    expect(await close()).toEqual({ outcome: 'not-backordered' });
  });

  test('is refused in Bandwidth’s own words', async () => {
    closing().reply(400, complaint('5012'), XML);
    expect(await close()).toEqual({
      outcome: 'refused',
      advice: 'Bandwidth refused the end of this back-order.',
      faults: [{ code: '5012', description: 'no', numbers: [] }],
    });
  });

  test.each([
    [
      200,
      '<ErrorResponse><ResponseStatus><ErrorCode>5012</ErrorCode><Description>no</Description></ResponseStatus></ErrorResponse>',
    ],
    [400, '<Response><ErrorCode>5012</ErrorCode><Description>no</Description></Response>'],
    [400, '{"errors":[{"code":5012,"description":"no"}]}'],
  ])('is refused in Bandwidth’s own words under any root (HTTP %d: %s)', async (status, body) => {
    closing().reply(status, body, XML);
    expect(await close()).toMatchObject({
      outcome: 'refused',
      faults: [{ code: '5012', description: 'no', numbers: [] }],
    });
  });

  test.each([403, 404])('is refused without any message (HTTP %d)', async (status) => {
    closing().reply(status, '');
    expect(await close()).toMatchObject({ outcome: 'refused', faults: [] });
  });

  test.each([
    [401, 'credentials'],
    [429, 'throttled'],
    [503, 'broken'],
  ])('has an unknown outcome after HTTP %d', async (status, trouble) => {
    closing().reply(status, '');
    expect((await errorOf(close())).trouble).toBe(trouble);
  });

  test('has an unknown outcome when the answer is lost, and is not repeated by itself', async () => {
    closing().replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    expect((await errorOf(close())).trouble).toBe('unreachable');
  });
});
