import { describe, expect, test } from '@jest/globals';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy, Stage } from '../../../src/orders/policy/policy.js';
import { isRefusal } from '../../../src/orders/policy/refusal.js';
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
  working,
} from '../../support/orders/people.js';

const telecom: Stage = { approvers: { anyone: false, users: [], groups: [approverGroup] }, count: 1 };
const named: Stage = { approvers: { anyone: false, users: [ben.userId, bea.userId], groups: [] }, count: 1 };

const inStages = (...stages: readonly Stage[]): Partial<Policy> => ({
  rules: [{ name: 'In stages', terms: { stages } }],
});

async function approves(
  instance: Pick<OrdersApp, 'reviewOrder'>,
  app: OrdersApp,
  by: Person,
): Promise<string> {
  const seen = requestDigest(app.order('o1'));
  const answer = await instance.reviewOrder('o1', by, { verdict: 'approve', seen });
  await allQuiet();
  return isRefusal(answer) ? answer.refused : answer.status;
}

describe('An approved disconnect that waits to be sent', () => {
  test('is sent if both stages still have their approvals', async () => {
    const app = startOrdersApp(inStages(telecom, named));
    await app.request('o1', disconnect());
    await approves(app, app, gus);
    expect(await approves(app, app, ben)).toBe('approved');
    await app.live(120_000);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('waits for the stage whose approver has left since, and keeps the other', async () => {
    const app = startOrdersApp(inStages(telecom, named));
    await app.request('o1', disconnect());
    await approves(app, app, gus);
    await approves(app, app, ben);
    app.members = [];
    await app.live(120_000);
    expect(app.carrier.posts).toEqual([]);
    expect(app.order('o1')).toMatchObject({
      status: 'awaiting-approval',
      approvals: [{ by: ben }],
      needs: { required: 2, stages: [{ given: [] }, { given: [{ by: ben }] }] },
    });
    app.members = ['UNEW'];
    expect(await approves(app, app, { teamId: 'T1', userId: 'UNEW' })).toBe('approved');
    await app.live(120_000);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('and two approvals are not enough if a new policy wants them from different stages', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    await app.request('o1', disconnect());
    await approves(app, app, bea);
    expect(await approves(app, app, ben)).toBe('approved');
    const stricter = app.start(undefined, undefined, inStages(telecom, named));
    await app.live(120_000, stricter);
    expect(app.order('o1')).toMatchObject({
      status: 'awaiting-approval',
      needs: { required: 2, stages: [{ given: [] }, { given: [{ by: bea }] }] },
    });
    expect(await approves(stricter, app, gus)).toBe('approved');
  });
});

describe('A request recorded before stages existed', () => {
  test('keeps its approval, which counts where it can', async () => {
    const app = startOrdersApp({ approvalsRequired: 2 });
    await app.request('o1');
    expect(await approves(app, app, ben)).toBe('awaiting-approval');
    expect(app.order('o1')).toMatchObject({ needs: { required: 2, standing: {} } });
    expect(app.order('o1')).not.toHaveProperty('needs.stages');
    const stricter = app.start(undefined, undefined, inStages(telecom, named));
    expect(await approves(stricter, app, bea)).toBe('stage-complete');
    expect(await approves(stricter, app, gus)).toBe('approved');
    expect(app.carrier.posts).toEqual(['o1']);
  });
});

describe('Where the terms depend on the requester', () => {
  const strict: Partial<Policy> = {
    rules: [
      {
        name: 'Telecom needs two',
        requesters: { users: [], groups: [approverGroup] },
        terms: { approvalsRequired: 2 },
      },
    ],
  };

  test('those at the moment of the approval count: the requester has joined the group since', async () => {
    const app = startOrdersApp(strict);
    await app.request('o1');
    expect(app.order('o1')).toMatchObject({ needs: { required: 1, requesterGroups: [] } });
    app.members = [ana.userId, gus.userId];
    expect(await approves(app, app, ben)).toBe('awaiting-approval');
    expect(await approves(app, app, bea)).toBe('approved');
  });

  test('nothing is requested or approved while Slack does not say who is in the group', async () => {
    const app = startOrdersApp(strict);
    await app.request('o1');
    app.members = new Error('Slack is out');
    await expect(approves(app, app, ben)).rejects.toThrow('Slack is out');
    const asked = { id: 'o2', request: purchase(), requester: ana, channelId: 'C1' };
    expect(await app.requestOrder(asked)).toEqual({ refused: 'barred', bar: 'account-unknown' });
    expect(app.carrier.posts).toEqual([]);
  });
});

describe('Where a rule is for one sub-account', () => {
  const policy: Partial<Policy> = {
    rules: [{ name: 'Raleigh', sites: ['7'], terms: { approvalsRequired: 2 } }],
  };
  const request = (app: OrdersApp, ...sites: readonly (string | undefined)[]) => {
    const [first, second] = disconnect().inService.map(({ number }) => number);
    if (first === undefined || second === undefined) throw new Error('too few numbers');
    const inService = [first, second].map((number, index) => {
      const { site: _, ...rest } = working(number);
      const id = sites[index];
      return id === undefined ? rest : { ...rest, site: { id, name: 'Somewhere' } };
    });
    return app.requestOrder({
      id: 'o1',
      request: disconnect({ inService }),
      requester: ana,
      channelId: 'C1',
    });
  };

  test('it applies to disconnects of its numbers, and to no others', async () => {
    const app = startOrdersApp(policy);
    expect(await request(app, '7', '7')).toMatchObject({ needs: { required: 2 } });
    const another = startOrdersApp(policy);
    expect(await request(another, '8', '9')).toMatchObject({ needs: { required: 1 } });
  });

  test('it can be neither evaded nor borrowed by mixing in numbers of other sub-accounts', async () => {
    expect(await request(startOrdersApp(policy), '7', '8')).toEqual({
      refused: 'barred',
      bar: 'sites-mixed',
    });
  });

  test('and nothing is guessed if Bandwidth does not say where a number is', async () => {
    expect(await request(startOrdersApp(policy), '8', undefined)).toEqual({
      refused: 'barred',
      bar: 'site-unknown',
    });
  });
});
