import type { Log } from '../orders/ports/log.js';

/** Returns a function that logs an error only once for the same thing, because many calls come across it. */
export function makeLogErrorOnce(log: Pick<Log, 'error'> | undefined) {
  const logged = new Set<string>();
  return (about: string, facts: object, sentence: string): void => {
    if (!logged.has(about)) log?.error(facts, sentence);
    logged.add(about);
  };
}
