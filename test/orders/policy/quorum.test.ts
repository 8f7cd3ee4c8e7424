import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, bea, ben, disconnect, gus, purchase, sam } from '../../support/orders/people.js';

async function waitingFor(
  required: number,
  changes: Partial<Policy> = {},
  request: OrderRequest = purchase(),
) {
  const app = startOrdersApp({ approvalsRequired: required, ...changes });
  await app.request('o1', request);
  const seen = () => requestDigest(app.order('o1'));
  return {
    app,
    approves: async (by: Person, instance: Pick<typeof app, 'reviewOrder'> = app) => {
      const answer = await instance.reviewOrder('o1', by, { verdict: 'approve', seen: seen() });
      await allQuiet();
      return isRefusal(answer) ? answer.refused : answer.status;
    },
  };
}

describe('An order that needs two approvals', () => {
  test('waits after the first and is sent after the second, with both on record', async () => {
    const { app, approves } = await waitingFor(2);
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(app.order('o1')).toMatchObject({ approvals: [{ by: ben }], needs: { required: 2 } });
    expect(app.carrier.posts).toEqual([]);
    expect(await approves(gus)).toBe('approved');
    expect(app.order('o1')).toMatchObject({ approval: { by: gus, also: [{ by: ben }] } });
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).toEqual(['approval-1', 'approved']);
  });

  test('does not count the same approval twice', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(ben);
    expect(await approves(ben)).toBe('approved-before');
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [{ by: ben }] });
    expect(app.carrier.posts).toEqual([]);
  });

  test('counts both of two at the same moment, once each', async () => {
    const { app, approves } = await waitingFor(2);
    const other = app.start();
    const answers = await Promise.all([approves(ben), approves(bea, other)]);
    expect(answers.sort()).toEqual(['approved', 'awaiting-approval']);
    expect(app.carrier.posts).toEqual(['o1']);
    const order = app.order('o1');
    const { by, also } = ('approval' in order && order.approval) || {};
    expect([by, ...(also ?? []).map((each) => each.by)]).toHaveLength(2);
    expect([by, ...(also ?? []).map((each) => each.by)]).toEqual(expect.arrayContaining([ben, bea]));
  });

  test('counts a double click once', async () => {
    const { app, approves } = await waitingFor(2);
    const answers = await Promise.all([approves(ben), approves(ben)]);
    expect(answers.sort()).toEqual(['approved-before', 'awaiting-approval']);
    expect(app.carrier.posts).toEqual([]);
  });

  test('counts neither the requester nor someone who cannot approve', async () => {
    const { approves } = await waitingFor(2, {
      approvers: { anyone: false, users: [ana.userId, ben.userId, bea.userId], groups: [] },
    });
    await approves(ben);
    expect(await approves(ana)).toBe('own-request');
    expect(await approves(sam)).toBe('not-an-approver');
    expect(await approves(bea)).toBe('approved');
  });

  test('counts the requester as one of two where that is allowed', async () => {
    const { approves } = await waitingFor(2, {
      approvers: { anyone: true, users: [], groups: [] },
      allowSelfApproval: true,
    });
    expect(await approves(ana)).toBe('awaiting-approval');
    expect(await approves(sam)).toBe('approved');
  });

  test('but not for a disconnect, unless that is allowed separately', async () => {
    const anyone = { approvers: { anyone: true, users: [], groups: [] }, allowSelfApproval: true };
    const strict = await waitingFor(2, anyone, disconnect());
    expect(await strict.approves(ana)).toBe('own-request');
    const lax = await waitingFor(2, { ...anyone, allowSelfApprovalOfDisconnects: true }, disconnect());
    expect(await lax.approves(ana)).toBe('awaiting-approval');
  });

  test('can still be declined, even by someone who had approved it', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(ben);
    expect(await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'on second thought' })).toMatchObject({
      status: 'declined',
      by: ben,
    });
    await app.live(60_000);
    expect(app.carrier.posts).toEqual([]);
  });

  test('requested again by an edit, waits for both', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(ben);
    await app.editOrder('o1', ana, { edition: 1, request: purchase({ name: 'Back door' }) });
    await allQuiet();
    expect(app.order('o1')).toMatchObject({ approvals: [], needs: { required: 2 } });
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(await approves(bea)).toBe('approved');
    expect(app.board.announced.filter((kind) => kind === 'approval-1')).toHaveLength(2);
  });
});

