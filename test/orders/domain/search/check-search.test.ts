import { describe, expect, test } from '@jest/globals';
import { checkSearch, searchAndOrderProblems } from '../../../../src/orders/domain/search/check-search.js';
import type { Criteria } from '../../../../src/orders/domain/search/criteria.js';
import type { SearchDraft } from '../../../../src/orders/domain/search/search.js';
import { searches } from '../../../support/arbitrary-searches.js';
import { fc } from '../../../support/properties.js';

const search = (criteria: Criteria, options: Omit<SearchDraft, 'criteria'> = {}) =>
  checkSearch({ criteria, ...options });

describe('a search', () => {
  test.each<[Criteria, string]>([
    [{ areaCode: '910' }, 'areaCode'],
    [{ npaNxx: '910555' }, 'npaNxx'],
    [{ npaNxxx: '9105551' }, 'npaNxxx'],
    [{ city: 'Raleigh', state: 'NC' }, 'city'],
    [{ rateCenter: 'RALEIGH', state: 'NC' }, 'rateCenter'],
    [{ state: 'NC' }, 'state'],
    [{ zip: '27601' }, 'zip'],
    [{ lata: '426' }, 'lata'],
    [{ areaCode: '910', state: 'NC' }, 'combined'],
    [{ city: 'Raleigh', state: 'NC', zip: '27601' }, 'combined'],
    [{ localVanity: 'PIZZA', areaCode: '910' }, 'localVanity'],
    [{ tollFreeVanity: 'NEWCARS' }, 'tollFreeVanity'],
    [{ tollFreeWildCardPattern: '8**' }, 'tollFreeWildCardPattern'],
  ])('for %j is of the kind %s', (criteria, kind) => {
    expect(search(criteria)).toMatchObject({ kind, criteria, quantity: 100 });
  });

  test('says that it wants no numbers from outside the prefix, because Bandwidth would send some', () => {
    expect(search({ npaNxx: '910555' })).toMatchObject({ lca: false });
    expect(search({ rateCenter: 'RALEIGH', state: 'NC' })).toMatchObject({ lca: false });
    expect(search({ npaNxx: '910555', state: 'NC' })).toMatchObject({ lca: false });
  });

  test('leaves out the local calling area if Bandwidth refuses the parameter', () => {
    expect(search({ areaCode: '910' })).not.toHaveProperty('lca');
    expect(search({ city: 'Raleigh', state: 'NC' }, { lca: false })).not.toHaveProperty('lca');
  });

  test('is spelled as Bandwidth spells it, however it was typed', () => {
    expect(search({ rateCenter: ' fayettevl ', state: 'nc' })).toMatchObject({
      criteria: { rateCenter: 'FAYETTEVL', state: 'NC' },
    });
    expect(search({ city: 'St.\u00A0 Louis', state: 'MO' })).toMatchObject({
      criteria: { city: 'St. Louis' },
    });
    expect(search({ localVanity: 'pizza' })).toMatchObject({ criteria: { localVanity: 'PIZZA' } });
  });

  test('that was checked passes again unchanged', () => {
    fc.assert(fc.property(searches, (one) => expect(checkSearch(one)).toEqual(one)));
  });
});

