import { isDeepStrictEqual } from 'node:util';
import { decided, rebuild } from '../domain/apply-event.js';
import { isDelegationEvent } from '../domain/delegation.js';
import { explanationEvent, isExplanationEvent } from '../domain/explanation-event.js';
import { ImpossibleHistory } from '../domain/impossible-history.js';
import {
  eventDigest,
  hashOf,
  isJournalEntry,
  type JournalEvent,
  startOfChain,
} from '../domain/journal-entry.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { ExplanationStore } from '../drift-ports.js';
import type { OldOrders } from '../old-orders.js';
import type { DelegationStore, JournalArchive, JournaledRecord, OrderArchive } from '../ports.js';

/** A problem found in the journal, and where. */
export type JournalProblem =
  /** Entries `from` to `to`, both included, although later ones exist. */
  | {
      readonly what: 'entries missing';
      readonly teamId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly what: 'entry unreadable'; readonly teamId: string; readonly sequence: number }
  /** Its hash doesn't match its contents. */
  | { readonly what: 'entry changed'; readonly teamId: string; readonly sequence: number }
  /** It doesn't follow the previous entry: one of them was changed, replaced or moved. */
  | { readonly what: 'entry does not follow'; readonly teamId: string; readonly sequence: number }
  /** The events of an order aren't in sequence, each once. */
  | {
      readonly what: 'event out of turn';
      readonly teamId: string;
      readonly sequence: number;
      readonly orderId: OrderId;
      readonly index: number;
    }
  /** A stored value among the entries whose key no chain can have. */
  | { readonly what: 'no entry'; readonly key: string }
  | { readonly what: 'order missing'; readonly teamId: string; readonly orderId: OrderId }
  /** The journal has delegations that no one has a record of. */
  | { readonly what: 'delegations missing'; readonly teamId: string; readonly orderId: string }
  /** The journal has an explanation of drift that is on record nowhere else. */
  | { readonly what: 'explanation missing'; readonly teamId: string; readonly orderId: string }
  | { readonly what: 'order unreadable'; readonly orderId: OrderId; readonly why: string }
  /** The order has an event that the journal once had and now lacks. */
  | { readonly what: 'event missing'; readonly orderId: OrderId; readonly index: number }
  /** The journal has an event that the order lacks. */
  | { readonly what: 'event unknown'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'event differs'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'history impossible'; readonly orderId: OrderId; readonly why: string }
  /** The stored order differs from what its events give; `where` names the differences. */
  | { readonly what: 'order differs'; readonly orderId: OrderId; readonly where: readonly string[] };

export interface Verification {
  readonly chains: readonly {
    readonly teamId: string;
    readonly entries: number;
    /** The hash of the last entry. Comparing it with one noted earlier shows whether the chain was rewritten. */
    readonly head: string;
  }[];
  /** How many orders were rebuilt from their events. */
  readonly orders: number;
  /** How many orders were removed after the time they are kept. The journal has all of their events. */
  readonly removed: number;
  /** How many events aren't in the journal yet; the running app will add them. */
  readonly pending: number;
  readonly problems: readonly JournalProblem[];
}

/** For each order, the digests of its journaled events by index, and the next index. */
type Journaled = Map<OrderId, JournaledOrder>;

interface JournaledOrder {
  readonly teamId: string;
  readonly what: 'order missing' | 'delegations missing' | 'explanation missing';
  readonly digests: Map<number, string>;
  next: number;
}

/** How many entries are read in parallel, because a remote database takes about a millisecond each. */
const READ_AT_ONCE = 32;
/** How many unlisted entries are looked up by number in each chain, because the app may be writing at the same time. */
const LOOKED_FOR = 1_000;

/**
 * Reads every entry of every workspace, every order, delegation and explanation without changing anything: are the
 * chains intact, does each order's record agree with the journal, and does it follow from its events? The time it takes
 * depends on how many entries there are, never on the numbers in them, because those may have been tampered with.
 * Throws StoreError.
 */
