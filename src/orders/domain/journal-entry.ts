import { createHash } from 'node:crypto';
import type { OrderEvent } from './order-event.js';
import type { OrderId, Timestamp } from './request.js';

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

/** What stands at a number of the chain and can't be read as its entry. It stays there as it is. */
export interface DamagedEntry {
  readonly teamId: string;
  readonly sequence: number;
  readonly damaged: true;
}

/** What the next entry follows. */
export type EndOfChain = Pick<JournalEntry, 'sequence' | 'hash' | 'writtenAt'>;

/** What the first entry of a workspace names as the one before. */
export function startOfChain(teamId: string): string {
  return sha256(`journal of ${teamId}`);
}

/**
 * The end of a chain whose last entry can't be read, nor can its hash. The next one names this instead; whoever verifies
 * the chain sees that the entry before can't be read, and that nothing says whether the two fit.
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

/** The entry that follows `last` with this event. */
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

/** The hash an entry must have. */
export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  return sha256(canonical(withoutHash(entry)));
}

/** Two events with one digest are the same event. */
export function eventDigest(event: OrderEvent): string {
  return sha256(canonical(event));
}

/** Whether it has everything that an entry must have. Whether its hash is right is another question. */
export function isJournalEntry(stored: unknown): stored is JournalEntry {
  const { v, sequence, hash, previous, writtenAt, teamId, orderId, index, event } = (stored ??
    {}) as Partial<JournalEntry>;
  const { what, at } = (event ?? {}) as Partial<OrderEvent>;
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
