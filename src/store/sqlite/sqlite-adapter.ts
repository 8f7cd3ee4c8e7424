import type { ConditionalAdapter } from '../namespace.js';
import { BATCH, type Reads, textFromBytes, type Writes } from './sqlite-connections.js';

/** How often expired entries are removed. */
const SWEEP_EVERY_MS = 10 * 60_000;

/** Returns a function that makes the adapter of each namespace. */
export function makeSqliteAdapters(deps: {
  /** Returns a statement that reads. Throws NotWritten once the database is closed. */
  readonly read: <Name extends keyof Reads>(name: Name) => Reads[Name];
  /** Runs a statement that writes, and returns whether that changed anything. */
  readonly change: (name: keyof Writes, ...values: unknown[]) => Promise<boolean>;
}): (namespace: string) => ConditionalAdapter {
  const { read, change } = deps;
  let sweepAt = 0;
  const sweepNowAndThen = async (now: number) => {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    await change('sweep', now);
  };

  const expiry = (now: number, ttl: number | undefined) => (ttl === undefined ? null : now + ttl);

  return (namespace) => {
    const adapter: ConditionalAdapter = {
      // Keyv iterates only over dialects it knows.
      opts: { dialect: 'sqlite' },
      // Nothing fails in the background, so there are no events.
      on: () => adapter,
      // Keyv's `get` returns a value or undefined of any requested type; the text is deserialized there.
      async get<Value>(key: string) {
        const row = read('get').get(namespace, key, Date.now());
        return row === undefined ? undefined : (textFromBytes(entryOf(row).value) as Value);
      },
      async set(key: string, text: string, ttl?: number) {
        const now = Date.now();
        // What couldn't be swept is swept next time.
        const swept = sweepNowAndThen(now).catch(() => {});
        await change('set', namespace, key, text, expiry(now, ttl));
        await swept;
      },
      delete: (key) => change('remove', namespace, key),
      async clear() {
        await change('clear', namespace);
      },
      /** Continues from the last key, so that removed entries don't make it skip any. */
      async *iterator<Value>() {
        let last = Buffer.of();
        for (;;) {
          const rows = read('after').all(namespace, last, Date.now()).map(entryOf);
          for (const { key, value } of rows) {
            last = Buffer.from(key);
            yield [last.toString(), textFromBytes(value) as Awaited<Value>];
          }
          if (rows.length < BATCH) return;
        }
      },
      async insertIfAbsent(key, text, ttl) {
        const now = Date.now();
        return change('insertIfAbsent', namespace, key, text, expiry(now, ttl), now);
      },
      async replace(key, current, next, ttl) {
        const now = Date.now();
        return change('replace', next, expiry(now, ttl), namespace, key, current, now);
      },
      removeIfSame: (key, current) => change('removeIfSame', namespace, key, current),
    };
    return adapter;
  };
}

interface Entry {
  readonly key: ArrayBuffer;
  readonly value: ArrayBuffer;
}

export function entryOf(row: unknown): Entry {
  return row as Entry;
}
