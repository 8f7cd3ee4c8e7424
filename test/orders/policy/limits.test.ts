import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { monthOf } from '../../../src/orders/domain/tally.js';
import { makeCrashingProcess } from '../../support/orders/crashing-process.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type Instance, type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  bea,
  ben,
  disconnect,
  phone,
  purchase,
  sam,
  searchAndOrder,
} from '../../support/orders/people.js';
import { report, takenButAnswerLost } from '../../support/orders/scripted-carrier.js';
import { ONE_IN_FEW } from '../../support/properties.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How many numbers are counted for each order. */
async function countedIn(app: OrdersApp): Promise<Record<string, number>> {
  const tally = (await app.ledger.months()).get(monthOf(app.clock.now()));
  const counted = Object.entries(tally?.counted ?? {}).filter(([, { quantity }]) => quantity > 0);
  return Object.fromEntries(counted.map(([id, { quantity }]) => [id, quantity]));
}

const asks = (app: OrdersApp, id: string, request: OrderRequest, requester: Person = ana) =>
  app.requestOrder({ id, request, requester, channelId: 'C1' });

const approves = (app: OrdersApp, id: string, by: Person = ben, instance: Instance = app) =>
  instance.reviewOrder(id, by, { verdict: 'approve', seen: requestDigest(app.order(id)) });

describe('What counts against the limits', () => {
  test('is what was approved, from that moment on', async () => {
    const app = startOrdersApp();
    await app.request('o1', searchAndOrder(5));
    expect(await countedIn(app)).toEqual({});
    await app.approve('o1');
    expect(await countedIn(app)).toEqual({ o1: 5 });
  });

  test('does not include what was declined, canceled, undone or refused', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(() => ({ outcome: 'refused', advice: 'No.', faults: [] }));
    await app.request('declined');
    await app.reviewOrder('declined', ben, { verdict: 'decline', why: 'no' });
    await app.request('cancelled');
    await app.cancelOrder('cancelled', ana);
    await app.request('undone', disconnect());
    await app.approve('undone');
    expect(await countedIn(app)).toEqual({ undone: 2 });
    await app.cancelOrder('undone', ana);
    await app.request('refused');
    await app.approve('refused');
    await app.live(5_000);
    expect(app.order('refused').status).toBe('refused');
    expect(await countedIn(app)).toEqual({});
  });

  test('is what was delivered, if that was less than requested', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('partial', { completed: [phone('9102414365')], completedQuantity: 1 }));
    await app.request('o1', searchAndOrder(5));
    await app.approve('o1');
    await app.live(5_000);
    expect(app.order('o1').status).toBe('partial');
    expect(await countedIn(app)).toEqual({ o1: 1 });
  });

  test('is what both delivered, if a search was sent again and the first turned up after all', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.onFind(...Array.from({ length: 7 }, () => () => []));
    await app.request('o1', searchAndOrder(5));
    await app.approve('o1');
    await app.live(2 * MINUTE);
    app.carrier.says(report('complete', { completedQuantity: 5 }));
    await app.orderAgain('o1', ben);
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', duplicates: ['carrier-1'] });
    expect(await countedIn(app)).toEqual({ o1: 10 });
  });

  test('is counted once for named numbers that were sent again: each can be bought once', async () => {
    const app = startOrdersApp();
    app.carrier.sellsEachNumberOnce();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.onFind(...Array.from({ length: 5 }, () => () => []));
    await app.request('o1', purchase());
    await app.approve('o1');
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', duplicates: ['carrier-2'] });
    expect(await countedIn(app)).toEqual({ o1: 2 });
  });

  test('is nothing for an order that failed', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('failed', {}));
    await app.request('o1', searchAndOrder(5));
    await app.approve('o1');
    await app.live(5_000);
    expect(app.order('o1').status).toBe('failed');
    expect(await countedIn(app)).toEqual({});
  });
});

describe('The daily limit', () => {
  test('is separate for each requester, ends at midnight UTC, and is shown to anyone who asks', async () => {
    const app = startOrdersApp({ maxNumbersPerDay: 6 });
    await asks(app, 'o1', searchAndOrder(5));
    await approves(app, 'o1');
    expect(await asks(app, 'o2', searchAndOrder(2))).toMatchObject({
      refused: 'too-many',
      over: { limit: 'day', most: 6, left: 1, freshAt: Date.UTC(2026, 0, 6) },
    });
    expect(await asks(app, 'o3', searchAndOrder(1))).toMatchObject({ status: 'awaiting-approval' });
    expect(await asks(app, 'o4', searchAndOrder(6), sam)).toMatchObject({ status: 'awaiting-approval' });
    await app.clock.advance(DAY);
    expect(await asks(app, 'o5', searchAndOrder(6))).toMatchObject({ status: 'awaiting-approval' });
  });

  test('counts disconnects separately', async () => {
    const app = startOrdersApp({ maxNumbersPerDay: 2 });
    await asks(app, 'o1', searchAndOrder(2));
    await approves(app, 'o1');
    await asks(app, 'o2', disconnect());
    expect(await approves(app, 'o2')).toMatchObject({ status: 'approved' });
    expect(await asks(app, 'o3', disconnect())).toMatchObject({ over: { limit: 'day', left: 0 } });
  });
});

