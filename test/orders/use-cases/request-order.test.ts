import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  disconnect,
  phones,
  purchase,
  searchAndOrder,
  twoNumbers,
  working,
} from '../../support/orders/people.js';

const asked = { id: 'o1', request: purchase(), requester: ana, channelId: 'C1' };

describe('Requesting numbers', () => {
  test('puts the request on record as submitted, and posts its card', async () => {
    const app = startOrdersApp();
    const order = await app.requestOrder(asked);
    expect(app.order('o1')).toMatchObject({
      status: 'awaiting-approval',
      request: asked.request,
      requester: ana,
    });
    expect(order).toMatchObject({ id: 'o1', status: 'awaiting-approval' });
    await allQuiet();
    expect(app.board.drawings).toMatchObject([{ id: 'o1', channelId: 'C1' }]);
  });

  test('with a form sent twice is one order and one card', async () => {
    const app = startOrdersApp();
    const [one, other] = await Promise.all([app.requestOrder(asked), app.requestOrder(asked)]);
    await allQuiet();
    await app.requestOrder(asked);
    await allQuiet();
    expect(one).toEqual(other);
    expect(app.board.cards()).toBe(1);
    expect(await app.store.open()).toEqual(['o1']);
  });

  test('with a form sent again later returns the order as it is now', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.cancelOrder('o1', ana);
    expect(await app.requestOrder(asked)).toMatchObject({ status: 'cancelled', request: asked.request });
  });

  test.each<[string, OrderRequest, OrderRequest]>([
    ['other numbers to order', purchase(), searchAndOrder(9)],
    ['another reason', purchase(), purchase({ reason: 'Another one' })],
    ['other numbers to disconnect', disconnect(), disconnect({ inService: phones(2).map(working) })],
    ['another mode', disconnect(), disconnect({ mode: 'purge' })],
  ])('with a form sent again with %s is refused: what is on record stays', async (_what, first, second) => {
    const app = startOrdersApp();
    await app.request('o1', first);
    expect(await app.requestOrder({ ...asked, request: second })).toMatchObject({
      refused: 'sent-before',
      order: { id: 'o1', status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(app.order('o1').request).toEqual(first);
    expect(app.board.cards()).toBe(1);
  });

  test('to disconnect, with a form sent twice, is one order even if Bandwidth’s details have changed', async () => {
    const app = startOrdersApp();
    await app.request('o1', disconnect());
    const told = twoNumbers.map((number) => ({ ...working(number), byOrder: 'b0b0' }));
    const again = await app.requestOrder({ ...asked, request: disconnect({ inService: told }) });
    expect(again).toMatchObject({ status: 'awaiting-approval', request: disconnect() });
  });

  test('for more than the limit is refused, and nothing is on record', async () => {
    const app = startOrdersApp({ maxNumbersPerOrder: 1 });
    expect(await app.requestOrder(asked)).toEqual({
      refused: 'too-many',
      over: { limit: 'order', most: 1, left: 1 },
    });
    await allQuiet();
    expect(app.store.onRecord('o1')).toBeUndefined();
    expect(app.board.drawings).toEqual([]);
  });

  test('while the store is down fails with that error, and leaves nothing half-done', async () => {
    const app = startOrdersApp();
    app.store.failWhen((call) => call === 'insert');
    await expect(app.requestOrder(asked)).rejects.toBeInstanceOf(StoreError);
    app.store.recover();
    await app.live(60_000);
    expect(app.store.onRecord('o1')).toBeUndefined();
    expect(app.board.drawings).toEqual([]);
  });

  test('is kept even if Slack is down, and its card is posted later', async () => {
    const app = startOrdersApp();
    app.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    await app.request('o1');
    await app.engine.stop();
    app.board.trouble = undefined;
    await app.live(10_000, app.start());
    expect(app.board.drawings).toHaveLength(1);
  });
});
