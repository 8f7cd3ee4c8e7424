import { type RawEntries, toExpire } from '../raw-entries.js';
import type { RedisAnswers } from './redis-answers.js';
import type { Client } from './redis-connection.js';

/** How many keys of the whole server one step scans. */
const BATCH = 1_000;

/**
 * Scans the whole server for the entries of one namespace, so that one missing from the listing is read, too.
 *
 * @param home.listed whether the set `place` holds each key, as for the adapter.
 */
export function rawEntriesIn(
  client: Client,
  { answered, answeredWrite }: RedisAnswers,
  home: { readonly place: string; readonly listed: boolean },
  checkOpen: () => void,
): RawEntries {
  const prefix = `${home.place}:`;
  const match = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;

  async function* scanned(): AsyncGenerator<readonly string[]> {
    for (let cursor = '0'; ; ) {
      checkOpen();
      const found = await answered(client.scan(cursor, { MATCH: match, COUNT: BATCH, TYPE: 'string' }));
      cursor = String(found.cursor);
      if (found.keys.length > 0) yield found.keys;
      if (cursor === '0') return;
    }
  }

  return {
    async *batches() {
      // A scan may return a key twice.
      const seen = new Set<string>();
      for await (const found of scanned()) {
        const keys = [...new Set(found)].filter((key) => !seen.has(key));
        if (keys.length === 0) continue;
        const [texts, left] = await Promise.all([
          answered(client.mGet(keys)),
          Promise.all(keys.map((key) => answered(client.pTTL(key)))),
        ]);
        yield keys.flatMap((key, index) => {
          seen.add(key);
          const [text, ms] = [texts[index], Number(left[index] ?? -1)];
          // It may have expired since it was scanned.
          if (text === null || text === undefined || ms === -2) return [];
          return [toExpire(key.slice(prefix.length), text, ms < 0 ? undefined : ms)];
        });
      }
    },
    async write(entries) {
      if (entries.length === 0) return;
      checkOpen();
      const all = client.multi();
      for (const { key, text, expiresInMs } of entries) {
        all.set(
          prefix + key,
          text,
          expiresInMs === undefined ? {} : { PX: Math.max(1, Math.round(expiresInMs)) },
        );
      }
      if (home.listed)
        all.sAdd(
          home.place,
          entries.map(({ key }) => key),
        );
      await answeredWrite(all.exec());
    },
    async clear() {
      for await (const keys of scanned()) await answeredWrite(client.unlink([...keys]));
      if (home.listed) await answeredWrite(client.unlink(home.place));
    },
  };
}
