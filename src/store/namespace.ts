import { setImmediate as breathe } from 'node:timers/promises';
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import { StoreError } from '../orders/ports.js';

/**
 * A keyv storage adapter that can also write on a condition, each in one native statement, because keyv cannot: between
 * its `get` and its `set` another instance may have written. Texts are values as keyv serialised them.
 * Every method rejects when the database cannot be reached.
 */
export interface ConditionalAdapter extends KeyvStoreAdapter {
  /** False when the key exists. `ttl` in milliseconds, by the database's clock; without one the entry stays. */
  insertIfAbsent(key: string, text: string, ttl?: number): Promise<boolean>;
  /** False when anything but `current` is stored. From then on it lives for `ttl`, or stays. */
  replace(key: string, current: string, next: string, ttl?: number): Promise<boolean>;
  /** False when anything but `current` is stored. */
  removeIfSame(key: string, current: string): Promise<boolean>;
}

/** What is stored is not what anybody wrote there: a damaged file, a newer version of the app, a hand that edited it. */
export class UnreadableEntry extends StoreError {
  override readonly advice =
    "What I have on record about this can't be read, so nothing was changed. Trying again won't help: an admin has to look at my log.";
}

/** So many entries are read at a stretch; then whoever waits for the process gets a turn. A few milliseconds' worth. */
const BREATHE_EVERY = 250;

/** Stands for a text that is no JSON, or nothing that was ever written here. */
class NoJson {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** One namespace of the store. Values are plain JSON. Everything that goes wrong is a {@link StoreError}. */
export interface Namespace {
  /** Undefined when there is none, or it has expired. One that cannot be read is an {@link UnreadableEntry}. */
  get(key: string): Promise<unknown>;
  /** `ttl` in milliseconds; without one the value stays. */
  set(key: string, value: unknown, ttl?: number): Promise<void>;
  /** One entry after the other, in no order to rely on, without keeping them all in memory. */
  walk(): AsyncIterable<readonly [key: string, value: unknown]>;
  /** Everything there is, or a StoreError; never half of it. */
  entries(): Promise<ReadonlyArray<readonly [key: string, value: unknown]>>;
  insertIfAbsent(key: string, value: unknown, ttl?: number): Promise<boolean>;
  /** `current` as `get` gave it. Not for what was written by `set` with a `ttl`. */
  replace(key: string, current: unknown, next: unknown, ttl?: number): Promise<boolean>;
  /** `current` as `get` or `entries` gave it. */
  removeIfSame(key: string, current: unknown): Promise<boolean>;
}

/** `adapter` must serve this namespace alone: keyv lets two that share one adapter read and clear each other's data. */
export function makeNamespace(name: string, adapter: ConditionalAdapter): Namespace {
  const keyv = new Keyv({
    store: adapter,
    namespace: name,
    // The adapter keeps namespaces apart. Keyv's own prefix leaves a key that already begins with it alone, so that
    // `a` and `orders:a` would be one entry.
    useKeyPrefix: false,
    serialize: JSON.stringify,
    deserialize: readEnvelope,
    throwOnErrors: true,
    emitErrors: false,
  });

  const reaching = async <T>(deed: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      throw new StoreError(`could not ${deed} (${name})`, { cause });
    }
  };

  async function* walk(): AsyncIterable<readonly [string, unknown]> {
    try {
      if (keyv.iterator === undefined) throw new TypeError('keyv does not iterate over this adapter');
      let walked = 0;
      for await (const entry of keyv.iterator(name)) {
        walked += 1;
        if (walked % BREATHE_EVERY === 0) await breathe();
        yield entry;
      }
    } catch (cause) {
      throw new StoreError(`could not list the entries (${name})`, { cause });
    }
  }

  return {
    async get(key) {
      const value = await reaching(`read ${key}`, () => keyv.get<unknown>(key));
      if (value instanceof NoJson) {
        throw new UnreadableEntry(`what is stored as ${key} (${name}) is not JSON`, { cause: value.cause });
      }
      return value;
    },
    async set(key, value, ttl) {
      await reaching(`write ${key}`, () => keyv.set(key, value, ttl));
    },
    walk,
    async entries() {
      const entries: Array<readonly [string, unknown]> = [];
      for await (const entry of walk()) entries.push(entry);
      return entries;
    },
    insertIfAbsent: (key, value, ttl) =>
      reaching(`insert ${key}`, () => adapter.insertIfAbsent(key, envelope(value), ttl)),
    replace: (key, current, next, ttl) =>
      reaching(`replace ${key}`, () => adapter.replace(key, envelope(current), envelope(next), ttl)),
    removeIfSame: (key, current) =>
      reaching(`remove ${key}`, () => adapter.removeIfSame(key, envelope(current))),
  };
}

/** As keyv writes a value that does not expire. */
function envelope(value: unknown): string {
  return JSON.stringify({ value });
}

/**
 * Never throws: one damaged entry would end keyv's iteration over all the others. Nor is anything that isn't an envelope
 * taken for no entry at all.
 */
function readEnvelope<Value>(text: string): { value?: Value; expires?: number } {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && 'value' in read) return read as { value?: Value };
    throw new TypeError('there is no value in it');
  } catch (cause) {
    return { value: new NoJson(cause) as Value };
  }
}
