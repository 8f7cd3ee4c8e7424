import { describe, expect, test } from '@jest/globals';
import { nationalDigits, showPhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { wrongNumbersAnswer } from '../../../src/slack/blocks/answers/problems.js';
import { wrongNumberSentence } from '../../../src/slack/blocks/wrong-numbers.js';
import { readNumberList } from '../../../src/slack/text/number-list.js';
import { anyCharacter } from '../../support/any-character.js';
import { fc, ONE_IN, runs } from '../../support/properties.js';
import { manyNumbers, numbers } from '../../support/sample-orders.js';

const two = numbers('9102414365', '7034343704');

describe('a list of numbers', () => {
  test.each([
    '9102414365 7034343704',
    '9102414365, +1 (703) 434-3704',
    '(910) 241-4365 (703) 434-3704',
    '910 241 4365 703 434 3704',
    '910.241.4365;703.434.3704',
    '9102414365\n7034343704\n',
    '- 910-241-4365\r\n• 703-434-3704',
    '"9102414365"\t"7034343704"',
    '1-910-241-4365 and 1-703-434-3704',
    '<tel:+19102414365|(910) 241-4365>, <tel:7034343704|7034343704>',
    '９１０２４１４３６５、 ７０３４３４３７０４'.replace('、', ','),
    '9102414365, 7034343704, (910) 241-4365',
  ])('is read in any usual spelling, each number once: %j', (text) => {
    expect(readNumberList(text)).toEqual({ numbers: two, wrong: [] });
  });

  test.each([
    ['910241', '“910241” is only part of a number: I need all ten digits of each.'],
    ['910', '“910” is only part of a number: I need all ten digits of each.'],
    ['9102414365, 910 241 436', '“910 241 436” is only part of a number: I need all ten digits of each.'],
    ['9102414365 910241', '“910241” is only part of a number: I need all ten digits of each.'],
    ['910241436*', '“910241436*” is only part of a number: I need all ten digits of each.'],
    ['91024143659102414366', '“91024143659102414366” has 20 digits, and a number has ten.'],
    ['1102414365', "“1102414365” isn't a valid phone number."],
    ['+44 20 7946 0958', "“+44 20 7946 0958” isn't a US or Canadian number."],
    ['the front desk', "“the front desk” isn't a phone number."],
    ['91O2414365', "“91O2414365” isn't a phone number."],
    ['one, two, 9102414365', "“one” isn't a phone number. I can't read 1 more either."],
  ])('that contains something else names it: %j', (text, sentence) => {
    const { wrong } = readNumberList(text);
    expect(wrongNumberSentence(wrong)).toBe(sentence);
    expect(wrongNumbersAnswer(wrong).text).toContain(
      'Nothing was done. For a form, type `/numbers disconnect`',
    );
  });

  test('with a link that shows one number and leads to another takes neither', () => {
    expect(readNumberList('<tel:+19102414365|703-434-3704>')).toEqual({
      numbers: [],
      wrong: ['+19102414365/703-434-3704'],
    });
    expect(readNumberList('<tel:+19102414365|Front desk>').numbers).toEqual(numbers('9102414365'));
  });

  test('never throws, whatever was typed, and never turns part of a number into a number', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 60 }),
        fc.stringMatching(/^\d{1,9}$/),
        (text, part) => {
          const { wrong } = readNumberList(text);
          if (wrong.length > 0) expect(wrongNumberSentence(wrong).length).toBeLessThanOrEqual(150);
          expect(readNumberList(part).numbers).toEqual([]);
        },
      ),
      { numRuns: runs(100) },
    );
  });

  test('that is accepted leaves out no digit, however the digits are separated', () => {
    const piece = fc.oneof(
      fc.constantFrom('9102414365', '(910) 241-4365', '910', '241', '4365', '703 434', '3704'),
      fc.constantFrom(
        '+1',
        '1',
        '+44',
        ' ',
        '-',
        '.',
        '/',
        ',',
        ';',
        '\n',
        '\t',
        '\r',
        '"',
        'and',
        '* ',
        '#',
        'x',
      ),
      fc.stringMatching(/^\d{1,4}$/),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const list = readNumberList(pieces.join(''));
        if (list.wrong.length > 0 || list.numbers.length === 0) return;
        taken += 1;
        const known = list.numbers.map(nationalDigits).join('|');
        expect(pieces.join('').replace(/\D/g, '')).toMatch(new RegExp(`^(?:1?(?:${known}))+$`));
      }),
      { numRuns: runs(6_000) },
    );
    expect(taken).toBeGreaterThan(100 / ONE_IN);
  });

  test('of five thousand, however spelled, is read in full', () => {
    const many = manyNumbers(5000);
    for (const text of [many.map(showPhoneNumber).join(' '), many.map(nationalDigits).join(',')]) {
      expect(readNumberList(text)).toEqual({ numbers: many, wrong: [] });
    }
  });
});
