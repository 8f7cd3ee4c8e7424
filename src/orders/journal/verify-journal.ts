import { isDeepStrictEqual } from 'node:util';
import { decided, ImpossibleHistory, rebuild } from '../domain/apply-event.js';
import { eventDigest, hashOf, isJournalEntry, startOfChain } from '../domain/journal-entry.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { JournalArchive, OrderArchive } from '../ports.js';

/** What is wrong, and where. */
export type JournalProblem =
  /** All from one number to the other, both included, though a later one is there. */
  | {
      readonly what: 'entries missing';
      readonly teamId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly what: 'entry unreadable'; readonly teamId: string; readonly sequence: number }
  /** Its hash is not that of its contents. */
  | { readonly what: 'entry changed'; readonly teamId: string; readonly sequence: number }
  /** It does not follow the one before: that one was changed or replaced, or the two were exchanged. */
  | { readonly what: 'entry does not follow'; readonly teamId: string; readonly sequence: number }
  /** An order's events are not there in their order, each once. */
  | {
      readonly what: 'event out of turn';
      readonly teamId: string;
      readonly sequence: number;
      readonly orderId: OrderId;
      readonly index: number;
    }
  /** It lies among the entries, and no chain can have one there. */
  | { readonly what: 'no entry'; readonly key: string }
  | { readonly what: 'order missing'; readonly teamId: string; readonly orderId: OrderId }
  | { readonly what: 'order unreadable'; readonly orderId: OrderId; readonly why: string }
  /** The order has it, and the journal, which had it, does not. */
  | { readonly what: 'event missing'; readonly orderId: OrderId; readonly index: number }
  /** The journal has it, and the order does not. */
  | { readonly what: 'event unknown'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'event differs'; readonly orderId: OrderId; readonly index: number }
  | { readonly what: 'history impossible'; readonly orderId: OrderId; readonly why: string }
  /** What its events give is not what is stored; `where` names what differs. */
  | { readonly what: 'order differs'; readonly orderId: OrderId; readonly where: readonly string[] };

export interface Verification {
  readonly chains: readonly {
    readonly teamId: string;
    readonly entries: number;
    /** The hash of the last entry: whoever noted it earlier can tell whether the chain has been rewritten. */
    readonly head: string;
  }[];
  /** How many orders were rebuilt from their events. */
  readonly orders: number;
  /** How many events are not in the journal yet; the app, running, puts them there. */
  readonly pending: number;
  readonly problems: readonly JournalProblem[];
}

/** For each order, the digests of its events as the journal has them, by their index, and the index that comes next. */
type Journaled = Map<OrderId, JournaledOrder>;

interface JournaledOrder {
  readonly teamId: string;
  readonly digests: Map<number, string>;
  next: number;
}

/** So many entries are fetched at a time: a database may be a millisecond away. */
const READ_AT_ONCE = 32;
/** What a survey did not list is looked for by its number, so many times in each chain: the app may write meanwhile. */
const LOOKED_FOR = 1_000;

/**
 * Reads every entry of every workspace and every order, changing nothing: are the chains whole, does each order's
 * record agree with the journal, and does it follow from its events? Whatever somebody may have written there: how long
 * it takes depends on how many entries there are, never on the numbers in them. Throws StoreError.
 */
export async function verifyJournal(deps: {
  journal: JournalArchive;
  orders: OrderArchive;
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
  problems.push(...(await lookAgain(deps.journal, survey.chains, missing)));
  for (const [orderId, { teamId }] of journaled) problems.push({ what: 'order missing', teamId, orderId });
  return { chains, orders: rebuilt, pending, problems };
}

/** `sequences` are those of the entries that are there, from the lowest. */
async function verifyChain(
  journal: JournalArchive,
  { teamId, sequences }: { readonly teamId: string; readonly sequences: readonly number[] },
  journaled: Journaled,
  problems: JournalProblem[],
): Promise<Verification['chains'][number]> {
  /** Undefined where it is not known, after an entry that is missing. */
  let previous: string | undefined = startOfChain(teamId);
  let expected = 1;
  let entries = 0;
  for await (const [sequence, entry] of fetched(journal, teamId, withGaps(sequences))) {
    // Not there, or gone since it was listed: the next one finds the gap.
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
    // After one that belongs elsewhere, as after one that can't be read, the app goes on without its hash.
    previous = misplaced ? undefined : entry.hash;
    const order = journaled.get(orderId) ?? { teamId, digests: new Map(), next: 0 };
    if (index !== order.next) {
      problems.push({ what: 'event out of turn', teamId, sequence, orderId, index });
    }
    order.digests.set(index, eventDigest(entry.event));
    order.next = Math.max(order.next, index + 1);
    journaled.set(orderId, order);
  }
  return { teamId, entries, head: previous ?? '' };
}

/** A listing made while others write may have a later entry and not an earlier one. */
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

/** An event of an order that says it is in the journal, where it was not when that was read. */
interface SeeminglyMissing {
  readonly orderId: OrderId;
  readonly teamId: string;
  readonly index: number;
  readonly digest: string;
}

/** `pending`: how many of the order's events are not in the journal yet. */
function compareEvents(order: Order, kept: JournaledOrder | undefined) {
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

/** What was journaled between the survey and the reading of its order stands after all that was surveyed. */
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
    // Somebody who edited the events may have left anything at all in their place.
    const why =
      error instanceof ImpossibleHistory ? error.message : `one of its events is not whole: ${error}`;
    return { what: 'history impossible', orderId, why };
  }
}

/** As it comes back from JSON, where what is undefined is left out. */
function asEntries(state: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(JSON.parse(JSON.stringify(state)) as object));
}
