import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { InventoryNumber } from '../domain/number-record.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { ChunkEntry, InventoryStore, WalkPosition } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { StoreError } from '../ports/store-errors.js';
import { readsOnlyLocations } from './walk-position.js';

/** The numbers between two others: what the walk found, and what is on record so far. */
export interface WalkedRange {
  readonly found: Map<PhoneNumber, InventoryNumber>;
  /** Their sub-accounts and locations; empty without `places`. */
  readonly places: ReadonlyMap<PhoneNumber, InventoryNumber>;
  readonly onRecord: readonly InventoryNumber[];
}

/** Everything that a walk read, to be taken out range by range. */
export interface DividedWalk {
  /** Yields every range in ascending order; together they have every number once. Throws StoreError. */
  ranges(onRecord: readonly ChunkEntry[], wanted?: 'places'): AsyncIterable<WalkedRange>;
}

/** A part of what the walk read is gone, so the rest must not count as the whole account. */
export class WalkIncomplete extends StoreError {
  override readonly name = 'WalkIncomplete';
  override readonly trouble = 'walk-incomplete';
}

/**
 * How many numbers are in memory at a time, roughly. The garbage collector stops the app for as long as it takes to
 * move what is kept.
 */
const NUMBERS_A_RANGE = 2_000;
/** How many chunks that the next range also needs are kept in memory for it. */
const CHUNKS_KEPT = 8;
/** Ranges begin where these digits change: at most 1,000 numbers have them in common. */
const PREFIX = '+19105554'.length;

interface Extent {
  readonly id: string;
  readonly first: PhoneNumber;
  readonly last: PhoneNumber;
}

interface Range {
  readonly from: string;
  readonly before: string;
}

/** Finds out which part of the walk has which numbers. Throws StoreError, {@link WalkIncomplete} among others. */
export async function divideWalk(
  position: WalkPosition,
  { store, log }: { readonly store: Pick<InventoryStore, 'readChunk'>; readonly log: Pick<Log, 'warn'> },
): Promise<DividedWalk> {
  const counts = new Map<string, number>();
  const onlyLocations = readsOnlyLocations(position);

  const read = async (id: string): Promise<readonly InventoryNumber[]> => {
    const numbers = await store.readChunk(id);
    if (numbers === undefined) throw new WalkIncomplete(`the walk's chunk ${id} is missing`);
    return numbers;
  };

  const extentsOf = async (ids: readonly string[], areCounted: boolean): Promise<readonly Extent[]> => {
    const extents: Extent[] = [];
    for (const id of ids) {
      const numbers = await read(id);
      const [one] = numbers;
      if (one === undefined) continue;
      let first = one.number;
      let last = first;
      for (const { number } of numbers) {
        if (number < first) first = number;
        if (number > last) last = number;
        if (areCounted) add(counts, number, 1);
      }
      extents.push({ id, first, last });
      await yieldToEventLoop();
    }
    return extents;
  };

  const ofNumbers = await extentsOf(position.numberChunks, true);
  const ofLocations = await extentsOf(position.locationChunks, onlyLocations);
  const logged = new Set<string>();

  /** Calls `take` with each of these numbers in the range. */
  async function within(
    extents: readonly Extent[],
    range: Range,
    kept: Map<string, readonly InventoryNumber[]>,
    take: (each: InventoryNumber) => void,
  ): Promise<void> {
    const isHere = isIn(range);
    for (const { id, first, last } of extents) {
      if (first >= range.before || last < range.from) continue;
      const numbers = kept.get(id) ?? (await read(id));
      kept.delete(id);
      if (last >= range.before && kept.size < CHUNKS_KEPT) kept.set(id, numbers);
      for (const each of numbers) if (isHere(each)) take(each);
      await yieldToEventLoop();
    }
  }

  const onRecordIn = async (
    chunks: readonly ChunkEntry[],
    range: Range,
  ): Promise<readonly InventoryNumber[]> => {
    const found: InventoryNumber[] = [];
    for (const [at, { id, first }] of chunks.entries()) {
      if (first >= range.before || (chunks[at + 1]?.first ?? '~') <= range.from) continue;
      const numbers = await store.readChunk(id);
      if (numbers === undefined && !logged.has(id)) {
        log.warn({ chunk: id }, 'part of the inventory missing, read again by this walk');
        logged.add(id);
      }
      found.push(...(numbers ?? []).filter(isIn(range)));
      await yieldToEventLoop();
    }
    return found;
  };

  return {
    async *ranges(onRecord, wanted) {
      const kept = new Map<string, readonly InventoryNumber[]>();
      for (const range of divide(counts, onRecord)) {
        const found: Map<PhoneNumber, InventoryNumber> = new Map();
        const places: Map<PhoneNumber, InventoryNumber> = new Map();
        if (onlyLocations || wanted === 'places') {
          await within(ofLocations, range, kept, (each) => {
            places.set(each.number, each);
            if (onlyLocations) found.set(each.number, { number: each.number });
          });
        }
        await within(ofNumbers, range, kept, (each) => found.set(each.number, each));
        yield { found, places, onRecord: await onRecordIn(onRecord, range) };
      }
    },
  };
}

const isIn =
  ({ from, before }: Range) =>
  ({ number }: InventoryNumber): boolean =>
    number >= from && number < before;

function add(counts: Map<string, number>, number: PhoneNumber, more: number): void {
  const prefix = number.slice(0, PREFIX);
  counts.set(prefix, (counts.get(prefix) ?? 0) + more);
}

/** Divides all possible numbers so that each range has about as many of those found and of those on record. */
function divide(found: ReadonlyMap<string, number>, onRecord: readonly ChunkEntry[]): readonly Range[] {
  const counts = new Map(found);
  for (const { first, count } of onRecord) add(counts, first, count);
  const ranges: Range[] = [];
  let from = '';
  let size = 0;
  for (const prefix of [...counts.keys()].sort()) {
    const count = counts.get(prefix) ?? 0;
    if (size > 0 && size + count > NUMBERS_A_RANGE) {
      ranges.push({ from, before: prefix });
      from = prefix;
      size = 0;
    }
    size += count;
  }
  return [...ranges, { from, before: '~' }];
}
