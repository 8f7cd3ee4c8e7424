import { quantityOf, type WantedLine } from '../domain/request.js';
import type { Search } from '../domain/search/search.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { askAboutLines } from './ask-about-lines.js';
import { makeMemory } from './ask-carrier.js';

/** Returns, for each line, how many of its numbers Bandwidth offers now; undefined where that isn't known. */
export type CheckStock = (lines: readonly WantedLine[]) => Promise<readonly (number | undefined)[]>;

/** A form that is redrawn or reopened needn't ask again. */
const FRESH_MS = 30_000;
/** Few enough to leave room for other people's searches. */
const CONCURRENCY = 5;

/**
 * Asks Bandwidth about each line that is a search. Picked numbers came from a search, so they aren't checked. Never
 * rejects.
 */
export function makeCheckStock(deps: {
  carrier: Pick<Carrier, 'search'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckStock {
  const { carrier, clock } = deps;
  const remember = makeMemory(clock, FRESH_MS);
  const available = remember(async (key: string) => (await carrier.search(JSON.parse(key) as Search)).length);

  return async (lines) => {
    const searches = searchesOf(lines);
    const found = new Map<string, number>();
    const ask = async ([key, search]: readonly [string, Search]): Promise<void> => {
      found.set(key, await available(JSON.stringify(search)));
    };
    await askAboutLines(searches, CONCURRENCY, ask, deps);
    return lines.map((line) => {
      const key = keyOf(line);
      const left = key === undefined ? undefined : found.get(key);
      if (key === undefined || left === undefined) return undefined;
      const available = Math.min(left, quantityOf(line));
      found.set(key, left - available);
      return available;
    });
  };
}

/** Lines of the same place share what is available there, and one question. */
function searchesOf(lines: readonly WantedLine[]): ReadonlyArray<readonly [string, Search]> {
  const searches = new Map<string, Search>();
  for (const line of lines) {
    const key = keyOf(line);
    if (key === undefined || line.by !== 'search') continue;
    const quantity = (searches.get(key)?.quantity ?? 0) + line.search.quantity;
    searches.set(key, { ...line.search, quantity });
  }
  return [...searches];
}

const keyOf = (line: WantedLine): string | undefined =>
  line.by === 'search' ? JSON.stringify({ ...line.search, quantity: 0 }) : undefined;
