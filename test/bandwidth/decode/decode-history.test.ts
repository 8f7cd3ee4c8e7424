import { describe, expect, test } from '@jest/globals';
import { decodeChange, decodeCreator } from '../../../src/bandwidth/decode/decode-history.js';
import { parseXml } from '../../../src/bandwidth/xml.js';
import { number } from '../../support/sample-orders.js';

const ours = number('9102414365');
const change = async (inside: string) =>
  decodeChange(
    await parseXml(
      `<TelephoneNumberResponse><TelephoneNumber>9102414365</TelephoneNumber>${inside}</TelephoneNumberResponse>`,
    ),
    ours,
  );

describe('The order behind a number', () => {
  test.each([
    ['2026-11-03T14:05:06.000Z', Date.UTC(2026, 10, 3, 14, 5, 6)],
    ['2026-11-03 14:05:06.0', Date.UTC(2026, 10, 3, 14, 5, 6)],
    ['2026-11-03', Date.UTC(2026, 10, 3)],
  ])('was created at %s', async (written, at) => {
    const found = await change(
      `<OrderId>o1</OrderId><OrderType>NEW_NUMBER_ORDER</OrderType><OrderCreateDate>${written}</OrderCreateDate>`,
    );
    expect(found).toEqual({ carrierOrderId: 'o1', disconnects: false, at });
  });

  test('has no date if Bandwidth’s is invalid', async () => {
    for (const written of ['', 'soon', '2026-13-45T99:00:00Z']) {
      const found = await change(`<OrderId>o1</OrderId><OrderCreateDate>${written}</OrderCreateDate>`);
      expect(found).toEqual({ carrierOrderId: 'o1', disconnects: false });
    }
  });

  test('may be a disconnect, or not named at all', async () => {
    expect(await change('<OrderId>o1</OrderId><OrderType>DISCONNECT</OrderType>')).toMatchObject({
      disconnects: true,
    });
    const status = async (written: string) =>
      change(`<Status>${written}</Status><OrderId>o1</OrderId><OrderType>DISCONNECT</OrderType>`);
    expect(await status('Inservice')).toMatchObject({ disconnects: true, inService: true });
    expect(await status('Aging')).toMatchObject({ disconnects: true, inService: false });
    expect(await change('<Status>Inservice</Status>')).toBeUndefined();
  });

  test('is not taken from the answer about another number', async () => {
    const other = await parseXml(
      '<TelephoneNumberResponse><TelephoneNumber>9102414366</TelephoneNumber><OrderId>o1</OrderId></TelephoneNumberResponse>',
    );
    expect(decodeChange(other, ours)).toBe('another number');
  });

  test('names its user, and our id if it carries one', async () => {
    const creator = async (inside: string) =>
      decodeCreator(await parseXml(`<OrderResponse>${inside}</OrderResponse>`));
    expect(
      await creator(
        '<CreatedByUser>dashboard-admin</CreatedByUser><Order><CustomerOrderId>c1</CustomerOrderId></Order>',
      ),
    ).toEqual({ user: 'dashboard-admin', customerOrderId: 'c1' });
    expect(await creator('<OrderStatus>COMPLETE</OrderStatus>')).toEqual({});
  });
});
