import { describe, expect, test } from '@jest/globals';
import { type PhoneNumber, parsePhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { takesBackOrder, takesProtected, type Wanted } from '../../../src/orders/domain/request.js';
import { checkSearch } from '../../../src/orders/domain/search/check-search.js';
import type { SearchDraft } from '../../../src/orders/domain/search/search.js';

function numbers(...texts: string[]): Wanted {
  return { by: 'numbers', numbers: texts.map((text) => parsePhoneNumber(text) as PhoneNumber) };
}

function search(criteria: SearchDraft['criteria']): Wanted {
  const checked = checkSearch({ criteria, quantity: 2 });
  if (!('kind' in checked)) throw new Error('not a search');
  return { by: 'search', search: checked };
}

describe('the options of an order', () => {
  test('an order for any number in an area, city or toll-free prefix can wait for stock', () => {
    expect(takesBackOrder(search({ areaCode: '910' }))).toBe(true);
    expect(takesBackOrder(search({ city: 'RALEIGH', state: 'NC' }))).toBe(true);
    expect(takesBackOrder(search({ tollFreeWildCardPattern: '8**' }))).toBe(true);
  });

  test('an order for named numbers, a prefix or a vanity word can’t', () => {
    expect(takesBackOrder(numbers('9102414365'))).toBe(false);
    expect(takesBackOrder(search({ npaNxx: '910241' }))).toBe(false);
    expect(takesBackOrder(search({ npaNxxx: '9102414' }))).toBe(false);
    expect(takesBackOrder(search({ npaNxx: '910241', state: 'NC' }))).toBe(false);
    expect(takesBackOrder(search({ localVanity: 'PIZZA', areaCode: '910' }))).toBe(false);
    expect(takesBackOrder(search({ tollFreeVanity: 'NEWCARS' }))).toBe(false);
  });

  test('toll-free numbers cannot be protected, all others can', () => {
    expect(takesProtected(numbers('9102414365'))).toBe(true);
    expect(takesProtected(search({ areaCode: '910' }))).toBe(true);
    expect(takesProtected(numbers('9102414365', '8332414365'))).toBe(false);
    expect(takesProtected(search({ tollFreeVanity: 'NEWCARS' }))).toBe(false);
    expect(takesProtected(search({ tollFreeWildCardPattern: '833' }))).toBe(false);
  });
});
