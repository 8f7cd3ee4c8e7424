import type { OpenedHome, OpenedHomeStore } from '../orders/ports/home-store.js';
import { type Namespace, readEvenIfDamaged } from './namespace.js';

const FORMAT_VERSION = 1;

type Stored = OpenedHome & { readonly v: number };

/** One entry for each person. An unreadable one counts as missing, until they open their Home tab again. */
export function makeOpenedHomeStore(homes: Namespace): OpenedHomeStore {
  return {
    async all() {
      const found: OpenedHome[] = [];
      for await (const [, stored] of homes.walk()) if (isHome(stored)) found.push(stored);
      return found;
    },
    async of(userId) {
      const stored = await readEvenIfDamaged(homes, userId);
      return isHome(stored) ? stored : undefined;
    },
    put: (home, keptForMs) => homes.set(home.person.userId, { v: FORMAT_VERSION, ...home }, keptForMs),
    async remove(userId) {
      const stored = await readEvenIfDamaged(homes, userId);
      if (stored !== undefined) await homes.removeIfSame(userId, stored);
    },
  };
}

function isHome(stored: unknown): stored is Stored {
  const { v, person, openedAt, publishedAt, content, orders } = (stored ?? {}) as Partial<Stored>;
  return (
    v === FORMAT_VERSION &&
    typeof person?.userId === 'string' &&
    typeof person.teamId === 'string' &&
    typeof openedAt === 'number' &&
    typeof publishedAt === 'number' &&
    typeof content === 'string' &&
    Array.isArray(orders)
  );
}
