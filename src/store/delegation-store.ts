import type { DelegationEvent, DelegationRecord } from '../orders/domain/delegation.js';
import type { Person } from '../orders/domain/request.js';
import type { DelegationStore } from '../orders/ports/delegation-store.js';
import { type Namespace, UnreadableEntry } from './namespace.js';

const FORMAT_VERSION = 1;

/** One entry per person who has ever delegated, under the person's id. */
interface StoredDelegations extends DelegationRecord {
  readonly v: typeof FORMAT_VERSION;
}

export function makeDelegationStore(entries: Namespace): DelegationStore {
  /** The stored values, because a conditional write compares them. */
  const storedAs = new WeakMap<DelegationRecord, unknown>();

  function read(userId: string, stored: unknown): DelegationRecord {
    if (!isStored(stored)) {
      throw new UnreadableEntry(`the delegations of ${userId} cannot be read`, { stored });
    }
    const { v: _, ...record } = stored;
    storedAs.set(record, stored);
    return record;
  }

  return {
    async all() {
      return (await entries.entries()).map(([userId, stored]) => read(userId, stored));
    },
    async of(userId) {
      const stored = await entries.get(userId);
      return stored === undefined ? undefined : read(userId, stored);
    },
    insert: (record) => entries.insertIfAbsent(record.of.userId, toStored(record)),
    replace: (current, next) =>
      entries.replace(current.of.userId, storedAs.get(current) ?? toStored(current), toStored(next)),
  };
}

const toStored = (record: DelegationRecord): StoredDelegations => ({ v: FORMAT_VERSION, ...record });

function isStored(stored: unknown): stored is StoredDelegations {
  const { v, id, of, events } = (stored ?? {}) as Partial<StoredDelegations>;
  return (
    v === FORMAT_VERSION &&
    typeof id === 'string' &&
    isPerson(of) &&
    Array.isArray(events) &&
    events.length > 0 &&
    events.every(isEvent)
  );
}

function isEvent(event: unknown): event is DelegationEvent {
  const { what, at, by, to, until } = (event ?? {}) as Partial<
    DelegationEvent & { to: Person; until: number }
  >;
  if (typeof at !== 'number' || !isPerson(by)) return false;
  return what === 'delegation-ended' || (what === 'delegated' && isPerson(to) && typeof until === 'number');
}

const isPerson = (person: Person | undefined): person is Person =>
  typeof person?.userId === 'string' && typeof person.teamId === 'string';
