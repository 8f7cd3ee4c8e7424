import { type Delegation, delegationIn } from '../domain/delegation.js';
import type { Person } from '../domain/request.js';
import type { Clock } from '../ports/clock.js';
import type { DelegationStore } from '../ports/delegation-store.js';

/** Reads who is away and who decides for them. Throws StoreError. */
export interface Delegates {
  /** Returns the delegations in effect to this person. A delegate of a delegate isn't one. */
  to(person: Pick<Person, 'userId'>): Promise<readonly Delegation[]>;
  /** Returns all delegations in effect, oldest first. */
  all(): Promise<readonly Delegation[]>;
}

export function makeDelegates(deps: {
  readonly delegations: Pick<DelegationStore, 'all'>;
  readonly clock: Pick<Clock, 'now'>;
}): Delegates {
  async function all(): Promise<readonly Delegation[]> {
    const now = deps.clock.now();
    const records = await deps.delegations.all();
    return records
      .flatMap((record) => delegationIn(record, now) ?? [])
      .sort((one, other) => one.since - other.since);
  }
  return {
    all,
    to: async ({ userId }) => (await all()).filter(({ to }) => to.userId === userId),
  };
}