export async function verifyJournal(deps: {
  journal: JournalArchive;
  orders: OrderArchive;
  delegations: Pick<DelegationStore, 'all'>;
  explanations: Pick<ExplanationStore, 'all'>;
  oldOrders?: Pick<OldOrders, 'allRemoved'>;
}): Promise<Verification> {
  const journaled: Journaled = new Map();
  const chains: Verification['chains'][number][] = [];
  const survey = await deps.journal.survey();
  const problems: JournalProblem[] = survey.strays.map((key) => ({ what: 'no entry', key }));
  for (const [teamId, sequences] of survey.chains) {
    chains.push(await verifyChain(deps.journal, { teamId, sequences }, journaled, problems));
  }
  const missing: SeeminglyMissing[] = [];
  let rebuilt = 0;
  let pending = 0;
  for await (const { id, order } of deps.orders.all()) {
    const kept = journaled.get(id);
    journaled.delete(id);
    if (order instanceof Error) {
      problems.push({ what: 'order unreadable', orderId: id, why: order.message });
      continue;
    }
    const compared = compareEvents(order, kept);
    pending += compared.pending;
    missing.push(...compared.missing);
    problems.push(...compared.problems);
    const problem = compareState(order);
    if (problem !== undefined) problems.push(problem);
    rebuilt += 1;
  }
  const others: JournaledRecord[] = [];
  for (const { id, of, events } of await deps.delegations.all()) others.push({ id, requester: of, events });
  for (const { id, ...each } of await deps.explanations.all()) {
    others.push({ id, requester: each.by, events: [explanationEvent(each)] });
  }
  for (const record of others) {
    const compared = compareEvents({ ...record, journaled: 0 }, journaled.get(record.id));
    journaled.delete(record.id);
    pending += compared.pending;
    missing.push(...compared.missing);
    problems.push(...compared.problems);
  }
  problems.push(...(await lookAgain(deps.journal, survey.chains, missing)));
  const removed = await removedOf(deps.oldOrders, journaled);
  for (const id of removed) journaled.delete(id);
  for (const [orderId, { teamId, what }] of journaled) problems.push({ what, teamId, orderId });
  return { chains, orders: rebuilt, removed: removed.length, pending, problems };
}

/** Returns the orders that were removed as old, and whose events the journal has, each of them. */
async function removedOf(
  oldOrders: Pick<OldOrders, 'allRemoved'> | undefined,
  journaled: Journaled,
): Promise<readonly OrderId[]> {
  const found = new Set<OrderId>();
  if (oldOrders === undefined) return [];
  for await (const { id, events } of oldOrders.allRemoved()) {
    const { digests } = journaled.get(id) ?? {};
    if (digests?.size === events) found.add(id);
  }
  return [...found];
}

/** `sequences` are the numbers of the existing entries, from the lowest. */
async function verifyChain(
  journal: JournalArchive,
  { teamId, sequences }: { readonly teamId: string; readonly sequences: readonly number[] },
  journaled: Journaled,
  problems: JournalProblem[],
): Promise<Verification['chains'][number]> {
  /** Undefined after a missing entry, when it isn't known. */
  let previous: string | undefined = startOfChain(teamId);
  let expected = 1;
  let entries = 0;
  for await (const [sequence, entry] of fetched(journal, teamId, withGaps(sequences))) {
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

async function* fetched(
  journal: JournalArchive,
  teamId: string,
  sequences: readonly number[],
): AsyncIterable<readonly [sequence: number, entry: unknown]> {
  for (let start = 0; start < sequences.length; start += READ_AT_ONCE) {
    const some = sequences.slice(start, start + READ_AT_ONCE);
    yield* await Promise.all(
      some.map(async (sequence) => [sequence, await journal.entry(teamId, sequence)] as const),
    );
  }
}

/** An event that wasn't in the journal when it was read, although the order says it is. */
interface SeeminglyMissing {
  readonly orderId: OrderId;
  readonly teamId: string;
  readonly index: number;
  readonly digest: string;
}

/** `pending`: how many of the order's events aren't in the journal yet. */
function compareEvents(order: JournaledRecord & Pick<Order, 'journaled'>, kept: JournaledOrder | undefined) {
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
async function lookAgain(
  journal: JournalArchive,
  surveyed: ReadonlyMap<string, readonly number[]>,
  missing: readonly SeeminglyMissing[],
): Promise<readonly JournalProblem[]> {
  const since = new Map<string, string>();
  const place = (orderId: OrderId, index: number) => JSON.stringify([orderId, index]);
  for (const teamId of new Set(missing.map((each) => each.teamId))) {
    const first = (surveyed.get(teamId)?.at(-1) ?? 0) + 1;
    const next = Array.from({ length: LOOKED_FOR }, (_, offset) => first + offset);
    for await (const [, entry] of fetched(journal, teamId, next)) {
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

function compareState(order: Order): JournalProblem | undefined {
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
