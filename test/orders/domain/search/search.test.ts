import { expect, test } from '@jest/globals';
import { searchKind } from '../../../../src/orders/domain/search/search.js';

test('Criteria that name nothing to search for have no kind of search', () => {
  expect(searchKind({ endsIn: true })).toBeUndefined();
});
