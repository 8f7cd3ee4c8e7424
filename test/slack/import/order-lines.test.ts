import { describe, expect, test } from '@jest/globals';
import { partlyRead } from '../../../src/orders/ports/carrier.js';
import type { ListPlaces } from '../../../src/orders/use-cases/list-places.js';
import { wrongRowLine } from '../../../src/slack/blocks/answers/import-words.js';
import { orderOfRows, placeRows } from '../../../src/slack/import/order-lines.js';
import { readImport } from '../../../src/slack/import/read-import.js';
import { cpuTimeOf } from '../../support/cpu-time.js';

const sites = [
  { id: '461', name: 'Raleigh office' },
  { id: '462', name: 'Durham office' },
  { id: '463', name: 'durham OFFICE ' },
];
const locations = [
  { id: '1', name: 'Main' },
  { id: '2', name: 'Spare' },
];
/** An account with three sub-accounts, two of which have the same name. */
const places: ListPlaces = { sites: async () => sites, locations: async () => locations };

async function placed(text: string, account = places) {
  const read = readImport(Buffer.from(text));
  if (!('kind' in read) || read.kind !== 'order') throw new Error('not a file of orders');
  expect(read.wrong).toEqual([]);
  const found = await placeRows(account, read.rows);
  return { order: orderOfRows(found.placed), wrong: found.wrong.map(wrongRowLine) };
}

describe('Rows of a file', () => {
  test('for the largest number of places keep no one waiting', async () => {
    const rows = Array.from(
      { length: 5_000 },
      (_, index) => `${201 + (index % 7)},${200 + Math.floor(index / 7)}`,
    );
    const spent = await cpuTimeOf(async () => {
      const { order } = await placed(`area code,prefix\n${rows.join('\n')}`);
      expect(order.lines).toHaveLength(5_000);
    });
    // It takes a fraction of a second. Comparing each with each took a minute and a half.
    expect(spent).toBeLessThan(10_000);
  });

  test('that differ only in quantity or spelling are one line', async () => {
    const { order } = await placed(
      'area code,quantity,sub-account,location\n910,2,461,Main\n910,3,raleigh office,1\n910,1,461,Spare\n',
    );
    expect(order.lines).toEqual([
      {
        wanted: { by: 'search', search: expect.objectContaining({ quantity: 5 }) },
        place: { site: sites[0], location: locations[0] },
      },
      {
        wanted: { by: 'search', search: expect.objectContaining({ quantity: 1 }) },
        place: { site: sites[0], location: locations[1] },
      },
    ]);
  });

  test('with whole numbers are one line for each sub-account', async () => {
    const { order } = await placed(
      'number,sub-account\n9102414365,461\n9103174992,462\n9102414366,461\n9102414367,\n',
    );
    expect(
      order.lines.map(({ wanted, place }) => [place?.site.id, wanted.by === 'numbers' && wanted.numbers]),
    ).toEqual([
      ['461', ['+19102414365', '+19102414366']],
      ['462', ['+19103174992']],
      [undefined, ['+19102414367']],
    ]);
  });

  test('keep every reason once, and the name if they agree on it', async () => {
    const one = await placed('area code,name,reason\n910,Sales,New desk\n910,,Spare\n910,Sales,New desk\n');
    expect([one.order.name, one.order.reason]).toEqual(['Sales', 'New desk\nSpare']);
    const two = await placed('area code,name\n910,Sales\n910,Support\n');
    expect(two.order).not.toHaveProperty('name');
    expect(two.order).not.toHaveProperty('reason');
  });

  test('name their places exactly; whatever is not clear is an invalid row', async () => {
    const { wrong, order } = await placed(
      'area code,sub-account,location\n910,Raleigh,\n910,Durham office,\n910,462,Mai\n910,463,main\n',
    );
    expect(wrong).toEqual([
      'Row 2: No sub-account is called “Raleigh”.',
      'Row 3: Several are called “Durham office”. Use the id.',
      'Row 4: No location of this sub-account is called “Mai”.',
    ]);
    expect(order.lines.map(({ place }) => place)).toEqual([{ site: sites[2], location: locations[0] }]);
  });

  test('are not called invalid if Bandwidth’s list can’t be read completely', async () => {
    const partly: ListPlaces = { ...places, sites: async () => partlyRead(sites, 1) };
    const { wrong } = await placed('area code,sub-account\n910,Rome office\n', partly);
    expect(wrong).toEqual([
      "Row 2: I couldn't find “Rome office”, but some of what Bandwidth lists can't be read. Try the id.",
    ]);
  });
});
