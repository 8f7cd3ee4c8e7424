import { randomUUID } from 'node:crypto';
import type { Clock } from '../orders/ports/clock.js';
import type { InventoryIndex, InventoryStore, WalkPosition } from '../orders/ports/inventory.js';
import { packChunk, unpackChunk } from './inventory-format.js';
import { type Namespace, readEvenIfDamaged } from './namespace.js';

const FORMAT_VERSION = 1;
/** A chunk is referred to within moments of being written. An older one that isn't was left behind by a crash. */
const REFERRED_TO_WITHIN_MS = 60 * 60_000;

const INDEX = 'index';
const POSITION = 'walk';

/**
 * Keeps the numbers in chunks that are never changed, and which of them make up the inventory in a single entry. So
 * any reader of that entry sees one consistent inventory, and replacing it is one conditional write.
 *
 * @param deps.chunkIds each chunk's id, written before the chunk, so that leftovers can be found without reading chunks.
 */
export function makeInventoryStore(deps: {
  inventory: Namespace;
  chunks: Namespace;
  chunkIds: Namespace;
  clock: Pick<Clock, 'now'>;
}): InventoryStore {
  const { inventory, chunks, chunkIds, clock } = deps;
  /** The stored value that each index or position was read from, or written as. */
  const storedAs = new WeakMap<object, unknown>();

  const read = async <Value extends object>(key: string): Promise<Value | undefined> => {
    const stored = await readEvenIfDamaged(inventory, key);
    if (stored === undefined) return undefined;
    const { v, value } = stored as { v?: unknown; value?: Value };
    // From another version: it counts as missing, and the next walk replaces it.
    if (v !== FORMAT_VERSION || typeof value !== 'object' || value === null) return undefined;
    storedAs.set(value, stored);
    return value;
  };

  const replace = async (
    key: string,
    current: object | undefined,
    next: object | undefined,
  ): Promise<boolean> => {
    const stored = next === undefined ? undefined : { v: FORMAT_VERSION, value: next };
    if (next !== undefined) storedAs.set(next, stored);
    if (current !== undefined) {
      const before = storedAs.get(current);
      return stored === undefined
        ? inventory.removeIfSame(key, before)
        : inventory.replace(key, before, stored);
    }
    if (stored === undefined) return true;
    if (await inventory.insertIfAbsent(key, stored)) return true;
    const there = await readEvenIfDamaged(inventory, key);
    if ((await read(key)) !== undefined) return false;
    return inventory.replace(key, there, stored);
  };

  const removeChunk = async (id: string) => {
    for (const namespace of [chunks, chunkIds]) {
      const stored = await readEvenIfDamaged(namespace, id);
      if (stored !== undefined) await namespace.removeIfSame(id, stored);
    }
  };

  return {
    index: () => read<InventoryIndex>(INDEX),
    replaceIndex: (current, next) => replace(INDEX, current, next),
    async writeChunk(numbers) {
      const id = randomUUID();
      await chunkIds.set(id, { at: clock.now() });
      await chunks.set(id, packChunk(numbers));
      return id;
    },
    readChunk: async (id) => unpackChunk(await readEvenIfDamaged(chunks, id)),
    async removeChunks(ids) {
      for (const id of ids) await removeChunk(id);
    },
    async removeAllBut(ids) {
      const before = clock.now() - REFERRED_TO_WITHIN_MS;
      const left: string[] = [];
      for await (const [id, written] of chunkIds.walk()) {
        const { at } = (written ?? {}) as { at?: unknown };
        if (!ids.has(id) && (typeof at !== 'number' || at < before)) left.push(id);
      }
      for (const id of left) await removeChunk(id);
    },
    position: () => read<WalkPosition>(POSITION),
    replacePosition: (current, next) => replace(POSITION, current, next),
  };
}
