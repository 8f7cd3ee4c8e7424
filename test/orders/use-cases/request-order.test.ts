import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { StoreError } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { openOffice } from '../../support/orders/office.js';
import {
  anna,
  disconnect,
  phones,
  purchase,
  searchAndOrder,
  twoNumbers,
  working,
} from '../../support/orders/people.js';

const asked = { id: 'o1', request: purchase(), requester: anna, channelId: 'C1' };

describe('Requesting numbers', () => {
  test('puts the request on record as submitted, and posts its card', async () => {
    const office = openOffice();
    const order = await office.requestOrder(asked);
    expect(office.order('o1')).toMatchObject({
      status: 'awaiting-approval',
      request: asked.request,
      requester: anna,
    });
    expect(order).toMatchObject({ id: 'o1', status: 'awaiting-approval' });
    await allQuiet();
    expect(office.board.drawings).toMatchObject([{ id: 'o1', channelId: 'C1' }]);
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

  test('with a form sent again later returns the order as it is now', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.cancelOrder('o1', anna);
    expect(await office.requestOrder(asked)).toMatchObject({ status: 'cancelled', request: asked.request });
  });

  test.each<[string, OrderRequest, OrderRequest]>([
    ['other numbers to order', purchase(), searchAndOrder(9)],
    ['another reason', purchase(), purchase({ reason: 'Another one' })],
    ['other numbers to disconnect', disconnect(), disconnect({ inService: phones(2).map(working) })],
    ['another mode', disconnect(), disconnect({ mode: 'purge' })],
  ])('with a form sent again with %s is refused: what is on record stays', async (_what, first, second) => {
    const office = openOffice();
    await office.request('o1', first);
    expect(await office.requestOrder({ ...asked, request: second })).toMatchObject({
      refused: 'sent-before',
      order: { id: 'o1', status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(office.order('o1').request).toEqual(first);
    expect(office.board.cards()).toBe(1);
  });

  test('to disconnect, with a form sent twice, is one order even if Bandwidth’s details have changed', async () => {
    const office = openOffice();
    await office.request('o1', disconnect());
    const told = twoNumbers.map((number) => ({ ...working(number), byOrder: 'b0b0' }));
    const again = await office.requestOrder({ ...asked, request: disconnect({ inService: told }) });
    expect(again).toMatchObject({ status: 'awaiting-approval', request: disconnect() });
  });

  test('for more than the limit is refused, and nothing is on record', async () => {
    const office = openOffice({ maxNumbersPerOrder: 1 });
    expect(await office.requestOrder(asked)).toEqual({
      refused: 'too-many',
      over: { limit: 'order', most: 1, left: 1 },
    });
    await allQuiet();
    expect(office.store.onRecord('o1')).toBeUndefined();
    expect(office.board.drawings).toEqual([]);
  });

  test('while the store is down fails with that error, and leaves nothing half-done', async () => {
    const office = openOffice();
    office.store.failWhen((call) => call === 'insert');
    await expect(office.requestOrder(asked)).rejects.toBeInstanceOf(StoreError);
    office.store.recover();
    await office.live(60_000);
    expect(office.store.onRecord('o1')).toBeUndefined();
    expect(office.board.drawings).toEqual([]);
  });

  test('is kept even if Slack is down, and its card is posted later', async () => {
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
