import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { StoreError } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, bea, ben, disconnect, gus, purchase, sam } from '../../support/orders/people.js';

async function waitingFor(
  required: number,
  changes: Partial<Policy> = {},
  request: OrderRequest = purchase(),
) {
  const office = openOffice({ approvalsRequired: required, ...changes });
  await office.request('o1', request);
  const seen = () => requestDigest(office.order('o1'));
  return {
    office,
    approves: async (by: Person, desk: Pick<typeof office, 'reviewOrder'> = office) => {
      const answer = await desk.reviewOrder('o1', by, { verdict: 'approve', seen: seen() });
      await allQuiet();
      return isRefusal(answer) ? answer.refused : answer.status;
    },
  };
}

describe('An order that needs two approvals', () => {
  test('waits after the first and is sent after the second, with both on record', async () => {
    const { office, approves } = await waitingFor(2);
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(office.order('o1')).toMatchObject({ approvals: [{ by: ben }], needs: { required: 2 } });
    expect(office.carrier.posts).toEqual([]);
    expect(await approves(gus)).toBe('approved');
    expect(office.order('o1')).toMatchObject({ approval: { by: gus, also: [{ by: ben }] } });
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.board.announced).toEqual(['approval-1', 'approved']);
  });

  test('does not count the same approval twice', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(ben);
    expect(await approves(ben)).toBe('approved-before');
    expect(office.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [{ by: ben }] });
    expect(office.carrier.posts).toEqual([]);
  });

  test('counts both of two at the same moment, once each', async () => {
    const { office, approves } = await waitingFor(2);
    const other = office.start();
    const answers = await Promise.all([approves(ben), approves(bea, other)]);
    expect(answers.sort()).toEqual(['approved', 'awaiting-approval']);
    expect(office.carrier.posts).toEqual(['o1']);
    const order = office.order('o1');
    const { by, also } = ('approval' in order && order.approval) || {};
    expect([by, ...(also ?? []).map((each) => each.by)]).toHaveLength(2);
    expect([by, ...(also ?? []).map((each) => each.by)]).toEqual(expect.arrayContaining([ben, bea]));
  });

  test('counts a double click once', async () => {
    const { office, approves } = await waitingFor(2);
    const answers = await Promise.all([approves(ben), approves(ben)]);
    expect(answers.sort()).toEqual(['approved-before', 'awaiting-approval']);
    expect(office.carrier.posts).toEqual([]);
  });

  test('counts neither the requester nor someone who cannot approve', async () => {
    const { approves } = await waitingFor(2, {
      approvers: { anyone: false, users: [anna.userId, ben.userId, bea.userId], groups: [] },
    });
    await approves(ben);
    expect(await approves(anna)).toBe('own-request');
    expect(await approves(sam)).toBe('not-an-approver');
    expect(await approves(bea)).toBe('approved');
  });

  test('counts the requester as one of two where that is allowed', async () => {
    const { approves } = await waitingFor(2, {
      approvers: { anyone: true, users: [], groups: [] },
      allowSelfApproval: true,
    });
    expect(await approves(anna)).toBe('awaiting-approval');
    expect(await approves(sam)).toBe('approved');
  });

  test('but not for a disconnect, unless that is allowed separately', async () => {
    const anyone = { approvers: { anyone: true, users: [], groups: [] }, allowSelfApproval: true };
    const strict = await waitingFor(2, anyone, disconnect());
    expect(await strict.approves(anna)).toBe('own-request');
    const lax = await waitingFor(2, { ...anyone, allowSelfApprovalOfDisconnects: true }, disconnect());
    expect(await lax.approves(anna)).toBe('awaiting-approval');
  });

  test('can still be declined, even by someone who had approved it', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(ben);
    expect(
      await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'on second thought' }),
    ).toMatchObject({ status: 'declined', by: ben });
    await office.live(60_000);
    expect(office.carrier.posts).toEqual([]);
  });

  test('requested again by an edit, waits for both', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(ben);
    await office.editOrder('o1', anna, { edition: 1, request: purchase({ name: 'Back door' }) });
    await allQuiet();
    expect(office.order('o1')).toMatchObject({ approvals: [], needs: { required: 2 } });
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(await approves(bea)).toBe('approved');
    expect(office.board.announced.filter((kind) => kind === 'approval-1')).toHaveLength(2);
  });
});

test('If self-approval has been forbidden since, the requester’s own approval does not count', async () => {
  const anyone = { approvers: { anyone: true, users: [], groups: [] } };
  const { office, approves } = await waitingFor(2, { ...anyone, allowSelfApproval: true });
  await approves(anna);
  const stricter = openOffice({ approvalsRequired: 2, ...anyone });
  await stricter.store.insert(office.order('o1'));
  const approve = async (by: Person) => {
    const seen = requestDigest(stricter.order('o1'));
    return stricter.reviewOrder('o1', by, { verdict: 'approve', seen });
  };
  expect(await approve(sam)).toMatchObject({ status: 'awaiting-approval' });
  expect(await approve(ben)).toMatchObject({ status: 'approved' });
});

