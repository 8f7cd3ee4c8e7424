import type { Log } from '../orders/ports.js';

/** More than this many different lines aren't remembered. */
const MOST_REMEMBERED = 1_000;

/** A log that warns of the same thing once, because an answer that can't be read comes again at every look. */
export function makeLogOnce(log: Log): Log {
  const said = new Set<string>();
  return {
    ...log,
    warn(facts, sentence) {
      const line = JSON.stringify([facts, sentence]);
      if (said.has(line)) return;
      if (said.size >= MOST_REMEMBERED) said.clear();
      said.add(line);
      log.warn(facts, sentence);
    },
  };
}

/** A log that adds what all its warnings are about. */
export function about(log: Log, what: object): Log {
  return { ...log, warn: (facts, sentence) => log.warn({ ...what, ...facts }, sentence) };
}
