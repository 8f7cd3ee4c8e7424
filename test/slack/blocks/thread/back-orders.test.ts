import { describe, expect, test } from '@jest/globals';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import { afterReport, numbers, search } from '../../../support/sample-orders.js';

const said = (...given: Parameters<typeof announcement>) => announcement(...given).text;
const two = numbers('9102414365', '9102414366');
const bySearch = (quantity: number) =>
  ({ wanted: { by: 'search', search: search({ areaCode: '910' }, quantity) } }) as const;

describe('the thread of an order says', () => {
  test('that it is back-ordered and what was delivered so far', () => {
    const text = said(
      afterReport({ status: 'backordered', completed: numbers('9102414365') }, bySearch(5)),
      'backordered',
    );
    expect(text).toContain(
      '<@UREQUESTER> Bandwidth has back-ordered the rest of 5 numbers in area code 910: 1 delivered, 4 pending.',
    );
    expect(text).toContain('Delivered so far: (910) 241-4365.');
  });
});

describe('a back-order with some numbers delivered', () => {
  const backordered = (changes: object) =>
    said(afterReport({ status: 'backordered', ...changes }, bySearch(3)), 'backordered');

  test('says how many were delivered and how many are pending', () => {
    expect(backordered({ completed: two.slice(0, 1) })).toMatch(
      /^<@UREQUESTER> Bandwidth has back-ordered the rest of 3 numbers in area code 910: 1 delivered, 2 pending\.\n/,
    );
    expect(backordered({ completedQuantity: 2 })).toContain(': 2 delivered, 1 pending.');
  });

  test('claims nothing odd if Bandwidth back-orders what was delivered', () => {
    expect(backordered({ completedQuantity: 3 })).toContain('has back-ordered 3 numbers in area code 910.');
  });
});
