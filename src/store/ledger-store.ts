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
  return {
    async read(month) {
      const stored = await months.get(month);
      return { month, counted: stored === undefined ? {} : countedIn(month, stored) };
    },
    async replace(current, next) {
      const { month } = current;
      const stored = await months.get(month);
      const toStore: StoredTally = { v: SCHEMA_VERSION, counted: next.counted };
      const counted = stored === undefined ? {} : countedIn(month, stored);
      if (!isDeepStrictEqual(counted, current.counted)) return false;
      return stored === undefined
        ? months.insertIfAbsent(month, toStore)
        : months.replace(month, stored, toStore);
    },
  };
}

/** Never taken for an empty one: that would lift the limits. */
function countedIn(month: string, stored: unknown): Tally['counted'] {
  const { v, counted } = (stored ?? {}) as { v?: unknown; counted?: unknown };
  if (v !== SCHEMA_VERSION || typeof counted !== 'object' || counted === null) {
    throw new UnreadableEntry(`what is stored as the tally of ${month} is none that this version can read`);
  }
  return counted as Tally['counted'];
}
