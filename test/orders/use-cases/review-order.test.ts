import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { isRefusal, type Refusal } from '../../../src/orders/policy/refusal.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, bea, ben, guest, gus, phone, purchase, sam } from '../../support/orders/people.js';
import { report } from '../../support/orders/scripted-carrier.js';

async function waitingOrder(changes: Partial<Policy> = {}) {
  const app = startOrdersApp(changes);
  await app.request('o1');
  const seen = requestDigest(app.order('o1'));
  return {
    app,
    seen,
    approves: (by: Person) => app.reviewOrder('o1', by, { verdict: 'approve', seen }),
    declines: (by: Person) => app.reviewOrder('o1', by, { verdict: 'decline', why: 'not now' }),
    cancels: (by: Person) => app.cancelOrder('o1', by),
  };
}

function refusals(answers: readonly (Order | Refusal)[]): Refusal[] {
  return answers.filter((answer): answer is Refusal => isRefusal(answer));
}

describe('Two clicks, one decision', () => {
  test('of two approvers at once one wins, and the other is told what happened', async () => {
    const { app, approves } = await waitingOrder();
    const answers = await Promise.all([approves(ben), approves(bea)]);
    await allQuiet();
    const [refusal, ...others] = refusals(answers);
    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ refused: 'already-decided', order: { id: 'o1' } });
    const { order } = refusal ?? {};
    expect(order && 'approval' in order && order.approval.by).toEqual(ben);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).toEqual(['approved']);
  });

  test('of an approval and a decline at once, in two processes, one wins', async () => {
    const { app, seen } = await waitingOrder();
    const other = app.start();
    const answers = await Promise.all([
      other.reviewOrder('o1', bea, { verdict: 'decline', why: 'not now' }),
      app.reviewOrder('o1', ben, { verdict: 'approve', seen }),
    ]);
    await allQuiet();
    expect(refusals(answers)).toMatchObject([{ refused: 'already-decided' }]);
    const won = app.order('o1').status;
    expect(app.carrier.posts).toHaveLength(won === 'declined' ? 0 : 1);
  });

  test('of an approval and a cancellation at once the order is either cancelled or sent, never both', async () => {
    for (const cancelFirst of [true, false]) {
      const { app, approves, cancels } = await waitingOrder();
      if (cancelFirst) await Promise.all([cancels(ana), approves(ben)]);
      else await Promise.all([approves(ben), cancels(ana)]);
      await allQuiet();
      expect(app.carrier.posts).toHaveLength(app.order('o1').status === 'cancelled' ? 0 : 1);
    }
  });

  test('a double click approves once; the second is answered with the order as it is now', async () => {
    const { app, approves } = await waitingOrder();
    expect(await approves(ben)).toMatchObject({ status: 'approved', approval: { by: ben } });
    await allQuiet();
    expect(await approves(ben)).toMatchObject({ refused: 'already-decided', order: { status: 'placed' } });
    await allQuiet();
    expect(app.carrier.posts).toHaveLength(1);
  });

  test('a decline is kept with who and why, and nothing is ordered', async () => {
    const { app, declines, approves } = await waitingOrder();
    expect(await declines(ben)).toMatchObject({ status: 'declined', by: ben, why: 'not now' });
    expect(await approves(bea)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'declined', by: ben },
    });
    await app.live(60_000);
    expect(app.carrier.posts).toEqual([]);
  });
});

