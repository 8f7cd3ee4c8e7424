import pMap from 'p-map';
import type { WantedLine } from '../domain/request.js';
import { inTime } from '../in-time.js';
import { type Carrier, CarrierError, type Clock, type Log } from '../ports.js';

/** Returns, for each line, how many of its numbers Bandwidth offers now; undefined where that isn't known. */
export type CheckStock = (lines: readonly WantedLine[]) => Promise<readonly (number | undefined)[]>;

/** A person has the form open, and reads it first. */
const WITHIN_MS = 20_000;
/** Few enough to leave room for the searches of others. */
const AT_ONCE = 5;

/** Asks Bandwidth about each line that is a search: picked numbers come from a search. Never rejects. */
export function makeCheckStock(deps: {
  carrier: Pick<Carrier, 'search'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckStock {
  const { carrier, clock, log } = deps;

  return async (lines) => {
    const stock = new Map<number, number>();
    let isOver = false;
    const ask = async (line: WantedLine, index: number): Promise<void> => {
      if (isOver || line.by !== 'search') return;
      try {
        stock.set(index, (await carrier.search(line.search)).length);
      } catch (err) {
        if (!(err instanceof CarrierError)) throw err;
        log.warn({ err }, 'stock of a line not known, going on without it');
        // The others would wait for the same limit, or fail likewise.
        if (err.trouble !== 'refused') isOver = true;
      }
    };
    await inTime(WITHIN_MS, pMap(lines, ask, { concurrency: AT_ONCE }), clock);
    isOver = true;
    return lines.map((_, index) => stock.get(index));
  };
}
