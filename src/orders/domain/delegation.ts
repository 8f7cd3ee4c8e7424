import type { Person, Timestamp } from './request.js';

// While an approver is away, the approvals of a delegate count as theirs.

/** Something that happened to a person's delegations; it goes to the journal like the events of orders. */
export type DelegationEvent = { readonly at: Timestamp; readonly by: Person } & (
  | { readonly what: 'delegated'; readonly to: Person; readonly until: Timestamp }
  | { readonly what: 'delegation-ended' }
);

/** Everything about one person's delegations. */
export interface DelegationRecord {
  /** Identifies them in the journal. */
  readonly id: string;
  /** Who is away. */
  readonly of: Person;
  /** Oldest first. Each delegation ends the one before. */
  readonly events: readonly DelegationEvent[];
}

/** A delegation that is in effect. */
export interface Delegation {
  /** Who is away. */
  readonly of: Person;
  readonly to: Person;
  readonly since: Timestamp;
  readonly until: Timestamp;
}

/** The longest time that approvals can be delegated for. */
export const MAX_DELEGATION_MS = 90 * 24 * 60 * 60_000;

/** Returns a person's delegation in effect at this time, if any. */
export function delegationIn({ of, events }: DelegationRecord, now: Timestamp): Delegation | undefined {
  const last = events.at(-1);
  if (last?.what !== 'delegated' || now >= last.until) return undefined;
  return { of, to: last.to, since: last.at, until: last.until };
}

/** Returns the record after the person delegated their approvals. It replaces a delegation in effect. */
export function delegated(
  record: DelegationRecord,
  given: { readonly to: Person; readonly until: Timestamp },
  now: Timestamp,
): DelegationRecord {
  return withEvent(record, { what: 'delegated', at: now, by: record.of, ...given });
}

/** Returns the record after the person came back. */
export function delegationEnded(record: DelegationRecord, now: Timestamp): DelegationRecord {
  return withEvent(record, { what: 'delegation-ended', at: now, by: record.of });
}

const withEvent = (record: DelegationRecord, event: DelegationEvent): DelegationRecord => ({
  ...record,
  events: [...record.events, event],
});

const whats: readonly string[] = ['delegated', 'delegation-ended'] satisfies DelegationEvent['what'][];

/** Whether an event of the journal is about a delegation rather than an order. */
export const isDelegationEvent = <E extends { readonly what: string }>(
  event: E | DelegationEvent,
): event is DelegationEvent => whats.includes(event.what);
