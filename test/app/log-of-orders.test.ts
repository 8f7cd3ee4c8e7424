import { afterEach, expect, test } from '@jest/globals';
import { STATE_CHANGED } from '../../src/orders/engine/log-changes.js';
import { people, startWorld, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

/** The lines about changes of state: from, to, who. */
const changes = () =>
  world.log
    .filter(({ msg }) => msg === STATE_CHANGED)
    .map(({ from, to, by }) => `${from ?? '-'} → ${to} by ${by}`);

test('an operator sees in the log, one line each, who moved an order from which state to which', async () => {
  world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
  const card = await world.requested('910 x2');
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Received');
  const [order] = world.bandwidth.orders();
  world.bandwidth.finish(order?.id ?? '');
  await world.says(card, 'Complete: 2 of 2');
  expect(changes()).toEqual([
    `- → awaiting-approval by ${people.ana.id}`,
    `awaiting-approval → approved by ${people.ben.id}`,
    'approved → placing by app',
    'placing → received by app',
    'received → complete by app',
  ]);
  const lines = world.log.filter(({ msg }) => msg === STATE_CHANGED);
  expect(new Set(lines.map(({ orderId }) => orderId)).size).toBe(1);
  expect(lines[0]).toMatchObject({ kind: 'purchase', channelId: 'C0NUMBERS', event: 'requested', level: 30 });
  expect(lines[3]).toMatchObject({ carrierOrderId: order?.id, event: 'placed' });
});

test('a declined order has its line too', async () => {
  world = await startWorld();
  const card = await world.requested('919 x3');
  await world.ben.presses(card, 'Decline…');
  const form = await world.ben.form();
  await form.fill('Why?', 'Too many');
  await form.submit();
  await world.says(card, 'Declined');
  expect(changes()).toEqual([
    `- → awaiting-approval by ${people.ana.id}`,
    `awaiting-approval → declined by ${people.ben.id}`,
  ]);
});
