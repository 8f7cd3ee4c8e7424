import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { InventoryNumber } from '../domain/number-record.js';
import type {
  ChunkEntry,
  Inventory,
  InventoryIndex,
  InventoryState,
  InventoryStore,
  WalkPosition,
} from '../ports/inventory.js';
import { StoreError } from '../ports/store-errors.js';

/** A chunk was replaced after the index was read. */
class Outdated extends StoreError {
  override readonly trouble = 'inventory-incomplete';
}

/** How often a reader may find its chunks replaced. They are replaced minutes apart. */
const TRIES = 5;

/** Reads the stored inventory. */
export function makeInventory(store: Pick<InventoryStore, 'index' | 'position' | 'readChunk'>): Inventory {
  const chunk = async ({ id }: ChunkEntry): Promise<readonly InventoryNumber[]> => {
    const numbers = await store.readChunk(id);
    if (numbers === undefined) throw new Outdated(`the inventory's chunk ${id} is missing`);
    return numbers;
  };

  const within = async (entry: ChunkEntry, range: Range): Promise<readonly InventoryNumber[]> =>
    (await chunk(entry)).filter(({ number }) => number >= range.from && number < range.before);

  /** Reads again from the beginning if the inventory was replaced in between. */
  const consistently = async <Result>(
    read: (index: InventoryIndex | undefined) => Promise<Result>,
  ): Promise<Result> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await read(await store.index());
      } catch (error) {
        if (!(error instanceof Outdated) || tries === TRIES) throw error;
      }
    }
  };

  return {
    async state() {
      const [index, position] = await Promise.all([store.index(), store.position()]);
      return inventoryStateOf(index, position);
    },
    get: (number) =>
      consistently(async (index) => {
        const entry = index?.chunks.findLast(({ first }) => first <= number);
        return entry && (await chunk(entry)).find((each) => each.number === number);
      }),
    async *list(prefix) {
      let range = rangeOf(prefix);
      // Each step continues in the inventory as it is then.
      for (;;) {
        const numbers = await consistently(async (index) => {
          for (const entry of entriesIn(index, range)) {
            const found = await within(entry, range);
            if (found.length > 0) return found;
          }
          return [];
        });
        const last = numbers.at(-1);
        if (last === undefined) return;
        yield numbers;
        range = { ...range, from: `${last.number}!` };
        await yieldToEventLoop();
      }
    },
    slice: (prefix, from, size) =>
      consistently(async (index) => {
        const range = rangeOf(prefix);
        const numbers: InventoryNumber[] = [];
        let total = 0;
        for (const entry of entriesIn(index, range)) {
          const holdsWanted = total + entry.count > from && numbers.length < size;
          if (holdsWanted || !entry.isWhole) {
            const found = await within(entry, range);
            const skipped = Math.max(0, from - total);
            numbers.push(...found.slice(skipped, skipped + size - numbers.length));
            total += found.length;
          } else {
            total += entry.count;
          }
        }
        return { numbers, total };
      }),
  };
}

/** Numbers sort as texts. */
interface Range {
  readonly from: string;
  readonly before: string;
}

/** `~` and `!` sort after and before every digit. */
const rangeOf = (prefix = ''): Range =>
  prefix === '' ? { from: '', before: '~' } : { from: `+1${prefix}`, before: `+1${prefix}~` };

interface EntryInRange extends ChunkEntry {
  /** Whether all its numbers are in the range. */
  readonly isWhole: boolean;
}

/** Returns the chunks that may hold numbers in that range. */
export function entriesIn(index: InventoryIndex | undefined, range: Range): readonly EntryInRange[] {
  const entries = index?.chunks ?? [];
  return entries.flatMap((entry, at) => {
    const end = entries[at + 1]?.first ?? '~';
    if (entry.first >= range.before || end <= range.from) return [];
    return [{ ...entry, isWhole: entry.first >= range.from && end <= range.before }];
  });
}

export function inventoryStateOf(
  index: InventoryIndex | undefined,
  position: WalkPosition | undefined,
): InventoryState {
  const total = position?.totals.inService;
  return {
    ...(index?.asOf === undefined ? {} : { asOf: index.asOf }),
    count: (index?.chunks ?? []).reduce((sum, { count }) => sum + count, 0),
    unread: index?.unread ?? 0,
    missingRoles: position?.missingRoles ?? index?.missingRoles ?? [],
    ...(position === undefined
      ? {}
      : {
          walking: {
            since: position.startedAt,
            read: position.read,
            ...(total === undefined ? {} : { total }),
          },
        }),
    ...(position?.trouble === undefined ? {} : { trouble: position.trouble }),
  };
}