describe('Nobody spends or disconnects beyond the policy', () => {
  test('the requester can neither approve nor decline their own request', async () => {
    const { app, approves, declines } = await waitingOrder({
      approvers: { anyone: true, users: [ana.userId], groups: [] },
    });
    expect(await approves(ana)).toMatchObject({
      refused: 'own-request',
      order: { status: 'awaiting-approval' },
    });
    expect(await declines(ana)).toMatchObject({ refused: 'own-request' });
    expect(app.order('o1').status).toBe('awaiting-approval');
  });

  test('unless that is allowed', async () => {
    const { approves } = await waitingOrder({
      allowSelfApproval: true,
      approvers: { anyone: true, users: [], groups: [] },
    });
    expect(await approves(ana)).toMatchObject({ status: 'approved' });
  });

  test('a colleague who is not an approver is refused, and so is an outsider', async () => {
    const { app, approves, declines } = await waitingOrder();
    expect(await approves(sam)).toMatchObject({ refused: 'not-an-approver' });
    expect(await declines(guest)).toMatchObject({ refused: 'outsider' });
    expect(app.order('o1').version).toBe(2);
  });

  test('a member of an approver group can approve', async () => {
    const { approves } = await waitingOrder();
    expect(await approves(gus)).toMatchObject({ status: 'approved', approval: { by: gus } });
  });

  test('membership is checked at the moment of the press', async () => {
    const { app, approves } = await waitingOrder();
    app.members = [];
    expect(await approves(gus)).toMatchObject({ refused: 'not-an-approver' });
  });

  test('while Slack cannot say who is in the group, nothing is decided', async () => {
    const { app, approves } = await waitingOrder();
    app.members = new Error('Slack does not answer');
    await expect(approves(gus)).rejects.toThrow('Slack does not answer');
    expect(app.order('o1').status).toBe('awaiting-approval');
  });

  test('but an approver named by id can still decide', async () => {
    const { app, approves } = await waitingOrder();
    app.members = new Error('Slack does not answer');
    expect(await approves(ben)).toMatchObject({ status: 'approved', approval: { by: ben } });
  });

  test('with * a colleague can approve, an outsider cannot', async () => {
    const { approves } = await waitingOrder({ approvers: { anyone: true, users: [], groups: [] } });
    expect(await approves(guest)).toMatchObject({ refused: 'outsider' });
    expect(await approves(sam)).toMatchObject({ status: 'approved' });
  });

  test('a limit that was lowered in the meantime counts at the approval', async () => {
    const { app, seen } = await waitingOrder();
    const stricter = startOrdersApp({ maxNumbersPerOrder: 1 });
    await stricter.store.insert({ ...app.order('o1') });
    expect(await stricter.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'too-many',
      order: { status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(stricter.carrier.posts).toEqual([]);
  });
});

describe('What was approved is what is ordered', () => {
  test('an approval of anything other than what is on record is refused, and the card is drawn again', async () => {
    const { app } = await waitingOrder();
    const before = app.board.drawings.length;
    const seen = requestDigest({
      request: purchase({ name: 'Back door' }),
      requester: ana,
      edition: 1,
      holds: [],
    });
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
      order: { status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(app.carrier.posts).toEqual([]);
    expect(app.board.drawings.length).toBe(before + 1);
  });

  test('Bandwidth gets exactly what was approved', async () => {
    const { app, approves } = await waitingOrder();
    await approves(ben);
    await allQuiet();
    expect(app.carrier.accepted).toEqual([
      { orderId: 'o1', id: 'carrier-1', request: purchase(), keptFrom: [] },
    ]);
  });

  test.each<[string, object]>([
    ['another number', { wanted: { by: 'numbers', numbers: [phone('9102414365')] } }],
    ['another name', { name: 'Back instance' }],
    ['another sub-account', { site: { id: '8', name: 'Raleigh' } }],
    ['a location', { location: { id: '1', name: 'Floor 1' } }],
    ['another reason', { reason: 'An old office' }],
    ['partial delivery', { partialAllowed: true }],
    ['back-ordering', { backOrder: true }],
    ['protected numbers', { protected: true }],
  ])('%s is a different request', (_what, change) => {
    const digest = (request = purchase(), requester = ana, edition = 1) =>
      requestDigest({ request, requester, edition, holds: [] });
    expect(digest(purchase(change))).not.toBe(digest());
    expect(digest(purchase(), sam)).not.toBe(digest());
    expect(digest(purchase(), ana, 2)).not.toBe(digest());
    expect(digest(structuredClone(purchase(change)))).toBe(digest(purchase(change)));
  });
});

describe('A click is never ignored', () => {
  test('a late press on a finished order draws its card again, and the answer says how it ended', async () => {
    const { app, approves } = await waitingOrder();
    app.carrier.says(report('complete'));
    await approves(ben);
    await app.live(5_000);
    expect(await app.store.open()).toEqual([]);
    const before = app.board.drawings.length;
    expect(await approves(bea)).toMatchObject({ refused: 'already-decided', order: { status: 'complete' } });
    await allQuiet();
    expect(app.board.drawings.slice(before).map(({ status }) => status)).toEqual(['complete']);
    expect(await app.store.open()).toEqual([]);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
  });

  test('a press on an unknown order is answered, too', async () => {
    const app = startOrdersApp();
    const press = { verdict: 'approve', seen: 'x' } as const;
    expect(await app.reviewOrder('gone', ben, press)).toEqual({ refused: 'no-such-order' });
    expect(await app.mayReview('gone', ben)).toEqual({ refused: 'no-such-order' });
    expect(await app.cancelOrder('gone', ben)).toEqual({ refused: 'no-such-order' });
  });

  test('while the store is down the person is told, and nothing is decided', async () => {
    const { app, approves, declines } = await waitingOrder();
    for (const down of ['get', 'replace'] as const) {
      app.store.failWhen((call) => call === down);
      await expect(approves(ben)).rejects.toBeInstanceOf(StoreError);
      await expect(declines(ben)).rejects.toBeInstanceOf(StoreError);
    }
    app.store.recover();
    await app.live(60_000);
    expect(app.order('o1').status).toBe('awaiting-approval');
    expect(app.carrier.posts).toEqual([]);
  });

  test('what a press had found out before the store went down is on the card with the next pass', async () => {
    const { app, approves } = await waitingOrder({ approvalTtlMs: 30 * 60_000 });
    await app.live(60_000);
    app.carrier.sold(phone('9102414365'));
    const { revision } = app.order('o1');
    app.store.failWhen((call) => call === 'get' && app.order('o1').revision > revision);
    await expect(approves(ben)).rejects.toBeInstanceOf(StoreError);
    app.store.recover();
    await app.live(5_000);
    const { cards, ...found } = app.order('o1');
    expect(found.revision).toBeGreaterThan(revision);
    expect(cards[0].renderedRevision).toBe(found.revision);
  });
});

describe('Opening the form that asks for the reason of a decline', () => {
  test('is possible for approvers, and decides nothing', async () => {
    const { app } = await waitingOrder();
    expect(await app.mayReview('o1', ben)).toMatchObject({ status: 'awaiting-approval' });
    expect(await app.mayReview('o1', gus)).toMatchObject({ status: 'awaiting-approval' });
    expect(await app.mayReview('o1', ana)).toMatchObject({ refused: 'own-request' });
    expect(await app.mayReview('o1', sam)).toMatchObject({ refused: 'not-an-approver' });
    expect(app.order('o1').status).toBe('awaiting-approval');
  });

  test('comes too late once someone has decided, and the card is drawn again', async () => {
    const { app, declines } = await waitingOrder();
    await declines(bea);
    await allQuiet();
    const before = app.board.drawings.length;
    expect(await app.mayReview('o1', ben)).toMatchObject({
      refused: 'already-decided',
      order: { by: bea },
    });
    await allQuiet();
    expect(app.board.drawings.length).toBe(before + 1);
  });
});
