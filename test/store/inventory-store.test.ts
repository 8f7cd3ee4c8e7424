import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { InventoryNumber } from '../../src/orders/domain/number-record.js';
import { type PhoneNumber, parsePhoneNumber } from '../../src/orders/domain/phone-number.js';
import { changeRecords } from '../../src/orders/inventory/change-records.js';
import { makeInventory } from '../../src/orders/inventory/inventory.js';
import { beginWalk } from '../../src/orders/inventory/walk-position.js';
import type { InventoryIndex } from '../../src/orders/ports/inventory.js';
import { systemClock } from '../../src/orders/system-clock.js';
import { openStore, type Store } from '../../src/store/open-store.js';
import { temporaryFolder } from '../support/folder.js';
import { describeWith, postgres, redis } from '../support/servers.js';
import { listeningLog } from './store-fixtures.js';

const phone = (digits: number): PhoneNumber => parsePhoneNumber(String(digits)) as PhoneNumber;

const aNumber = (digits: number, more: Partial<InventoryNumber> = {}): InventoryNumber => ({
  number: phone(digits),
  city: 'CARY',
  state: 'NC',
  status: 'Inservice',
  site: { id: '461', name: 'Raleigh office' },
  inServiceSince: 1_386_223_107_000,
  bought: 'unexplained',
  ...more,
});

const emptyIndex: InventoryIndex = { unread: 0, missingRoles: [], totals: {}, chunks: [], removed: [] };

function inventoryIn(opened: () => Store) {
  const add = (store: Store, ...added: readonly InventoryNumber[]) =>
    changeRecords(
      { store: store.inventory, clock: systemClock, log: listeningLog() },
      { added, removed: [] },
    );
  const listed = async (store: Store, prefix = '') => {
    const numbers: string[] = [];
    for await (const some of makeInventory(store.inventory).list(prefix)) {
      numbers.push(...some.map(({ number }) => number));
    }
    return numbers;
  };

  test('a number comes back as it was, and the numbers in their order', async () => {
    const store = opened();
    const whole = aNumber(9_102_414_365, {
      location: { id: '651681', name: 'Main' },
      lastModified: 1_386_223_108_000,
      bought: { orderId: 'order-1', by: 'U0ANA' },
    });
    await add(store, aNumber(9_195_550_100), whole, { number: phone(9_105_550_100) });
    expect(await makeInventory(store.inventory).get(whole.number)).toEqual(whole);
    expect(await listed(store)).toEqual(['+19102414365', '+19105550100', '+19195550100']);
    expect(await listed(store, '910')).toEqual(['+19102414365', '+19105550100']);
  });

  test('every page of 1,200 numbers is right, from the first to the last', async () => {
    const store = opened();
    const all = Array.from({ length: 1_200 }, (_, index) => aNumber(9_195_550_100 + index));
    await add(store, ...all.toReversed());
    const { slice } = makeInventory(store.inventory);
    expect((await slice('', 0, 10)).total).toBe(1_200);
    const page = await slice('919', 495, 10);
    expect(page.numbers.map(({ number }) => number)).toEqual(all.slice(495, 505).map(({ number }) => number));
    expect(await slice('9195550', 0, 3)).toMatchObject({ total: 900 });
    expect((await slice('919555', 1_195, 10)).numbers).toHaveLength(5);
    expect(await slice('910', 0, 10)).toEqual({ numbers: [], total: 0 });
  });

  test('what two instances add at the same time is all there', async () => {
    const [one, other] = [opened(), opened()];
    await Promise.all([
      add(one, aNumber(9_195_550_100), aNumber(9_195_550_101)),
      add(other, aNumber(9_195_550_200)),
    ]);
    await Promise.all([add(one, aNumber(9_195_550_102)), add(other, aNumber(9_195_550_201))]);
    expect(await listed(opened())).toHaveLength(5);
  });

  test('an instance that replaces the inventory, or the position of a walk, after another did is told so', async () => {
    const [one, other] = [opened().inventory, opened().inventory];
    expect(await one.replaceIndex(undefined, emptyIndex)).toBe(true);
    expect(await other.replaceIndex(undefined, emptyIndex)).toBe(false);
    const [mine, theirs] = [await one.index(), await other.index()];
    expect(await one.replaceIndex(mine, { ...emptyIndex, asOf: 7 })).toBe(true);
    expect(await other.replaceIndex(theirs, { ...emptyIndex, asOf: 8 })).toBe(false);
    expect(await other.index()).toMatchObject({ asOf: 7 });

    const position = beginWalk(1, { inService: 9 });
    expect(await one.replacePosition(undefined, position)).toBe(true);
    const next = { ...position, page: '9195550100' };
    expect(await one.replacePosition(position, next)).toBe(true);
    expect(await other.replacePosition(await other.position(), undefined)).toBe(true);
    expect(await one.replacePosition(next, position)).toBe(false);
    expect(await one.position()).toBeUndefined();
  });

  test('what a crash left behind is removed, but nothing that is in use or recent', async () => {
    const { inventory } = opened();
    const [used, left] = [
      await inventory.writeChunk([aNumber(9_195_550_100)]),
      await inventory.writeChunk([]),
    ];
    await inventory.removeAllBut(new Set([used]));
    expect(await inventory.readChunk(left)).toEqual([]);
    await inventory.removeChunks([left]);
    expect(await inventory.readChunk(left)).toBeUndefined();
    expect(await inventory.readChunk(used)).toHaveLength(1);
  });
}

describe('The inventory in SQLite', () => {
  const folder = temporaryFolder();
  const stores: Store[] = [];
  let at = 0;
  beforeEach(async () => {
    at += 1;
    stores.push(await openStore(`sqlite:${folder.path}/${at}.db`, listeningLog()));
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  inventoryIn(() => stores[0] as Store);
});

for (const server of [postgres, redis]) {
  describeWith([server], `The inventory in ${server.name}`, () => {
    let url: string;
    const stores: Store[] = [];
    beforeEach(async () => {
      url = server.fresh();
      for (let each = 0; each < 3; each += 1) stores.push(await openStore(url, listeningLog()));
    });
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
      await server.discard(url);
    });
    let next = 0;
    inventoryIn(() => stores[next++ % stores.length] as Store);
  });
}
