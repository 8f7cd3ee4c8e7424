import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { asksPeople } from '../../../src/orders/domain/unanswered.js';
import type { Policy } from '../../../src/orders/policy/policy.js';
import { refusalSentence } from '../../../src/slack/blocks/answers/refusals.js';
import { buttonsFor } from '../../../src/slack/blocks/card/order-buttons.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  approverGroup,
  bea,
  ben,
  gus,
  purchase,
  searchAndOrder,
  usualPolicy,
} from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
} from '../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

type OrdersApp = ReturnType<typeof startOrdersApp>;

/** An approved order whose POST never arrived, and about which people are asked, or which goes out again by itself. */
async function lostOrder(given: {
  readonly request?: OrderRequest;
  readonly policy?: Partial<Policy>;
  readonly approvedBy?: typeof ben;
  readonly turns?: readonly PlaceTurn[];
  readonly forMs?: number;
}): Promise<OrdersApp> {
  const app = startOrdersApp(given.policy);
  app.carrier.onPlace(lostOnTheWay, ...(given.turns ?? []));
  await app.request('o1', given.request ?? searchAndOrder(2));
  await app.approve('o1', given.approvedBy);
  await app.live(given.forMs ?? 2 * MINUTE);
  return app;
}

/** Somebody presses Order again, and Bandwidth cannot be asked for the order at that moment. */
async function wantedAgain(app: OrdersApp, who = ben): Promise<void> {
  app.carrier.onFind(cannotBeAsked());
  expect(await app.orderAgain('o1', who)).toMatchObject({ sendAgain: { by: who } });
}

const labels = (order: Order): readonly unknown[] =>
  buttonsFor(order)?.elements.map((each) => ('text' in each ? each.text?.text : undefined)) ?? [];

function expectToAskPeople(app: OrdersApp, why: string): void {
  const order = app.order('o1');
  if (order.status !== 'placing') throw new Error(`the order is ${order.status}`);
  expect(asksPeople(order)).toBe(true);
  expect(labels(order)).toEqual(['Check again', 'Order again', 'Give up']);
  expect(JSON.stringify(orderCard(order))).toContain(why);
  expect(announcement(order, 'untraced').text).toContain(why);
  expect(order.events.filter(({ what }) => what === 'not-sent-again')).toHaveLength(1);
  expect(app.board.announced.at(-1)).toBe('untraced');
}

describe('An order that someone wants to send again is not sent, and people are asked again with the reason', () => {
  test('if the person can no longer approve when it is about to be sent', async () => {
    const app = await lostOrder({});
    await wantedAgain(app, gus);
    app.members = [];
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expectToAskPeople(app, "The person who resubmitted this can't approve it now");
    expect(app.board.announced.filter((kind) => kind === 'untraced')).toHaveLength(2);
    // Another approver decides.
    await app.orderAgain('o1', ben);
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'placed', approval: { again: { by: ben } } });
    expect(app.carrier.posts).toHaveLength(2);
  });

  test('if its requester can no longer order', async () => {
    const app = await lostOrder({});
    await wantedAgain(app);
    app.standings.set(ana.userId, 'deactivated');
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expectToAskPeople(app, 'The person who requested this is no longer allowed to order numbers');
  });

  test.each<[string, Partial<Policy>, string]>([
    ['a limit was lowered', { maxNumbersPerOrder: 1 }, 'the limit is 1 for one order now'],
    ['more people must approve', { approvalsRequired: 3 }, '3 approvals are needed now, and it has 1'],
  ])('if %s in the meantime', async (_, policy, why) => {
    const app = await lostOrder({});
    await wantedAgain(app);
    await app.engine.stop();
    await app.live(10 * MINUTE, app.start(undefined, undefined, policy));
    expect(app.carrier.posts).toEqual(['o1']);
    expectToAskPeople(app, why);
  });

  test('if Bandwidth did not accept the second request, and a limit was lowered in the meantime', async () => {
    const app = await lostOrder({
      request: purchase(),
      turns: Array.from({ length: 9 }, () => notTaken()),
      forMs: 40_000,
    });
    expect(app.order('o1')).toMatchObject({ secondNotTaken: true });
    const posts = app.carrier.posts.length;
    await app.engine.stop();
    await app.live(10 * MINUTE, app.start(undefined, undefined, { maxNumbersPerMonth: 1 }));
    expect(app.carrier.posts).toHaveLength(posts);
    expectToAskPeople(app, 'the limit is 1 a month for everyone now');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'untraced']);
  });

  test('if it would have been sent again by itself', async () => {
    const app = await lostOrder({ request: purchase(), approvedBy: gus, forMs: 10_000 });
    app.members = [];
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expectToAskPeople(app, '1 approval is needed now, and it has 0');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'untraced']);
    // Not even if they could approve it again: people were asked.
    app.members = [gus.userId];
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
  });
});

