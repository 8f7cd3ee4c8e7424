import { LRUCache } from 'lru-cache';
import { inTime } from '../in-time.js';
import { CarrierError, type Clock } from '../ports.js';

// How lists are asked for that people wait for, but nothing depends on.

/** Far more than an account has sub-accounts. A key may be whatever a person's client sent, so it needs an end. */
const MOST_KEPT = 500;

/**
 * Keeps an answer for `freshMs` from the question on, and shares one question among all who ask meanwhile. A failure is
 * not kept.
 */
export function makeMemory(clock: Pick<Clock, 'now'>, freshMs: number) {
  return <T>(ask: (key: string) => Promise<T>) => {
    // Promises rather than the cache's own fetch(), which would cut a question off when its key has to make room.
    const kept = new LRUCache<string, Promise<T>>({
      max: MOST_KEPT,
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

/** Asks for a list; undefined when Bandwidth can't be asked, or takes longer than this. */
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
