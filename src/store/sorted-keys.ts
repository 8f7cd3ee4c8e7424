import type { StoreFailure } from '../orders/ports/measurements.js';

/**
 * A set of texts, sorted by their bytes. Reading a range costs the same however many there are. Methods reject if the
 * database can't be reached; a write may then have happened or not, and may be repeated.
 */
export interface SortedKeys {
  /** Adds all or a part, if it rejects. Durable once it resolves. */
  add(keys: readonly string[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Returns the last keys, at most `limit`, that are at or after `from` and before `to`; the last one first. */
  last(from: string, to: string, limit: number): Promise<readonly string[]>;
}

/** Returns the same keys, with every failure reported before it is thrown. */
export function reportingFailures(keys: SortedKeys, failed: (failure: StoreFailure) => void): SortedKeys {
  const reporting = async <T>(failure: StoreFailure, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      failed(failure);
      throw error;
    }
  };
  return {
    add: (added) => reporting('unknown-write', () => keys.add(added)),
    remove: (removed) => reporting('unknown-write', () => keys.remove(removed)),
    last: (from, to, limit) => reporting('list', () => keys.last(from, to, limit)),
  };
}

/** How many keys one statement writes. */
export const KEYS_AT_ONCE = 500;

export function* inBatches(keys: readonly string[]): Iterable<string[]> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE)
    yield keys.slice(start, start + KEYS_AT_ONCE);
}
