import { isDeepStrictEqual } from 'node:util';
import { decided, rebuild } from '../domain/apply-event.js';
import { ImpossibleHistory } from '../domain/impossible-history.js';
import { eventDigest, isJournalEntry } from '../domain/journal-entry.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { JournalArchive, JournaledRecord } from '../ports/journal.js';
import type { JournalProblem } from './journal-problem.js';
import { LOOKED_FOR, readEntries } from './read-entries.js';
import type { JournaledOrder } from './verify-chain.js';

/* Compares orders, delegations and explanations with the journal, and orders with their own events. */

/** An event that wasn't in the journal when it was read, although the order says it is. */
export interface SeeminglyMissing {
  readonly orderId: OrderId;
  readonly teamId: string;
  readonly index: number;
  readonly digest: string;
}

interface Comparison {
  readonly problems: readonly JournalProblem[];
  readonly missing: readonly SeeminglyMissing[];
  /** How many events aren't in the journal yet. */
  readonly pending: number;
}

/** Compares the events of a record with those of the journal. */
export function compareEvents(
  order: JournaledRecord & Pick<Order, 'journaled'>,
  kept: JournaledOrder | undefined,
): Comparison {
  const { id: orderId, events } = order;
  const { teamId } = order.requester;
  const digests: ReadonlyMap<number, string> = kept?.digests ?? new Map();
  const problems: JournalProblem[] = [];
  const missing: SeeminglyMissing[] = [];
  let pending = 0;
  for (const [index, event] of events.entries()) {
    const digest = eventDigest(event);
    const inJournal = digests.get(index);
    if (inJournal === undefined && index >= order.journaled && index >= (kept?.next ?? 0)) pending += 1;
    else if (inJournal === undefined) missing.push({ orderId, teamId, index, digest });
    else if (inJournal !== digest) problems.push({ what: 'event differs', orderId, index });
  }
  for (const index of digests.keys()) {
    if (events[index] === undefined) problems.push({ what: 'event unknown', orderId, index });
  }
  return { pending, missing, problems };
}

/**
 * Checks again: an event journaled between the survey and the reading of its order comes after everything in the
 * survey.
 */
export async function lookAgain(
  journal: JournalArchive,
  surveyed: ReadonlyMap<string, readonly number[]>,
  missing: readonly SeeminglyMissing[],
): Promise<readonly JournalProblem[]> {
  const since = new Map<string, string>();
  const place = (orderId: OrderId, index: number) => JSON.stringify([orderId, index]);
  for (const teamId of new Set(missing.map((each) => each.teamId))) {
    const first = (surveyed.get(teamId)?.at(-1) ?? 0) + 1;
    const next = Array.from({ length: LOOKED_FOR }, (_, offset) => first + offset);
    for await (const [, entry] of readEntries(journal, teamId, next)) {
      if (entry === undefined) break;
      if (isJournalEntry(entry)) since.set(place(entry.orderId, entry.index), eventDigest(entry.event));
    }
  }
  return missing.flatMap(({ orderId, index, digest }): readonly JournalProblem[] => {
    const found = since.get(place(orderId, index));
    if (found === digest) return [];
    return [{ what: found === undefined ? 'event missing' : 'event differs', orderId, index }];
  });
}

/** Returns a problem if the stored order isn't what its events give. */
export function compareState(order: Order): JournalProblem | undefined {
  const { id: orderId } = order;
  try {
    const is = asEntries(decided(order));
    const shouldBe = asEntries(decided(rebuild(orderId, order.events)));
    const where = [...new Set([...is.keys(), ...shouldBe.keys()])].filter(
      (key) => !isDeepStrictEqual(is.get(key), shouldBe.get(key)),
    );
    return where.length === 0 ? undefined : { what: 'order differs', orderId, where };
  } catch (error) {
    // Tampered events can contain anything at all.
    const why =
      error instanceof ImpossibleHistory ? error.message : `one of its events is not whole: ${error}`;
    return { what: 'history impossible', orderId, why };
  }
}

/** Converts the state as JSON would, which omits undefined values. */
function asEntries(state: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(JSON.parse(JSON.stringify(state)) as object));
}