describe('While Slack cannot say whether an order can be sent again', () => {
  test('an approver’s Order again does not send it, and the card says so; then it is sent, and nobody is asked again', async () => {
    const app = await lostOrder({});
    await wantedAgain(app, gus);
    app.members = new Error('Slack is out');
    await app.live(3 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    const held = app.order('o1');
    expect(held).toMatchObject({ asking: { trouble: { why: 'people-not-known' } } });
    expect(held.events.filter(({ what }) => what === 'held-back')).toHaveLength(1);
    expect(JSON.stringify(orderCard(held))).toContain("I can't check with Slack");
    app.members = [gus.userId];
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('placed');
    expect(app.board.announced.filter((kind) => kind === 'untraced')).toHaveLength(1);
    expect(app.board.announced.filter((kind) => kind === 'again')).toHaveLength(1);
  });

  test('it is not sent by itself either; it can be given up, and is sent once Slack answers', async () => {
    const app = await lostOrder({ request: purchase(), approvedBy: gus, forMs: 10_000 });
    app.members = new Error('Slack is out');
    await app.live(3 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(labels(app.order('o1'))).toEqual(['Give up']);
    expect(JSON.stringify(orderCard(app.order('o1')))).toContain("I can't check with Slack");
    expect(app.board.announced).toEqual(['approved', 'unknown']);
    // Once a minute, and not at each pass.
    const looks = app.carrier.finds.length;
    await app.live(5 * MINUTE);
    expect(app.carrier.finds.length - looks).toBeLessThan(8);
    app.members = [gus.userId];
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('placed');
  });
});

describe('Order again is refused at the press, with the reason', () => {
  const groupOnly = { approvers: { anyone: false, users: [ben.userId], groups: [approverGroup] } };

  test.each<[string, Partial<Policy>, (app: OrdersApp) => void, object, string]>([
    [
      'where a limit was lowered',
      { maxNumbersPerMonth: 1 },
      () => {},
      { refused: 'too-many', over: { limit: 'month' } },
      'This month has 1 of 1 numbers left',
    ],
    [
      'where the requester may no longer order',
      {},
      (app) => app.standings.set(ana.userId, 'guest'),
      { refused: 'requester-barred', bar: 'guest' },
      "<@UANA> can't order or disconnect numbers now",
    ],
    [
      'where more people must approve than did',
      { approvalsRequired: 3 },
      () => {},
      { refused: 'too-few-approvals' },
      'This order needs 3 approvals now, and has 2 with yours',
    ],
    [
      'while Slack does not say whether those who approved it still may',
      groupOnly,
      (app) => {
        app.members = new Error('Slack is out');
      },
      { refused: 'approval-unknown' },
      "I can't check with Slack",
    ],
  ])('%s', async (_, policy, change, refused, sentence) => {
    const app = await lostOrder({ approvedBy: gus });
    await app.engine.stop();
    const next = app.start(undefined, undefined, policy);
    change(app);
    const answer = await next.orderAgain('o1', ben);
    expect(answer).toMatchObject(refused);
    if (!('refused' in answer)) throw new Error('it was not refused');
    expect(refusalSentence(answer.refused, { ...answer, policy: { ...usualPolicy, ...policy } })).toContain(
      sentence,
    );
    await app.live(5 * MINUTE, next);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).not.toHaveProperty('sendAgain');
  });

  test('but not if the approver who presses replaces one who can no longer approve', async () => {
    const app = await lostOrder({ approvedBy: gus });
    app.members = [];
    expect(await app.orderAgain('o1', bea)).toMatchObject({ sendAgain: { by: bea } });
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'placed', approval: { by: gus, again: { by: bea } } });
  });
});
