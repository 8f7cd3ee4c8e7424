import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { buttonsFor } from '../../../src/slack/blocks/card/order-buttons.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import { type Instance, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  approverGroup,
  bea,
  ben,
  disconnect,
  gus,
  purchase,
  searchAndOrder,
} from '../../support/orders/people.js';
import { lostOnTheWay, notTaken } from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type OrdersApp = ReturnType<typeof startOrdersApp>;

const approve = (instance: Instance, app: OrdersApp, who = ben) =>
  instance.reviewOrder('o1', who, { verdict: 'approve', seen: requestDigest(app.order('o1')) });

/** An order that was approved, and held up by a rate limit; then the app starts again with another policy. */
async function restarted(given: {
  before?: Partial<Policy>;
  after: Partial<Policy>;
  request?: OrderRequest;
  by?: typeof ben | 'a rule';
  maxHeld?: number;
}) {
  const app = startOrdersApp({ undoWindowMs: 0, ...given.before }, given.maxHeld);
  app.carrier.onPlace(notTaken(app.clock.now() + MINUTE));
  await app.request('o1', given.request ?? searchAndOrder(2));
  if (given.by !== 'a rule') await app.approve('o1', given.by);
  expect(app.order('o1').status).toBe('approved');
  await app.engine.stop();
  const next = app.start(undefined, undefined, given.after);
  await app.live(2 * MINUTE, next);
  return { app, next };
}

const two = { approvalsRequired: 2 };
const others = { approvers: { anyone: false, users: [bea.userId], groups: [] } };

describe('An approved order that the current policy would not allow waits for approval again', () => {
  test.each<[string, Parameters<typeof restarted>[0]]>([
    [
      'a rule had let it pass, and two people must approve now',
      { before: { autoApproveUpTo: 5 }, after: { ...two, autoApproveUpTo: 0 }, by: 'a rule' },
    ],
    [
      'a rule had let it pass, and lets fewer pass now',
      { before: { autoApproveUpTo: 5 }, after: { autoApproveUpTo: 1 }, by: 'a rule' },
    ],
    ['more people must approve now', { after: two }],
    ['its approver is no longer one', { after: others }],
    ['its approver’s group is no longer one of approvers', { by: gus, after: others }],
    [
      'a rule for its channel asks for more',
      { after: { rules: [{ name: 'here', channels: ['C1'], terms: two }] } },
    ],
    [
      'a rule for its kind asks for more',
      { request: disconnect(), after: { rules: [{ name: 'kind', kinds: ['disconnect'], terms: two }] } },
    ],
    [
      'its requester had approved it, and no longer may',
      {
        before: {
          allowSelfApproval: true,
          approvers: { anyone: false, users: [ana.userId, bea.userId], groups: [] },
        },
        by: ana,
        after: {
          allowSelfApproval: false,
          approvers: { anyone: false, users: [ana.userId, bea.userId], groups: [] },
        },
      },
    ],
  ])('if %s', async (_, given) => {
    const { app, next } = await restarted(given);
    expect(app.carrier.accepted).toEqual([]);
    expect(app.order('o1').status).toBe('awaiting-approval');
    expect(app.order('o1').events.at(-1)).toMatchObject({ what: 'reopened' });
    expect(app.board.announced.filter((kind) => kind === 'reopened')).toHaveLength(1);
    expect(buttonsFor(app.order('o1'))?.elements).toHaveLength(4);
    // Those who may approve now can, and it goes out once.
    await approve(next, app, bea);
    if (app.order('o1').status === 'awaiting-approval') await approve(next, app, ben);
    await app.live(3 * MINUTE, next);
    expect(app.carrier.accepted).toHaveLength(1);
    expect(app.order('o1').status).toBe('placed');
    expect(app.board.announced.at(-1)).toBe('approved');
  });

  test('with the approvals that still count: those need not be given again', async () => {
    const { app, next } = await restarted({ after: two });
    expect(app.order('o1')).toMatchObject({ approvals: [{ by: ben }], needs: { required: 2 } });
    expect(await approve(next, app, ben)).toMatchObject({ refused: 'approved-before' });
    expect(await approve(next, app, bea)).toMatchObject({
      status: 'approved',
      approval: { by: bea, also: [{ by: ben }] },
    });
    await app.live(MINUTE, next);
    expect(app.carrier.accepted).toHaveLength(1);
    expect(app.board.announced).toEqual(['approved', 'reopened', 'approved']);
  });

  test('and its numbers stay held, and count for no one in the meantime', async () => {
    const { app, next } = await restarted({
      request: purchase(),
      maxHeld: 10,
      after: { ...two, maxNumbersPerMonth: 2 },
    });
    expect(app.carrier.reserved.size).toBe(2);
    const asked = await next.requestOrder({
      id: 'o2',
      request: searchAndOrder(2),
      requester: bea,
      channelId: 'C1',
    });
    expect(asked).toMatchObject({ status: 'awaiting-approval' });
  });

  test('for the full time, from now on', async () => {
    const { app, next } = await restarted({ after: { ...two, approvalTtlMs: HOUR } });
    await app.live(50 * MINUTE, next);
    expect(app.order('o1').status).toBe('awaiting-approval');
    await app.live(15 * MINUTE, next);
    expect(app.order('o1').status).toBe('expired');
    expect(app.carrier.accepted).toEqual([]);
  });
});

