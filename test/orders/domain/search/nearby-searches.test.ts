import { describe, expect, test } from '@jest/globals';
import { areaCodesOf, stateOf } from '../../../../src/orders/domain/search/area-codes.js';
import { checkSearch } from '../../../../src/orders/domain/search/check-search.js';
import { isAreaCode, states } from '../../../../src/orders/domain/search/criteria.js';
import { nearbySearches } from '../../../../src/orders/domain/search/nearby-searches.js';
import { anySearch } from '../../../support/arbitrary-orders.js';
import { fc } from '../../../support/properties.js';
import { search } from '../../../support/sample-orders.js';

const near = (...given: Parameters<typeof search>) =>
  nearbySearches(search(...given)).map(({ criteria }) => criteria);

describe('a person who found nothing', () => {
  test('in a prefix is pointed to the wider prefix, the state and the next area codes', () => {
    expect(near({ npaNxxx: '9102414' })).toEqual([
      { npaNxx: '910241' },
      { areaCode: '910' },
      { state: 'NC' },
      { areaCode: '919' },
      { areaCode: '980' },
    ]);
    expect(near({ areaCode: '984' })).toEqual([
      { state: 'NC' },
      { areaCode: '252' },
      { areaCode: '336' },
      { areaCode: '472' },
      { areaCode: '704' },
    ]);
  });

  test('in a city is pointed to its state', () => {
    expect(near({ city: 'RALEIGH', state: 'NC' })).toEqual([{ state: 'NC' }]);
  });

  test('with several criteria is pointed to each of them by itself', () => {
    expect(near({ areaCode: '910', zip: '27601' }).slice(0, 3)).toEqual([
      { areaCode: '910' },
      { zip: '27601' },
      { state: 'NC' },
    ]);
  });

  test('for a word is pointed to fewer conditions, then to a shorter word', () => {
    expect(near({ localVanity: 'PIZZA', areaCode: '910', endsIn: true })).toEqual([
      { localVanity: 'PIZZA', areaCode: '910' },
      { localVanity: 'PIZZA', state: 'NC' },
      { localVanity: 'PIZZA' },
      { localVanity: 'PIZZ', areaCode: '910' },
    ]);
  });

  test('in one toll-free prefix is pointed to all of them', () => {
    expect(near({ tollFreeWildCardPattern: '833' })).toEqual([
      { tollFreeWildCardPattern: '83*' },
      { tollFreeWildCardPattern: '8**' },
    ]);
    expect(near({ tollFreeWildCardPattern: '8**' })).toEqual([]);
  });

  test('is never pointed to the same search, nor to one that Bandwidth refuses', () => {
    fc.assert(
      fc.property(anySearch, (asked) => {
        for (const nearby of nearbySearches(asked)) {
          expect(nearby.criteria).not.toEqual(asked.criteria);
          expect(checkSearch(nearby)).toEqual(nearby);
          expect(nearby.quantity).toBe(asked.quantity);
        }
      }),
    );
  });
});

test('every state has area codes, all of them possible', () => {
  for (const state of Object.keys(states)) {
    expect(areaCodesOf(state).length).toBeGreaterThan(0);
    for (const areaCode of areaCodesOf(state)) expect(isAreaCode(areaCode)).toBe(true);
  }
  expect(stateOf('910')).toBe('NC');
  expect(stateOf('833')).toBeUndefined();
});
