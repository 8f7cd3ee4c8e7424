import { describe, expect, test } from '@jest/globals';
import { authorityOf, type Decider } from '../../../src/orders/domain/approval.js';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
import { decidersOf } from '../../../src/orders/policy/ruling.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  approverGroup,
  bea,
  ben,
  disconnect,
  gus,
  purchase,
  sam,
  searchAndOrder,
} from '../../support/orders/people.js';
import { lostOnTheWay } from '../../support/orders/scripted-carrier.js';
import { fc, runs } from '../../support/properties.js';

const HOUR_MS = 60 * 60_000;
const people = [ana, ben, bea, gus, sam];

async function approves(app: OrdersApp, by: Person): Promise<string> {
  const seen = requestDigest(app.order('o1'));
  const answer = await app.reviewOrder('o1', by, { verdict: 'approve', seen });
  await allQuiet();
  return isRefusal(answer) ? answer.refused : answer.status;
}

async function isAway(app: OrdersApp, of: Person, to: Person): Promise<void> {
  const answer = await app.delegateApprovals.begin(of, to, app.clock.now() + 100 * HOUR_MS);
  expect(answer).not.toHaveProperty('refused');
}

/** One of telecom, and two of the people named. */
const staged: Partial<Policy> = {
  rules: [
    {
      name: 'Both',
      terms: {
        stages: [
          { approvers: { anyone: false, users: [], groups: [approverGroup] }, count: 1 },
          { approvers: { anyone: false, users: [ben.userId, bea.userId, gus.userId], groups: [] }, count: 2 },
        ],
      },
    },
  ],
};

describe('An approval for someone who is away', () => {
  test('is on record under both names, and sends the order', async () => {
    const app = startOrdersApp();
    await isAway(app, ben, sam);
    await app.request('o1');
    expect(await approves(app, sam)).toBe('approved');
    expect(app.order('o1')).toMatchObject({ approval: { by: sam, for: ben } });
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('counts in the stage of the person who is away', async () => {
    const app = startOrdersApp(staged);
    await isAway(app, gus, sam);
    await app.request('o1');
    expect(await approves(app, sam)).toBe('awaiting-approval');
    expect(app.order('o1')).toMatchObject({ needs: { stages: [{ given: [{ by: sam, for: gus }] }, {}] } });
    expect(await approves(app, ben)).toBe('awaiting-approval');
    expect(await approves(app, bea)).toBe('approved');
  });

  test('still counts if it was given before they came back', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    await isAway(app, ben, sam);
    await app.request('o1');
    expect(await approves(app, sam)).toBe('awaiting-approval');
    await app.delegateApprovals.end(ben);
    expect(await approves(app, ben)).toBe('approved-for-you');
    expect(await approves(app, bea)).toBe('approved');
  });

  test('is checked once more before the order is sent: nothing is sent if the delegate has left since', async () => {
    const app = startOrdersApp({ undoWindowMs: 60_000 });
    await isAway(app, ben, sam);
    await app.requestOrder({
      id: 'o1',
      request: disconnect(),
      requester: ana,
      channelId: 'C1',
    });
    expect(await approves(app, sam)).toBe('approved');
    app.standings.set(sam.userId, 'deactivated');
    await app.live(120_000);
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [] });
    expect(app.carrier.posts).toEqual([]);
  });

  test('is checked for the absent person, too: nothing is sent if they are no longer an approver', async () => {
    const app = startOrdersApp({ undoWindowMs: 60_000 });
    await isAway(app, gus, sam);
    await app.requestOrder({
      id: 'o1',
      request: disconnect(),
      requester: ana,
      channelId: 'C1',
    });
    expect(await approves(app, sam)).toBe('approved');
    app.members = [];
    await app.live(120_000);
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [] });
    expect(app.carrier.posts).toEqual([]);
  });

  test('of a lost order counts once, even if the absent approver approved it before', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    app.carrier.onPlace(lostOnTheWay);
    await app.requestOrder({ id: 'o1', request: searchAndOrder(2), requester: ana, channelId: 'C1' });
    await approves(app, gus);
    expect(await approves(app, ben)).toBe('approved');
    await app.live(4 * HOUR_MS, undefined, 60_000);
    expect(app.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    app.members = [];
    await isAway(app, ben, sam);
    // The approval of gus is void, and ben's right is one of the two that are required.
    expect(await app.orderAgain('o1', sam)).toMatchObject({
      refused: 'too-few-approvals',
      approvals: { required: 2, given: 1 },
    });
    await app.live(120_000);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('is not accepted while Slack does not say who the delegate is', async () => {
    const app = startOrdersApp();
    await isAway(app, ben, sam);
    await app.request('o1');
    app.standings.set(sam.userId, 'unknown');
    expect(await approves(app, sam)).not.toBe('approved');
    expect(app.carrier.posts).toEqual([]);
  });

  test('never lets anyone approve their own request, and no right counts twice, no matter who is away', async () => {
    const step = fc.oneof(
      {
        weight: 1,
        arbitrary: fc.record({ away: fc.constantFrom(...people), to: fc.constantFrom(...people) }),
      },
      { weight: 1, arbitrary: fc.record({ back: fc.constantFrom(...people) }) },
      { weight: 3, arbitrary: fc.record({ presses: fc.constantFrom(...people) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          policy: fc.constantFrom<Partial<Policy>>(
            { approvalsRequired: 2 },
            { approvalsRequired: 3, allowSelfApproval: true },
            staged,
          ),
          requester: fc.constantFrom(...people),
          steps: fc.array(step, { minLength: 5, maxLength: 15 }),
        }),
        async ({ policy, requester, steps }) => {
          const app = startOrdersApp(policy);
          await app.requestOrder({ id: 'o1', request: purchase(), requester, channelId: 'C1' });
          for (const each of steps) {
            if ('away' in each) {
              await app.delegateApprovals.begin(each.away, each.to, app.clock.now() + HOUR_MS);
            } else if ('back' in each) await app.delegateApprovals.end(each.back);
            else await approves(app, each.presses);
          }
          const order = app.order('o1');
          const deciders: readonly Decider[] =
            order.status === 'awaiting-approval'
              ? decidersOf(order.approvals)
              : 'approval' in order && order.approval !== undefined
                ? decidersOf([...(order.approval.also ?? []), order.approval])
                : [];
          const ids = (list: readonly Person[]) => list.map(({ userId }) => userId);
          const [givers, rights] = [ids(deciders.map(({ by }) => by)), ids(deciders.map(authorityOf))];
          expect(new Set(givers).size).toBe(givers.length);
          expect(new Set(rights).size).toBe(rights.length);
          const approvers = [ben.userId, bea.userId, gus.userId];
          expect(rights.filter((userId) => !approvers.includes(userId))).toEqual([]);
          const forOthers = deciders.filter((decider) => decider.for !== undefined);
          expect(ids(forOthers.flatMap(({ by, for: away }) => [by, away ?? by]))).not.toContain(
            requester.userId,
          );
          if (policy.allowSelfApproval !== true) expect(givers).not.toContain(requester.userId);
          if (order.status !== 'awaiting-approval') expect(deciders.length).toBeGreaterThanOrEqual(2);
        },
      ),
      { numRuns: runs(150) },
    );
  });
});
