import { createHash } from 'node:crypto';
import { type DelegationEvent, isDelegationEvent } from './delegation.js';
import { type ExplanationEvent, isExplanationEvent } from './explanation-event.js';
import { type OrderEvent, upgradeEvent } from './order-event.js';
import type { OrderId, Timestamp } from './request.js';

export type JournalEvent = OrderEvent | DelegationEvent | ExplanationEvent;

/** One event in a workspace's journal, linked by its hash to all earlier entries. */
export interface JournalEntry {
  readonly v: 1;
  readonly teamId: string;
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** The hash of the previous entry. */
  readonly previous: string;
  /** Never earlier than that of the previous entry, even if a clock was set back. */
  readonly writtenAt: Timestamp;
  /** The order, the record of a person's delegations, or the explanation of drift. */
  readonly orderId: OrderId;
  /** The index of the event in its order, from 0. */
  readonly index: number;
  readonly event: JournalEvent;
  /** SHA-256 over everything above, in canonical form. */
  readonly hash: string;
}

/** A stored value in the chain that can't be read as an entry. It is left as it is. */
export interface DamagedEntry {
  readonly teamId: string;
  readonly sequence: number;
  readonly damaged: true;
}

/** The part of the last entry that the next one builds on. */
export type EndOfChain = Pick<JournalEntry, 'sequence' | 'hash' | 'writtenAt'>;

/** Returns what the first entry of a workspace names as its previous hash. */
export function startOfChain(teamId: string): string {
  return sha256(`journal of ${teamId}`);
}

/**
 * Returns the end of a chain whose last entry is unreadable. The next entry names this in place of a hash, so
 * verification reports the damaged entry and that the link to it can't be checked.
 */
export function endAtDamage(
  { teamId, sequence }: DamagedEntry,
  lastReadable: JournalEntry | undefined,
): EndOfChain {
  return {
    sequence,
    hash: sha256(`unreadable entry ${sequence} of ${teamId}`),
    writtenAt: lastReadable?.writtenAt ?? 0,
  };
}

/** Returns the entry for this event that follows `last`. */
export function entryAfter(
  last: EndOfChain | undefined,
  given: Pick<JournalEntry, 'teamId' | 'orderId' | 'index' | 'event'>,
  now: Timestamp,
): JournalEntry {
  const entry: Omit<JournalEntry, 'hash'> = {
    v: 1,
    teamId: given.teamId,
    sequence: (last?.sequence ?? 0) + 1,
    previous: last?.hash ?? startOfChain(given.teamId),
    writtenAt: Math.max(last?.writtenAt ?? 0, now),
    orderId: given.orderId,
    index: given.index,
    event: given.event,
  };
  return { ...entry, hash: hashOf(entry) };
}

/** Computes the hash of an entry. */
export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  return sha256(canonical(withoutHash(entry)));
}

/** Returns a digest of an event. Equal digests mean the same event, whichever version of the app wrote it. */
export function eventDigest(event: JournalEvent): string {
  const isOfOrder = !isDelegationEvent(event) && !isExplanationEvent(event);
  return sha256(canonical(isOfOrder ? upgradeEvent(event) : event));
}

/** Whether every field of an entry is present. Doesn't check the hash. */
export function isJournalEntry(stored: unknown): stored is JournalEntry {
  const { v, sequence, hash, previous, writtenAt, teamId, orderId, index, event } = (stored ??
    {}) as Partial<JournalEntry>;
  const { what, at } = (event ?? {}) as Partial<JournalEvent>;
  return (
    v === 1 &&
    [sequence, index].every((number) => typeof number === 'number') &&
    [writtenAt, at].every(isTime) &&
    [teamId, orderId, hash, previous, what].every((text) => typeof text === 'string')
  );
}

export const isDamaged = (entry: JournalEntry | DamagedEntry): entry is DamagedEntry => 'damaged' in entry;

const isTime = (time: unknown): boolean =>
  typeof time === 'number' && !Number.isNaN(new Date(time).getTime());

function withoutHash(entry: Omit<JournalEntry, 'hash'> & { readonly hash?: string }): object {
  const { hash: _, ...hashed } = entry;
  return hashed;
}

/** JSON with sorted keys, so that equal values have equal text however they were stored. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
