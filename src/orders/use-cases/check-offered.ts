import type { PhoneNumber } from '../domain/phone-number.js';
import type { WantedLine } from '../domain/request.js';
import type { Carrier } from '../ports/carrier.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { askAboutLines } from './ask-about-lines.js';

/** What Bandwidth says of numbers that were picked a while ago. */
export interface Offered {
  /** Bandwidth doesn't offer them anymore. */
  readonly gone: readonly PhoneNumber[];
  /** How many could not be checked. */
  readonly unknown: number;
}

/** Finds which of the picked numbers Bandwidth no longer offers. Never rejects because of Bandwidth. */
export type CheckOffered = (lines: readonly WantedLine[]) => Promise<Offered>;

/** Each line costs one search for every block of a thousand that its numbers belong to. */
const LINES_AT_ONCE = 2;

export function makeCheckOffered(deps: {
  carrier: Pick<Carrier, 'notOffered'>;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}): CheckOffered {
  return async (lines) => {
    const gone = new Set<PhoneNumber>();
    const lists = lines.flatMap((line) => (line.by === 'numbers' ? [line.numbers] : []));
    let unknown = lists.reduce((sum, numbers) => sum + numbers.length, 0);
    const check = async (numbers: readonly PhoneNumber[]): Promise<void> => {
      for (const number of await deps.carrier.notOffered(numbers)) gone.add(number);
      unknown -= numbers.length;
    };
    await askAboutLines(lists, LINES_AT_ONCE, check, deps);
    return { gone: [...gone], unknown };
  };
}
