import { delegated } from '../../src/orders/domain/delegation.js';
import type { Order } from '../../src/orders/domain/order.js';
import { changeRecords } from '../../src/orders/inventory/change-records.js';
import { makeInventory } from '../../src/orders/inventory/inventory.js';
import type { NoTally } from '../../src/orders/ports/ledger.js';
import { systemClock } from '../../src/orders/system-clock.js';
import type { Store } from '../../src/store/open-store.js';
import { anOrder, listeningLog, overButUntold, settledAfter } from '../store/store-fixtures.js';
import { approver, noon, number, requester } from './sample-orders.js';

const MONTH = '2026-11';
const REPORT = 'c0ffee00-0000-4000-8000-000000000001';
const REMOVED = 'aaaaaaaa-0000-4000-8000-000000000001';
const counted = new Map([
  ['waiting', { kind: 'purchase', userId: requester.userId, quantity: 1, at: noon } as const],
]);

const pickedBy = { person: requester, channelId: 'C1' };

/** Writes something of every kind that the app stores. */
export async function fill(store: Store): Promise<void> {
  const write = async (order: Order) => {
    await store.orders.insert(order);
    await store.journal.append(order);
  };
  await write(anOrder('waiting'));
  await write(settledAfter(overButUntold(anOrder('declined'))));
  const old = settledAfter(overButUntold(anOrder(REMOVED)));
  await write(old);
  await store.oldOrders.remove(old);

  const begun = (await store.ledger.read(MONTH, { orders: [], days: [] })) as NoTally;
  await store.ledger.begin(begun, counted, false);
  const away = delegated({ id: 'd1', of: approver, events: [] }, { to: requester, until: noon + 1 }, noon);
  await store.delegations.insert(away);
  await store.journal.append({ id: away.id, requester: away.of, events: away.events });

  await store.explanations.add('V1', {
    kind: 'unexplained',
    subjects: [['+19102414365', '']],
    by: approver,
    at: noon,
    reason: 'Ported in for the fair',
  });
  await store.driftReports.put({
    id: REPORT,
    at: noon,
    inventory: { standing: 'complete', asOf: noon, unread: 0, missingRoles: [] },
    explained: 0,
    unlistedOrders: 0,
    unreadableOrders: 0,
    lists: {},
  });
  await store.driftReports.replaceDue(undefined, { schedule: '0 9 * * 1', dueAt: noon, state: 'due' });
  await changeRecords(
    { store: store.inventory, clock: systemClock, log: listeningLog() },
    { added: [{ number: number('9102414365'), city: 'CARY', state: 'NC' }], removed: [] },
  );
  await store.searches.put({
    id: 's1',
    search: { kind: 'areaCode', criteria: { areaCode: '910' }, quantity: 100 },
    found: [{ number: number('9102414365') }],
    askedBy: requester,
    channelId: 'C1',
    at: noon,
    page: 0,
    picks: {},
    drawn: { count: 0, viewer: requester, picks: {} },
  });
  await store.baskets.insert({
    ...pickedBy,
    id: 'b1',
    addedAt: noon,
    ordered: 0,
    picked: [{ place: { areaCode: '910' }, numbers: [number('9102414365')] }],
  });
  await store.openedHomes?.put(
    { person: requester, openedAt: noon, publishedAt: noon, content: 'digest', orders: ['waiting'] },
    24 * 60 * 60_000,
  );
}

/** Everything that {@link fill} wrote, as the store reads it. */
export async function readAll(store: Store): Promise<object> {
  const orders: Record<string, unknown> = {};
  for await (const { id, order } of store.orders.all()) orders[id] = order;
  const removed: unknown[] = [];
  for await (const each of store.oldOrders.allRemoved()) removed.push(each);
  const listed: unknown[] = [];
  for await (const some of makeInventory(store.inventory).list('')) listed.push(...some);
  return {
    orders,
    open: await store.orders.open(),
    found: (await store.index.page({}, 10)).orders.map(({ id }) => id),
    removed,
    journal: (await store.journal.survey()).chains,
    ledger: await store.ledger.read(MONTH, { orders: [...counted.keys()], days: [] }),
    delegations: await store.delegations.all(),
    explanations: await store.explanations.all(),
    report: await store.driftReports.get(REPORT),
    due: await store.driftReports.nextDue(),
    listed,
    search: await store.searches.get('s1'),
    basket: await store.baskets.of(pickedBy),
  };
}
