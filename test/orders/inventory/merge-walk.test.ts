import { expect, test } from '@jest/globals';
import type { InventoryNumber } from '../../../src/orders/domain/number-record.js';
import { type PhoneNumber, parsePhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { emptyIndex } from '../../../src/orders/inventory/change-records.js';
import { makeInventory } from '../../../src/orders/inventory/inventory.js';
import { mergeWalk } from '../../../src/orders/inventory/merge-walk.js';
import { beginWalk } from '../../../src/orders/inventory/walk-position.js';
import { WalkIncomplete } from '../../../src/orders/inventory/walked-ranges.js';
import type {
  InventoryIndex,
  InventoryStore,
  NumberVerdict,
  WalkPosition,
} from '../../../src/orders/ports/inventory.js';
import { fc } from '../../support/properties.js';

const phone = (index: number): PhoneNumber => {
  const number = parsePhoneNumber(String(9_102_000_000 + index));
  if (number === undefined) throw new Error(`${index} makes no number`);
  return number;
};

/** Keeps everything in memory, and counts how many chunks are read between two that are written. */
function inMemory() {
  const chunks = new Map<string, readonly InventoryNumber[]>();
  let kept: InventoryIndex | undefined;
  let made = 0;
  let reads = 0;
  const readsBeforeWrites: number[] = [];
  const store: InventoryStore = {
    index: async () => kept,
    async replaceIndex(current, next) {
      if (current !== kept) return false;
      kept = next;
      return true;
    },
    async writeChunk(numbers) {
      readsBeforeWrites.push(reads);
      reads = 0;
      made += 1;
      chunks.set(String(made), numbers);
      return String(made);
    },
    async readChunk(id) {
      reads += 1;
      return chunks.get(id);
    },
    async removeChunks(ids) {
      for (const id of ids) chunks.delete(id);
    },
    removeAllBut: async () => {},
    position: async () => undefined,
    replacePosition: async () => true,
  };
  return { store, chunks, readsBeforeWrites };
}

/** Stores what a walk read, in chunks of this many numbers, and returns the finished walk's position. */
async function walkOf(
  store: InventoryStore,
  numbers: readonly InventoryNumber[],
  size: number,
): Promise<WalkPosition> {
  const numberChunks: string[] = [];
  const locationChunks: string[] = [];
  for (let from = 0; from < numbers.length; from += size) {
    const part = numbers.slice(from, from + size);
    numberChunks.push(await store.writeChunk(part));
    locationChunks.push(
      await store.writeChunk(part.map(({ number }) => ({ number, location: locationOf(number) }))),
    );
  }
  return { ...beginWalk(1_000, {}), stage: 'nothing', numberChunks, locationChunks };
}

const locationOf = (number: PhoneNumber) => ({ id: number.slice(-1), name: `Location ${number.slice(-1)}` });

async function everything(store: InventoryStore): Promise<readonly InventoryNumber[]> {
  const all: InventoryNumber[] = [];
  for await (const some of makeInventory(store).list()) all.push(...some);
  return all;
}

const log = { info() {}, warn() {}, error() {}, debug() {} };

test('Whatever a walk finds, in whatever order, the inventory is that plus what nothing shows to be gone', () => {
  const indices = fc.uniqueArray(fc.nat({ max: 30_000 }), { maxLength: 60 });
  return fc.assert(
    fc.asyncProperty(
      indices,
      indices,
      fc.integer({ min: 1, max: 20 }),
      fc.func(fc.constantFrom('in-service', 'not-ours', 'not known')),
      async (before, found, size, verdictOn) => {
        const { store } = inMemory();
        const judge = async (numbers: readonly PhoneNumber[]) => {
          const verdicts = new Map<PhoneNumber, NumberVerdict>();
          for (const number of numbers) {
            const verdict = verdictOn(number);
            if (verdict === 'in-service') verdicts.set(number, { verdict, number: { number } });
            if (verdict === 'not-ours') verdicts.set(number, { verdict });
          }
          return verdicts;
        };
        const merge = async (those: readonly number[]) => {
          // Pages may repeat numbers.
          const numbers = [...those, ...those.slice(0, 3)].map((each) => ({ number: phone(each) }));
          return mergeWalk(await walkOf(store, numbers, size), { store, judge, log });
        };
        await merge(before);
        const merged = await merge(found);

        const missed = before.filter((each) => !found.includes(each));
        const stay = missed.filter((each) => verdictOn(phone(each)) !== 'not-ours');
        const expected = [...found, ...stay].sort((one, other) => one - other).map(phone);
        const all = await everything(store);
        expect(all.map(({ number }) => number)).toEqual(expected);
        for (const { number, location } of all) expect(location).toEqual(locationOf(number));
        expect(merged).toEqual({
          count: expected.length,
          gone: missed.length - stay.length,
          unconfirmed: missed.filter((each) => verdictOn(phone(each)) === 'not known').length,
        });
      },
    ),
  );
});

test('An account of 20,000 numbers is never in memory as a whole', async () => {
  const { store, readsBeforeWrites } = inMemory();
  const numbers = Array.from({ length: 20_000 }, (_, index) => ({ number: phone(index), city: 'CARY' }));
  const judge = async () => new Map<PhoneNumber, NumberVerdict>();
  await mergeWalk(await walkOf(store, numbers, 1_000), { store, judge, log });
  const position = await walkOf(store, numbers, 1_000);
  readsBeforeWrites.length = 0;
  await mergeWalk(position, { store, judge, log });
  // The first write comes after everything was compared once.
  expect(Math.max(...readsBeforeWrites.slice(1))).toBeLessThan(15);
  expect(await everything(store)).toHaveLength(20_000);
});

test('A walk with a missing part is not the whole account, and the inventory stays as it was', async () => {
  const { store, chunks } = inMemory();
  const judge = async () => new Map<PhoneNumber, NumberVerdict>();
  const numbers = Array.from({ length: 10 }, (_, index) => ({ number: phone(index) }));
  await mergeWalk(await walkOf(store, numbers, 5), { store, judge, log });
  const position = await walkOf(store, numbers, 5);
  chunks.delete(position.numberChunks[1] ?? '');
  const before = await store.index();
  await expect(mergeWalk(position, { store, judge, log })).rejects.toThrow(WalkIncomplete);
  expect(await store.index()).toBe(before);
  expect(before).not.toEqual(emptyIndex);
});