test.each<[string, Parameters<typeof restarted>[0]]>([
  ['a person', { after: { autoApproveUpTo: 0, maxNumbersPerMonth: 9 } }],
  ['a group', { by: gus, after: {} }],
  ['a rule', { before: { autoApproveUpTo: 5 }, after: { autoApproveUpTo: 2 }, by: 'a rule' }],
])('An order that the current policy allows too is sent, approved by %s', async (_, given) => {
  const { app } = await restarted(given);
  expect(app.carrier.accepted).toHaveLength(1);
  expect(app.board.announced).not.toContain('reopened');
});

describe('The thread of an order that waits again', () => {
  const heard = (app: OrdersApp) => announcement(app.order('o1'), 'reopened').text.replaceAll('\u200B', '');

  test('names how many must approve now, and no one who did', async () => {
    const { app } = await restarted({ after: two });
    expect(heard(app)).toContain('needs approval again: 2 people must approve it now. Nothing was ordered.');
    expect(heard(app)).not.toContain('no longer counts');
  });

  test('names the approver who is no longer in the policy', async () => {
    const { app } = await restarted({ after: others });
    expect(heard(app)).toContain('needs approval again. Nothing was ordered.');
    expect(heard(app)).toContain(
      "<@UBEN>'s approval no longer counts: they aren't an approver of this order now.",
    );
  });

  test('says that an account changed, under the same policy', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(app.clock.now() + MINUTE));
    await app.request('o1');
    await app.approve('o1', ben);
    app.standings.set(ben.userId, 'deactivated');
    await app.live(3 * MINUTE);
    expect(app.carrier.accepted).toEqual([]);
    expect(heard(app)).toContain("<@UBEN>'s approval no longer counts: their account is deactivated.");
    expect(heard(app)).not.toMatch(/policy/i);
  });

  test('says that the rule no longer approves it, and that the requester is no full member', async () => {
    const before = { autoApproveUpTo: 5, guestsMayRequest: true };
    const { app } = await restarted({ before, after: { autoApproveUpTo: 1 }, by: 'a rule' });
    expect(heard(app)).toContain('The rule “AUTO_APPROVE_UP_TO: up to 5 a day” no longer covers it.');
    const guests = startOrdersApp(before);
    guests.carrier.onPlace(notTaken(guests.clock.now() + MINUTE));
    await guests.request('o1', searchAndOrder(2));
    guests.standings.set(ana.userId, 'guest');
    await guests.live(3 * MINUTE);
    expect(heard(guests)).toContain(
      "no longer covers it: it is for full members, and I can't confirm that <@UANA> is one.",
    );
  });
});

describe('While Slack cannot say who approves', () => {
  test('an order that a group member approved is not sent, and the card says so; then it is sent', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(app.clock.now() + MINUTE));
    await app.request('o1');
    await app.approve('o1', gus);
    app.members = new Error('Slack is out');
    await app.live(3 * MINUTE);
    expect(app.carrier.accepted).toEqual([]);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: { why: 'people-not-known' } },
    });
    app.members = [gus.userId];
    await app.live(2 * MINUTE);
    expect(app.carrier.accepted).toHaveLength(1);
  });

  test('and once it says that the approver left the group, the order waits again', async () => {
    const app = startOrdersApp({ approvers: { anyone: false, users: [], groups: [approverGroup] } });
    app.carrier.onPlace(notTaken(app.clock.now() + MINUTE));
    await app.request('o1');
    await app.approve('o1', gus);
    app.members = [];
    await app.live(3 * MINUTE);
    expect(app.carrier.accepted).toEqual([]);
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', approvals: [] });
  });
});

test('A disconnect whose approver was removed within the undo window is not sent', async () => {
  const app = startOrdersApp({ undoWindowMs: MINUTE });
  await app.request('o1', disconnect());
  await app.approve('o1', gus);
  app.members = [];
  await app.live(3 * MINUTE);
  expect(app.carrier.posts).toEqual([]);
  expect(app.order('o1').status).toBe('awaiting-approval');
});

test('A lost order is not sent a second time by itself if its approval is no longer enough; people are asked', async () => {
  const app = startOrdersApp();
  app.carrier.onPlace(lostOnTheWay);
  await app.request('o1', purchase());
  await app.approve('o1', gus);
  app.members = [];
  await app.live(2 * MINUTE);
  expect(app.carrier.posts).toEqual(['o1']);
  expect(app.board.announced).toEqual(['approved', 'unknown', 'untraced']);
});