describe('Where someone who approved is no longer an approver', () => {
  test('their approval does not count at the last approval, which then isn’t the last', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(gus);
    office.members = [];
    expect(await approves(ben)).toBe('awaiting-approval');
    expect(office.carrier.posts).toEqual([]);
    expect(await approves(ben)).toBe('approved-before');
    expect(await approves(bea)).toBe('approved');
    expect(office.order('o1')).toMatchObject({
      approval: { by: bea, also: [{ by: gus }, { by: ben, voids: [gus] }] },
    });
    expect(office.board.announced).toEqual(['approval-1', 'approval-2', 'approved']);
  });

  test('their new approval counts once they are an approver again', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(gus);
    office.members = [];
    await approves(ben);
    office.members = [gus.userId];
    expect(await approves(gus)).toBe('approved');
  });

  test('nothing is approved while it is not known whether they are', async () => {
    const { office, approves } = await waitingFor(2);
    await approves(gus);
    office.members = new Error('Slack is out');
    await expect(approves(ben)).rejects.toThrow('Slack is out');
    expect(office.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [{ by: gus }] });
  });

  test('fewer may be enough by then, and theirs still isn’t one of them', async () => {
    const { office, approves } = await waitingFor(4);
    await approves(gus);
    await approves(bea);
    const laxer = openOffice({ approvalsRequired: 2 });
    laxer.members = [];
    await laxer.store.insert(office.order('o1'));
    await laxer.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(laxer.order('o1')) });
    expect(laxer.order('o1')).toMatchObject({ approval: { by: ben, voids: [gus] } });
  });
});

describe('A rule that approves small orders', () => {
  test('approves one at once, in its own name, and the order continues like any other', async () => {
    const office = openOffice({ autoApproveUpTo: 3 });
    await office.request('o1');
    expect(office.order('o1')).toMatchObject({
      status: 'placed',
      approval: { rule: 'AUTO_APPROVE_UP_TO: up to 3 a day' },
    });
    expect(office.order('o1')).not.toHaveProperty('approval.by');
    expect(office.board.announced).toEqual(['approved']);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('does so up to its number a day, then people decide; the next day it starts over', async () => {
    const office = openOffice({ autoApproveUpTo: 3 });
    await office.request('o1');
    await office.request('o2');
    expect(office.order('o1').status).toBe('placed');
    expect(office.order('o2').status).toBe('awaiting-approval');
    await office.clock.advance(24 * 60 * 60_000 - 1_000);
    await office.request('o3');
    expect(office.order('o3').status).toBe('placed');
  });

  test('never approves two together that exceed it', async () => {
    const office = openOffice({ autoApproveUpTo: 3 });
    const other = office.start();
    const asked = { request: purchase(), requester: anna, channelId: 'C1' };
    await Promise.all([
      office.requestOrder({ id: 'o1', ...asked }),
      other.requestOrder({ id: 'o2', ...asked }),
    ]);
    await allQuiet();
    expect(office.carrier.posts).toHaveLength(1);
  });

  test.each(['write ledger', 'replace approved'])(
    'leaves to a person what it cannot approve because the database fails at “%s”; the requester is not told of a failure',
    async (failing) => {
      const office = openOffice({ autoApproveUpTo: 3 });
      const desk = office.start((call, go) =>
        call === failing ? Promise.reject(new StoreError('the database is away')) : go(),
      );
      const asked = { id: 'o1', request: purchase(), requester: anna, channelId: 'C1' };
      expect(await desk.requestOrder(asked)).toMatchObject({ id: 'o1', status: 'awaiting-approval' });
      await allQuiet();
      expect(office.board.drawings).toMatchObject([{ id: 'o1', status: 'awaiting-approval' }]);
      expect(office.errors).toEqual([expect.stringContaining('waiting for a person')]);
      await office.approve('o1');
      expect(office.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben } });
    },
  );

  test('never approves a disconnect', async () => {
    const office = openOffice({ autoApproveUpTo: 100 });
    await office.request('o1', disconnect());
    expect(office.order('o1').status).toBe('awaiting-approval');
  });

  test('approves nothing beyond a limit', async () => {
    const office = openOffice({ autoApproveUpTo: 3, maxNumbersPerMonth: 1 });
    const asked = { id: 'o1', request: purchase(), requester: anna, channelId: 'C1' };
    expect(await office.requestOrder(asked)).toMatchObject({ refused: 'too-many', over: { limit: 'month' } });
    expect(office.carrier.posts).toEqual([]);
  });
});
