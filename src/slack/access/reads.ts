import { WebAPIRateLimitedError } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports/clock.js';

interface Known<V> {
  readonly value: V;
  /** When the request was sent. */
  readonly askedAt: Timestamp;
}

interface Reading<V> {
  readonly now: Promise<V>;
  /** For callers who arrived while it was running and need an answer to a request sent after that. */
  next?: Promise<V>;
}

/** Cached and shared calls of one Slack method, by key. */
export interface SlackReads<V> {
  /**
   * Returns an answer to a request sent after this call, shared with everyone who waits. Rejects when there is none.
   */
  fresh(key: string): Promise<V>;
  /**
   * Returns an answer no older than `freshMs`. While Slack fails, calls `onStale` with the error and returns one no
   * older than `usableMs`. Rejects when there is none.
   */
  recent(
    key: string,
    ages: {
      readonly freshMs: number;
      readonly usableMs: number;
      readonly onStale?: (cause: unknown) => void;
    },
  ): Promise<V>;
}

/** Slack named a time to ask again, which hasn't come yet. */
export class AskedTooOften extends Error {
  override readonly name = 'AskedTooOften';

  constructor(seconds: number) {
    super(`Slack rate limits this method; retry in ${seconds} s`);
  }
}

/** Limits the memory used for people who are no longer around. */
const MAX_ENTRIES = 5_000;

/**
 * @param read makes one call. Its client must reject rate-limited calls instead of waiting, because a person is
 * waiting.
 */
export function makeSlackReads<V>(
  read: (key: string) => Promise<V>,
  clock: Pick<Clock, 'now'>,
): SlackReads<V> {
  // No ttl: each caller says how old its answer may be, and how old during an outage.
  const known = new LRUCache<string, Known<V>>({ max: MAX_ENTRIES });
  const underWay = new Map<string, Reading<V>>();
  let limitedUntil: Timestamp | undefined;

  async function ask(key: string): Promise<V> {
    const askedAt = clock.now();
    const wait = (limitedUntil ?? 0) - askedAt;
    if (wait > 0 && wait <= MAX_LIMIT_MS) throw new AskedTooOften(Math.ceil(wait / 1_000));
    try {
      const value = await read(key);
      known.set(key, { value, askedAt });
      return value;
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) limitedUntil = clock.now() + error.retryAfter * 1_000;
      throw error;
    }
  }

  function begin(key: string): Promise<V> {
    const reading: Reading<V> = { now: ask(key) };
    underWay.set(key, reading);
    const done = () => {
      if (underWay.get(key) === reading) underWay.delete(key);
    };
    reading.now.then(done, done);
    return reading.now;
  }

  function fresh(key: string): Promise<V> {
    const running = underWay.get(key);
    if (running === undefined) return begin(key);
    running.next ??= running.now.then(
      () => begin(key),
      () => begin(key),
    );
    return running.next;
  }

  return {
    fresh,
    async recent(key, { freshMs, usableMs, onStale }) {
      const before = known.get(key);
      const age = before === undefined ? Number.POSITIVE_INFINITY : ageOf(before, clock.now());
      if (before !== undefined && age < freshMs) return before.value;
      try {
        return await (underWay.get(key)?.now ?? begin(key));
      } catch (cause) {
        if (before === undefined || age >= usableMs) throw cause;
        onStale?.(cause);
        return before.value;
      }
    },
  };
}

/** A later limit comes from a clock that has been set back since. */
const MAX_LIMIT_MS = 15 * 60_000;

/** After the clock was set back, the age isn't known. */
const ageOf = ({ askedAt }: { readonly askedAt: Timestamp }, now: Timestamp): number =>
  now < askedAt ? Number.POSITIVE_INFINITY : now - askedAt;
