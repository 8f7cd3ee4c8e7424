import { describe, expect, test } from '@jest/globals';
import { checkSearch, searchAndOrderProblems } from '../../../src/orders/domain/search/check-search.js';
import { wordsProblemSentence } from '../../../src/slack/blocks/answers/problems.js';
import { describeSearch, searchPlace } from '../../../src/slack/blocks/order/describe-search.js';
import { printSearch } from '../../../src/slack/commands/print-search.js';
import { readOrderWords, readSearchWords } from '../../../src/slack/commands/search-words.js';
import { anyCharacter } from '../../support/any-character.js';
import { searches } from '../../support/arbitrary-searches.js';
import { cpuTimeOf } from '../../support/cpu-time.js';
import { fc, runs } from '../../support/properties.js';

/** What was understood, or the problem in one line with the suggestions. */
function understood(text: string): unknown {
  const words = readSearchWords(text);
  if ('draft' in words) {
    const { criteria, ...options } = words.draft;
    return { ...criteria, ...options };
  }
  return words.problem;
}

const suggestionsFor = (text: string) => {
  const words = readSearchWords(text);
  return 'problem' in words ? words.problem.suggestions : [];
};
const sentenceFor = (text: string) => {
  const words = readSearchWords(text);
  return 'problem' in words ? wordsProblemSentence(words.problem) : undefined;
};

