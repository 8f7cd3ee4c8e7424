import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../orders/ports.js';
import type { Tally } from '../orders/tally.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

const SCHEMA_VERSION = 1;

interface StoredTally {
  readonly v: typeof SCHEMA_VERSION;
  readonly counted: Tally['counted'];
}

/** One entry a month. They stay: a year of them is small, and a limit must never forget. */
export function makeLedger(months: Namespace): Ledger {
  /** What each tally was read from. In a busy month reading it once more takes longer than everything else. */
  const storedAs = new WeakMap<Tally, unknown>();

  async function read(month: string): Promise<Tally> {
    const stored = await months.get(month);
    const tally = { month, counted: stored === undefined ? {} : countedIn(month, stored) };
    storedAs.set(tally, stored);
    return tally;
  }

  async function replace(current: Tally, next: Tally): Promise<boolean> {
    if (!storedAs.has(current)) {
      const now = await read(current.month);
      return isDeepStrictEqual(now.counted, current.counted) && replace(now, next);
    }
    const stored = storedAs.get(current);
    const toStore: StoredTally = { v: SCHEMA_VERSION, counted: next.counted };
    const written =
      stored === undefined
        ? await months.insertIfAbsent(current.month, toStore)
        : await months.replace(current.month, stored, toStore);
    if (written) storedAs.set(next, toStore);
    return written;
  }

  return { read, replace };
}

/** Never taken for an empty one: that would lift the limits. */
function countedIn(month: string, stored: unknown): Tally['counted'] {
  const { v, counted } = (stored ?? {}) as { v?: unknown; counted?: unknown };
  if (v !== SCHEMA_VERSION || typeof counted !== 'object' || counted === null) {
    throw new UnreadableEntry(`what is stored as the tally of ${month} is none that this version can read`);
  }
  return counted as Tally['counted'];
}
