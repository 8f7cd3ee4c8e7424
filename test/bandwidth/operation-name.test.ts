import { describe, expect, test } from '@jest/globals';
import { operationName } from '../../src/bandwidth/operation-name.js';

describe('A request to Bandwidth is named', () => {
  test.each([
    ['POST', '/accounts/9900000/orders', 'post_orders'],
    ['GET', '/accounts/9900000/orders/dc0008ec-07fc', 'get_order'],
    ['GET', '/accounts/9900000/orders?page=1&customerOrderId=5e1e', 'get_orders'],
    ['GET', '/accounts/9900000/inserviceNumbers/totals', 'get_in_service_total'],
    ['GET', '/accounts/9900000/inserviceNumbers/9102414365', 'get_in_service_number'],
    ['GET', '/accounts/9900000/sites/12/sippeers/34/tns?page=1', 'get_location_numbers'],
    ['GET', '/tns/%2B19102414365/tndetails', 'get_number_details'],
    ['DELETE', '/accounts/9900000/tnreservation/abc', 'delete_reservation'],
  ] as const)('%s %s, without its ids and numbers: %s', (method, path, name) => {
    expect(operationName(method, path)).toBe(name);
  });

  test.each(['/accounts/9900000/9102414365', '/9102414365', '', '/accounts/9900000/orders/a/history'])(
    'other, if its path is a new one: %s',
    (path) => {
      expect(operationName('GET', path)).toBe('get_other');
    },
  );
});
