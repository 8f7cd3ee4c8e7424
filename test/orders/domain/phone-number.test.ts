import { describe, expect, test } from '@jest/globals';
import {
  nationalDigits,
  parsePhoneNumber,
  showPhoneNumber,
} from '../../../src/orders/domain/phone-number.js';

describe('a telephone number', () => {
  test.each([
    '9102414365',
    '910-241-4365',
    '910.241.4365',
    '910 241 4365',
    '(910) 241-4365',
    '(910)241-4365',
    '+1 (910) 241-4365',
    '+19102414365',
    '1-910-241-4365',
    '19102414365',
    'tel:+1910-241-4365',
    ' 9102414365 ',
    '910–241–4365',
    '910\u2011241\u20114365',
    '910\u00A0241\u00A04365',
    '\u202A+1 910 241 4365\u202C',
    '９１０２４１４３６５',
  ])('is read from %j', (typed) => {
    const number = parsePhoneNumber(typed);
    expect(number).toBe('+19102414365');
  });

  test.each([
    ['too short', '910241436'],
    ['too long', '91024143650'],
    ['an area code that begins with 1', '1102414365'],
    ['an exchange that begins with 0', '9100414365'],
    ['a mistyped ZIP code, which would be a stranger’s number', '27623-34567'],
    ['parted where nobody parts a number', '91-0241-4365'],
    ['two numbers', '9102414365 9102414366'],
    ['letters', '910241436O'],
    ['nothing', ''],
    ['a plus sign', '+'],
  ])('is not read from %s', (_, typed) => {
    expect(parsePhoneNumber(typed)).toBeUndefined();
  });

  test('of another country keeps its digits', () => {
    const number = parsePhoneNumber('+44 20 7946 0958');
    expect(number).toBe('+442079460958');
    expect(number && showPhoneNumber(number)).toBe('+442079460958');
    expect(number && nationalDigits(number)).toBe('442079460958');
  });

  test('is shown as people write it, and sent as ten digits', () => {
    const number = parsePhoneNumber('9102414365');
    expect(number && showPhoneNumber(number)).toBe('(910) 241-4365');
    expect(number && nationalDigits(number)).toBe('9102414365');
  });
});
