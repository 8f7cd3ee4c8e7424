import { inBatches, type SortedKeys } from '../sorted-keys.js';
import type { GroupCommit } from './group-commit.js';
import { textFromBytes } from './sqlite-connections.js';

/** Sorted by bytes, like every text in SQLite. */
export function sortedKeysIn(
  connections: {
    readonly last: { all(...values: unknown[]): unknown[] };
    readonly insertKey: { run(...values: unknown[]): unknown };
    readonly remove: { run(...values: unknown[]): unknown };
    readonly commit: GroupCommit['commit'];
    readonly refuseIfClosed: () => void;
  },
  name: string,
): SortedKeys {
  const { last, insertKey, remove, commit, refuseIfClosed } = connections;

  async function runForEach(statement: typeof remove, keys: readonly string[]): Promise<void> {
    for (const batch of inBatches(keys)) {
      refuseIfClosed();
      await commit(() => {
        for (const key of batch) statement.run(name, key);
      });
    }
  }

  return {
    add: (keys) => runForEach(insertKey, keys),
    remove: (keys) => runForEach(remove, keys),
    async last(from, to, limit) {
      refuseIfClosed();
      const rows = last.all(name, from, to, limit) as readonly { readonly key: ArrayBuffer }[];
      return rows.map(({ key }) => textFromBytes(key));
    },
  };
}
