import { randomUUID } from 'node:crypto';
import type { LookupsMade, QuotaStore } from '../orders/ports/quota-store.js';
import type { Namespace } from './namespace.js';

/** A lookup counts for a minute; an instance that reported nothing for longer has made none, or is dead. */
const KNOWN_FOR_MS = 90_000;

/** Keeps one entry per instance, which expires by the database's clock. */
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
        if (instance !== self && areLookups(told)) others.set(instance, told);
      }
      return others;
    },
  };
}

/** Another version of the app may report something else. */
function areLookups(told: unknown): told is LookupsMade {
  const { total, lately, reserved, refusals, refusedForMs } = (told ?? {}) as Partial<LookupsMade>;
  return [total, lately, reserved, refusals, refusedForMs].every((figure) => typeof figure === 'number');
}
