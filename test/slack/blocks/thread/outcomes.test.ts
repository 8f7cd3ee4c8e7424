import { describe, expect, test } from '@jest/globals';
import { refused } from '../../../../src/orders/domain/transitions.js';
import { announcement } from '../../../../src/slack/blocks/thread/announcements.js';
import {
  afterReport,
  carrierOrderId,
  expectStatus,
  manyNumbers,
  noon,
  numbers,
  placingOrder,
  search,
} from '../../../support/sample-orders.js';

const said = (...given: Parameters<typeof announcement>) => announcement(...given).text;
const two = numbers('9102414365', '9102414366');
const bySearch = (quantity: number) =>
  ({ wanted: { by: 'search', search: search({ areaCode: '910' }, quantity) } }) as const;

describe('the thread of an order says', () => {
  test("Bandwidth's refusal in its own words", () => {
    const faults = [{ code: '5016', description: 'The SiteId submitted is invalid.', numbers: [] }];
    const order = refused(placingOrder(), { advice: 'Choose another sub-account.', faults }, noon);
    expect(said(order, 'refused').split('\n')).toEqual([
      '<@UREQUESTER> Bandwidth refused your order of 2 numbers in 910. Nothing was ordered.',
      'Choose another sub-account.',
      '• 5016: The SiteId submitted is invalid.',
    ]);
  });

  test('that both of two requests arrived, and whether that may have cost money', () => {
    const twice = (given = {}) =>
      said(
        { ...expectStatus(afterReport({ status: 'complete' }, given), 'complete'), duplicates: ['c2'] },
        'outcome',
      );
    expect(twice()).toContain(
      'Both requests for this order arrived: see Bandwidth order `c2` too. Each number can be bought only once, so nothing was bought twice.',
    );
    expect(twice(bySearch(2))).toMatch(
      /⚠️ Both requests for this order arrived: see Bandwidth order `c2` too\.$/m,
    );
  });
});

describe('the outcome', () => {
  test('calls numbers bought as long as it isn’t known whether they work', () => {
    expect(said(afterReport({ status: 'complete', completed: two }), 'outcome')).toBe(
      '<@UREQUESTER> your 2 numbers are bought: (910) 241-4365, (910) 241-4366',
    );
  });

  test('of one number is told in the singular', () => {
    const wanted = { by: 'numbers', numbers: numbers('9102414365') } as const;
    const order = afterReport({ status: 'complete', completed: wanted.numbers }, { wanted });
    expect(said(order, 'outcome')).toBe('<@UREQUESTER> your number is bought: (910) 241-4365');
  });

  test('without a list says how many were delivered and where to look, and invents nothing', () => {
    const text = said(afterReport({ status: 'complete', completedQuantity: 5 }, bySearch(5)), 'outcome');
    expect(text).toBe(
      `<@UREQUESTER> your 5 numbers are bought.\nBandwidth didn't list the numbers. Find them in your Bandwidth account, under order \`${carrierOrderId}\`.`,
    );
  });

  test('without list or count claims neither', () => {
    const text = said(afterReport({ status: 'complete' }, bySearch(5)), 'outcome');
    expect(text).toContain('is complete, but not how many numbers it delivered');
    expect(text).not.toContain('are active');
  });

  test('that is complete but short says what was requested', () => {
    const text = said(afterReport({ status: 'complete', completed: two }, bySearch(5)), 'outcome');
    expect(text).toContain('your 2 numbers are bought');
    expect(text).toContain('You requested 5.');
  });

  test('with half a list says that it is half', () => {
    const order = afterReport({ status: 'complete', completed: two, completedQuantity: 5 }, bySearch(5));
    expect(said(order, 'outcome')).toContain('Bandwidth listed only 2 of them.');
  });

  test.each([
    [
      'numbers that cannot be read',
      { completed: two, unread: 1, completedQuantity: 3 },
      ["lists 1 delivered number that I can't read", 'your 3 numbers are bought'],
    ],
    [
      'no readable number',
      { completed: [], unread: 2 },
      ["lists 2 delivered numbers that I can't read", 'your 2 numbers are bought'],
    ],
    [
      'a count below its list',
      { completed: two, completedQuantity: 1 },
      ['counts 1 delivered number and lists 2', 'your 2 numbers are bought'],
    ],
    [
      'a count of none',
      { completed: [], completedQuantity: 0 },
      ['calls this complete, but counts no delivered numbers', 'not how many numbers it delivered'],
    ],
  ])('with %s says so', (_what, report, words) => {
    const text = said(afterReport({ status: 'complete', ...report }, bySearch(5)), 'outcome');
    for (const each of words) expect(text).toContain(each);
    expect(text).not.toContain('0 numbers are bought');
  });

  test('in part names no number as missing if a delivered one cannot be read', () => {
    const text = said(
      afterReport({ status: 'partial', completed: numbers('9102414365'), unread: 1 }),
      'outcome',
    );
    expect(text).not.toContain('Not delivered');
  });

  test('in part compares what was requested with what was delivered, each failure with code and words', () => {
    const text = said(
      afterReport({
        status: 'partial',
        completed: numbers('9102414365'),
        failed: numbers('9102414366'),
        faults: [
          {
            code: '5005',
            description: 'The telephone number is unavailable for ordering',
            numbers: numbers('9102414366'),
          },
        ],
      }),
      'outcome',
    );
    expect(text.split('\n')).toEqual([
      '<@UREQUESTER> 1 of the 2 numbers you ordered was delivered.',
      'Bought: (910) 241-4365',
      'Bandwidth says:',
      '• 5005: The telephone number is unavailable for ordering — (910) 241-4366',
    ]);
  });

  test('of a failure without a reason says so, and which numbers were not delivered', () => {
    expect(said(afterReport({ status: 'failed' }), 'outcome').split('\n')).toEqual([
      '<@UREQUESTER> your order of 2 numbers in 910 failed: no number was delivered.',
      'Bandwidth gave no reason.',
      'Not delivered: (910) 241-4365, (910) 241-4366',
    ]);
  });

  test('of five thousand numbers lists what fits and counts the rest', () => {
    const many = manyNumbers(5000);
    const wanted = { by: 'numbers', numbers: many } as const;
    const text = said(afterReport({ status: 'complete', completed: many }, { wanted }), 'outcome');
    expect(text).toContain('your 5,000 numbers are bought: (910) 241-4000,');
    expect(text).toContain('and 4,920 more');
    expect(text.length).toBeLessThan(3900);
  });
});
