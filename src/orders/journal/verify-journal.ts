import { explanationEvent } from '../domain/explanation-event.js';
import type { Order } from '../domain/order.js';
import type { OrderId } from '../domain/request.js';
import type { DelegationStore } from '../ports/delegation-store.js';
import type { ExplanationStore } from '../ports/drift.js';
import type { JournalArchive, JournaledRecord } from '../ports/journal.js';
import type { OldOrders } from '../ports/old-orders.js';
import type { OrderArchive } from '../ports/order-store.js';
import { compareEvents, compareState, lookAgain, type SeeminglyMissing } from './compare-records.js';
import type { JournalProblem } from './journal-problem.js';
import { type Journaled, type VerifiedChain, verifyChain } from './verify-chain.js';

export interface Verification {
  readonly chains: readonly VerifiedChain[];
  /** How many orders were rebuilt from their events. */
  readonly orders: number;
  /** How many orders were removed because they were old. The journal has all of their events. */
  readonly removed: number;
  /** How many events aren't in the journal yet; the running app will add them. */
  readonly pending: number;
  readonly problems: readonly JournalProblem[];
}

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
  const chains: VerifiedChain[] = [];
  const survey = await deps.journal.survey();
  const problems: JournalProblem[] = survey.strays.map((key) => ({ what: 'no entry', key }));
  for (const [teamId, sequences] of survey.chains) {
    chains.push(await verifyChain(deps.journal, { teamId, sequences }, journaled, problems));
  }
  const missing: SeeminglyMissing[] = [];
  let rebuilt = 0;
  let pending = 0;
  /** @param id under which it is stored: a record that was tampered with may name another. */
  function compare(id: OrderId, record: JournaledRecord & Pick<Order, 'journaled'>): void {
    const compared = compareEvents(record, journaled.get(id));
    journaled.delete(id);
    pending += compared.pending;
    missing.push(...compared.missing);
    problems.push(...compared.problems);
  }
  for await (const { id, order } of deps.orders.all()) {
    if (order instanceof Error) {
      journaled.delete(id);
      problems.push({ what: 'order unreadable', orderId: id, why: order.message });
      continue;
    }
    compare(id, order);
    const problem = compareState(order);
    if (problem !== undefined) problems.push(problem);
    rebuilt += 1;
  }
  for (const { id, of, events } of await deps.delegations.all()) {
    compare(id, { id, requester: of, events, journaled: 0 });
  }
  for (const { id, ...each } of await deps.explanations.all()) {
    compare(id, { id, requester: each.by, events: [explanationEvent(each)], journaled: 0 });
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
