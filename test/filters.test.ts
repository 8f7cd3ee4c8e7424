import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { encodeSearch } from '../src/bandwidth/encode.js';
import { checkSearch } from '../src/orders/domain/search/check-search.js';
import { type Filter, filterRules } from '../src/orders/domain/search/filters.js';
import type { SearchDraft } from '../src/orders/domain/search/search.js';
import { problemSentence } from '../src/slack/blocks/answers/problems.js';
import { readSearchForm, searchForm } from '../src/slack/blocks/forms/search-form.js';
import { describeSearch } from '../src/slack/blocks/order/describe-search.js';
import { printSearch } from '../src/slack/commands/print-search.js';
import { readOrderWords, readSearchWords } from '../src/slack/commands/search-words.js';
import { submitted, typedValue } from './support/form-state.js';

/** How one filter is used, and misused. */
interface Example {
  /** Every way to type the same search. */
  readonly typed: readonly string[];
  readonly value: string;
  readonly printed: string;
  readonly described: string;
  /** What people may fill in. */
  readonly filledIn: string;
  /** Typed with a mistake, and what works instead. */
  readonly malformed: readonly {
    readonly typed: string;
    readonly value: string;
    readonly said: string;
    readonly suggested: string;
  }[];
}

/** One of each: the compiler asks for the next. */
const examples: Readonly<Record<Filter, Example>> = {
  starting: {
    typed: ['910 starting 241', '910 starting with 241', 'starts with 241 in 910', '910 beginning 241'],
    value: '241',
    printed: '910 starting 241',
    described: 'Numbers in area code 910, starting with 241 after the area code',
    filledIn: ' 241 ',
    malformed: [
      {
        typed: '910 starting 041',
        value: '041',
        said: 'No number starts with 0 after its area code. For example: starting 241.',
        suggested: '910 starting 41',
      },
      {
        typed: '910 starting',
        value: '',
        said: 'Which digits? For example: starting 241.',
        suggested: '910 starting 241',
      },
      {
        typed: '910 starting 2414365',
        value: '2414365',
        said: '2414365 has 7 digits; “starting” takes 1 to 6.',
        suggested: '910 starting 241436',
      },
    ],
  },
  ending: {
    typed: ['910 ending 00', '910 ending in 00', '910 ends in 00', '910 ends with 00', 'ending 00 in 910'],
    value: '00',
    printed: '910 ending 00',
    described: 'Numbers in area code 910, ending in 00',
    filledIn: '0-0',
    malformed: [
      {
        typed: '910 ending ab',
        value: 'ab',
        said: '“ending” takes digits, such as ending 00, not ab. For letters, use vanity, such as vanity PIZZA ending.',
        suggested: '910 ending 00',
      },
      {
        typed: '910 ending PIZZA',
        value: 'PIZZA',
        said: '“ending” takes digits, such as ending 00, not PIZZA. For letters, use vanity, such as vanity PIZZA ending.',
        suggested: 'vanity PIZZA ending in 910',
      },
      {
        typed: '910 ending 1234567',
        value: '1234567',
        said: '1234567 has 7 digits; “ending” takes 1 to 6.',
        suggested: '910 ending 234567',
      },
    ],
  },
  without: {
    typed: [
      '910 without 13 and 666',
      '910 without 13, 666',
      '910 without 13 or 666',
      'without 13 & 666 in 910',
      '910 without 13 without 666',
    ],
    value: '13 666',
    printed: '910 without 13 and 666',
    described: 'Numbers in area code 910, without 13 and 666',
    filledIn: '13, 666',
    malformed: [
      {
        typed: '910 without',
        value: '',
        said: 'Which digits? For example: without 13.',
        suggested: '910 without 13',
      },
      {
        typed: 'without vanity PIZZA',
        value: '',
        said: 'Which digits? For example: without 13.',
        suggested: 'vanity PIZZA without 13',
      },
      {
        typed: '910 without 12345678',
        value: '12345678',
        said: '12345678 has 8 digits; “without” takes 1 to 6.',
        suggested: '910 without 13',
      },
      {
        typed: '910 without luck',
        value: 'luck',
        said: '“without” takes digits, not luck. For example: without 13.',
        suggested: '910 without 13',
      },
      {
        typed: '910 without 2, 3, 4, 5, 6, 7, 8, 9',
        value: '2 3 4 5 6 7 8 9',
        said: 'Every number has a digit from 2 to 9, so that leaves none. For example: without 13.',
        suggested: '910 without 2 and 3',
      },
      {
        typed: '910 without 10,11,12,13,14,15,16,17,18,19,20',
        value: '10 11 12 13 14 15 16 17 18 19 20',
        said: '“without” takes 10 groups of digits at most, not 11.',
        suggested: '910 without 10 and 11',
      },
    ],
  },
  inARow: {
    typed: [
      '910 in a row x5',
      '910 5 in a row',
      '910 x5 in a row',
      '910 in a row 5',
      'five in a row in 910',
      'in a row 910 x5',
      '910 5 consecutive',
      '5 numbers in a row in 910',
    ],
    value: '5',
    printed: '910 in a row x5',
    described: 'Numbers in area code 910, 5 in a row',
    filledIn: 'x5',
    malformed: [
      {
        typed: '910 in a row',
        value: '',
        said: 'How many in a row? From 2 to 100, such as in a row x5.',
        suggested: '910 in a row x5',
      },
      {
        typed: '910 in a row x1',
        value: '1',
        said: 'A row can have 2 to 100 numbers, not 1.',
        suggested: '910 in a row x2',
      },
      {
        typed: '910 x600 in a row',
        value: '600',
        said: 'A row can have 2 to 100 numbers, not 600.',
        suggested: '910 in a row x100',
      },
    ],
  },
  easy: {
    typed: ['910 easy', 'easy 910', 'EASY numbers in 910', '910 easy to remember', '910 memorable'],
    value: 'true',
    printed: '910 easy',
    described: 'Numbers in area code 910, easy to remember',
    filledIn: 'true',
    malformed: [],
  },
  like: {
    typed: ['910 like 910-241-4444', '910 like (910) 241-4444', 'like +19102414444 in 910'],
    value: '9102414444',
    printed: '910 like 910-241-4444',
    described: 'Numbers in area code 910, like (910) 241-4444',
    filledIn: '(910) 241-4444',
    malformed: [
      {
        typed: '910 like',
        value: '',
        said: 'Like which number? For example: like 910-241-4444.',
        suggested: '910 like 910-241-4444',
      },
      {
        typed: '910 like pizza',
        value: 'pizza',
        said: "“pizza” isn't a complete US or Canadian number of ten digits. For example: like 910-241-4444.",
        suggested: '910 like 910-241-4444',
      },
      {
        typed: '910 like 910-241-4365',
        value: '9102414365',
        said: '(910) 241-4365 has no pattern that I know, such as a repeated digit or a word.',
        suggested: '910 like 910-241-4444',
      },
    ],
  },
};

