import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import type { StoreFailure } from '../orders/ports/measurements.js';
import { OutcomeUnknown, StoreError } from '../orders/ports/store-errors.js';
import { NotWritten } from './not-written.js';

/**
 * A keyv storage adapter with conditional writes, each in one native statement. keyv has none: between its `get` and
 * its `set` another instance may write. Texts are values as keyv serialized them. Every method rejects if the database
 * can't be reached, with {@link NotWritten} if nothing was certainly written.
 */
export interface ConditionalAdapter extends KeyvStoreAdapter {
  /** Returns false if the key exists. `ttl` is in milliseconds by the database's clock; without one the entry stays. */
  insertIfAbsent(key: string, text: string, ttl?: number): Promise<boolean>;
  /** Returns false if anything but `current` is stored. The new value lives for `ttl`, or stays. */
  replace(key: string, current: string, next: string, ttl?: number): Promise<boolean>;
  /** Returns false if anything but `current` is stored. */
  removeIfSame(key: string, current: string): Promise<boolean>;
}

/** A stored value that the app didn't write that way: a damaged file, a newer version of the app, or a manual edit. */
export class UnreadableEntry extends StoreError {
  override readonly trouble = 'unreadable';
  /** The stored value, as `replace` and `removeIfSame` take it. */
  readonly stored: unknown;

  constructor(message: string, given: { readonly cause?: unknown; readonly stored?: unknown } = {}) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.stored = given.stored;
  }
}

/** Returns an unreadable entry as it is stored, as `replace` and `removeIfSame` take it. */
export async function readEvenIfDamaged(entries: Pick<Namespace, 'get'>, key: string): Promise<unknown> {
  try {
    return await entries.get(key);
  } catch (error) {
    if (error instanceof UnreadableEntry) return error.stored;
    throw error;
  }
}

/** How many entries are read before yielding to the event loop: a few milliseconds' worth. */
const YIELD_EVERY = 250;

/** Stands for text that isn't JSON, or not in keyv's format. */
class NoValue {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * One namespace of the store, with plain JSON values. Every failure is a {@link StoreError}; a write that may have
 * happened anyway is an {@link OutcomeUnknown}.
 */
export interface Namespace {
  /**
   * Returns undefined if there is no such entry or it has expired. Throws {@link UnreadableEntry} if it can't be read.
   */
  get(key: string): Promise<unknown>;
  /** `ttl` is in milliseconds; without one the value stays. */
  set(key: string, value: unknown, ttl?: number): Promise<void>;
  /** Iterates over the entries in no particular order, without keeping them all in memory. */
  walk(): AsyncIterable<readonly [key: string, value: unknown]>;
  /** Returns every entry or throws a StoreError; never a part. */
  entries(): Promise<ReadonlyArray<readonly [key: string, value: unknown]>>;
  insertIfAbsent(key: string, value: unknown, ttl?: number): Promise<boolean>;
  /** `current` is the value that `get` returned, or an equal one that this app wrote without a `ttl`. */
  replace(key: string, current: unknown, next: unknown, ttl?: number): Promise<boolean>;
  /** `current` as for `replace`, or as `entries` returned it. */
  removeIfSame(key: string, current: unknown): Promise<boolean>;
}

/**
 * `adapter` must serve only this namespace: keyv lets two that share one adapter read and clear each other's data.
 *
 * @param failed called for every failure, before it is thrown.
 */
export function makeNamespace(
  name: string,
  adapter: ConditionalAdapter,
  failed: (failure: StoreFailure) => void = () => {},
): Namespace {
  /** The text each value was read from. The text is what gets compared, and someone may have formatted it by hand. */
  const texts = new WeakMap<object, string>();
  const textOf = (value: unknown): string =>
    (typeof value === 'object' && value !== null ? texts.get(value) : undefined) ?? envelope(value);
  const deserialize = <Value>(text: string): { value?: Value; expires?: number } => {
    const stored = readEnvelope<Value>(text);
    const value: unknown = stored?.value;
    if (typeof value === 'object' && value !== null) texts.set(value, text);
    return stored;
  };
  const keyv = new Keyv({
    store: adapter,
    namespace: name,
    // The adapter separates namespaces. Keyv's own prefix skips keys that already begin with it, so `a` and `orders:a`
    // would be one entry.
    useKeyPrefix: false,
    serialize: JSON.stringify,
    deserialize,
    throwOnErrors: true,
    emitErrors: false,
  });

  const reading = async <T>(key: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      failed('read');
      throw new StoreError(`could not read ${key} (${name})`, { cause: reasonOf(cause) });
    }
  };

  const writing = async <T>(action: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      failed(cause instanceof NotWritten ? 'write' : 'unknown-write');
      if (cause instanceof NotWritten) {
        throw new StoreError(`could not ${action} (${name})`, { cause: reasonOf(cause) });
      }
      throw new OutcomeUnknown(`whether it was possible to ${action} is not known (${name})`, { cause });
    }
  };

  async function* walk(): AsyncIterable<readonly [string, unknown]> {
    try {
      if (keyv.iterator === undefined) throw new TypeError('keyv does not iterate over this adapter');
      let walked = 0;
      for await (const entry of keyv.iterator(name)) {
        walked += 1;
        if (walked % YIELD_EVERY === 0) await yieldToEventLoop();
        yield entry;
      }
    } catch (cause) {
      failed('list');
      throw new StoreError(`could not list the entries (${name})`, { cause });
    }
  }

  return {
    async get(key) {
      const value = await reading(key, () => keyv.get<unknown>(key));
      if (value instanceof NoValue) {
        const { cause } = value;
        throw new UnreadableEntry(`what is stored as ${key} (${name}) holds no value that can be read`, {
          cause,
          stored: value,
        });
      }
      return value;
    },
    async set(key, value, ttl) {
      await writing(`write ${key}`, () => keyv.set(key, value, ttl));
    },
    walk,
    async entries() {
      const entries: Array<readonly [string, unknown]> = [];
      for await (const entry of walk()) entries.push(entry);
      return entries;
    },
    insertIfAbsent: (key, value, ttl) =>
      writing(`insert ${key}`, () => adapter.insertIfAbsent(key, envelope(value), ttl)),
    replace: (key, current, next, ttl) =>
      writing(`replace ${key}`, () => adapter.replace(key, textOf(current), envelope(next), ttl)),
    removeIfSame: (key, current) =>
      writing(`remove ${key}`, () => adapter.removeIfSame(key, textOf(current))),
  };
}

/** Returns the driver's own error. */
const reasonOf = (error: unknown): unknown =>
  error instanceof NotWritten && error.cause instanceof Error ? error.cause : error;

/** The format in which keyv writes a value that doesn't expire. */
function envelope(value: unknown): string {
  return JSON.stringify({ value });
}

/**
 * Never throws: one damaged entry would end keyv's iteration over all others. Anything that isn't an envelope is
 * reported as unreadable rather than as missing.
 */
function readEnvelope<Value>(text: string): { value?: Value; expires?: number } {
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored === 'object' && stored !== null && 'value' in stored) return stored as { value: Value };
    // If it counted as missing, it could neither be read nor inserted.
    throw new TypeError('it holds no value');
  } catch (cause) {
    return { value: new NoValue(cause) as Value };
  }
}

/** Substitutes a value for an unreadable entry. */
export const unreadableAs =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof UnreadableEntry) return instead;
    throw error;
  };
