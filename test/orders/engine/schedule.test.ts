import { describe, expect, test } from '@jest/globals';
import {
  firstStatusLookupAt,
  nextFindAt,
  nextStatusLookupAt,
  nextTryAt,
} from '../../../src/orders/engine/schedule.js';
import { fc } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('When an order is looked up next', () => {
  test('so often in the first seconds after placing that the card is at most half a second late on average', () => {
    expect(firstStatusLookupAt(0)).toBe(300);
    expect(nextStatusLookupAt(0, 'received', 300)).toBe(700);
    expect(nextStatusLookupAt(0, 'received', 700)).toBe(1_200);
    expect(nextStatusLookupAt(0, 'processing', 3_000)).toBe(3_900);
    const lateness = Array.from({ length: 4_000 }, (_, endsAt) => {
      let lookup = firstStatusLookupAt(0);
      while (lookup < endsAt) lookup = nextStatusLookupAt(0, 'received', lookup);
      return lookup - endsAt;
    });
    expect(lateness.reduce((sum, each) => sum + each) / lateness.length).toBeLessThan(500);
  });

  test('missed lookups are not made up for', () => {
    expect(nextStatusLookupAt(0, 'received', 1_000)).toBe(1_200);
    expect(nextStatusLookupAt(0, 'received', HOUR)).toBe(HOUR + 15 * SECOND);
  });

  test('after a quarter of its age, but at most 15 seconds; a back-order after a tenth, but at most an hour', () => {
    expect(nextStatusLookupAt(0, 'processing', 10 * SECOND)).toBe(15 * SECOND);
    expect(nextStatusLookupAt(0, 'processing', 40 * SECOND)).toBe(50 * SECOND);
    expect(nextStatusLookupAt(0, 'processing', 2 * MINUTE)).toBe(2 * MINUTE + 15 * SECOND);
    expect(nextStatusLookupAt(0, 'backordered', 10 * SECOND)).toBe(10 * SECOND + MINUTE);
    expect(nextStatusLookupAt(0, 'backordered', 48 * HOUR)).toBe(49 * HOUR);
  });

  test('never without a pause, and never so late that an order is forgotten', () => {
    // Negative if someone set the clock back since then.
    const clockRun = fc.integer({ min: -1e10, max: 1e10 });
    const status = fc.constantFrom('received' as const, 'processing' as const, 'backordered' as const);
    fc.assert(
      fc.property(fc.nat(1e12), clockRun, status, fc.nat(5_000), (placedAt, age, status, count) => {
        const now = placedAt + age;
        const waits = [
          nextStatusLookupAt(placedAt, status, now),
          nextFindAt(count, now),
          nextTryAt(count, now),
        ];
        for (const at of waits) {
          expect(at).toBeGreaterThan(now);
          expect(at).toBeLessThanOrEqual(now + HOUR);
        }
      }),
    );
  });

  test('after failures with doubled pauses up to a minute, and not before the time Bandwidth named', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => nextTryAt(failures, 0))).toEqual(
      [2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND),
    );
    expect(nextTryAt(1, 0, 10 * MINUTE)).toBe(10 * MINUTE);
    expect(nextTryAt(1, 5 * MINUTE, MINUTE)).toBe(5 * MINUTE + 2 * SECOND);
    expect(nextTryAt(1, 0, 1e12)).toBe(HOUR);
  });
});