const each = Object.entries(examples) as [Filter, Example][];

function submitForm(draft: SearchDraft, over: Readonly<Record<string, string>> = {}) {
  const view = searchForm({ draft, mode: 'search', metadata: '' });
  const typed = Object.entries(over).map(([field, value]) => [field, { [field]: typedValue(value) }]);
  const { state } = submitted(view, Object.fromEntries(typed));
  return {
    fields: (view.blocks as readonly KnownBlock[]).map(({ block_id }) => block_id),
    read: readSearchForm({ callback_id: view.callback_id ?? '', private_metadata: '', state }),
  };
}

describe.each(each)('a person who filters by %s', (name, example) => {
  const criteria = { areaCode: '910' };
  const filters = { [name]: example.value };
  const checked = checkSearch({ criteria, filters });
  if (!('kind' in checked)) throw new Error(`${name} has a bad example`);

  test.each(example.typed)('can type “%s”', (words) => {
    expect(readSearchWords(words)).toEqual({ draft: { criteria, filters } });
  });

  test('reads what was searched for, in words that search for the same again', () => {
    expect(describeSearch(checked)).toBe(example.described);
    expect(printSearch({ criteria, filters })).toBe(example.printed);
    expect(readSearchWords(example.printed)).toEqual({ draft: { criteria, filters } });
  });

  test('sends Bandwidth none of it', () => {
    const { filters: _, ...unfiltered } = checked;
    expect(encodeSearch(checked)).toBe(encodeSearch(unfiltered));
  });

  test('finds it in the form, which reads back the same', () => {
    const { fields, read } = submitForm(checked);
    expect(fields).toContain(name);
    expect(read).toEqual({ draft: expect.objectContaining({ criteria, filters }) });
    const filledIn = submitForm({ criteria }, { [name]: example.filledIn });
    const draft = 'draft' in filledIn.read ? filledIn.read.draft : undefined;
    expect(draft && checkSearch(draft)).toEqual(checked);
  });

  test('can use it in a search, but not in an order', () => {
    const words = readOrderWords(example.printed);
    expect(words).toEqual({
      problem: expect.objectContaining({
        why: { field: name, code: 'not-in-an-order' },
        suggestions: ['910'],
      }),
    });
  });

  if (example.malformed.length > 0) {
    test.each(example.malformed)('is told what is wrong with “$typed”, and what works instead', (mistake) => {
      const { typed, value, said, suggested } = mistake;
      const words = readSearchWords(typed);
      if (!('problem' in words)) throw new Error(`${typed} has no mistake`);
      const problem = { field: name, code: filterRules[name].malformed, value };
      expect(words.problem.why).toEqual(problem);
      expect(problemSentence(problem)).toBe(said);
      expect(words.problem.suggestions).toContain(suggested);
      expect('draft' in readSearchWords(suggested)).toBe(true);
      if (value !== '') {
        expect(submitForm({ criteria }, { [name]: value }).read).toEqual({ errors: { [name]: said } });
      }
    });
  }
});

