import { afterEach, describe, expect, test } from '@jest/globals';
import { startClient, stopAll, values } from './client.js';

afterEach(stopAll);

describe('a colleague in the Bandwidth App', () => {
  test('buys a number, which names the order it came with and the user', async () => {
    const { bandwidth, get } = await startClient();
    expect(bandwidth.colleagueBuys('dashboard-admin', '9102414365')).toBe('9102414365');
    expect(bandwidth.numbersInService()).toContain('9102414365');

    const number = await get('/tns/9102414365');
    const [orderId = ''] = values(number.body, 'OrderId');
    expect(values(number.body, 'OrderType')).toEqual(['NEW_NUMBER_ORDER']);
    const order = await get(`orders/${orderId}`);
    expect(values(order.body, 'CreatedByUser')).toEqual(['dashboard-admin']);
    expect(values(order.body, 'OrderStatus')).toEqual(['COMPLETE']);
    expect(values(order.body, 'CustomerOrderId')).toEqual([]);

    const ours = await get('orders?page=1&size=10&userid=local-user');
    expect(values(ours.body, 'TotalCount')).toEqual(['0']);
    const theirs = await get('orders?page=1&size=10&userid=dashboard-admin');
    expect(values(theirs.body, 'userId')).toEqual(['dashboard-admin']);
  });

  test('buys any available number if none is named', async () => {
    const { bandwidth } = await startClient();
    const bought = bandwidth.colleagueBuys('dashboard-admin') ?? '';
    expect(bandwidth.numbersInService()).toEqual([bought]);
    expect(bandwidth.colleagueBuys('dashboard-admin', bought)).toBeUndefined();
  });

  test('moves a number of the account to another sub-account', async () => {
    const { bandwidth, get } = await startClient({ inService: { ours: ['9102414365'] } });
    expect(bandwidth.colleagueMoves('9102414365', '743')).toBe(true);
    const moved = await get('/tns/9102414365');
    expect(values(moved.body, 'SiteId')).toEqual(['743']);
    expect(bandwidth.colleagueMoves('9103174992', '743')).toBe(false);
    expect(bandwidth.colleagueMoves('9102414365', 'nowhere')).toBe(false);
  });
});
