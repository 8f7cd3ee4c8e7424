import { describe, expect, test } from '@jest/globals';
import { encodeReservation } from '../../src/bandwidth/encode.js';
import { nock } from '../support/nock.js';
import { ACCOUNT, aClient, aPurchase, errorOf, fixture, HOST, NOW, ORDER_ID, phone, XML } from './support.js';

const number = phone('9105550123');
const RESERVATION_ID = '5c0a9a3e-1111-4e8e-9d0a-7c2f6f1f0001';
const LOCATION = `https://api.test.inetwork.com:443/v1.0/accounts/9900012/tnreservation/${RESERVATION_ID}`;
const HOURS = 3_600_000;

const complaint = (code: string) =>
  `<ReservationResponse><ResponseStatus><ErrorCode>${code}</ErrorCode><Description>Reservation failed: telephone number 9105550123.</Description></ResponseStatus></ReservationResponse>`;

const told = (seconds: string) =>
  `<ReservationResponse><Reservation><ReservationId>${RESERVATION_ID}</ReservationId><AccountId>9900012</AccountId><ReservationExpires>${seconds}</ReservationExpires><ReservedTn>9105550123</ReservedTn></Reservation></ReservationResponse>`;

const reserving = () => nock(HOST).post(`${ACCOUNT}/tnreservation`, fixture('reservation.xml'));
const asking = () => nock(HOST).get(`${ACCOUNT}/tnreservation/${RESERVATION_ID}`);
const askingByNumber = () => nock(HOST).get('/api/tns/9105550123/tnreservation');
const ending = () => nock(HOST).delete(`${ACCOUNT}/tnreservation/${RESERVATION_ID}`);

describe('A number that Bandwidth holds', () => {
  test('is identified by the last part of the Location, whatever its host is, and until when is looked up', async () => {
    reserving().reply(201, '', { Location: LOCATION });
    asking().reply(200, told('14293'), XML);
    expect(await aClient().bandwidth.hold(number)).toEqual({
      outcome: 'held',
      reservationId: RESERVATION_ID,
      until: NOW + 14_293_000,
    });
  });

  test('is held until a time of Bandwidth’s clock, no matter how wrong ours is', async () => {
    const hour = { ...XML, Date: new Date(NOW + HOURS).toUTCString() };
    reserving().reply(201, told('600'), hour);
    const { bandwidth } = aClient();
    expect(await bandwidth.hold(number)).toMatchObject({ until: NOW + HOURS + 600_000 });
    expect(bandwidth.now()).toBe(NOW + HOURS);
  });

  test('is also identified by a body, without another request', async () => {
    reserving().reply(201, told('600'), XML);
    expect(await aClient().bandwidth.hold(number)).toEqual({
      outcome: 'held',
      reservationId: RESERVATION_ID,
      until: NOW + 600_000,
    });
  });

  test.each([
    ['cannot be asked', () => asking().reply(503, '')],
    ['is silent about it', () => asking().reply(200, told(''), XML)],
    ['does not know it yet', () => asking().reply(404, complaint('5043'), XML)],
  ])('is held for the usual four hours if Bandwidth %s', async (_, answer) => {
    reserving().reply(201, '', { Location: LOCATION });
    answer();
    expect(await aClient().bandwidth.hold(number)).toMatchObject({ outcome: 'held', until: NOW + 4 * HOURS });
  });

  test('is named in E.164 to version 2 of the API', () => {
    expect(encodeReservation(number, (each) => each)).toContain('<ReservedTn>+19105550123</ReservedTn>');
  });
});