describe('Filters together', () => {
  test.each([
    ['910 starting 2 ending 5 without 13 x7', { starting: '2', ending: '5', without: '13' }],
    ['910 easy without 4', { easy: 'true', without: '4' }],
    ['Raleigh, NC in a row x5 without 13', { inARow: '5', without: '13' }],
    ['vanity PIZZA in 910 without 13', { without: '13' }],
    ['tollfree 83* ending 00', { ending: '00' }],
    ['Gary, IN in a row x3', { inARow: '3' }],
    ["Land's End, NC ending 00", { ending: '00' }],
    ['910-555 5 in a row', { inARow: '5' }],
    ['910 5 in a row x20', { inARow: '5' }],
  ])('are read from “%s”', (words, filters) => {
    expect(readSearchWords(words)).toEqual({ draft: expect.objectContaining({ filters }) });
  });

  test.each([
    [
      '910 ending 13 without 13',
      'No number matches both “without 13” and “ending 13”. Leave one of them out.',
      ['910 ending 13', '910 without 13'],
    ],
    [
      '910 starting 2414 ending 9365',
      'No number matches both “starting 2414” and “ending 9365”. Leave one of them out.',
      ['910 ending 9365', '910 starting 2414'],
    ],
    [
      '910 starting 241 ending 4365 without 14',
      'No number matches both “without 14” and “ending 4365”. Leave one of them out.',
      ['910 starting 241 ending 4365'],
    ],
    [
      '910-241 starting 339',
      'No number matches both “starting 339” and “910-241”. Leave one of them out.',
      ['910-241'],
    ],
    [
      '910-241 without 24',
      'No number matches both “without 24” and “910-241”. Leave one of them out.',
      ['910-241'],
    ],
    [
      '910 ending 00 in a row x5',
      'No number matches both “in a row x5” and “ending 00”. Leave one of them out.',
      ['910 ending 00', '910 in a row x5'],
    ],
    ['910 5 in a row x3', '5 in a row is more than the limit of 3 (x3).', ['910 in a row x5']],
    ['910 easy in a row x5', "“easy” can't be combined with “in a row”. Use one of them.", ['910 easy']],
    [
      '910-241 easy by fullNumber',
      "A sort order can't be combined with “easy”. Use one of them.",
      ['910-241 easy'],
    ],
    [
      'vanity PIZZA in 910 ending 00',
      "“ending” can't be combined with a vanity word. Use one of them.",
      ['910 ending 00'],
    ],
  ])('that no number can meet are refused: %s', (typed, said, works) => {
    const words = readSearchWords(typed);
    if (!('problem' in words) || typeof words.problem.why !== 'object') throw new Error('it was accepted');
    expect(problemSentence(words.problem.why)).toBe(said);
    for (const each of works) expect(words.problem.suggestions).toContain(each);
  });

  test.each(['910-555 starting 555', '910 starting 2414 ending 4365', '910-241 lca without 24'])(
    'that some number can meet are accepted: %s',
    (typed) => {
      expect(readSearchWords(typed)).toHaveProperty('draft');
    },
  );

  test('change nothing about a vanity word that must be at the end', () => {
    expect(readSearchWords('vanity PIZZA ending 910')).toEqual({
      draft: { criteria: { localVanity: 'PIZZA', endsIn: true, areaCode: '910' } },
    });
  });
});

describe('A person who types a filter in other words', () => {
  test.each([
    ['910 eazy', '910 easy'],
    ['910 esay', '910 easy'],
    ['910 ez', '910 easy'],
    ['910 in row x5', '910 in a row x5'],
    ['910 inarow x5', '910 in a row x5'],
    ['910 in rows x5', '910 in a row x5'],
    ['910 row of 5', '910 in a row x5'],
    ['910 without 13 666', '910 without 13 and 666'],
    ['910 withuot 13', '910 without 13'],
    ['910 not 13', '910 without 13'],
    ['910 endng 00', '910 ending 00'],
    ['910 end with 00', '910 ending 00'],
    ['910 start with 241', '910 starting 241'],
    ['easy', '910 easy'],
    ['find me 5 easy numbers in 910', '910 easy x5'],
    ['I need 7 in a row in 910 please', '910 in a row x7'],
  ])('%s, is offered %s', (typed, meant) => {
    const words = readSearchWords(typed);
    expect('problem' in words && words.problem.suggestions).toContain(meant);
  });
});
