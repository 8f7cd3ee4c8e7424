import { describe, expect, test } from '@jest/globals';
import type { FoundNumber } from '../../../../src/orders/domain/kept-search.js';
import { consecutiveRows } from '../../../../src/orders/domain/search/apply-filters.js';
import type { Filters } from '../../../../src/orders/domain/search/filters.js';
import { memorability, patternsOf } from '../../../../src/orders/domain/search/number-patterns.js';
import { filterNumbers } from '../../../../src/orders/use-cases/filter-numbers.js';
import { phone } from '../../../support/orders/people.js';
import { fc, runs } from '../../../support/properties.js';

const found = (...sevens: readonly string[]): readonly FoundNumber[] =>
  sevens.map((seven) => ({ number: phone(`910${seven}`) }));
const sevensOf = (numbers: readonly FoundNumber[]) => numbers.map(({ number }) => number.slice(-7));
const applied = async (filters: Filters, sevens: readonly string[], quantity = 100) => {
  const { found: kept, ...counts } = await filterNumbers(filters, found(...sevens), quantity);
  return { ...counts, found: sevensOf(kept) };
};

describe('Filters', () => {
  const four = ['2414365', '3394300', '2416613', '2416660'];

  test.each<[string, Filters, readonly string[]]>([
    ['starting', { starting: '241' }, ['2414365', '2416613', '2416660']],
    ['ending', { ending: '00' }, ['3394300']],
    ['without', { without: '13 666' }, ['2414365', '3394300']],
    ['several at once', { starting: '241', without: '13 666' }, ['2414365']],
  ])('by %s keep what matches, in Bandwidth’s order', async (_, filters, kept) => {
    expect(await applied(filters, four)).toEqual({ matched: kept.length, found: kept });
  });

  test('look at the digits after the area code only', async () => {
    const number = { number: phone('9132414365') };
    expect((await filterNumbers({ without: '13' }, [number], 100)).found).toEqual([number]);
  });

  test('show no more than requested, and count what matches', async () => {
    expect(await applied({ starting: '2' }, four, 2)).toEqual({ matched: 3, found: ['2414365', '2416613'] });
  });

  test('by another number show others with its pattern, but not the number itself', async () => {
    expect(await applied({ like: '9105554444' }, ['5554444', '2411111', '2411117', '2413000'])).toEqual({
      matched: 1,
      found: ['2411111'],
    });
  });
});

describe('Numbers in a row', () => {
  test('are whole rows, the shortest sufficient one first', async () => {
    const long = ['2414001', '2414002', '2414003', '2414004'];
    const short = ['3397007', '3397008', '3397009'];
    expect(await applied({ inARow: '3' }, [...long, '2419000', ...short].toReversed())).toEqual({
      matched: 7,
      longestRow: 4,
      found: [...short, ...long],
    });
  });

  test('are not broken up to fill the last page', async () => {
    const rows = ['2414001', '2414002', '2414003', '3397007', '3397008', '3397009'];
    expect(await applied({ inARow: '3' }, rows, 5)).toMatchObject({ matched: 6, found: rows.slice(0, 3) });
  });

  test('from one long row are as many as requested', async () => {
    const rows = Array.from({ length: 50 }, (_, at) => String(2414000 + at));
    expect((await applied({ inARow: '5' }, rows, 10)).found).toEqual(rows.slice(0, 10));
  });

  test('end with their exchange, and a number that is listed twice counts once', async () => {
    expect(await applied({ inARow: '2' }, ['2419999', '2420000', '2419999'])).toEqual({
      matched: 0,
      longestRow: 1,
      found: [],
    });
  });

  test('say how long the longest row is among what the other filters leave', async () => {
    const rows = ['2414311', '2414312', '2414313', '2414314'];
    expect(await applied({ inARow: '3', without: '13' }, rows)).toMatchObject({ matched: 0, longestRow: 2 });
  });

  test('are what a comparison of each number with the next one finds, for any numbers', async () => {
    const numbers = fc
      .uniqueArray(fc.integer({ min: 2_000_000, max: 2_000_400 }), { maxLength: 300 })
      .map((sevens) => found(...sevens.map(String)));
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 2, max: 9 }), async (all, least) => {
        const rows = consecutiveRows(all);
        expect(rows.flat()).toHaveLength(all.length);
        const known = new Set(all.map(({ number }) => Number(number)));
        const starts = [...known].filter((number) => !known.has(number - 1));
        expect(rows).toHaveLength(starts.length);
        const { found: kept } = await filterNumbers({ inARow: String(least) }, all, 5000);
        const inLongRow = (number: number) => {
          let [from, to] = [number, number];
          while (known.has(from - 1)) from -= 1;
          while (known.has(to + 1)) to += 1;
          return to - from + 1 >= least;
        };
        expect(new Set(kept.map(({ number }) => Number(number)))).toEqual(
          new Set([...known].filter(inLongRow)),
        );
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('Easy numbers', () => {
  test('come in the order in which people remember them', async () => {
    const all = found('2414365', '2411221', '2414444', '2413700', '8674992');
    expect(sevensOf((await filterNumbers({ easy: 'true' }, all, 100)).found)).toEqual([
      '8674992',
      '2414444',
      '2411221',
      '2413700',
    ]);
  });

  test('are exactly those with a pattern, never an easier one after a harder one', async () => {
    const numbers = fc
      .array(fc.stringMatching(/^[2-9]\d{6}$/), { maxLength: 200 })
      .map((sevens) => found(...sevens));
    await fc.assert(
      fc.asyncProperty(numbers, async (all) => {
        const { found: easy } = await filterNumbers({ easy: 'true' }, all, 5000);
        expect(easy).toHaveLength(all.filter(({ number }) => patternsOf(number).length > 0).length);
        const scores = easy.map(({ number }) => memorability(number, patternsOf(number)));
        expect(scores).toEqual(scores.toSorted((one, other) => other - one));
      }),
      { numRuns: runs(300) },
    );
  });
});
