import { LRUCache } from 'lru-cache';
import { inTime } from '../in-time.js';
import { CarrierError } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';

// Requests for lists that people wait for but nothing depends on.

/** More than any account's sub-accounts. Keys may come from a person's client, so the number needs a limit. */
const MAX_ENTRIES = 500;

/**
 * Caches an answer for `freshMs` from the time of the request, and shares one request among everyone who asks in that
 * time. A failure isn't cached.
 */
export function makeMemory(clock: Pick<Clock, 'now'>, freshMs: number) {
  return <T>(ask: (key: string) => Promise<T>) => {
    // Stores promises instead of using the cache's own fetch(), which would abort a request whose key is evicted.
    const kept = new LRUCache<string, Promise<T>>({
      max: MAX_ENTRIES,
      ttl: freshMs,
      ttlResolution: 0,
      perf: clock,
    });
    return (key: string): Promise<T> => {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const answer = ask(key);
      kept.set(key, answer);
      answer.catch(() => {
        if (kept.peek(key, { allowStale: true }) === answer) kept.delete(key);
      });
      return answer;
    };
  };
}

/** Requests a list; returns undefined if Bandwidth can't be asked or takes longer than this. */
export const within =
  (ms: number) =>
  async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await inTime(ms, ask());
    } catch (error) {
      if (error instanceof CarrierError) return undefined;
      throw error;
    }
  };
