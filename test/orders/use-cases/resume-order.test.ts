import { describe, expect, test } from '@jest/globals';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, guest, sam, searchAndOrder } from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  report,
  saysNo,
  taken,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

/** An approved order whose POST never arrived, half a minute later. */
async function lostOrder(request = searchAndOrder(2), policy = {}) {
  const app = startOrdersApp(policy);
  app.carrier.onPlace(lostOnTheWay);
  await app.request('o1', request);
  await app.approve('o1');
  await app.live(2 * MINUTE);
  return app;
}

/** An order that Bandwidth took without our hearing of it, and does not list yet. */
async function hiddenOrder(request = searchAndOrder(2)) {
  const app = startOrdersApp();
  app.carrier.onPlace(takenButAnswerLost);
  // Five looks until people are asked, one more a minute after the POST.
  app.carrier.onFind(...Array.from({ length: 6 }, () => () => []));
  await app.request('o1', request);
  await app.approve('o1');
  await app.live(2 * MINUTE);
  return app;
}

describe('An order that left no trace at Bandwidth', () => {
  test.each([
    ['a search-and-order', searchAndOrder(2)],
    ['a disconnect', disconnect()],
  ])('is never sent again by itself: %s', async (_, request) => {
    const app = await lostOrder(request, { undoWindowMs: 0 });
    await app.live(60 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'untraced']);
  });

  test('is not called lost before Bandwidth has said five times that there is no record; failed lookups do not count', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.onFind(...Array.from({ length: 5 }, () => cannotBeAsked()));
    await app.request('o1', searchAndOrder(2));
    await app.approve('o1');
    await app.live(MINUTE);
    expect(app.carrier.finds).toHaveLength(5);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(app.order('o1')).toMatchObject({ status: 'placing', failedLookups: 0 });
    await app.live(MINUTE);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'not-known', 'untraced']);
  });

  test('is looked up at once when anyone presses Check again, and followed when it turns up', async () => {
    const app = await hiddenOrder();
    const looks = app.carrier.finds.length;
    await app.checkAgain('o1', sam);
    await app.live(1_000);
    expect(app.carrier.finds.length).toBeGreaterThan(looks);
    await app.live(10 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('is sent again by an approver, once, after one last lookup', async () => {
    const app = await lostOrder();
    const looks = app.carrier.finds.length;
    expect(await app.orderAgain('o1', ben)).toMatchObject({ status: 'placing' });
    await app.live(MINUTE);
    expect(app.carrier.finds.length).toBe(looks + 1);
    expect(app.carrier.posts).toEqual(['o1', 'o1']);
    expect(app.carrier.accepted).toHaveLength(1);
    expect(app.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben, again: { by: ben } } });
    expect(app.board.announced).toContain('again');
  });

  test('is followed, not sent again, if the last lookup finds it', async () => {
    const app = await hiddenOrder();
    await app.orderAgain('o1', ben);
    await app.live(MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('is sent again once even if two approvers press at the same moment', async () => {
    const app = await lostOrder(searchAndOrder(2), {
      approvers: { anyone: true, users: [], groups: [] },
    });
    const [one, other] = await Promise.all([app.orderAgain('o1', ben), app.orderAgain('o1', sam)]);
    expect([one, other].filter((result) => 'refused' in result)).toHaveLength(1);
    await app.live(MINUTE);
    expect(app.carrier.posts).toHaveLength(2);
  });

  test.each([
    ['the requester', ana, 'own-request'],
    ['a colleague who is no approver', sam, 'not-an-approver'],
    ['an outsider', guest, 'outsider'],
  ])('is not sent again for %s', async (_, who, refused) => {
    const app = await lostOrder();
    expect(await app.orderAgain('o1', who)).toMatchObject({ refused });
    await app.live(MINUTE);
    expect(app.carrier.posts).toHaveLength(1);
  });

  test('and is lost a second time asks people a second time', async () => {
    const app = await lostOrder();
    app.carrier.onPlace(lostOnTheWay);
    await app.orderAgain('o1', ben);
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.board.announced.filter((kind) => kind === 'untraced')).toHaveLength(2);
    await app.orderAgain('o1', ben);
    await app.live(MINUTE);
    expect(app.carrier.accepted).toHaveLength(1);
  });

  test('and meets a rate limit the second time cannot be canceled, because the first may turn up', async () => {
    const app = await lostOrder();
    app.carrier.onPlace(notTaken(), notTaken());
    await app.orderAgain('o1', ben);
    await app.live(1_000);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ refused: 'already-decided' });
    await app.live(5 * MINUTE);
    expect(app.order('o1').status).toBe('placed');
  });

  test('that was refused the second time because the first had arrived is followed as the first', async () => {
    const app = await hiddenOrder();
    app.carrier.onFind(() => []);
    app.carrier.onPlace(saysNo);
    await app.orderAgain('o1', ben);
    await app.live(MINUTE);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('that arrived twice says so when it ends, and names the other carrier order', async () => {
    const app = await hiddenOrder();
    app.carrier.onFind(() => []);
    app.carrier.onPlace(taken);
    await app.orderAgain('o1', ben);
    app.carrier.says(report('complete'));
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-2',
      duplicates: ['carrier-1'],
    });
  });

  test('survives a crash after Order again, and is not sent a third time', async () => {
    const app = await lostOrder();
    await app.orderAgain('o1', ben);
    await app.engine.stop();
    const instance = app.start();
    await app.live(5 * MINUTE, instance);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.order('o1').status).toBe('placed');
  });
});

test('Check again or Order again on an order that is not lost is refused, and the card is drawn again', async () => {
  const app = startOrdersApp();
  await app.request('o1');
  await app.approve('o1');
  const { revision } = app.order('o1');
  expect(await app.checkAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
  expect(await app.orderAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
  expect(app.order('o1').revision).toBeGreaterThan(revision);
  expect(await app.orderAgain('nobody', ben)).toEqual({ refused: 'no-such-order' });
  expect(app.carrier.posts).toEqual(['o1']);
});