describe('a person types', () => {
  test.each([
    ['910', { areaCode: '910' }],
    ['910-555', { npaNxx: '910555' }],
    ['910555', { npaNxx: '910555' }],
    ['910-555-1', { npaNxxx: '9105551' }],
    ['9105551', { npaNxxx: '9105551' }],
    ['27601', { zip: '27601' }],
    ['27601-1234', { zip: '27601-1234' }],
    ['NC', { state: 'NC' }],
    ['Raleigh, NC', { city: 'Raleigh', state: 'NC' }],
    ['Raleigh NC', { city: 'Raleigh', state: 'NC' }],
    ['rc RALEIGH NC', { rateCenter: 'RALEIGH', state: 'NC' }],
    ['lata 426', { lata: '426' }],
    ['vanity PIZZA', { localVanity: 'PIZZA' }],
    ['vanity PIZZA in 910', { localVanity: 'PIZZA', areaCode: '910' }],
    ['vanity PIZZA in NC', { localVanity: 'PIZZA', state: 'NC' }],
    ['vanity PIZZA ending', { localVanity: 'PIZZA', endsIn: true }],
    ['tollfree', { tollFreeWildCardPattern: '8**' }],
    ['tollfree 83*', { tollFreeWildCardPattern: '83*' }],
    ['833', { tollFreeWildCardPattern: '833' }],
    ['tollfree vanity NEWCARS', { tollFreeVanity: 'NEWCARS' }],
    ['910 x25', { areaCode: '910', quantity: 25 }],
  ])('%s, and it means what the guide sends', (text, meant) => {
    expect(understood(text)).toEqual(meant);
  });

  test.each([
    ['North Carolina', { state: 'NC' }],
    ['Raleigh, North Carolina', { city: 'Raleigh', state: 'NC' }],
    ['Raleigh north carolina', { city: 'Raleigh', state: 'NC' }],
    ['Washington, D.C.', { city: 'Washington', state: 'DC' }],
    ['New York', { state: 'NY' }],
    ['New York, NY', { city: 'New York', state: 'NY' }],
    ['NC, Raleigh', { city: 'Raleigh', state: 'NC' }],
    ['Raleigh, NC, USA', { city: 'Raleigh', state: 'NC' }],
    ['State College, PA', { city: 'State College', state: 'PA' }],
    ['Lake in the Hills, IL', { city: 'Lake in the Hills', state: 'IL' }],
    ['Santa Fe NM', { city: 'Santa Fe', state: 'NM' }],
    ['Gary, IN', { city: 'Gary', state: 'IN' }],
    ['IN', { state: 'IN' }],
    ['in 910', { areaCode: '910' }],
    ['IN RALEIGH NC', { city: 'RALEIGH', state: 'NC' }],
    ['"100 Mile House", BC', { city: '100 Mile House', state: 'BC' }],
    ['rate center fayettevl, NC', { rateCenter: 'FAYETTEVL', state: 'NC' }],
    ['rc NWYRCYZN01 NY', { rateCenter: 'NWYRCYZN01', state: 'NY' }],
    ['zip 27601', { zip: '27601' }],
    ['zip code 27601', { zip: '27601' }],
    ['area code 910', { areaCode: '910' }],
    ['numbers in area code 910', { areaCode: '910' }],
    ['+1 910', { areaCode: '910' }],
    ['1-910-555', { npaNxx: '910555' }],
    ['(910) 555', { npaNxx: '910555' }],
    ['910.555.1', { npaNxxx: '9105551' }],
    ['toll-free', { tollFreeWildCardPattern: '8**' }],
    ['toll free 800', { tollFreeWildCardPattern: '800' }],
    ['8**', { tollFreeWildCardPattern: '8**' }],
    ['8xx', { tollFreeWildCardPattern: '8**' }],
    ['vanity pizza tollfree', { tollFreeVanity: 'PIZZA' }],
    ['vanity pizza ending in 910', { localVanity: 'PIZZA', endsIn: true, areaCode: '910' }],
  ])('%s, as people do', (text, meant) => {
    expect(understood(text)).toEqual(meant);
  });

  test.each([
    ['910 in Raleigh, NC', { areaCode: '910', city: 'Raleigh', state: 'NC' }],
    ['Raleigh NC in 910', { areaCode: '910', city: 'Raleigh', state: 'NC' }],
    ['Raleigh, NC 27601', { city: 'Raleigh', state: 'NC', zip: '27601' }],
    ['910 27601', { areaCode: '910', zip: '27601' }],
    ['910 NC', { areaCode: '910', state: 'NC' }],
    ['910555 zip 27601', { npaNxx: '910555', zip: '27601' }],
    ['910555 27601 lata 426', { npaNxx: '910555', zip: '27601', lata: '426' }],
    ['rc "FAYETTEVL" city Fayetteville, NC', { rateCenter: 'FAYETTEVL', city: 'Fayetteville', state: 'NC' }],
  ])('%s, several criteria at once', (text, meant) => {
    expect(understood(text)).toEqual(meant);
  });

  test.each([
    ['910 x 25', { areaCode: '910', quantity: 25 }],
    ['x25 910', { areaCode: '910', quantity: 25 }],
    ['910 ×25', { areaCode: '910', quantity: 25 }],
    ['910 PROTECTED Only', { areaCode: '910', protected: 'ONLY' }],
    ['910 protected none', { areaCode: '910', protected: 'None' }],
    ['910 protected mixed', { areaCode: '910', protected: 'MIXED' }],
    ['910-555 lca', { npaNxx: '910555', lca: true }],
    ['910-555 no lca', { npaNxx: '910555', lca: false }],
    ['Raleigh, NC by areaCode', { city: 'Raleigh', state: 'NC', orderBy: 'areaCode' }],
    ['27601 order by npa-nxx-x', { zip: '27601', orderBy: 'npaNxxx' }],
    ['tollfree by full number x5', { tollFreeWildCardPattern: '8**', orderBy: 'fullNumber', quantity: 5 }],
  ])('%s, with options', (text, meant) => {
    expect(understood(text)).toEqual(meant);
  });

  test.each([
    ['９１０', { areaCode: '910' }],
    ['910–555', { npaNxx: '910555' }],
    ['910—555‑1', { npaNxxx: '9105551' }],
    ['“Raleigh, NC”', { city: 'Raleigh', state: 'NC' }],
    ['Raleigh,\u00A0NC\u00A0x25', { city: 'Raleigh', state: 'NC', quantity: 25 }],
    ['\u202A910\u202C', { areaCode: '910' }],
    ['O’Fallon, MO', { city: "O'Fallon", state: 'MO' }],
    ['<tel:9105551|910-555-1>', { npaNxxx: '9105551' }],
    ['King &amp; Queen, VA', { city: 'King & Queen', state: 'VA' }],
    ['`910`', { areaCode: '910' }],
    ['  910\n ', { areaCode: '910' }],
  ])('%j, in the characters their device and Slack make of it', (text, meant) => {
    expect(understood(text)).toEqual(meant);
  });
});

