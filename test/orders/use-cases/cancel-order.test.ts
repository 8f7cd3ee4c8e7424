import { describe, expect, test } from '@jest/globals';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, gus, sam } from '../../support/orders/people.js';
import { takenButAnswerLost } from '../../support/orders/scripted-carrier.js';

async function waitingOrder() {
  const app = startOrdersApp();
  await app.request('o1');
  return app;
}

describe('Canceling a request', () => {
  test('is possible for the requester and for approvers', async () => {
    for (const person of [ana, ben, gus]) {
      const app = await waitingOrder();
      expect(await app.cancelOrder('o1', person)).toMatchObject({ status: 'cancelled', by: person });
      await app.live(60_000);
      expect(app.carrier.posts).toEqual([]);
      expect(app.board.announced).toEqual(['cancelled']);
    }
  });

  test('is not possible for anyone else', async () => {
    const app = await waitingOrder();
    expect(await app.cancelOrder('o1', sam)).toMatchObject({
      refused: 'not-yours',
      order: { status: 'awaiting-approval' },
    });
    expect(app.order('o1').status).toBe('awaiting-approval');
  });

  test('works for the requester even if Slack cannot say who is in a group', async () => {
    const app = await waitingOrder();
    app.members = new Error('Slack does not answer');
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
  });

  test('by the requester and an approver at once happens once', async () => {
    const app = await waitingOrder();
    const answers = await Promise.all([app.cancelOrder('o1', ana), app.cancelOrder('o1', ben)]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([
      { refused: 'already-decided', order: { status: 'cancelled' } },
    ]);
    expect(app.board.announced).toEqual(['cancelled']);
  });

  test('comes too late once the order may be at Bandwidth; the card is drawn again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    await app.request('o1');
    await app.approve('o1');
    const before = app.board.drawings.length;
    expect(await app.cancelOrder('o1', ana)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'placing' },
    });
    await allQuiet();
    expect(app.board.drawings.length).toBe(before + 1);
    await app.live(60_000);
    expect(app.order('o1').status).toBe('placed');
  });

  test('while the store is down fails with that error, and the request stays', async () => {
    const app = await waitingOrder();
    for (const down of ['get', 'replace'] as const) {
      app.store.failWhen((call) => call === down);
      await expect(app.cancelOrder('o1', ana)).rejects.toBeInstanceOf(StoreError);
    }
    expect(app.order('o1').status).toBe('awaiting-approval');
  });
});
