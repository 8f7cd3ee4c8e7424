import { describe, expect, test } from '@jest/globals';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, guest, sam, searchAndOrder } from '../../support/orders/people.js';
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
  const office = openOffice(policy);
  office.carrier.onPlace(lostOnTheWay);
  await office.request('o1', request);
  await office.approve('o1');
  await office.live(2 * MINUTE);
  return office;
}

/** An order that Bandwidth took without our hearing of it, and does not list yet. */
async function hiddenOrder(request = searchAndOrder(2)) {
  const office = openOffice();
  office.carrier.onPlace(takenButAnswerLost);
  // Five looks until people are asked, one more a minute after the POST.
  office.carrier.onFind(...Array.from({ length: 6 }, () => () => []));
  await office.request('o1', request);
  await office.approve('o1');
  await office.live(2 * MINUTE);
  return office;
}

describe('An order that left no trace at Bandwidth', () => {
  test.each([
    ['a search-and-order', searchAndOrder(2)],
    ['a disconnect', disconnect()],
  ])('is never sent again by itself: %s', async (_, request) => {
    const office = await lostOrder(request, { undoWindowMs: 0 });
    await office.live(60 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'untraced']);
  });

  test('is not called lost before Bandwidth has said five times that there is no record; failed lookups do not count', async () => {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.onFind(...Array.from({ length: 5 }, () => cannotBeAsked()));
    await office.request('o1', searchAndOrder(2));
    await office.approve('o1');
    await office.live(MINUTE);
    expect(office.carrier.finds).toHaveLength(5);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'not-known']);
    expect(office.order('o1')).toMatchObject({ status: 'placing', failedLookups: 0 });
    await office.live(MINUTE);
    expect(office.board.announced).toEqual(['approved', 'unknown', 'not-known', 'untraced']);
  });

  test('is looked up at once when anyone presses Check again, and followed when it turns up', async () => {
    const office = await hiddenOrder();
    const looks = office.carrier.finds.length;
    await office.checkAgain('o1', sam);
    await office.live(1_000);
    expect(office.carrier.finds.length).toBeGreaterThan(looks);
    await office.live(10 * MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('is sent again by an approver, once, after one last lookup', async () => {
    const office = await lostOrder();
    const looks = office.carrier.finds.length;
    expect(await office.orderAgain('o1', ben)).toMatchObject({ status: 'placing' });
    await office.live(MINUTE);
    expect(office.carrier.finds.length).toBe(looks + 1);
    expect(office.carrier.posts).toEqual(['o1', 'o1']);
    expect(office.carrier.accepted).toHaveLength(1);
    expect(office.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben, again: { by: ben } } });
    expect(office.board.announced).toContain('again');
  });

  test('is followed, not sent again, if the last lookup finds it', async () => {
    const office = await hiddenOrder();
    await office.orderAgain('o1', ben);
    await office.live(MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('is sent again once even if two approvers press at the same moment', async () => {
    const office = await lostOrder(searchAndOrder(2), {
      approvers: { anyone: true, users: [], groups: [] },
    });
    const [one, other] = await Promise.all([office.orderAgain('o1', ben), office.orderAgain('o1', sam)]);
    expect([one, other].filter((result) => 'refused' in result)).toHaveLength(1);
    await office.live(MINUTE);
    expect(office.carrier.posts).toHaveLength(2);
  });

  test.each([
    ['the requester', anna, 'own-request'],
    ['a colleague who is no approver', sam, 'not-an-approver'],
    ['an outsider', guest, 'outsider'],
  ])('is not sent again for %s', async (_, who, refused) => {
    const office = await lostOrder();
    expect(await office.orderAgain('o1', who)).toMatchObject({ refused });
    await office.live(MINUTE);
    expect(office.carrier.posts).toHaveLength(1);
  });

  test('and is lost a second time asks people a second time', async () => {
    const office = await lostOrder();
    office.carrier.onPlace(lostOnTheWay);
    await office.orderAgain('o1', ben);
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toHaveLength(2);
    expect(office.board.announced.filter((kind) => kind === 'untraced')).toHaveLength(2);
    await office.orderAgain('o1', ben);
    await office.live(MINUTE);
    expect(office.carrier.accepted).toHaveLength(1);
  });

  test('and meets a rate limit the second time cannot be canceled, because the first may turn up', async () => {
    const office = await lostOrder();
    office.carrier.onPlace(notTaken(), notTaken());
    await office.orderAgain('o1', ben);
    await office.live(1_000);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ refused: 'already-decided' });
    await office.live(5 * MINUTE);
    expect(office.order('o1').status).toBe('placed');
  });

  test('that was refused the second time because the first had arrived is followed as the first', async () => {
    const office = await hiddenOrder();
    office.carrier.onFind(() => []);
    office.carrier.onPlace(saysNo);
    await office.orderAgain('o1', ben);
    await office.live(MINUTE);
    expect(office.carrier.posts).toHaveLength(2);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('that arrived twice says so at its end, and names the other carrier order', async () => {
    const office = await hiddenOrder();
    office.carrier.onFind(() => []);
    office.carrier.onPlace(taken);
    await office.orderAgain('o1', ben);
    office.carrier.says(report('complete'));
    await office.live(MINUTE);
    expect(office.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-2',
      duplicates: ['carrier-1'],
    });
  });

  test('survives a crash after Order again, and is not sent a third time', async () => {
    const office = await lostOrder();
    await office.orderAgain('o1', ben);
    await office.engine.stop();
    const desk = office.start();
    await office.live(5 * MINUTE, desk);
    expect(office.carrier.posts).toHaveLength(2);
    expect(office.order('o1').status).toBe('placed');
  });
});

test('Check again or Order again on an order that is not lost is refused, and the card is drawn again', async () => {
  const office = openOffice();
  await office.request('o1');
  await office.approve('o1');
  const { revision } = office.order('o1');
  expect(await office.checkAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
  expect(await office.orderAgain('o1', ben)).toMatchObject({ refused: 'already-decided' });
  expect(office.order('o1').revision).toBeGreaterThan(revision);
  expect(await office.orderAgain('nobody', ben)).toEqual({ refused: 'no-such-order' });
  expect(office.carrier.posts).toEqual(['o1']);
});
