import { expect, test } from '@jest/globals';
import { lineIdOf } from '../../../../src/orders/domain/line-ids.js';
import { linesOf } from '../../../../src/orders/domain/lines.js';
import type { Order } from '../../../../src/orders/domain/order.js';
import { approved, newOrder, placing } from '../../../../src/orders/domain/transitions.js';
import { makeLineStore } from '../../../../src/orders/engine/placing/line-store.js';
import { makeMemoryStore } from '../../../support/orders/memory-store.js';
import { ana, ben, lines, searched } from '../../../support/orders/people.js';

const NOW = 1_000;

/** An approved order of two lines on record, and two processes that see its lines. */
async function twoProcesses() {
  const orders = makeMemoryStore([]);
  const asked = newOrder({
    id: 'o1',
    request: lines(searched('910', 1), searched('919', 2)),
    requester: ana,
    channelId: 'C1',
    now: NOW,
    expiresAt: 10 * NOW,
  });
  await orders.insert(approved(asked, ben, NOW));
  return { orders, one: makeLineStore(orders), other: makeLineStore(orders) };
}

async function sent(store: ReturnType<typeof makeLineStore>, line: number) {
  const before = await store.get(lineIdOf('o1', line));
  if (before?.status !== 'approved') throw new Error(`line ${line} is ${before?.status}`);
  return { before, after: placing(before, 2 * NOW) };
}

const statuses = (order: Order | undefined) => order && linesOf(order).map(({ status }) => status);

test('Of two processes that are about to send the same line, only one can', async () => {
  const { orders, one, other } = await twoProcesses();
  const [first, second] = await Promise.all([sent(one, 1), sent(other, 1)]);
  const may = [
    await one.replace(first.before, first.after),
    await other.replace(second.before, second.after),
  ];
  expect(may).toEqual([true, false]);
  expect((await orders.get('o1'))?.events.filter(({ what }) => what === 'placing')).toHaveLength(1);
});

test('Nor can the same process send a line twice in one write', async () => {
  const { one } = await twoProcesses();
  const { before, after } = await sent(one, 1);
  expect(await Promise.all([one.replace(before, after), one.replace(before, after)])).toEqual([true, false]);
});

test('Two processes that send different lines do not disturb each other', async () => {
  const { orders, one, other } = await twoProcesses();
  const [first, second] = await Promise.all([sent(one, 1), sent(other, 2)]);
  expect(await one.replace(first.before, first.after)).toBe(true);
  expect(await other.replace(second.before, second.after)).toBe(true);
  expect(statuses(await orders.get('o1'))).toEqual(['placing', 'placing']);
});
