import { describe, expect, test } from '@jest/globals';
import {
  type FoundNumber,
  type KeptSearch,
  pageCount,
  pageOf,
  picksOf,
} from '../../../src/orders/domain/kept-search.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeBrowseSearch } from '../../../src/orders/use-cases/browse-search.js';
import { makeSearchNumbers } from '../../../src/orders/use-cases/search-numbers.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { makeMemorySearches } from '../../support/orders/memory-searches.js';
import { ana, ben, phone } from '../../support/orders/people.js';

const search = { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 100 } as const;
const numbers = Array.from({ length: 25 }, (_, index) => phone(String(9102414300 + index)));
const found = (count: number): FoundNumber[] => numbers.slice(0, count).map((number) => ({ number }));

async function searched(count: number) {
  const searches = makeMemorySearches();
  let questions = 0;
  const searchNumbers = makeSearchNumbers({
    checkName: async () => undefined,
    carrier: {
      search: async () => {
        questions += 1;
        return found(count);
      },
    },
    searches,
    clock: { now: () => 7 },
  });
  const kept = await searchNumbers({ search, askedBy: ana, channelId: 'C1' });
  const browse = makeBrowseSearch({ searches });
  const see = async (
    page: number,
    ticked: readonly number[],
    toPage?: number,
    person = ana,
    drawing?: number,
  ) => {
    const browsed = await browse(kept.id, {
      person,
      seen: { page, drawing: drawing ?? (await recall()).drawn.count },
      ticked: numbers.filter((_, index) => ticked.includes(index)),
      ...(toPage === undefined ? {} : { toPage }),
    });
    if (browsed === undefined) throw new Error('the search was forgotten');
    return browsed;
  };
  const recall = async (): Promise<KeptSearch> => {
    const now = await searches.get(kept.id);
    if (now === undefined) throw new Error('the search was forgotten');
    return now;
  };
  return { kept, browse, see, recall, searches, questions: () => questions };
}

describe('Searching', () => {
  test('keeps what Bandwidth answered, with who searched, where and when', async () => {
    const { kept, recall } = await searched(3);
    expect(await recall()).toEqual(kept);
    expect(kept).toMatchObject({
      search,
      found: found(3),
      askedBy: ana,
      channelId: 'C1',
      at: 7,
      page: 0,
      picks: {},
    });
  });

  test('twice makes two searches', async () => {
    expect((await searched(1)).kept.id).not.toBe((await searched(1)).kept.id);
  });

  test('fails with the error of Bandwidth or the store', async () => {
    const clock = { now: () => 0 };
    const down = new CarrierError('unreachable', 'no answer', { advice: 'Try later.' });
    const asked = { search, askedBy: ana, channelId: 'C1' };
    const searches = makeMemorySearches();
    const noCarrier = makeSearchNumbers({
      checkName: async () => undefined,
      carrier: { search: () => Promise.reject(down) },
      searches,
      clock,
    });
    await expect(noCarrier(asked)).rejects.toBe(down);
    const broken = { ...searches, put: () => Promise.reject(new StoreError('down')) };
    const noStore = makeSearchNumbers({
      checkName: async () => undefined,
      carrier: { search: async () => [] },
      searches: broken,
      clock,
    });
    await expect(noStore(asked)).rejects.toBeInstanceOf(StoreError);
  });
});

describe('Paging', () => {
  test.each([
    [0, 1, [0]],
    [1, 1, [1]],
    [10, 1, [10]],
    [11, 2, [10, 1]],
    [25, 3, [10, 10, 5]],
  ])('%i numbers are %i pages', async (count, pages, sizes) => {
    const { kept } = await searched(count);
    expect(pageCount(kept)).toBe(pages);
    expect(sizes.map((_, page) => pageOf(kept, page).length)).toEqual(sizes);
  });

  test('asks Bandwidth nothing again', async () => {
    const { see, questions } = await searched(25);
    await see(0, [], 1);
    expect((await see(1, [], 2)).search.page).toBe(2);
    expect(questions()).toBe(1);
  });

  test('stays within the existing pages', async () => {
    const { see } = await searched(25);
    expect((await see(0, [], 99)).search.page).toBe(2);
    expect((await see(0, [], -1)).search.page).toBe(0);
  });

  test('a search that has expired says so', async () => {
    const { browse } = await searched(1);
    expect(
      await browse('gone', {
        person: ana,
        seen: { page: 0, drawing: 0 },
        ticked: [],
        toPage: 0,
      }),
    ).toBeUndefined();
  });
});

