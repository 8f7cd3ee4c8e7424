import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asPlainText, type Message } from '../../sandbox/local-slack/local-slack.js';
import { CHANNEL, startWorld, type World } from '../support/world.js';

let world: World;

async function backordered(): Promise<Message> {
  world.bandwidth.nextOrder({ ends: 'BACKORDERED' });
  const card = await world.requested('919 x5', async (form) => {
    await form.tick('Options', 'Back-order');
  });
  await world.ben.presses(card, 'Approve & order');
  await world.says(card, 'Back-ordered: 5 numbers');
  return card;
}

describe('A back-ordered order', () => {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterEach(() => world.bandwidth.failNothing());
  afterAll(() => world.close());

  test('shows what was delivered and what is pending', async () => {
    const card = await backordered();
    await world.says(card, 'Delivered so far:* 2 of 5: (919)');
    await world.says(card, 'Pending:* 3 numbers');
    expect(world.bandwidth.orders().at(-1)).toMatchObject({ status: 'BACKORDERED', numbers: { length: 2 } });
  });

  test.each([
    ['Ana, who asked for it', () => world.ana, 'ana'],
    ['Cleo, an approver', () => world.cleo, 'cleo'],
  ])(
    'is closed by %s after a confirmation: delivered numbers are kept, and the thread says who closed it',
    async (_, who, name) => {
      const card = await backordered();
      const doubted = await who().presses(card, 'Close back-order', { confirm: false });
      expect(doubted.asked).toContain('Close this back-order?');
      expect(asPlainText(card)).toContain('Back-ordered');
      await who().presses(card, 'Close back-order');
      await world.says(card, 'Partial: 2 of 5 numbers');
      await world.says(card, `@${name} is closing the back-order`);
      expect(asPlainText(card)).toContain(`Back-order closed by:* @${name}`);
      expect(world.bandwidth.orders().at(-1)?.status).toBe('PARTIAL');
    },
  );

  test('cannot be closed by Dan, who is told who can', async () => {
    const card = await backordered();
    const before = world.dan.ephemerals(CHANNEL).length;
    await world.dan.presses(card, 'Close back-order');
    await world.slack.until(() => world.dan.ephemerals(CHANNEL).length > before, {
      describe: 'Dan to be told',
    });
    expect(asPlainText(world.dan.ephemerals(CHANNEL).at(-1) ?? card)).toContain(
      'Only @ana and the approvers (@telecom) can close the back-order of this order',
    );
    expect(world.bandwidth.orders().at(-1)?.status).toBe('BACKORDERED');
  });

  test('is closed once although the answer was lost: it is looked up', async () => {
    const card = await backordered();
    world.bandwidth.fail({ method: 'PUT', how: 'reset-after-accept' });
    await world.ana.presses(card, 'Close back-order');
    await world.says(card, 'Partial: 2 of 5 numbers');
    expect(world.bandwidth.requests.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(0);
  });

  test('that is filled at the same moment ends as Bandwidth says', async () => {
    const card = await backordered();
    world.bandwidth.finish(world.bandwidth.orders().at(-1)?.id ?? '');
    await world.ana.presses(card, 'Close back-order');
    await world.says(card, 'Complete: 5 of 5 numbers');
    expect(world.bandwidth.orders().at(-1)?.status).toBe('COMPLETE');
  });
});
