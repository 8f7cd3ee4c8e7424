import { StoreError } from '../../orders/ports/store-errors.js';
import type { Database } from '../database.js';
import { copiedNamespaces, copiedSortedKeys, type PartName, rawOf, sortedKeysOf } from '../namespaces.js';
import { type Contents, contentsOfEntries, contentsOfKeys } from './compare-part.js';
import { ALL_KEYS, type CopySteps, clearSortedKeys, copyEntries, copySortedKeys } from './copy-part.js';

/** One part of a store that moves with it. */
export interface CopiedPart {
  readonly name: PartName;
  copyTo(target: Database, steps: CopySteps): Promise<void>;
  contents(): Promise<Contents>;
  isEmpty(): Promise<boolean>;
  clear(): Promise<void>;
}

/** Returns the parts that are copied, always in the same order. Their methods throw {@link StoreError}. */
export const copiedParts = (database: Database): readonly CopiedPart[] => unguarded(database).map(guarded);

const unguarded = (database: Database): readonly CopiedPart[] => [
  ...copiedNamespaces.map(
    (name): CopiedPart => ({
      name,
      copyTo: async (target, steps) =>
        copyEntries(await rawOf(database, name), await rawOf(target, name), steps),
      contents: async () => contentsOfEntries(await rawOf(database, name)),
      async isEmpty() {
        for await (const batch of (await rawOf(database, name)).batches()) if (batch.length > 0) return false;
        return true;
      },
      clear: async () => (await rawOf(database, name)).clear(),
    }),
  ),
  ...copiedSortedKeys.map(
    (name): CopiedPart => ({
      name,
      copyTo: async (target, steps) =>
        copySortedKeys(await sortedKeysOf(database, name), await sortedKeysOf(target, name), steps),
      contents: async () => contentsOfKeys(await sortedKeysOf(database, name)),
      isEmpty: async () => (await (await sortedKeysOf(database, name)).last(...ALL_KEYS, 1)).length === 0,
      clear: async () => clearSortedKeys(await sortedKeysOf(database, name)),
    }),
  ),
];

/** Names the part in every failure. */
function guarded(part: CopiedPart): CopiedPart {
  const { name } = part;
  const doing = async <T>(action: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(`could not ${action} ${name}: ${messageOf(cause)}`, { cause });
    }
  };
  return {
    name,
    copyTo: (target, steps) => doing('copy', () => part.copyTo(target, steps)),
    contents: () => doing('read', part.contents),
    isEmpty: () => doing('read', part.isEmpty),
    clear: () => doing('clear', part.clear),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
