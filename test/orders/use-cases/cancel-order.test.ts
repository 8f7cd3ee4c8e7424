import { describe, expect, test } from '@jest/globals';
import { StoreError } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben, gus, sam } from '../../support/orders/people.js';
import { takenButAnswerLost } from '../../support/orders/scripted-carrier.js';

async function waitingOrder() {
  const office = openOffice();
  await office.request('o1');
  return office;
}

describe('Canceling a request', () => {
  test('is possible for the requester and for approvers', async () => {
    for (const person of [anna, ben, gus]) {
      const office = await waitingOrder();
      expect(await office.cancelOrder('o1', person)).toMatchObject({ status: 'cancelled', by: person });
      await office.live(60_000);
      expect(office.carrier.posts).toEqual([]);
      expect(office.board.announced).toEqual(['cancelled']);
    }
  });

  test('is not possible for anyone else', async () => {
    const office = await waitingOrder();
    expect(await office.cancelOrder('o1', sam)).toMatchObject({
      refused: 'not-yours',
      order: { status: 'awaiting-approval' },
    });
    expect(office.order('o1').status).toBe('awaiting-approval');
  });

  test('works for the requester even if Slack cannot say who is in a group', async () => {
    const office = await waitingOrder();
    office.members = new Error('Slack does not answer');
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
  });

  test('by the requester and an approver at once happens once', async () => {
    const office = await waitingOrder();
    const answers = await Promise.all([office.cancelOrder('o1', anna), office.cancelOrder('o1', ben)]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([
      { refused: 'already-decided', order: { status: 'cancelled' } },
    ]);
    expect(office.board.announced).toEqual(['cancelled']);
  });

  test('comes too late once the order may be at Bandwidth; the card is drawn again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    await office.request('o1');
    await office.approve('o1');
    const before = office.board.drawings.length;
    expect(await office.cancelOrder('o1', anna)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'placing' },
    });
    await allQuiet();
    expect(office.board.drawings.length).toBe(before + 1);
    await office.live(60_000);
    expect(office.order('o1').status).toBe('placed');
  });

  test('while the store is down fails with that error, and the request stays', async () => {
    const office = await waitingOrder();
    for (const down of ['get', 'replace'] as const) {
      office.store.failWhen((call) => call === down);
      await expect(office.cancelOrder('o1', anna)).rejects.toBeInstanceOf(StoreError);
    }
    expect(office.order('o1').status).toBe('awaiting-approval');
  });
});
