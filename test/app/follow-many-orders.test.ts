import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '../../sandbox/local-slack/local-slack.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ bandwidth: { orderDelayMs: 'manual' } });
});
afterAll(() => world.close());

async function approved(count: number): Promise<readonly Message[]> {
  const cards: Message[] = [];
  for (let each = 0; each < count; each += 1) cards.push(await world.requested('919'));
  await Promise.all(cards.map((card) => world.ben.presses(card, 'Approve & order')));
  for (const card of cards) await world.says(card, 'Received by Bandwidth');
  return cards;
}

const lists = () =>
  world.bandwidth.requests.filter(
    ({ method, path, query }) => method === 'GET' && path.endsWith('/orders') && query.includes('startdate'),
  ).length;

describe('Several orders that Bandwidth is working on', () => {
  test.each([
    ['listed newest first', {}],
    ['listed oldest first', { listSort: 'oldest first' }],
    [
      'listed in no order of time, by the days they were last changed',
      { listSort: 'by id', listDays: 'modified' },
    ],
    ['listed only once they are over', { listOmitsReceived: true }],
  ] as const)('are followed to their end, %s', async (_how, switches) => {
    world.bandwidth.set({
      listSort: 'newest first',
      listDays: 'created',
      listOmitsReceived: false,
      ...switches,
    });
    const before = lists();
    const cards = await approved(4);
    for (const { id, status } of world.bandwidth.orders())
      if (status === 'RECEIVED') world.bandwidth.finish(id);
    for (const card of cards) await world.says(card, 'Complete: 1 of 1 number');
    expect(lists()).toBeGreaterThan(before);
  });
});