describe('a search is refused at the field that causes it:', () => {
  test.each<[string, SearchDraft, object]>([
    ['nothing to look for', { criteria: {} }, { field: 'areaCode', code: 'nothing-to-search' }],
    ['area code 110', { criteria: { areaCode: '110' } }, { field: 'areaCode', code: 'bad-area-code' }],
    ['area code 833', { criteria: { areaCode: '833' } }, { field: 'areaCode', code: 'toll-free-area-code' }],
    ['prefix 833-555', { criteria: { npaNxx: '833555' } }, { field: 'npaNxx', code: 'toll-free-area-code' }],
    ['exchange 155', { criteria: { npaNxx: '910155' } }, { field: 'npaNxx', code: 'bad-npa-nxx' }],
    ['six digits of seven', { criteria: { npaNxxx: '910555' } }, { field: 'npaNxxx', code: 'bad-npa-nxxx' }],
    ['state NX', { criteria: { state: 'NX' } }, { field: 'state', code: 'unknown-state' }],
    [
      'a state called __proto__',
      { criteria: { state: '__proto__' } },
      { field: 'state', code: 'unknown-state' },
    ],
    [
      'a city alone',
      { criteria: { city: 'Raleigh' } },
      { field: 'state', code: 'state-missing', other: 'city' },
    ],
    [
      'a rate center alone',
      { criteria: { rateCenter: 'RALEIGH', areaCode: '919' } },
      { field: 'state', code: 'state-missing', other: 'rateCenter' },
    ],
    [
      'a city with a comma',
      { criteria: { city: 'Raleigh, NC', state: 'NC' } },
      { field: 'city', code: 'bad-text' },
    ],
    ['an empty city', { criteria: { city: ' ', state: 'NC' } }, { field: 'city', code: 'bad-text' }],
    ['ZIP 2760', { criteria: { zip: '2760' } }, { field: 'zip', code: 'bad-zip' }],
    ['LATA ABC', { criteria: { lata: 'ABC' } }, { field: 'lata', code: 'bad-lata' }],
    [
      'a word of three letters',
      { criteria: { localVanity: 'CAR' } },
      { field: 'localVanity', code: 'bad-vanity' },
    ],
    [
      'a toll-free word of eight',
      { criteria: { tollFreeVanity: 'NEWCARSS' } },
      { field: 'tollFreeVanity', code: 'bad-vanity' },
    ],
    [
      'toll-free 804, which is Virginia',
      { criteria: { tollFreeWildCardPattern: '804' } },
      { field: 'tollFreeWildCardPattern', code: 'bad-toll-free-pattern' },
    ],
    [
      'none at all',
      { criteria: { areaCode: '910' }, quantity: 0 },
      { field: 'quantity', code: 'bad-quantity' },
    ],
    ['5001', { criteria: { areaCode: '910' }, quantity: 5001 }, { field: 'quantity', code: 'bad-quantity' }],
    [
      'half a number',
      { criteria: { areaCode: '910' }, quantity: 1.5 },
      { field: 'quantity', code: 'bad-quantity' },
    ],
    [
      'two prefixes',
      { criteria: { areaCode: '910', npaNxx: '910555' } },
      { field: 'npaNxx', code: 'does-not-combine', other: 'areaCode' },
    ],
    [
      'a vanity word in a city',
      { criteria: { localVanity: 'PIZZA', city: 'Raleigh', state: 'NC' } },
      { field: 'city', code: 'does-not-combine', other: 'localVanity' },
    ],
    [
      'toll-free in a state',
      { criteria: { tollFreeWildCardPattern: '8**', state: 'NC' } },
      { field: 'state', code: 'does-not-combine', other: 'tollFreeWildCardPattern' },
    ],
    [
      'a sort order for an area code',
      { criteria: { areaCode: '910' }, orderBy: 'npaNxx' },
      { field: 'orderBy', code: 'option-not-here', other: 'areaCode' },
    ],
    [
      'protected toll-free',
      { criteria: { tollFreeWildCardPattern: '8**' }, protected: 'ONLY' },
      { field: 'protected', code: 'option-not-here' },
    ],
    [
      'ending without a word',
      { criteria: { areaCode: '910', endsIn: true } },
      { field: 'endsIn', code: 'option-not-here' },
    ],
    ['the wide search of an area code', { criteria: { areaCode: '910' }, lca: true }, { field: 'lca' }],
    [
      'the wide search in a ZIP code',
      { criteria: { npaNxx: '910555', zip: '27601' }, lca: true },
      { field: 'lca', code: 'option-not-here' },
    ],
    [
      'the wide search in order',
      { criteria: { npaNxx: '910555' }, lca: true, orderBy: 'npaNxx' },
      { field: 'lca', code: 'option-not-here', other: 'orderBy' },
    ],
  ])('%s', (_, draft, problem) => {
    expect(checkSearch(draft)).toContainEqual(expect.objectContaining(problem));
  });

  test('with every problem at once, so that a form can be corrected in one go', () => {
    const problems = checkSearch({ criteria: { areaCode: '110', zip: '2760' }, quantity: 0 });
    expect(problems).toHaveLength(3);
  });
});

describe('an order by search', () => {
  const problems = (draft: SearchDraft) => {
    const checked = checkSearch(draft);
    if (!('kind' in checked)) throw new Error('not a search');
    return searchAndOrderProblems(checked);
  };

  test('accepts everything that a search does, except its options', () => {
    expect(problems({ criteria: { city: 'Raleigh', state: 'NC', areaCode: '919' } })).toEqual([]);
    expect(problems({ criteria: { npaNxx: '910555' }, lca: true })).toEqual([]);
  });

  test('of local vanity needs an area code, and no state', () => {
    expect(problems({ criteria: { localVanity: 'PIZZA', areaCode: '910' } })).toEqual([]);
    expect(problems({ criteria: { localVanity: 'PIZZA', state: 'NC' } })).toEqual([
      { field: 'areaCode', code: 'area-code-missing', other: 'localVanity' },
      { field: 'state', code: 'does-not-combine', other: 'localVanity' },
    ]);
  });

  test('cannot be sorted, nor look for protected numbers', () => {
    expect(problems({ criteria: { zip: '27601' }, orderBy: 'npaNxx', protected: 'ONLY' })).toEqual([
      { field: 'orderBy', code: 'not-in-an-order' },
      { field: 'protected', code: 'not-in-an-order' },
    ]);
  });
});
