import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { seededPlaces } from '../../../sandbox/local-bandwidth/seeded-numbers.js';
import { checkSearch } from '../../../src/orders/domain/search/check-search.js';
import type { Criteria } from '../../../src/orders/domain/search/criteria.js';
import type { SearchDraft } from '../../../src/orders/domain/search/search.js';
import { cityName } from '../../../src/slack/blocks/city-name.js';
import { printSearch } from '../../../src/slack/commands/print-search.js';
import { readSearchWords } from '../../../src/slack/commands/search-words.js';
import { fc, ONE_IN_FEW, runs, sampled } from '../../support/properties.js';

type Named =
  | { readonly city: string; readonly state: string }
  | { readonly rateCenter: string; readonly state: string };

const collected: readonly Named[] = readFileSync('test/fixtures/places/names.tsv', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): Named => {
    const [kind, state = '', name = ''] = line.split('\t');
    return kind === 'city' ? { city: name, state } : { rateCenter: name, state };
  });
const seeded: readonly Named[] = seededPlaces.flatMap(({ city, rateCenter, state }): Named[] => [
  { city: cityName(city), state },
  { rateCenter, state },
]);

/** As Bandwidth gets it: a name's capitals mean nothing there. */
function criteriaOf(draft: SearchDraft): Criteria {
  const search = checkSearch(draft);
  if (!('kind' in search)) throw new Error(JSON.stringify(search));
  const { city, ...others } = search.criteria;
  return city === undefined ? others : { ...others, city: city.toUpperCase() };
}

const sameSearch = (one: SearchDraft, other: SearchDraft): boolean =>
  JSON.stringify(Object.entries(criteriaOf(one)).sort()) ===
  JSON.stringify(Object.entries(criteriaOf(other)).sort());

/** How people type a name that they read somewhere. */
function spellings(named: Named): readonly string[] {
  const { state } = named;
  const [lead, name] = 'city' in named ? ['', named.city] : ['rc ', named.rateCenter];
  const spelled = [`${lead}${name}, ${state}`, `${lead}${name} ${state}`, `${lead}${name}, ${state} x25`];
  return [
    ...spelled,
    ...spelled.map((words) => words.replaceAll("'", '\u2019')),
    ...spelled.map((words) => words.replaceAll('-', '\u2011')),
    ...('city' in named ? spelled.map((words) => words.replace(name, cityName(name.toUpperCase()))) : []),
  ];
}

/** Undefined where the name is found whole, or shown in quotes; else what was made of it. */
function misread(words: string, named: Named): string | undefined {
  const meant: SearchDraft = { criteria: named };
  const read = readSearchWords(words);
  if ('draft' in read) {
    return sameSearch({ criteria: read.draft.criteria }, meant)
      ? undefined
      : `${words} searches ${JSON.stringify(read.draft.criteria)}`;
  }
  const offered = read.problem.suggestions.some((suggestion) => {
    const again = readSearchWords(suggestion);
    return (
      suggestion.includes('"') && 'draft' in again && sameSearch({ criteria: again.draft.criteria }, meant)
    );
  });
  return offered ? undefined : `${words} is offered ${read.problem.suggestions.join(' or ')}`;
}

describe.each([
  ['the local Bandwidth knows', seeded],
  ['was collected', collected],
])('Every name that %s', (_, all) => {
  const names = sampled(all, ONE_IN_FEW);

  test('is printed in words that search for it', () => {
    const wrong = names.filter((named) => {
      const read = readSearchWords(printSearch({ criteria: named }));
      return !('draft' in read) || !sameSearch(read.draft, { criteria: named });
    });
    expect(wrong).toEqual([]);
  });

  test('is found in full, however it is typed, or offered in quotes; and never something else', () => {
    expect(
      names.flatMap((named) => spellings(named).flatMap((words) => misread(words, named) ?? [])),
    ).toEqual([]);
  });

  test('is found as a rate center if it is a city, and vice versa', () => {
    const swapped = names.map(
      (named): Named =>
        'city' in named
          ? { rateCenter: named.city.toUpperCase(), state: named.state }
          : { city: named.rateCenter, state: named.state },
    );
    expect(
      swapped.flatMap((named) =>
        spellings(named)
          .slice(0, 2)
          .flatMap((words) => misread(words, named) ?? []),
      ),
    ).toEqual([]);
  });

  test('is taken literally in quotes', () => {
    for (const named of names) {
      const words =
        'city' in named ? `"${named.city}", ${named.state}` : `rc "${named.rateCenter}" ${named.state}`;
      expect(misread(words, named)).toBeUndefined();
    }
  });
});

