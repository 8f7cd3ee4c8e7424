import { expect, test } from '@jest/globals';
import { parsePhoneNumber } from '../../../src/orders/domain/phone-number.js';
import type { Search } from '../../../src/orders/domain/search/search.js';
import { CarrierError } from '../../../src/orders/ports/carrier.js';
import { makeCheckStock } from '../../../src/orders/use-cases/check-stock.js';
import { makeManualClock } from '../../support/orders/manual-clock.js';
import { phone, searched } from '../../support/orders/people.js';

/** Bandwidth has so many numbers in each area code; asked about any other, it fails as said. */
function stockOf(numbers: Readonly<Record<string, number>>, trouble?: 'throttled' | 'refused') {
  const asked: Search[] = [];
  const checkStock = makeCheckStock({
    carrier: {
      async search(search) {
        asked.push(search);
        const available = numbers[search.criteria.areaCode ?? ''];
        if (available === undefined) throw new CarrierError(trouble ?? 'refused', 'no', { advice: 'No.' });
        return Array.from({ length: Math.min(available, search.quantity) }, (_, index) => ({
          number: parsePhoneNumber(`${search.criteria.areaCode}24${10_000 + index}`) ?? phone('9102414365'),
        }));
      },
    },
    clock: makeManualClock(),
    log: { warn: () => {} },
  });
  return { checkStock, asked };
}

test('each line gets the number of its numbers that are available', async () => {
  const { checkStock } = stockOf({ '910': 5, '919': 1, '704': 0 });
  expect(await checkStock([searched('910', 2), searched('919', 3), searched('704', 1)])).toEqual([2, 1, 0]);
});

test('lines of the same place share what is available, and one lookup', async () => {
  const { checkStock, asked } = stockOf({ '910': 3 });
  expect(await checkStock([searched('910', 2), searched('910', 2), searched('910', 1)])).toEqual([2, 1, 0]);
  expect(asked).toHaveLength(1);
});

test('picked numbers come from a search, so they are not looked up', async () => {
  const { checkStock, asked } = stockOf({});
  expect(await checkStock([{ by: 'numbers', numbers: [phone('9102414365')] }])).toEqual([undefined]);
  expect(asked).toEqual([]);
});

test('a line that Bandwidth refuses is not known, and the others are', async () => {
  const { checkStock } = stockOf({ '910': 5 }, 'refused');
  expect(await checkStock([searched('919', 1), searched('910', 1)])).toEqual([undefined, 1]);
});

test('a rate limit ends the lookups: the form works without the answers', async () => {
  const { checkStock, asked } = stockOf({}, 'throttled');
  const lines = Array.from({ length: 40 }, (_, index) => searched(String(201 + index), 1));
  expect(await checkStock(lines)).toEqual(lines.map(() => undefined));
  expect(asked.length).toBeLessThanOrEqual(5);
});