describe('Ticking', () => {
  test('is remembered across pages, and what is unticked is forgotten', async () => {
    const { see, recall } = await searched(25);
    await see(0, [1, 2], 1);
    await see(1, [11], 0);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1], numbers[2], numbers[11]]);
    await see(0, [2], 0);
    expect([...picksOf(await recall(), ana)].sort()).toEqual([numbers[2], numbers[11]]);
  });

  test('is separate for each person', async () => {
    const { see, recall } = await searched(25);
    await see(0, [1], 1, ana);
    await see(0, [2], 1, ben);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1]]);
    expect(picksOf(await recall(), ben)).toEqual([numbers[2]]);
  });

  test('by someone who sees another person’s ticks takes over none of them, and redraws the message with their own', async () => {
    const { see, recall } = await searched(25);
    await see(0, [1], undefined, ana);
    await see(0, [2], 0, ben);
    // Ana sees Ben's tick and adds her own.
    const { redraw } = await see(0, [2, 3], undefined, ana);
    expect(redraw).toBe(true);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1], numbers[3]]);
    expect((await recall()).drawn.viewer).toEqual(ana);
    expect((await see(0, [1, 3], undefined, ana)).redraw).toBe(false);
    expect((await see(0, [3], undefined, ana)).search.picks[ana.userId]).toEqual([numbers[3]]);
    expect(picksOf(await recall(), ben)).toEqual([numbers[2]]);
  });

  test('needs no redraw if nobody else’s ticks are shown', async () => {
    const { see, recall } = await searched(25);
    expect((await see(0, [1], undefined, ana)).redraw).toBe(false);
    expect((await see(0, [2], undefined, ben)).redraw).toBe(false);
    expect((await see(0, [], undefined, ben)).redraw).toBe(false);
    expect(picksOf(await recall(), ben)).toEqual([]);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1]]);
  });

  test('in a drawing that is gone keeps one’s own ticks and ignores those of others', async () => {
    const { see, recall } = await searched(25);
    await see(0, [1], undefined, ana);
    await see(0, [2], 1, ben);
    await see(0, [1, 2, 3], undefined, ana, 0);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1], numbers[3]]);
    expect((await recall()).page).toBe(1);
  });

  test('a number that was not on the page shown is impossible', async () => {
    const { see, recall } = await searched(25);
    await see(0, [1, 24], 0);
    expect(picksOf(await recall(), ana)).toEqual([numbers[1]]);
  });

  test('by two people at once loses no one’s ticks', async () => {
    const { see, recall } = await searched(25);
    await Promise.all([see(0, [1], 0, ana), see(0, [2], 1, ben), see(1, [11], 1, ana)]);
    await allQuiet();
    expect([...picksOf(await recall(), ana)].sort()).toEqual([numbers[1], numbers[11]]);
    expect(picksOf(await recall(), ben)).toEqual([numbers[2]]);
  });

  test('continues after a moment in which the store was down', async () => {
    const { kept, searches, recall } = await searched(25);
    let down = true;
    const browse = makeBrowseSearch({
      searches: {
        ...searches,
        get: (id) => (down ? Promise.reject(new StoreError('down')) : searches.get(id)),
      },
    });
    const chosen = { person: ana, seen: { page: 0, drawing: 0 }, ticked: numbers.slice(0, 1), toPage: 0 };
    await expect(browse(kept.id, chosen)).rejects.toBeInstanceOf(StoreError);
    down = false;
    await browse(kept.id, chosen);
    expect(picksOf(await recall(), ana)).toEqual([numbers[0]]);
  });
});
