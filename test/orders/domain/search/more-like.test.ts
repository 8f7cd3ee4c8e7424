import { expect, test } from '@jest/globals';
import { checkSearch } from '../../../../src/orders/domain/search/check-search.js';
import { moreLike } from '../../../../src/orders/domain/search/more-like.js';
import type { SearchDraft } from '../../../../src/orders/domain/search/search.js';
import { phone } from '../../../support/orders/people.js';

function like(draft: SearchDraft, ...picked: readonly string[]) {
  const search = checkSearch(draft);
  if (!('kind' in search)) throw new Error('it is no search');
  return moreLike(search, picked.map(phone));
}

test.each<[string, SearchDraft, object]>([
  ['an area code', { criteria: { areaCode: '910' } }, { areaCode: '910' }],
  ['a city', { criteria: { city: 'Raleigh', state: 'NC' } }, { city: 'Raleigh', state: 'NC' }],
  [
    'a word in an area code',
    { criteria: { localVanity: 'PIZZA', areaCode: '919', endsIn: true } },
    { areaCode: '919' },
  ],
  ['a word anywhere', { criteria: { localVanity: 'PIZZA' } }, { areaCode: '910' }],
  ['a toll-free word', { criteria: { tollFreeVanity: 'NEWCARS' } }, { tollFreeWildCardPattern: '8**' }],
])('More like a number that was found by %s searches in that area', (_, draft, criteria) => {
  expect(like(draft, '9102414444')).toMatchObject({ criteria, filters: { like: '9102414444' } });
});

test('Excluded digits stay excluded; the other filters no longer count', () => {
  const draft = {
    criteria: { npaNxx: '910241' },
    filters: { without: '13', easy: 'true' },
    quantity: 7,
  };
  expect(like(draft, '9102414444')).toEqual(
    checkSearch({ criteria: { npaNxx: '910241' }, filters: { like: '9102414444', without: '13' } }),
  );
});

test('Of several numbers, the pattern that all of them have counts', () => {
  const draft = { criteria: { areaCode: '910' } };
  expect(like(draft, '9102414444', '9103391777')).toMatchObject({ filters: { like: '9103391777' } });
  expect(like(draft, '9102414444', '9103391212')).toBe('different-patterns');
  expect(like(draft, '9102414444', '9102414365')).toBe('no-pattern');
  expect(like(draft)).toBe('nothing-picked');
});
