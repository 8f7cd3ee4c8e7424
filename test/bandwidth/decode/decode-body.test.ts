import { describe, expect, test } from '@jest/globals';
import { decodeBody } from '../../../src/bandwidth/decode/decode-body.js';
import { nock } from '../../support/nock.js';
import { fc, runs } from '../../support/properties.js';
import {
  ACCOUNT,
  aClient,
  aPurchase,
  aSearch,
  CARRIER_ORDER_ID,
  errorOf,
  HOST,
  ORDER_ID,
  phone,
} from '../support.js';

const sites = (name: string, declaration = '') =>
  `${declaration}<SitesResponse><Sites><Site><Id>461</Id><Name>${name}</Name></Site></Sites></SitesResponse>`;
const declares = (charset: string) => `<?xml version="1.0" encoding="${charset}"?>`;
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

const answered = (body: Buffer, type = 'application/xml') => {
  nock(HOST).get(`${ACCOUNT}/sites`).reply(200, body, { 'Content-Type': type });
  return aClient();
};

describe('A name is read as Bandwidth wrote it', () => {
  const MONTREAL = sites('Montréal');
  test.each([
    ['in UTF-8, undeclared', Buffer.from(MONTREAL), 'application/xml'],
    ['in UTF-8 with a mark', Buffer.from(`\ufeff${MONTREAL}`), 'application/xml'],
    ['in Latin-1, as Content-Type says', latin1(MONTREAL), 'application/xml;charset=ISO-8859-1'],
    ['in Latin-1, as Content-Type says in quotes', latin1(MONTREAL), 'text/xml; Charset="latin1"; x=y'],
    [
      'in Latin-1, as the document says',
      latin1(sites('Montréal', declares('ISO-8859-1'))),
      'application/xml',
    ],
    [
      'in Latin-1, as the document says and Content-Type denies',
      latin1(sites('Montréal', declares('iso-8859-1'))),
      'application/xml; charset=utf-8',
    ],
    [
      'in Latin-1, as Content-Type says and the document denies',
      latin1(sites('Montréal', declares('UTF-8'))),
      'application/xml; charset=iso-8859-1',
    ],
    ['in UTF-16 with a mark', Buffer.from(`\ufeff${MONTREAL}`, 'utf16le'), 'application/xml'],
    ['in UTF-16, the other way round', utf16be(`\ufeff${MONTREAL}`), 'application/xml; charset=utf-16'],
    ['in UTF-16 without a mark', utf16be(sites('Montréal', declares('UTF-16'))), 'text/xml; charset=utf-16'],
  ])('%s', async (_how, body, type) => {
    expect(await answered(body, type).bandwidth.sites()).toEqual([{ id: '461', name: 'Montréal' }]);
  });

  test('in Windows-1252, with its typographic quotes', async () => {
    const body = Buffer.from(sites('Coeur d#Alene').replace('#', '\x92'), 'latin1');
    const { bandwidth } = answered(body, 'application/xml; charset=windows-1252');
    expect(await bandwidth.sites()).toEqual([{ id: '461', name: 'Coeur d’Alene' }]);
  });
});

describe('Characters outside the declared character set', () => {
  test('hide no number: each shows as unreadable, and the log says so', async () => {
    const { bandwidth, log } = answered(latin1(sites('Montréal')));
    expect(await bandwidth.sites()).toEqual([{ id: '461', name: 'Montr\ufffdal' }]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        sentence: expect.stringContaining('outside its declared charset'),
      }),
    );
  });

  test('in an unknown character set make an answer unreadable, not empty', async () => {
    const { bandwidth } = answered(Buffer.from(sites('Raleigh')), 'application/xml; charset=x-cp37');
    const error = await errorOf(bandwidth.sites());
    expect(error).toMatchObject({ trouble: 'broken', message: expect.stringContaining('x-cp37') });
  });

  test.each([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
    ['an unknown set', Buffer.from(sites('Raleigh', declares('x-cp37')))],
  ])('of %s are named if the document itself declares them', async (_what, body) => {
    expect((await errorOf(answered(body).bandwidth.sites())).message).toContain('character set');
  });

  test('leave an order unknown, unless its Location names it', async () => {
    const type = { 'Content-Type': 'application/xml; charset=x-cp37' };
    const post = () => nock(HOST).post(`${ACCOUNT}/orders`);
    post().reply(201, '<OrderResponse/>', type);
    expect(await aClient().bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'unknown' });
    post().reply(201, '<OrderResponse/>', { ...type, Location: `${HOST}/api/orders/${CARRIER_ORDER_ID}` });
    expect(await aClient().bandwidth.place(ORDER_ID, aPurchase())).toMatchObject({ outcome: 'taken' });
  });

  test('do not show that a number is in service', async () => {
    nock(HOST)
      .get('/api/tns/9105550123/tndetails')
      .reply(
        200,
        '<TelephoneNumberResponse><TelephoneNumberDetails><FullNumber>9105550123</FullNumber></TelephoneNumberDetails></TelephoneNumberResponse>',
      );
    nock(HOST)
      .get(`${ACCOUNT}/inserviceNumbers/9105550123`)
      .reply(200, 'x', { 'Content-Type': 'text/xml; charset=x-cp37' });
    const error = await errorOf(aClient().bandwidth.lookUpNumbers([phone('9105550123')]));
    expect(error.trouble).toBe('broken');
  });
});

describe('A body', () => {
  test('of JSON is UTF-8 whatever its header says', () => {
    const json = Buffer.from('{"a":"é"}');
    expect(decodeBody(json, 'application/json; charset=iso-8859-1')).toEqual({
      text: '{"a":"é"}',
      garbled: false,
    });
    expect(decodeBody(json, 'application/problem+json')).toMatchObject({ text: '{"a":"é"}' });
  });

  test('always becomes a text or names the unsupported character set, and plain letters are preserved', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ maxLength: 30 }), (bytes, type) => {
        const decoded = decodeBody(bytes, `text/xml; charset=${type}`);
        expect('text' in decoded ? typeof decoded.text : decoded.unknownCharset.length).toBeTruthy();
      }),
      { numRuns: runs(500) },
    );
    const ascii = Buffer.concat([Buffer.from('<a>910-555-0123 '), Buffer.from([0xe9]), Buffer.from('</a>')]);
    expect(decodeBody(ascii, 'text/xml')).toEqual({ text: '<a>910-555-0123 \ufffd</a>', garbled: true });
  });
});

test('A page that quotes our request does not show anyone our credentials', async () => {
  const quoted = Buffer.from('jane:correct horse').toString('base64');
  nock(HOST)
    .get(`${ACCOUNT}/availableNumbers`)
    .query(true)
    .reply(400, `<X><Error><Code>1</Code><Description>Basic ${quoted}</Description></Error></X>`);
  const error = await errorOf(aClient().bandwidth.search(aSearch({ criteria: { areaCode: '910' } })));
  expect(error.faults).toEqual([{ code: '1', description: 'Basic …', numbers: [] }]);
});
