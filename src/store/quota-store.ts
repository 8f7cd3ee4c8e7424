import { randomUUID } from 'node:crypto';
import type { LookupsMade, QuotaStore } from '../orders/ports.js';
import type { Namespace } from './namespace.js';

/** A look-up counts for a minute; whoever has told nothing for longer has made none, or is dead. */
const KNOWN_FOR_MS = 90_000;

/** One entry for each instance, which expires by the database's own clock. */
export function makeQuotaStore(entries: Namespace, knownForMs = KNOWN_FOR_MS): QuotaStore {
  const self = randomUUID();
  return {
    async tell(mine) {
      const before = await entries.get(self);
      const renewed = before !== undefined && (await entries.replace(self, before, mine, knownForMs));
      if (!renewed) await entries.insertIfAbsent(self, mine, knownForMs);
    },
    async others() {
      const others = new Map<string, LookupsMade>();
      for (const [instance, told] of await entries.entries()) {
        if (instance !== self && areLooks(told)) others.set(instance, told);
      }
      return others;
    },
  };
}

/** Another version of the app may tell something else. */
function areLooks(told: unknown): told is LookupsMade {
  const { total, lately, reserved, refusals, refusedForMs } = (told ?? {}) as Partial<LookupsMade>;
  return [total, lately, reserved, refusals, refusedForMs].every((figure) => typeof figure === 'number');
}