describe('The monthly limit', () => {
  test('is shared: of two requests of which only one fits, the second is refused at its approval', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 8 });
    await asks(app, 'o1', searchAndOrder(5));
    await asks(app, 'o2', searchAndOrder(5), sam);
    expect(await approves(app, 'o1')).toMatchObject({ status: 'approved' });
    expect(await approves(app, 'o2')).toMatchObject({
      refused: 'too-many',
      over: { limit: 'month', left: 3, most: 8, freshAt: Date.UTC(2026, 1, 1) },
      order: { status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('holds for two approvals at the same moment, in two processes', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 8 });
    const other = app.start();
    await asks(app, 'o1', searchAndOrder(5));
    await asks(app, 'o2', searchAndOrder(5), sam);
    const answers = await Promise.all([approves(app, 'o1', ben), approves(app, 'o2', bea, other)]);
    await app.live(MINUTE);
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([{ refused: 'too-many' }]);
    expect(app.carrier.posts).toHaveLength(1);
  });

  test('is on the card of a request, with how much of it the request would use', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 8 });
    await asks(app, 'o1', searchAndOrder(5));
    await approves(app, 'o1');
    await asks(app, 'o2', searchAndOrder(2), sam);
    expect(app.order('o2')).toMatchObject({ needs: { standing: { month: { after: 7, most: 8 } } } });
  });
});

describe('A limit that is exceeded after the approval', () => {
  async function approvedInAnUndoWindow(lowered: number) {
    const app = startOrdersApp();
    await asks(app, 'o1', disconnect());
    await approves(app, 'o1');
    const stricter = startOrdersApp({ maxNumbersPerMonth: lowered });
    await stricter.store.insert(app.order('o1'));
    return stricter;
  }

  test('keeps the order from being sent; its card says why, and it can be canceled', async () => {
    const app = await approvedInAnUndoWindow(1);
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual([]);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: {
        trouble: { why: 'over-limit', limit: 'month', most: 1, left: 1, quantity: 2 },
      },
    });
    expect(app.order('o1').events.filter(({ what }) => what === 'held-back')).toHaveLength(1);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    await app.live(5_000);
    expect(await countedIn(app)).toEqual({});
  });

  test('does not keep it from being sent if there is room after all', async () => {
    const app = await approvedInAnUndoWindow(2);
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
  });
});

describe('Killed at any step of an approval', () => {
  /** An app in which Ben approved o1 in a process that died at its n-th step; undefined once it survives. */
  async function killedAt(step: number): Promise<OrdersApp | undefined> {
    const app = startOrdersApp({ maxNumbersPerMonth: 8, maxNumbersPerDay: 8 });
    await asks(app, 'o1', searchAndOrder(5));
    await allQuiet();
    const crashing = makeCrashingProcess(step);
    void approves(app, 'o1', ben, app.start(crashing.gate));
    await allQuiet();
    return crashing.isDead() ? app : undefined;
  }

  test('the numbers count once in the end, and are ordered at most once', async () => {
    let step = 1;
    for (let app = await killedAt(step); app !== undefined; app = await killedAt(step)) {
      const again = app.start();
      if (app.order('o1').status === 'awaiting-approval') await approves(app, 'o1', bea, again);
      await app.live(MINUTE, again);
      expect(await countedIn(app)).toEqual({ o1: 5 });
      expect(app.carrier.accepted.length).toBeLessThanOrEqual(1);
      step += ONE_IN_FEW;
    }
    expect(step).toBeGreaterThan(10);
  });

  test('nothing stays counted once it is declined instead', async () => {
    let seen = 0;
    for (let step = 1; ; step += 1) {
      const app = await killedAt(step);
      if (app === undefined || app.order('o1').status !== 'awaiting-approval') break;
      seen += Object.keys(await countedIn(app)).length;
      const again = app.start();
      await again.reviewOrder('o1', bea, { verdict: 'decline', why: 'no' });
      await app.live(5_000, again);
      expect(await countedIn(app)).toEqual({});
    }
    expect(seen).toBeGreaterThan(0);
  });

  test('nobody else is refused for numbers that were never approved', async () => {
    let seen = 0;
    for (let step = 1; ; step += 1) {
      const app = await killedAt(step);
      if (app === undefined || app.order('o1').status !== 'awaiting-approval') break;
      seen += Object.keys(await countedIn(app)).length;
      const again = app.start();
      await app.clock.advance(2 * MINUTE);
      await again.requestOrder({ id: 'o2', request: searchAndOrder(8), requester: sam, channelId: 'C1' });
      expect(await approves(app, 'o2', bea, again)).toMatchObject({ status: 'approved' });
      expect(await countedIn(app)).toEqual({ o2: 8 });
    }
    expect(seen).toBeGreaterThan(0);
  });
});

test('After an approval and a decline at once, nothing that was declined stays counted', async () => {
  for (const declineFirst of [true, false]) {
    const app = startOrdersApp();
    const other = app.start();
    await app.request('o1', searchAndOrder(5));
    const decline = () => other.reviewOrder('o1', bea, { verdict: 'decline', why: 'no' });
    await (declineFirst
      ? Promise.all([decline(), approves(app, 'o1')])
      : Promise.all([approves(app, 'o1'), decline()]));
    await app.live(10_000);
    expect(await countedIn(app)).toEqual(app.order('o1').status === 'declined' ? {} : { o1: 5 });
  }
});

test('The same numbers, requested as they are picked', async () => {
  const app = startOrdersApp({ maxNumbersPerMonth: 1 });
  expect(await asks(app, 'o1', purchase())).toMatchObject({ over: { limit: 'month', left: 1 } });
});
