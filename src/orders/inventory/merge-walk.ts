import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { InventoryNumber } from '../domain/number-record.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type {
  ChunkEntry,
  InventoryIndex,
  InventoryStore,
  NumberVerdict,
  WalkPosition,
} from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { emptyIndex } from './change-records.js';
import { byNumber, inChunks } from './number-order.js';
import { readsNothing } from './walk-position.js';
import { type DividedWalk, divideWalk, type WalkedRange } from './walked-ranges.js';

/** How long Bandwidth's lists may lag behind an order's completion. */
const LISTS_LAG_MS = 60 * 60_000;
/** How often our own orders may change the inventory while it is merged. */
const TRIES = 10;

/** Returns which order bought each of these numbers; undefined if the orders can't be asked. */
export type BoughtBy = (
  numbers: readonly PhoneNumber[],
) => Promise<ReadonlyMap<PhoneNumber, NonNullable<InventoryNumber['bought']>> | undefined>;

export interface MergeDeps {
  readonly store: InventoryStore;
  /** Asks Bandwidth about any quantity of numbers. A number missing from the answer is not known. */
  judge(numbers: readonly PhoneNumber[]): Promise<ReadonlyMap<PhoneNumber, NumberVerdict>>;
  readonly boughtBy?: BoughtBy | undefined;
  readonly log: Log;
}

export interface MergedWalk {
  readonly count: number;
  /** How many numbers were on record and are certainly no longer in service. */
  readonly gone: number;
  /** How many the walk missed although nothing shows that they are gone. They stay on record. */
  readonly unconfirmed: number;
}

/**
 * Replaces the inventory with what the walk found. Two kinds of numbers are looked up one by one first, because lists
 * lag and change while they are read: those that the walk missed, and those that it found although one of our orders
 * disconnected them. Throws StoreError, {@link WalkIncomplete} among others, and what `judge` throws; then the
 * inventory stays as it was.
 */
export async function mergeWalk(position: WalkPosition, deps: MergeDeps): Promise<MergedWalk> {
  const { store } = deps;
  const walked = await divideWalk(position, deps);
  const verdicts = new Map<PhoneNumber, NumberVerdict>();
  const judged = new Set<PhoneNumber>();
  const judge = async (numbers: readonly PhoneNumber[]) => {
    const wanted = numbers.filter((number) => !judged.has(number));
    if (wanted.length === 0) return;
    for (const [number, verdict] of await deps.judge(wanted)) verdicts.set(number, verdict);
    for (const number of wanted) judged.add(number);
  };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const current = await store.index();
    const index = current ?? emptyIndex;
    const { missed, withdrawn } = await doubts(position, index, walked, store);
    await judge([...missed, ...withdrawn]);
    // An order may disconnect it after this verdict.
    for (const number of withdrawn) judged.delete(number);
    const merged = merge(walked.ranges(index.chunks, 'places'), verdicts, withdrawn);
    const chunks = await write(merged.numbers, deps);
    const next: InventoryIndex = {
      ...(readsNothing(position) ? {} : { asOf: position.startedAt }),
      unread: position.unread,
      missingRoles: position.missingRoles,
      totals: position.totals,
      chunks,
      removed: index.removed,
    };
    if (await store.replaceIndex(current, next)) {
      await store.removeChunks(index.chunks.map(({ id }) => id));
      return { count: chunks.reduce((sum, { count }) => sum + count, 0), ...merged.counted() };
    }
    await store.removeChunks(chunks.map(({ id }) => id));
  }
  throw new Error('the inventory changed during every attempt to merge it');
}

/** Returns what the walk and the inventory so far disagree about. */
async function doubts(
  position: WalkPosition,
  index: InventoryIndex,
  walked: DividedWalk,
  store: InventoryStore,
): Promise<{
  /** On record, but not found. */
  readonly missed: readonly PhoneNumber[];
  /** Found, although one of our orders disconnected them. */
  readonly withdrawn: readonly PhoneNumber[];
}> {
  const missed: PhoneNumber[] = [];
  const withdrawn: PhoneNumber[] = [];
  const removed = new Set<PhoneNumber>();
  for (const { at, chunkId } of index.removed) {
    if (at < position.startedAt - LISTS_LAG_MS) continue;
    for (const { number } of (await store.readChunk(chunkId)) ?? []) removed.add(number);
  }
  for await (const { found, onRecord } of walked.ranges(index.chunks)) {
    for (const { number } of onRecord) {
      if (!found.has(number)) missed.push(number);
      // It came back after it was disconnected.
      else removed.delete(number);
    }
    for (const number of removed) if (found.has(number)) withdrawn.push(number);
  }
  return { missed, withdrawn };
}

/** Yields the numbers of the new inventory in ascending order. What `counted` returns is final after that. */
function merge(
  ranges: AsyncIterable<WalkedRange>,
  verdicts: ReadonlyMap<PhoneNumber, NumberVerdict>,
  withdrawn: readonly PhoneNumber[],
) {
  let gone = 0;
  let unconfirmed = 0;
  const isOut = new Set(withdrawn.filter((number) => verdicts.get(number)?.verdict !== 'in-service'));

  const mergeRange = ({ found, places, onRecord }: WalkedRange): readonly InventoryNumber[] => {
    for (const before of onRecord) {
      const { number } = before;
      const now = found.get(number);
      const verdict = verdicts.get(number);
      if (now !== undefined) {
        if (isSamePurchase(before, now)) found.set(number, { ...now, bought: before.bought });
      } else if (verdict === undefined) {
        unconfirmed += 1;
        found.set(number, before);
      } else if (verdict.verdict === 'in-service') found.set(number, { ...before, ...verdict.number });
      else gone += 1;
    }
    return [...found.values()]
      .filter(({ number }) => !isOut.has(number))
      .sort(byNumber)
      .map((each) => ({ ...each, ...places.get(each.number) }));
  };

  async function* numbers(): AsyncIterable<readonly InventoryNumber[]> {
    for await (const range of ranges) {
      yield mergeRange(range);
      await yieldToEventLoop();
    }
  }

  return { numbers: numbers(), counted: () => ({ gone, unconfirmed }) };
}

/** Whether the number is still in service from the purchase on record, which then needn't be looked up again. */
const isSamePurchase = (
  before: InventoryNumber,
  now: InventoryNumber,
): before is InventoryNumber & { readonly bought: object } =>
  typeof before.bought === 'object' &&
  before.inServiceSince !== undefined &&
  before.inServiceSince === now.inServiceSince;

/** Stores the numbers, each with the order that bought it. */
async function write(
  sorted: AsyncIterable<readonly InventoryNumber[]>,
  { store, boughtBy }: MergeDeps,
): Promise<readonly ChunkEntry[]> {
  const entries: ChunkEntry[] = [];
  for await (const numbers of inChunks(sorted)) {
    const [first] = numbers;
    if (first === undefined) continue;
    const unjoined = numbers.filter(({ bought }) => bought === undefined).map(({ number }) => number);
    const orders = unjoined.length === 0 ? undefined : await boughtBy?.(unjoined);
    const joined = numbers.map((each): InventoryNumber => {
      const bought = each.bought ?? (orders && (orders.get(each.number) ?? ('unexplained' as const)));
      return bought === undefined ? each : { ...each, bought };
    });
    entries.push({ id: await store.writeChunk(joined), first: first.number, count: numbers.length });
  }
  return entries;
}
