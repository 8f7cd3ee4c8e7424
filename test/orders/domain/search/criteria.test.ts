import { expect, test } from '@jest/globals';
import { isAreaCode } from '../../../../src/orders/domain/search/criteria.js';

test('Area codes follow the rules Bandwidth states with error 5002', () => {
  const taken = ['910', '200', '809', '888'];
  expect(taken.map(isAreaCode)).toEqual([true, true, true, true]);
  const refused = ['110', '010', '911', '211', '290', '370', '379', '960', '91', '9100', '', '91O'];
  expect(refused.filter(isAreaCode)).toEqual([]);
});
