import { isDeepStrictEqual } from 'node:util';
import { eventDigest, hashOf, isJournalEntry, startOfChain } from './journal.js';
import type { Order, OrderId } from './order.js';
import { decided, ImpossibleHistory, rebuild } from './order-events.js';
import type { JournalArchive, OrderArchive } from './ports.js';

/** What is wrong, and where. */
export type JournalProblem =
  | { readonly what: 'entry missing'; readonly teamId: string; readonly sequence: number }
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

/** For each order, the digests of its events as the journal has them. */
type Journaled = Map<OrderId, { readonly teamId: string; readonly digests: string[] }>;

/**
 * Reads every entry of every workspace and every order, changing nothing: are the chains whole, does each order's
 * record agree with the journal, and does it follow from its events? Throws StoreError.
 */
export async function verifyJournal(needs: {
  journal: JournalArchive;
  orders: OrderArchive;
}): Promise<Verification> {
  const problems: JournalProblem[] = [];
  const journaled: Journaled = new Map();
  const chains: Verification['chains'][number][] = [];
  for (const [teamId, last] of await needs.journal.chains()) {
    chains.push(await verifyChain(needs.journal, { teamId, last }, journaled, problems));
  }
  let rebuilt = 0;
  let pending = 0;
  for await (const { id, order } of needs.orders.all()) {
    const kept = journaled.get(id)?.digests ?? [];
    journaled.delete(id);
    if (order instanceof Error) {
      problems.push({ what: 'order unreadable', orderId: id, why: order.message });
      continue;
    }
    pending += compareEvents(order, kept, problems);
    const problem = compareState(order);
    if (problem !== undefined) problems.push(problem);
    rebuilt += 1;
  }
  for (const [orderId, { teamId }] of journaled) problems.push({ what: 'order missing', teamId, orderId });
  return { chains, orders: rebuilt, pending, problems };
}

async function verifyChain(
  journal: JournalArchive,
  { teamId, last }: { readonly teamId: string; readonly last: number },
  journaled: Journaled,
  problems: JournalProblem[],
): Promise<Verification['chains'][number]> {
  /** Undefined where it is not known, after an entry that is missing. */
  let previous: string | undefined = startOfChain(teamId);
  let entries = 0;
  for (let sequence = 1; sequence <= last; sequence++) {
    const entry = await journal.entry(teamId, sequence);
    if (!isJournalEntry(entry)) {
      problems.push({ what: entry === undefined ? 'entry missing' : 'entry unreadable', teamId, sequence });
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
    previous = entry.hash;
    const digests = journaled.get(orderId)?.digests ?? [];
    if (index !== digests.length) {
      problems.push({ what: 'event out of turn', teamId, sequence, orderId, index });
    }
    digests[index] = eventDigest(entry.event);
    journaled.set(orderId, { teamId, digests });
  }
  return { teamId, entries, head: previous ?? '' };
}

/** How many of the order's events are not in the journal yet. */
function compareEvents(order: Order, kept: readonly string[], problems: JournalProblem[]): number {
  const { id: orderId, events } = order;
  let pending = 0;
  for (let index = 0; index < Math.max(events.length, kept.length); index++) {
    const event = events[index];
    const digest = kept[index];
    if (event === undefined) problems.push({ what: 'event unknown', orderId, index });
    else if (digest === undefined && index >= order.journaled && index >= kept.length) pending += 1;
    else if (digest === undefined) problems.push({ what: 'event missing', orderId, index });
    else if (digest !== eventDigest(event)) problems.push({ what: 'event differs', orderId, index });
  }
  return pending;
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
