import { LRUCache } from 'lru-cache';
import type { Log } from '../orders/ports/log.js';

/** How many different lines are remembered. */
const MAX_ENTRIES = 1_000;

/**
 * Returns a log that writes the same warning only once, because polling meets the same unreadable answer again and
 * again.
 */
export function makeLogOnce(log: Log): Log {
  const said = new LRUCache<string, true>({ max: MAX_ENTRIES });
  return {
    ...log,
    warn(facts, sentence) {
      const line = JSON.stringify([facts, sentence]);
      if (said.get(line)) return;
      said.set(line, true);
      log.warn(facts, sentence);
    },
  };
}

/** Returns a log that adds these fields to all warnings. */
export function about(log: Log, what: object): Log {
  return { ...log, warn: (facts, sentence) => log.warn({ ...what, ...facts }, sentence) };
}
