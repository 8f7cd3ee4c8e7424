import pMap from 'p-map';
import type { PhoneNumber } from '../domain/phone-number.js';
import type { WantedLine } from '../domain/request.js';
import { inTime } from '../in-time.js';
import { type Carrier, CarrierError, type Clock, type Log } from '../ports.js';

/** What Bandwidth says of numbers that were picked a while ago. */
export interface Offered {
  /** Bandwidth doesn't offer them anymore. */
  readonly gone: readonly PhoneNumber[];
  /** How many could not be checked. */
  readonly unknown: number;
}

/** Finds which of the picked numbers Bandwidth no longer offers. Never rejects because of Bandwidth. */
export type CheckOffered = (lines: readonly WantedLine[]) => Promise<Offered>;

/** A person has the form open, and reads it first. */
const WITHIN_MS = 20_000;
/** Each line is a search for every thousand of numbers that its own are from. */
const LINES_AT_ONCE = 2;

export function makeCheckOffered(deps: {
  carrier: Pick<Carrier, 'notOffered'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckOffered {
  const { carrier, clock, log } = deps;

  return async (lines) => {
    const gone = new Set<PhoneNumber>();
    const lists = lines.flatMap((line) => (line.by === 'numbers' ? [line.numbers] : []));
    let unknown = lists.reduce((sum, numbers) => sum + numbers.length, 0);
    let isOver = false;
    const check = async (numbers: readonly PhoneNumber[]): Promise<void> => {
      if (isOver) return;
      try {
        for (const number of await carrier.notOffered(numbers)) gone.add(number);
        unknown -= numbers.length;
      } catch (err) {
        if (!(err instanceof CarrierError)) throw err;
        log.warn({ err }, 'availability of picked numbers not known, going on without it');
        // The others would wait for the same limit, or fail likewise.
        if (err.trouble !== 'refused') isOver = true;
      }
    };
    await inTime(WITHIN_MS, pMap(lists, check, { concurrency: LINES_AT_ONCE }), clock);
    isOver = true;
    return { gone: [...gone], unknown };
  };
}