describe('A number that Bandwidth does not hold', () => {
  test.each([
    ['5041', 'gone'],
    ['5040', 'gone'],
    ['5046', 'unavailable-for-account'],
  ])('for reason %s is %s', async (code, outcome) => {
    reserving().reply(400, complaint(code), XML);
    expect(await aClient().bandwidth.hold(number)).toEqual({ outcome });
  });

  test('is gone too if the error is inside a success', async () => {
    reserving().reply(201, complaint('5041'), XML);
    expect(await aClient().bandwidth.hold(number)).toEqual({ outcome: 'gone' });
  });

  test.each([
    ['another complaint', 400, complaint('5045'), 'refused'],
    ['a missing role', 403, '', 'forbidden'],
    ['wrong credentials', 401, '', 'credentials'],
    ['a rate limit', 429, '', 'throttled'],
    ['a fault at its end', 500, '', 'broken'],
    ['a success without an id', 201, '', 'broken'],
    ['a web page', 200, '<html/>', 'broken'],
  ])('because of %s is an error', async (_, status, body, trouble) => {
    reserving().reply(status, body, XML);
    expect((await errorOf(aClient().bandwidth.hold(number))).trouble).toBe(trouble);
  });

  test.each([
    ['an answer for another number', told('600').replace('<ReservedTn>9105550123', '<ReservedTn>9105550124')],
    ['an answer for another account', told('600').replace('<AccountId>9900012', '<AccountId>8000273')],
    [
      'an answer for a number nobody can read',
      told('600').replace('<ReservedTn>9105550123', '<ReservedTn>91055'),
    ],
  ])('because of %s is an error, also where the Location names it', async (_, body) => {
    for (const headers of [XML, { ...XML, Location: LOCATION }]) {
      reserving().reply(201, body, headers);
      expect((await errorOf(aClient().bandwidth.hold(number))).trouble).toBe('broken');
    }
  });

  test.each([
    ['another number', told('600').replace('<ReservedTn>9105550123', '<ReservedTn>9105550124')],
    ['another reservation', told('600').replace(RESERVATION_ID, '5c0a9a3e-1111-4e8e-9d0a-7c2f6f1f0009')],
  ])('because Bandwidth, asked until when, names %s is an error', async (_, body) => {
    reserving().reply(201, '', { Location: LOCATION });
    asking().reply(200, body, XML);
    expect((await errorOf(aClient().bandwidth.hold(number))).trouble).toBe('broken');
  });

  test.each([
    [
      'under another root',
      '<ErrorResponse><ResponseStatus><ErrorCode>5041</ErrorCode><Description>gone</Description></ResponseStatus></ErrorResponse>',
    ],
    ['in a bare Response', '<Response><ErrorCode>5041</ErrorCode><Description>gone</Description></Response>'],
    ['in JSON', '{"errors":[{"code":5041,"description":"gone"}]}'],
  ])('is gone too if the error comes %s', async (_, body) => {
    reserving().reply(400, body, XML);
    expect(await aClient().bandwidth.hold(number)).toEqual({ outcome: 'gone' });
  });

  test('is refused in Bandwidth’s words, for the card', async () => {
    reserving().reply(400, '{"type":"5045","description":"Reservation data is bad."}', XML);
    expect((await errorOf(aClient().bandwidth.hold(number))).advice).toContain(
      'Bandwidth says: “Reservation data is bad.” (5045)',
    );
  });

  test('because the answer was lost is an error, and it is not requested a second time', async () => {
    reserving().replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    expect((await errorOf(aClient().bandwidth.hold(number))).trouble).toBe('unreachable');
  });
});

describe('A reservation whose answer was lost', () => {
  const found = (account: string, tn = '9105550123') =>
    `<TNReservation><ReservationID>${RESERVATION_ID}</ReservationID><Account>${account}</Account><ReservationExpires>14346</ReservationExpires><ReservedTN>${tn}</ReservedTN></TNReservation>`;

  test('is found by its number', async () => {
    askingByNumber().reply(200, found('9900012'), XML);
    expect(await aClient().bandwidth.findHold(number)).toEqual({
      reservationId: RESERVATION_ID,
      until: NOW + 14_346_000,
    });
  });

  test.each([
    ['there is none', 404, ''],
    ['there is none, in so many words', 400, complaint('5042')],
    ['there is nothing to say', 204, ''],
    ['it is another account’s', 200, found('8000273')],
  ])('is not found when %s', async (_, status, body) => {
    askingByNumber().reply(status, body, XML);
    expect(await aClient().bandwidth.findHold(number)).toBeUndefined();
  });

  test.each([
    ['is of another number', 200, found('9900012', '9105550124'), 'broken'],
    ['names nothing', 200, '<TNReservation/>', 'broken'],
    ['is a web page', 404, '<html><body>Not found</body></html>', 'missing'],
    ['is a fault', 500, '', 'broken'],
    ['is a complaint', 400, complaint('5045'), 'refused'],
  ])('is not invented when the answer %s', async (_, status, body, trouble) => {
    askingByNumber().reply(status, body, XML);
    expect((await errorOf(aClient().bandwidth.findHold(number))).trouble).toBe(trouble);
  });
});

describe('A reservation that is no longer needed', () => {
  test.each([
    ['ended', 200, told('10')],
    ['ended without a word', 204, ''],
    ['gone already', 404, complaint('5043')],
    ['gone already, says a 400', 400, complaint('5042')],
  ])('is %s', async (_, status, body) => {
    ending().reply(status, body, XML);
    await expect(aClient().bandwidth.release(RESERVATION_ID)).resolves.toBeUndefined();
  });

  test.each([
    ['because an order uses it', 400, complaint('5047'), 'refused'],
    ['because an order uses it, says a 200', 200, complaint('5047'), 'refused'],
    ['because Bandwidth has trouble', 503, '', 'broken'],
  ])('stays %s, and that is an error', async (_, status, body, trouble) => {
    ending().reply(status, body, XML);
    expect((await errorOf(aClient().bandwidth.release(RESERVATION_ID))).trouble).toBe(trouble);
  });
});

describe('An order for held numbers', () => {
  test('names the reservations inside its order type', async () => {
    nock(HOST).post(`${ACCOUNT}/orders`, fixture('order-reserved.xml')).reply(201, fixture('taken.xml'), XML);
    const two = aPurchase({ wanted: { by: 'numbers', numbers: [number, phone('9105550124')] } });
    const ids = [RESERVATION_ID, '5c0a9a3e-1111-4e8e-9d0a-7c2f6f1f0002'];
    expect(await aClient().bandwidth.place(ORDER_ID, two, ids)).toMatchObject({ outcome: 'taken' });
  });
});
