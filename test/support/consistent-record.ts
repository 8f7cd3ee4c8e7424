import { expect } from '@jest/globals';
import { type Verification, verifyJournal } from '../../src/orders/journal/verify-journal.js';
import type { DelegationStore } from '../../src/orders/ports/delegation-store.js';
import type { ExplanationStore } from '../../src/orders/ports/drift.js';
import type { JournalArchive } from '../../src/orders/ports/journal.js';
import type { OldOrders } from '../../src/orders/ports/old-orders.js';
import type { OrderArchive } from '../../src/orders/ports/order-store.js';

/**
 * Expects that the record is consistent: each workspace's chain is complete, every order follows from its events, and
 * the journal has them. `atRest`: nothing is in progress, so that no event may be missing from the journal.
 */
export async function expectConsistentRecord(
  store: {
    readonly journal: JournalArchive;
    readonly orders: OrderArchive;
    readonly delegations: Pick<DelegationStore, 'all'>;
    readonly explanations: Pick<ExplanationStore, 'all'>;
    readonly oldOrders?: Pick<OldOrders, 'allRemoved'>;
  },
  { atRest }: { readonly atRest: boolean },
): Promise<Verification> {
  let orders = 0;
  let events = 0;
  for await (const { order } of store.orders.all()) {
    orders += 1;
    events += order instanceof Error ? 0 : order.events.length;
  }
  for (const delegations of await store.delegations.all()) events += delegations.events.length;
  events += (await store.explanations.all()).length;
  const removed = new Map<string, number>();
  for await (const each of store.oldOrders?.allRemoved() ?? []) removed.set(each.id, each.events);
  for (const gone of removed.values()) events += gone;
  const found = await verifyJournal(store);
  expect(found.problems).toEqual([]);
  // Nothing was skipped: every order was rebuilt, and every event was compared or is on its way.
  const entries = found.chains.reduce((sum, chain) => sum + chain.entries, 0);
  expect({ orders: found.orders, events: entries + found.pending }).toEqual({ orders, events });
  if (atRest) expect(found.pending).toBe(0);
  return found;
}