describe('a person mistypes, and is shown what would work:', () => {
  test.each([
    ['91O', ['910']],
    ['910 x1O', ['910 x10']],
    ['110', ['210', '310']],
    ['911', ['921', '912']],
    ['Raleigh, NX', ['Raleigh, NC', 'Raleigh, ND', 'Raleigh, NS']],
    ['Raleigh NX', ['Raleigh, NC', 'Raleigh, ND', 'Raleigh, NS']],
    ['Raleigh, Nort Carolina', ['Raleigh, NC']],
    ['Raleigh', ['Raleigh, NC']],
    ['Portland x3', ['Portland, OR x3', 'Portland, ME x3']],
    ['Virginia Beach', ['Virginia Beach, VA']],
    ['NC Raleigh', ['Raleigh, NC']],
    ['910 x9000', ['910 x5000']],
    ['910 x0', ['910 x1']],
    ['910-555-12', ['910-555-1', '910-555']],
    ['910, 919', ['910', '919']],
    ['NC, SC', ['NC', 'SC']],
    ['5 numbers in 910', ['910 x5']],
    ['lata', ['lata 426']],
    ['910 x', ['910 x25']],
    ['x25', ['910 x25', 'Raleigh, NC x25']],
    ['vanity in 910', ['vanity PIZZA in 910', 'vanity PIZZA']],
    ['tolfree', ['tollfree']],
    ['vanty PIZZA', ['vanity PIZZA']],
    ['PIZZA in 910', ['vanity PIZZA in 910', '910 PIZZA, NC']],
    ['800-FLOWERS', ['tollfree vanity FLOWERS']],
    ['tollfree NEWCARS', ['tollfree vanity NEWCARS', 'tollfree']],
    ['tollfree vanity NEW CARS', ['tollfree vanity NEWCARS']],
    ['tollfree 804', ['tollfree', 'tollfree 83*', 'tollfree 833']],
    ['833 NC', ['tollfree 833', 'NC']],
    ['833-555', ['tollfree 833']],
    ['910 lca', ['910']],
    ['910 by areaCode', ['910']],
    ['zip 2760', ['02760', '27601']],
    ['910 protected maybe', ['910 protected none', '910 protected only', '910 protected mixed']],
    ['9102414365', ['910-241', '910']],
    ['910 😀', ['910']],
    ['<!channel>', ['910', 'Raleigh, NC']],
    ['', ['910', 'Raleigh, NC']],
  ])('%s', (text, suggestions) => {
    expect(suggestionsFor(text)).toEqual(suggestions);
  });

  test.each([
    ['91O', '“91O” has a letter where a digit belongs.'],
    ['110', "110 isn't an area code: none begins with 0 or 1. Example: 910."],
    ['911', "911 isn't an area code: it is a service number. Example: 910."],
    [
      'Raleigh, NX',
      "NX isn't a US state or Canadian province. Use two letters such as NC, or the full name.",
    ],
    ['Raleigh', 'Which state? A city needs its state, as in Raleigh, NC.'],
    ['910 x9000', 'The quantity must be a whole number from 1 to 5,000, not 9000.'],
    [
      '910-555-12',
      '“910-555-12” has 8 digits. An area code has 3, an NPA-NXX 6, an NPA-NXX-X 7, a ZIP code 5 or 9, a whole number 10.',
    ],
    ['910, 919', 'I can search one area code at a time. Leave out “919” or the other.'],
    ['lata 949 lata 951', 'I can search one LATA at a time. Leave out “951” or the other.'],
    [
      '910 starting 2 starting 3',
      "I can't combine “starting 3” with the words before it. Leave one of them out.",
    ],
    ['9102414365', '(910) 241-4365 is a whole number. To order just that one: /numbers order (910) 241-4365'],
  ])('%s is told why', (text, sentence) => {
    expect(sentenceFor(text)).toBe(sentence);
  });
});

describe('a person orders', () => {
  test('one matching number, unless they say how many', () => {
    expect(readOrderWords('910')).toEqual({ draft: { criteria: { areaCode: '910' }, quantity: 1 } });
    expect(readOrderWords('910 x7')).toEqual({ draft: { criteria: { areaCode: '910' }, quantity: 7 } });
  });

  test.each([
    ['9102414365', ['+19102414365']],
    ['910-241-4365, 910-241-4366', ['+19102414365', '+19102414366']],
    ['9102414365 9102414366', ['+19102414365', '+19102414366']],
    ['910 241 4365 (910) 241-4366', ['+19102414365', '+19102414366']],
    ['+1 910 241 4365\n1-910-241-4366', ['+19102414365', '+19102414366']],
    ['9102414365 and 9102414366; 9102414365', ['+19102414365', '+19102414366']],
    ['<tel:9102414365|910-241-4365> &amp; 9102414366', ['+19102414365', '+19102414366']],
  ])('the numbers %j, each once', (text, numbers) => {
    expect(readOrderWords(text)).toEqual({ numbers });
  });

  test.each([
    ['9102414365 910', '910', ['910-241-4365', '910']],
    ['9102414365, 1105551234', '1105551234', ['910-241-4365']],
    ['27623-34567', '27623-34567', ['27623', '276-233']],
    ['+44 20 7946 0958', '+44 20 7946 0958', ['910', 'Raleigh, NC']],
    ['vanity PIZZA', 'vanity PIZZA', ['vanity PIZZA in 910', 'tollfree vanity PIZZA']],
    ['Raleigh, NC by areaCode', 'Raleigh, NC by areaCode', ['Raleigh, NC']],
    ['910 protected only', '910 protected only', ['910']],
    ['910-241-4365 x2', '910-241-4365', ['910-241-4365', '910-241-4 x2', '910-241 x2']],
  ])('%s, which cannot be ordered, and is told so', (text, typed, suggestions) => {
    expect(readOrderWords(text)).toMatchObject({ problem: { typed, suggestions } });
  });
});

