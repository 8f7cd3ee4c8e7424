import type { InventoryNumber } from '../domain/number-record.js';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { Clock } from '../ports/clock.js';
import type { ChunkEntry, InventoryIndex, InventoryStore } from '../ports/inventory.js';
import type { Log } from '../ports/log.js';
import { byNumber, NUMBERS_A_CHUNK } from './number-order.js';

/** What one of our orders changed. */
export interface InventoryChange {
  readonly added: readonly InventoryNumber[];
  readonly removed: readonly PhoneNumber[];
}

/** The inventory before the first walk: incomplete, whatever it holds. */
export const emptyIndex: InventoryIndex = {
  unread: 0,
  missingRoles: [],
  totals: {},
  chunks: [],
  removed: [],
};

/** How long removals are kept: longer than a walk may take, and Bandwidth's lists may lag behind an order. */
const REMOVALS_KEPT_MS = 8 * 60 * 60_000;
/** How often another process may write first. */
const TRIES = 10;

type Deps = { readonly store: InventoryStore; readonly clock: Pick<Clock, 'now'>; readonly log: Log };

/** Adds numbers to the inventory, or takes them out, without walking it. Throws StoreError. */
export async function changeRecords({ store, clock, log }: Deps, change: InventoryChange): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const current = await store.index();
    const written: string[] = [];
    const next = await changed(store, current ?? emptyIndex, change, clock.now(), written);
    if (await store.replaceIndex(current, next.index)) {
      await store.removeChunks(next.replaced);
      return;
    }
    await store.removeChunks(written);
  }
  log.warn({ tries: TRIES }, 'inventory not updated after an order, the next full read will correct it');
}

async function changed(
  store: InventoryStore,
  index: InventoryIndex,
  { added, removed }: InventoryChange,
  now: number,
  written: string[],
): Promise<{ readonly index: InventoryIndex; readonly replaced: readonly string[] }> {
  const write = async (numbers: readonly InventoryNumber[]): Promise<string> => {
    const id = await store.writeChunk(numbers);
    written.push(id);
    return id;
  };
  const gone = new Set(removed);
  const replaced: string[] = [];
  const chunks: ChunkEntry[] = [];
  const entries = index.chunks.length > 0 ? index.chunks : [undefined];
  for (const [at, entry] of entries.entries()) {
    const from = at === 0 ? '' : (entry?.first ?? '');
    const end = index.chunks[at + 1]?.first ?? '~';
    const isHere = (number: PhoneNumber) => number >= from && number < end;
    const comes = added.filter(({ number }) => isHere(number));
    const isConcerned = comes.length > 0 || removed.some(isHere);
    const before = entry !== undefined && isConcerned ? await store.readChunk(entry.id) : [];
    // A chunk that is missing was just replaced, or is repaired by the next walk.
    if (entry !== undefined && (!isConcerned || before === undefined)) {
      chunks.push(entry);
      continue;
    }
    const records = new Map((before ?? []).map((each) => [each.number, each]));
    for (const number of gone) records.delete(number);
    for (const each of comes) records.set(each.number, { ...records.get(each.number), ...each });
    if (entry !== undefined) replaced.push(entry.id);
    const sorted = [...records.values()].sort(byNumber);
    for (let start = 0; start < sorted.length; start += NUMBERS_A_CHUNK) {
      const part = sorted.slice(start, start + NUMBERS_A_CHUNK);
      const [first] = part;
      if (first !== undefined)
        chunks.push({ id: await write(part), first: first.number, count: part.length });
    }
  }
  const isRecent = ({ at }: { readonly at: number }) => at > now - REMOVALS_KEPT_MS;
  const removals = index.removed.filter(isRecent);
  return {
    index: {
      ...index,
      chunks,
      removed:
        removed.length === 0
          ? removals
          : [...removals, { at: now, chunkId: await write(removed.map((number) => ({ number }))) }],
    },
    replaced: [...replaced, ...index.removed.filter((each) => !isRecent(each)).map(({ chunkId }) => chunkId)],
  };
}
