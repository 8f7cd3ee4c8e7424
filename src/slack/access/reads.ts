import { WebAPIRateLimitedError } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { Timestamp } from '../../orders/domain/request.js';
import type { Clock } from '../../orders/ports.js';

interface Known<V> {
  readonly value: V;
  /** When the question left. */
  readonly askedAt: Timestamp;
}

interface Reading<V> {
  readonly now: Promise<V>;
  /** For those who came while it was under way, and need an answer to a question asked after that. */
  next?: Promise<V>;
}

/** Questions to one method of Slack's, by key. */
export interface Reads<V> {
  /** An answer to a question asked after this call; all who wait share it. Rejects when there is none. */
  fresh(key: string): Promise<V>;
  /**
   * An answer no older than `freshMs`. While Slack gives none, one no older than `usableMs`, after `onStale` heard
   * why. Rejects when there is none.
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

/** Slack said when to ask again, and until then it isn't asked. */
export class AskedTooOften extends Error {
  override readonly name = 'AskedTooOften';

  constructor(seconds: number) {
    super(`Slack limits this method, and is asked again in ${seconds} s`);
  }
}

/** Answers of people who are long gone must not fill the memory. */
const MOST_KNOWN = 5_000;

/** @param read one call; its client must reject rate limited calls rather than wait, because a person is waiting. */
export function makeReads<V>(read: (key: string) => Promise<V>, clock: Pick<Clock, 'now'>): Reads<V> {
  // Without a ttl: each question says how old its answer may be, and another how old while Slack is out.
  const known = new LRUCache<string, Known<V>>({ max: MOST_KNOWN });
  const underWay = new Map<string, Reading<V>>();
  let limitedUntil: Timestamp | undefined;

  async function ask(key: string): Promise<V> {
    const askedAt = clock.now();
    const wait = (limitedUntil ?? 0) - askedAt;
    if (wait > 0 && wait <= LONGEST_LIMIT_MS) throw new AskedTooOften(Math.ceil(wait / 1_000));
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

/** A limit further off was set by a clock that has been set back since. */
const LONGEST_LIMIT_MS = 15 * 60_000;

/** Where the clock has been set back, how old they are isn't known. */
const ageOf = ({ askedAt }: { readonly askedAt: Timestamp }, now: Timestamp): number =>
  now < askedAt ? Number.POSITIVE_INFINITY : now - askedAt;