test('If self-approval has been forbidden since, the requester’s own approval does not count', async () => {
  const anyone = { approvers: { anyone: true, users: [], groups: [] } };
  const { app, approves } = await waitingFor(2, { ...anyone, allowSelfApproval: true });
  await approves(ana);
  const stricter = startOrdersApp({ approvalsRequired: 2, ...anyone });
  await stricter.store.insert(app.order('o1'));
  const approve = async (by: Person) => {
    const seen = requestDigest(stricter.order('o1'));
    return stricter.reviewOrder('o1', by, { verdict: 'approve', seen });
  };
  expect(await approve(sam)).toMatchObject({ status: 'awaiting-approval' });
  expect(await approve(ben)).toMatchObject({ status: 'approved' });
});

describe('Where someone who approved is no longer an approver', () => {
  test('their approval does not count at the last approval, which then isn’t the last', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(gus);
    app.members = [];
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(app.carrier.posts).toEqual([]);
    expect(await approves(ben)).toBe('approved-before');
    expect(await approves(bea)).toBe('approved');
    expect(app.order('o1')).toMatchObject({
      approval: { by: bea, also: [{ by: gus }, { by: ben, voids: [gus] }] },
    });
    expect(app.board.announced).toEqual(['approval-1', 'approval-2', 'approved']);
  });

  test('their new approval counts once they are an approver again', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(gus);
    app.members = [];
    await approves(ben);
    app.members = [gus.userId];
    expect(await approves(gus)).toBe('approved');
  });

  test('nothing is approved while it is not known whether they are', async () => {
    const { app, approves } = await waitingFor(2);
    await approves(gus);
    app.members = new Error('Slack is out');
    await expect(approves(ben)).rejects.toThrow('Slack is out');
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [{ by: gus }] });
  });

  test('fewer may be enough by then, and theirs still isn’t one of them', async () => {
    const { app, approves } = await waitingFor(4);
    await approves(gus);
    await approves(bea);
    const laxer = startOrdersApp({ approvalsRequired: 2 });
    laxer.members = [];
    await laxer.store.insert(app.order('o1'));
    await laxer.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(laxer.order('o1')) });
    expect(laxer.order('o1')).toMatchObject({ approval: { by: ben, voids: [gus] } });
  });
});

describe('A rule that approves small orders', () => {
  test('approves one at once, in its own name, and the order continues like any other', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 3 });
    await app.request('o1');
    expect(app.order('o1')).toMatchObject({
      status: 'placed',
      approval: { rule: 'AUTO_APPROVE_UP_TO: up to 3 a day' },
    });
    expect(app.order('o1')).not.toHaveProperty('approval.by');
    expect(app.board.announced).toEqual(['approved']);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('does so up to its number a day, then people decide; the next day it starts over', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 3 });
    await app.request('o1');
    await app.request('o2');
    expect(app.order('o1').status).toBe('placed');
    expect(app.order('o2').status).toBe('awaiting-approval');
    await app.clock.advance(24 * 60 * 60_000 - 1_000);
    await app.request('o3');
    expect(app.order('o3').status).toBe('placed');
  });

  test('never approves two together that exceed it', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 3 });
    const other = app.start();
    const asked = { request: purchase(), requester: ana, channelId: 'C1' };
    await Promise.all([app.requestOrder({ id: 'o1', ...asked }), other.requestOrder({ id: 'o2', ...asked })]);
    await allQuiet();
    expect(app.carrier.posts).toHaveLength(1);
  });

  test.each(['write ledger', 'replace approved'])(
    'leaves to a person what it cannot approve because the database fails at “%s”; the requester is not told of a failure',
    async (failing) => {
      const app = startOrdersApp({ autoApproveUpTo: 3 });
      const instance = app.start((call, go) =>
        call === failing ? Promise.reject(new StoreError('the database is away')) : go(),
      );
      const asked = { id: 'o1', request: purchase(), requester: ana, channelId: 'C1' };
      expect(await instance.requestOrder(asked)).toMatchObject({ id: 'o1', status: 'awaiting-approval' });
      await allQuiet();
      expect(app.board.drawings).toMatchObject([{ id: 'o1', status: 'awaiting-approval' }]);
      expect(app.errors).toEqual([expect.stringContaining('waiting for a person')]);
      await app.approve('o1');
      expect(app.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben } });
    },
  );

  test('never approves a disconnect', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 100 });
    await app.request('o1', disconnect());
    expect(app.order('o1').status).toBe('awaiting-approval');
  });

  test('approves nothing beyond a limit', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 3, maxNumbersPerMonth: 1 });
    const asked = { id: 'o1', request: purchase(), requester: ana, channelId: 'C1' };
    expect(await app.requestOrder(asked)).toMatchObject({ refused: 'too-many', over: { limit: 'month' } });
    expect(app.carrier.posts).toEqual([]);
  });
});