/** Words of the grammar and anything else, in any order. */
const texts = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '910',
          '910-555',
          '833',
          '8**',
          '27601',
          'NC',
          'Raleigh,',
          'x25',
          'x',
          'lca',
          'no',
          'by',
        ),
        fc.constantFrom(
          'rc',
          'zip',
          'lata',
          'vanity',
          'PIZZA',
          'tollfree',
          'ending',
          'in',
          'protected',
          'only',
        ),
        fc.constantFrom(
          '"',
          ',',
          '<tel:',
          '>',
          '&amp;',
          '9102414365',
          '+',
          'city',
          'state',
          'order',
          '\n',
          '91O',
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 8 },
    )
    .map((words) => words.join(' ')),
);

describe('whatever is typed', () => {
  test('is understood or answered, and every suggestion works', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const words = readSearchWords(text);
        if ('draft' in words) {
          expect(checkSearch(words.draft)).toHaveProperty('kind');
        } else {
          expect(wordsProblemSentence(words.problem).trim()).not.toBe('');
          for (const suggestion of words.problem.suggestions) {
            expect(readSearchWords(suggestion)).toHaveProperty('draft');
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('can be ordered or is answered, and every suggestion can be ordered', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const words = readOrderWords(text);
        if ('draft' in words) {
          const search = checkSearch(words.draft);
          expect('kind' in search && searchAndOrderProblems(search)).toEqual([]);
          expect(words.draft.quantity).toBeGreaterThan(0);
        } else if ('problem' in words) {
          for (const suggestion of words.problem.suggestions) {
            expect(readOrderWords(suggestion)).not.toHaveProperty('problem');
          }
        } else {
          expect(words.numbers.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs(400) },
    );
  });

  test('is answered at once, also when it is very long', async () => {
    const long = [
      '9'.repeat(20_000),
      'a '.repeat(10_000),
      ', '.repeat(10_000),
      '9102414365 '.repeat(2_000),
      '9-'.repeat(10_000),
      'x '.repeat(5_000),
      `"${'a'.repeat(20_000)}`,
      '<tel:'.repeat(5_000),
      'Raleigh NC '.repeat(2_000),
    ];
    const spent = await cpuTimeOf(() => {
      for (const text of long) expect(readOrderWords(text)).toBeDefined();
    });
    // It takes a fraction of a second.
    expect(spent).toBeLessThan(10_000);
  });
});

describe('a search', () => {
  test.each(['I', 'Get', 'Need', 'Any', 'We want'])(
    'of a city called %s is not printed as a sentence',
    (city) => {
      const search = checkSearch({ criteria: { city, state: 'AL' }, quantity: 100 });
      if (!('kind' in search)) throw new Error('not a search');
      const words = readSearchWords(printSearch(search));
      expect('draft' in words && checkSearch(words.draft)).toEqual(search);
    },
  );

  test('is printed in words that mean the same search', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const words = readSearchWords(printSearch(search));
        expect('draft' in words && checkSearch(words.draft)).toEqual(search);
      }),
      { numRuns: runs(500) },
    );
  });

  test.each([
    ['910', 'Numbers in area code 910', 'in area code 910'],
    ['910-555', 'Numbers in 910-555', 'in 910-555'],
    [
      '910-555-1 lca',
      'Numbers in 910-555-1, and its local calling area',
      'in 910-555-1, and its local calling area',
    ],
    ['raleigh, NC', 'Numbers in Raleigh, NC', 'in Raleigh, NC'],
    ["coeur d'alene, ID", "Numbers in Coeur D'alene, ID", "in Coeur D'alene, ID"],
    ['NC', 'Numbers in North Carolina', 'in North Carolina'],
    ['rc RALEIGH NC', 'Numbers in rate center RALEIGH, NC', 'in rate center RALEIGH, NC'],
    ['910 27601', 'Numbers in area code 910, ZIP 27601', 'in area code 910, ZIP 27601'],
    ['lata 426 protected only', 'Numbers in LATA 426, protected only', 'in LATA 426, protected only'],
    ['833', 'Toll-free numbers 833', 'in toll-free 833'],
    ['tollfree 83*', 'Toll-free numbers 83*', 'in toll-free 83*'],
    ['tollfree', 'Toll-free numbers', 'with any toll-free prefix'],
    ['tollfree vanity NEWCARS', 'Toll-free numbers with NEWCARS', 'with toll-free NEWCARS'],
    ['vanity PIZZA in 910', 'Numbers with PIZZA in 910', 'with PIZZA in 910'],
    ['vanity PIZZA ending', 'Numbers ending in PIZZA', 'ending in PIZZA'],
  ])('%s reads well in a headline and on a card', (text, headline, place) => {
    const words = readSearchWords(text);
    if (!('draft' in words)) throw new Error(`not understood: ${text}`);
    expect(describeSearch(words.draft)).toBe(headline);
    expect(searchPlace(words.draft)).toBe(place);
  });
});
