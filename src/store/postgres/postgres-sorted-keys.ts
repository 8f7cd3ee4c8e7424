import { inBatches, type SortedKeys } from '../sorted-keys.js';
import type { Query } from './postgres-raw.js';

/** Sorted by bytes (`COLLATE "C"`), whatever the language of the database. */
export function sortedKeysIn(query: Query, table: string): SortedKeys {
  return {
    async add(keys) {
      for (const batch of inBatches(keys)) {
        // In order, so that two instances that add the same keys don't wait for each other.
        await query(
          `INSERT INTO ${table} (key) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING`,
          [batch],
        );
      }
    },
    async remove(keys) {
      for (const batch of inBatches(keys)) await query(`DELETE FROM ${table} WHERE key = ANY($1)`, [batch]);
    },
    async last(from, to, limit) {
      const rows = await query(
        `SELECT key FROM ${table} WHERE key >= $1 AND key < $2 ORDER BY key DESC LIMIT $3`,
        [from, to, limit],
      );
      return rows.flatMap(({ key }) => key ?? []);
    },
  };
}
