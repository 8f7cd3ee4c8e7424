import { isDelegationEvent } from '../domain/delegation.js';
import { isExplanationEvent } from '../domain/explanation-event.js';
import {
  eventDigest,
  hashOf,
  isJournalEntry,
  type JournalEvent,
  startOfChain,
} from '../domain/journal-entry.js';
import type { OrderId } from '../domain/request.js';
import type { JournalArchive } from '../ports/journal.js';
import type { JournalProblem } from './journal-problem.js';
import { LOOKED_FOR, readEntries } from './read-entries.js';

/** For each order, the digests of its journaled events by index, and the next index. */
export type Journaled = Map<OrderId, JournaledOrder>;

export interface JournaledOrder {
  readonly teamId: string;
  readonly what: 'order missing' | 'delegations missing' | 'explanation missing';
  readonly digests: Map<number, string>;
  next: number;
}

/** What a report says about a chain. */
export interface VerifiedChain {
  readonly teamId: string;
  readonly entries: number;
  /** The hash of the last entry. Comparing it with one noted earlier shows whether the chain was rewritten. */
  readonly head: string;
}

/**
 * Checks that the entries of one workspace form an unbroken chain, and adds their events to `journaled` and what is
 * wrong to `problems`.
 *
 * @param chain `sequences` are the numbers of the existing entries, from the lowest.
 */
export async function verifyChain(
  journal: JournalArchive,
  chain: { readonly teamId: string; readonly sequences: readonly number[] },
  journaled: Journaled,
  problems: JournalProblem[],
): Promise<VerifiedChain> {
  const { teamId, sequences } = chain;
  /** Undefined after a missing entry, when it isn't known. */
  let previous: string | undefined = startOfChain(teamId);
  let expected = 1;
  let entries = 0;
  for await (const [sequence, entry] of readEntries(journal, teamId, withGaps(sequences))) {
    // Missing, or gone since it was listed; the next entry reveals the gap.
    if (entry === undefined) continue;
    if (sequence !== expected) {
      problems.push({ what: 'entries missing', teamId, from: expected, to: sequence - 1 });
      previous = undefined;
    }
    expected = sequence + 1;
    if (!isJournalEntry(entry)) {
      problems.push({ what: 'entry unreadable', teamId, sequence });
      previous = undefined;
      continue;
    }
    entries += 1;
    const { orderId, index } = entry;
    const misplaced = entry.teamId !== teamId || entry.sequence !== sequence;
    if (hashOf(entry) !== entry.hash) problems.push({ what: 'entry changed', teamId, sequence });
    else if (misplaced || (previous !== undefined && entry.previous !== previous)) {
      problems.push({ what: 'entry does not follow', teamId, sequence });
    }
    // After an unreadable or misplaced entry, the app continues the chain without its hash.
    previous = misplaced ? undefined : entry.hash;
    const order = journaled.get(orderId) ?? {
      teamId,
      what: missingAs(entry.event),
      digests: new Map(),
      next: 0,
    };
    if (index !== order.next) {
      problems.push({ what: 'event out of turn', teamId, sequence, orderId, index });
    }
    order.digests.set(index, eventDigest(entry.event));
    order.next = Math.max(order.next, index + 1);
    journaled.set(orderId, order);
  }
  return { teamId, entries, head: previous ?? '' };
}

/** What is missing if no record has this event. */
const missingAs = (event: JournalEvent): JournaledOrder['what'] =>
  isDelegationEvent(event)
    ? 'delegations missing'
    : isExplanationEvent(event)
      ? 'explanation missing'
      : 'order missing';

/**
 * Adds the unlisted numbers in between: a listing made while others write may include a later entry but not an earlier
 * one.
 */
function withGaps(sequences: readonly number[]): readonly number[] {
  let left = LOOKED_FOR;
  let next = 1;
  return sequences.flatMap((sequence) => {
    const gap = Array.from({ length: Math.min(left, sequence - next) }, (_, offset) => next + offset);
    left -= gap.length;
    next = sequence + 1;
    return [...gap, sequence];
  });
}
