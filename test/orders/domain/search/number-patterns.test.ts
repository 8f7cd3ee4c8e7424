import { describe, expect, test } from '@jest/globals';
import type { PhoneNumber } from '../../../../src/orders/domain/phone-number.js';
import { isLike, memorability, patternsOf } from '../../../../src/orders/domain/search/number-patterns.js';
import spelling from '../../../../src/orders/domain/search/words.json' with { type: 'json' };
import { phone } from '../../../support/orders/people.js';
import { fc, runs } from '../../../support/properties.js';

const patterns = (seven: string) =>
  patternsOf(phone(`910${seven}`)).map(({ kind, text, atEnd }) => `${kind} ${text}${atEnd ? '' : ' inside'}`);
const easeOf = (seven: string): number => {
  const number = phone(`910${seven}`);
  return memorability(number, patternsOf(number));
};

const anyNumber: fc.Arbitrary<PhoneNumber> = fc
  .stringMatching(/^[2-9]\d{2}[2-9]\d{6}$/)
  .map((digits) => phone(digits));

describe('People remember', () => {
  test.each([
    ['a repeated digit', '2414444', 'repeat 4444'],
    ['three of a digit', '2416555', 'repeat 555'],
    ['one digit seven times', '5555555', 'repeat 5555555'],
    ['a repeated digit in the middle', '2777738', 'repeat 7777 inside'],
    ['a round ending', '2413700', 'round 00'],
    ['a rounder ending', '2416000', 'round 000'],
    ['a step up', '2611234', 'step 1234'],
    ['a step down', '2419876', 'step 9876'],
    ['a step of two', '2512468', 'step 2468'],
    ['a step to 0, as on the keys', '2417890', 'step 7890'],
    ['a palindrome', '2411221', 'palindrome 1221'],
    ['a longer palindrome', '2436342', 'palindrome 2436342'],
    ['doubled digits', '2411122', 'pairs 1122'],
    ['doubled pairs', '2461717', 'pairs 1717'],
    ['a group of three, twice', '2123123', 'pairs 123123'],
    ['a word at the end', '8674992', 'word PIZZA'],
    ['a word of seven letters', '3569377', 'word FLOWERS'],
    ['a longer word anywhere', '7499254', 'word PIZZA inside'],
  ])('%s: %s', (_, seven, pattern) => {
    expect(patterns(seven)[0]).toBe(pattern);
  });

  test.each(['2414365', '2419413', '5726041'])('nothing about %s', (seven) => {
    expect(patterns(seven)).toEqual([]);
    expect(easeOf(seven)).toBe(0);
  });

  test('every pattern of a number, the strongest first', () => {
    expect(patterns('2221122')).toEqual(['pairs 221122', 'palindrome 221122']);
    expect(patterns('7777700')).toEqual(['pairs 777700', 'repeat 77777 inside', 'round 00']);
  });

  test('a short word only at the end of a number', () => {
    // 2273 is CARE.
    expect(patterns('2412273')).toEqual(['word CARE']);
    expect(patterns('2273941')).toEqual([]);
  });

  test('nothing in a number of another country', () => {
    expect(patternsOf('+442079460000' as PhoneNumber)).toEqual([]);
  });
});

test.each([
  ['5555555', '2415555'],
  ['2414444', '2413444'],
  ['2414444', '2411234'],
  ['2411234', '2411221'],
  ['2411234', '2426962'],
  ['8674992', '2412273'],
  ['2410000', '2415000'],
  ['2415000', '2415100'],
  ['2422222', '2472222'],
  ['2411717', '3591717'],
])('%s is easier to remember than %s', (easier, harder) => {
  expect(easeOf(easier)).toBeGreaterThan(easeOf(harder));
});

test.each([
  ['2414444', '3397777', true],
  ['2414444', '3377777', true],
  ['2414444', '3391777', false],
  ['2414444', '3393000', false],
  ['2411212', '3398484', true],
  ['8674992', '3356937', true],
  ['8674992', '3352273', false],
])('like %s: %s is %s', (model, other, alike) => {
  const [best] = patternsOf(phone(`910${model}`));
  if (best === undefined) throw new Error('it has no pattern');
  expect(isLike(patternsOf(phone(`919${other}`)), best)).toBe(alike);
});

test('Every word in the list can be dialed, and is found in the number that spells it', () => {
  const words = spelling.words.split(' ');
  expect(words.length).toBeGreaterThan(300);
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((word) => !/^[A-Z]{4,7}$/.test(word))).toEqual([]);
  const keys = '22233344455566677778889999';
  const dialed = (word: string) =>
    Array.from(word, (letter) => keys[letter.charCodeAt(0) - 65] ?? '').join('');
  const missing = words.filter((word) => {
    const found = patternsOf(phone(`910${dialed(word).padStart(7, '2')}`)).filter(
      ({ kind }) => kind === 'word',
    );
    // Two words may have the same keys, and a longer one counts first.
    return !found.some(({ text }) => text.length > word.length || dialed(text) === dialed(word));
  });
  expect(missing).toEqual([]);
});

test('What is said about a number is true, and the strongest pattern comes first', () => {
  fc.assert(
    fc.property(anyNumber, (number) => {
      const seven = number.slice(-7);
      const found = patternsOf(number);
      for (const { kind, text, atEnd } of found) {
        if (kind === 'word') continue;
        expect(atEnd ? seven.endsWith(text) : seven.includes(text)).toBe(true);
        const backwards = Array.from(text).reverse().join('');
        if (kind === 'palindrome') expect(text).toBe(backwards);
        if (kind === 'repeat') expect(new Set(text).size).toBe(1);
        if (kind === 'round') expect(text).toMatch(/^00+$/);
      }
      const [best] = found;
      expect(best === undefined || isLike(found, best)).toBe(true);
      expect(memorability(number, found) > 0).toBe(found.length > 0);
    }),
    { numRuns: runs(2000) },
  );
});
