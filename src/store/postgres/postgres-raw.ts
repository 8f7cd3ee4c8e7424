import { type RawEntries, toExpire } from '../raw-entries.js';

/** How many rows one statement reads, or deletes: few enough for its time limit. */
const BATCH = 500;

/** Returns the rows of one statement. */
export type Query = (sql: string, values?: unknown[]) => Promise<Record<string, string>[]>;

/** @param table with its schema. */
export function rawEntriesIn(query: Query, table: string): RawEntries {
  return {
    async *batches() {
      for (let last = ''; ; ) {
        const rows = await query(
          `SELECT key, value, (extract(epoch FROM expires - now()) * 1000)::float8 AS ttl FROM ${table}
           WHERE key > $1 AND (expires IS NULL OR expires > now()) ORDER BY key LIMIT ${BATCH}`,
          [last],
        );
        yield rows.map(({ key = '', value = '', ttl }) =>
          toExpire(key, value, ttl === null ? undefined : Number(ttl)),
        );
        const end = rows.at(-1)?.key;
        if (end === undefined || rows.length < BATCH) return;
        last = end;
      }
    },
    async write(entries) {
      const columns = [
        entries.map(({ key }) => key),
        entries.map(({ text }) => text),
        entries.map(({ expiresInMs }) => expiresInMs ?? null),
      ];
      await query(
        `INSERT INTO ${table} (key, value, expires)
         SELECT key, value, now() + ttl * interval '1 millisecond'
         FROM unnest($1::text[], $2::text[], $3::float8[]) AS entry (key, value, ttl)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
        columns,
      );
    },
    async clear() {
      const some = `DELETE FROM ${table} WHERE key IN (SELECT key FROM ${table} LIMIT ${BATCH}) RETURNING 1`;
      for (let deleted = BATCH; deleted > 0; ) deleted = (await query(some)).length;
    },
  };
}
