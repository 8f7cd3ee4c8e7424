import { createHash } from 'node:crypto';
import type { OrderId, Timestamp } from './order.js';
import type { OrderEvent } from './order-events.js';

/** One event in a workspace's journal, bound by its hash to all that came before. */
export interface JournalEntry {
  readonly v: 1;
  readonly teamId: string;
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** The hash of the entry before. */
  readonly previous: string;
  /** Never earlier than that of the entry before, even where a clock was set back. */
  readonly writtenAt: Timestamp;
  readonly orderId: OrderId;
  /** Which of the order's events it is, from 0. */
  readonly index: number;
  readonly event: OrderEvent;
  /** SHA-256 over everything above, in canonical form. */
  readonly hash: string;
}

/** What the first entry of a workspace names as the one before. */
export function startOfChain(teamId: string): string {
  return sha256(`journal of ${teamId}`);
}

/** The entry that follows `last` with this event. */
export function entryAfter(
  last: JournalEntry | undefined,
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

/** The hash an entry must have. */
export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  return sha256(canonical(withoutHash(entry)));
}

/** Two events with one digest are the same event. */
export function eventDigest(event: OrderEvent): string {
  return sha256(canonical(event));
}

export function isJournalEntry(stored: unknown): stored is JournalEntry {
  const { v, sequence, hash, previous, writtenAt, teamId, orderId, index, event } = (stored ??
    {}) as Partial<JournalEntry>;
  return (
    v === 1 &&
    [sequence, index, writtenAt].every((number) => typeof number === 'number') &&
    [teamId, orderId, hash, previous].every((text) => typeof text === 'string') &&
    typeof event === 'object' &&
    event !== null
  );
}

function withoutHash(entry: Omit<JournalEntry, 'hash'> & { readonly hash?: string }): object {
  const { hash: _, ...hashed } = entry;
  return hashed;
}

/** JSON with the keys of every object sorted, so that one thing has one spelling however it was stored. */
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
