import { describe, expect, test } from '@jest/globals';
import { StoreError } from '../../src/orders/ports.js';
import { allQuiet } from '../support/orders/hand-clock.js';
import { openOffice } from '../support/orders/office.js';
import { anna, purchase, sam, searchAndOrder } from '../support/orders/people.js';

const asked = { id: 'o1', request: purchase(), requester: anna, channelId: 'C1' };

describe('Asking for numbers', () => {
  test('puts the request on record as it was asked, and posts its card', async () => {
    const office = openOffice();
    const order = await office.requestOrder(asked);
    expect(office.order('o1')).toMatchObject({
      status: 'awaiting-approval',
      request: asked.request,
      requester: anna,
    });
    expect(order).toMatchObject({ id: 'o1', status: 'awaiting-approval' });
    await allQuiet();
    expect(office.board.drawings).toMatchObject([{ id: 'o1', card: { channelId: 'C1' } }]);
  });

  test('with a form sent twice is one order and one card', async () => {
    const office = openOffice();
    const [one, other] = await Promise.all([office.requestOrder(asked), office.requestOrder(asked)]);
    await allQuiet();
    await office.requestOrder(asked);
    await allQuiet();
    expect(one).toEqual(other);
    expect(office.board.cards()).toBe(1);
    expect(await office.store.open()).toEqual(['o1']);
  });

  test('with a form sent again later gets the order as it stands, and does not replace it', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.cancelOrder('o1', anna);
    const again = await office.requestOrder({ ...asked, request: searchAndOrder(9), requester: sam });
    expect(again).toMatchObject({ status: 'cancelled', requester: anna, request: asked.request });
  });

  test('for more than the limit is refused, and nothing is on record', async () => {
    const office = openOffice({ maxNumbersPerOrder: 1 });
    expect(await office.requestOrder(asked)).toEqual({ refused: 'too-many' });
    await allQuiet();
    expect(office.store.onRecord('o1')).toBeUndefined();
    expect(office.board.drawings).toEqual([]);
  });

  test('while the store is down fails as such, and leaves nothing half-done', async () => {
    const office = openOffice();
    office.store.failWhen((call) => call === 'insert');
    await expect(office.requestOrder(asked)).rejects.toBeInstanceOf(StoreError);
    office.store.recover();
    await office.live(60_000);
    expect(office.store.onRecord('o1')).toBeUndefined();
    expect(office.board.drawings).toEqual([]);
  });

  test('is kept though Slack is down, and its card is posted later', async () => {
    const office = openOffice();
    office.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    await office.request('o1');
    await office.engine.stop();
    office.board.trouble = undefined;
    await office.live(10_000, office.start());
    expect(office.board.drawings).toHaveLength(1);
  });
});
