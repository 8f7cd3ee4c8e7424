import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../../../src/orders/ports.js';
import type { Tally } from '../../../src/orders/tally.js';

/** Keeps copies, as a database does. */
export function makeMemoryLedger(): Ledger & { snapshot(): () => void } {
  const months = new Map<string, Tally['counted']>();
  const read = (month: string): Tally => ({ month, counted: structuredClone(months.get(month) ?? {}) });
  return {
    snapshot() {
      const then = structuredClone([...months]);
      return () => {
        months.clear();
        for (const [month, counted] of then) months.set(month, counted);
      };
    },
    read: async (month) => read(month),
    async replace(current, next) {
      if (!isDeepStrictEqual(read(current.month), current)) return false;
      months.set(next.month, structuredClone(next.counted));
      return true;
    },
  };
}