test('the collection is large enough to mean something', () => {
  expect(collected.length).toBeGreaterThan(500);
});

/** Names that have words of our grammar and digits in them. */
const wordOfOurs = fc.constantFrom(
  ...[
    'in',
    'rc',
    'lata',
    'zip',
    'vanity',
    'ending',
    'city',
    'state',
    'by',
    'lca',
    'protected',
    'toll free',
    'or',
    'and',
  ],
  ...[
    'x5',
    '8',
    '01',
    '941',
    '27601',
    '2nd',
    'number',
    'area code',
    'prefix',
    'DA',
    "'n'",
    '&',
    'La',
    'North Carolina',
  ],
);
const ordinary = fc.constantFrom(
  'Lake',
  'Town',
  'Springs',
  'COMPTON:GARDENA',
  "O'Fallon",
  'St. Louis',
  'Winston-Salem',
);
const state = fc.constantFrom('NC', 'CA', 'NY', 'IN', 'OR', 'ME');

test.each(['city', 'rateCenter'] as const)(
  'a %s with a word of the grammar in its name is found in full or offered in quotes',
  (kind) => {
    fc.assert(
      fc.property(
        ordinary,
        wordOfOurs,
        fc.option(ordinary),
        state,
        fc.boolean(),
        (first, ours, last, state, comma) => {
          const name = [first, ours, ...(last === null ? [] : [last])].join(' ');
          // `Lake in NC`: that is Lake.
          fc.pre(!name.endsWith(' in'));
          const named: Named =
            kind === 'city' ? { city: name, state } : { rateCenter: name.toUpperCase(), state };
          const lead = kind === 'city' ? '' : 'rc ';
          expect(misread(`${lead}${name}${comma ? ',' : ''} ${state}`, named)).toBeUndefined();
        },
      ),
      { numRuns: runs(700) },
    );
  },
);

describe('People who mistype are offered nothing silly:', () => {
  test.each([
    ['910 or 919', ['910', '919']],
    ['910 OR 919', ['910', '919']],
    ['910 & 919', ['910', '919']],
    ['canada', ['Toronto, ON', 'ON', 'BC']],
    ['get 5 in Raleigh', ['Raleigh, NC x5']],
    ['can I get two numbers in Boston please?', ['Boston, MA x2']],
    ['give me 5 numbers in Raleigh, NC', ['Raleigh, NC x5']],
    ['show me 910', ['910']],
    ['Raleigh NC please', ['Raleigh, NC']],
    ['20679*****', ['206']],
    ['206-79?-????', ['206']],
    ['910555####', ['910-555', '910']],
    ['91*', ['910', '912', '913']],
    ['91', ['910', '912', '913']],
    ['5', ['910', 'Raleigh, NC']],
    ['get NC', ['NC']],
    ['get me', ['910', 'Raleigh, NC']],
    ['QUEENS 8', ['QUEENS, NY x8', '"QUEENS 8", NY', 'rc "QUEENS 8" NY']],
    ['La Crosse', ['Raleigh, NC']],
    ['Jarrettsville', ['Raleigh, NC']],
    ['Raliegh', ['Raleigh, NC']],
    ['Fayettevile', ['Fayetteville, NC']],
    ['Nevada City', ['Nevada City, CA']],
    ['Raleigh, Durham', ['Raleigh, NC', 'Durham, NC']],
    ['Raleigh NC or Durham NC', ['Raleigh NC', 'Durham NC']],
    ['kittery me', ['kittery, ME']],
    ['vanity PIZZA NC', ['vanity PIZZA in NC', '"vanity PIZZA", NC']],
    ['Raleigh x5, NC', ['Raleigh, NC x5', '"Raleigh x5", NC', 'rc "Raleigh x5" NC']],
    ['City View, SC', ['View, SC', '"City View", SC']],
  ])('%s', (text, suggestions) => {
    const words = readSearchWords(text);
    expect('problem' in words && words.problem.suggestions).toEqual(suggestions);
  });
});
