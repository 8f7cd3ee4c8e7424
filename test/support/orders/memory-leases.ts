import type { Leases } from '../../../src/orders/ports/leases.js';

/** Leases for all desks of one office, including those of a desk that has died. */
export interface MemoryLeases {
  /** The leases as one desk sees them. */
  of(desk: string): Leases;
  /** Frees what the desk held, and tells it that it lost it. */
  expire(desk: string): void;
}

export function makeMemoryLeases(): MemoryLeases {
  const held = new Map<string, { readonly desk: string }>();
  return {
    of: (desk) => ({
      alone: false,
      async take(what) {
        if (held.has(what)) return undefined;
        const mine = { desk };
        held.set(what, mine);
        const isMine = () => held.get(what) === mine;
        return {
          get lost() {
            return !isMine();
          },
          async giveBack() {
            if (isMine()) held.delete(what);
          },
        };
      },
    }),
    expire(desk) {
      for (const [what, holder] of held) if (holder.desk === desk) held.delete(what);
    },
  };
}
