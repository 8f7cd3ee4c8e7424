import { describe, expect, test } from '@jest/globals';
import { plainSpelling } from '../../../src/orders/domain/search/plain-text.js';
import { readCommand } from '../../../src/slack/commands/command.js';
import { readPolicyWords } from '../../../src/slack/commands/policy-words.js';
import { readOrderWords, readSearchWords } from '../../../src/slack/commands/search-words.js';
import { readNumberList } from '../../../src/slack/text/number-list.js';

/** What keyboards, word processors and web pages put where a hyphen is meant. */
const hyphens = [
  0x2d, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212, 0xfe58, 0xfe63, 0xff0d, 0xad,
].map(
  (code) => [`U+${code.toString(16).toUpperCase().padStart(4, '0')}`, String.fromCodePoint(code)] as const,
);

describe.each(hyphens)('With %s for a hyphen, people find', (_, hyphen) => {
  test.each([
    ['toll-free', { criteria: { tollFreeWildCardPattern: '8**' } }],
    ['toll-free 83*', { criteria: { tollFreeWildCardPattern: '83*' } }],
    ['910-555', { criteria: { npaNxx: '910555' } }],
    ['910-555-1', { criteria: { npaNxxx: '9105551' } }],
    ['27601-1234', { criteria: { zip: '27601-1234' } }],
  ])('%s', (words, draft) => {
    const typed = words.replaceAll('-', hyphen);
    expect(readSearchWords(typed)).toEqual({ draft });
    expect(readCommand(typed)).toEqual({ verb: 'search', words: { draft } });
  });

  test('a whole number, to order and to disconnect', () => {
    const typed = '910-241-4365'.replaceAll('-', hyphen);
    expect(readOrderWords(typed)).toEqual({ numbers: ['+19102414365'] });
    expect(readNumberList(typed)).toEqual({ numbers: ['+19102414365'], wrong: [] });
  });

  test('the policy for toll-free numbers', () => {
    expect(readPolicyWords(`test order toll${hyphen}free`)).toMatchObject({
      question: { kind: 'toll-free' },
    });
  });
});

test.each([
  ["O'Fallon", 'O\u2019Fallon'],
  ["O'Fallon", 'O\u2018Fallon'],
  ["O'Fallon", 'O\u00B4Fallon'],
  ["O'Fallon", 'O\u02BCFallon'],
  ["O'Fallon", 'O\uFF07Fallon'],
  ['Fayetteville', 'Fayette\u00ADville'],
  ['83*', '83\u2217'],
])('%s can be spelled %j', (plain, typed) => {
  expect(plainSpelling(typed)).toBe(plain);
});
