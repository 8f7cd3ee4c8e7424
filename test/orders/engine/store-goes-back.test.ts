import { describe, expect, test } from '@jest/globals';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { monthOf } from '../../../src/orders/domain/tally.js';
import { cancelled, notTaken as notTakenAfterAll, placing } from '../../../src/orders/domain/transitions.js';
import { makeSentOrders } from '../../../src/orders/engine/placing/sent-orders.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports/store-errors.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { makeMemoryLeases } from '../../support/orders/memory-leases.js';
import { type Instance, type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, purchase, searchAndOrder } from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  report,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const requests = [
  ['a search', searchAndOrder(2)],
  ['picked numbers', purchase()],
  ['a disconnect', disconnect()],
] as const;

/** What was on record when the order waited, was approved, and had just been sent. */
const moments = ['requested', 'approved', 'placing'] as const;

/** An order that Bandwidth has, and a way for the store to go back to before it had been sent. */
async function sentOrder(
  request: Parameters<ReturnType<typeof startOrdersApp>['request']>[1],
  moment: (typeof moments)[number],
) {
  const app = startOrdersApp({ undoWindowMs: 0 });
  let goBack = () => {};
  await app.request('o1', request);
  if (moment === 'requested') goBack = app.snapshot();
  app.carrier.onPlace((accept) => {
    if (moment === 'placing') goBack = app.snapshot();
    return { outcome: 'taken', carrierOrderId: accept() };
  });
  if (moment === 'approved') {
    app.store.failWhen((call) => call === 'replace' && app.order('o1').status === 'approved');
    await app.approve('o1');
    goBack = app.snapshot();
    app.store.recover();
    await app.engine.settle('o1');
  } else await app.approve('o1');
  expect(app.order('o1').status).toBe('placed');
  return { app, goBack: () => goBack() };
}

const approvedAt = (app: ReturnType<typeof startOrdersApp>) =>
  app.order('o1').events.find(({ what }) => what === 'approved')?.at ?? Number.NaN;

const approveAt = (instance: Instance, app: ReturnType<typeof startOrdersApp>) =>
  instance.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(app.order('o1')) });

describe.each(requests)('A store that goes back in time has %s sent once', (_, request) => {
  test.each(moments)('by the process that sent it: back to when it was %s', async (moment) => {
    const { app, goBack } = await sentOrder(request, moment);
    app.carrier.says(report('complete'));
    goBack();
    if (moment === 'requested') {
      // The card of before stands there again, with its buttons.
      expect(await approveAt(app, app)).toMatchObject({ refused: 'already-decided' });
    } else await app.engine.settle('o1');
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-1',
      approval: { by: ben },
    });
    await app.expectAllInJournal();
  });

  test.each(moments)('by a new process: back to when it was %s', async (moment) => {
    const { app, goBack } = await sentOrder(request, moment);
    await app.engine.stop();
    goBack();
    app.carrier.says(report('complete'));
    const next = app.start();
    if (moment === 'requested') await approveAt(next, app);
    await app.live(2 * MINUTE, next);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    await app.expectAllInJournal();
  });

  test('nobody declines or cancels, in the process that sent it, what is at Bandwidth', async () => {
    const { app, goBack } = await sentOrder(request, 'requested');
    goBack();
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ refused: 'already-decided' });
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('placed');
  });

  test('while Bandwidth cannot be asked about it nothing is sent, and the card says so', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    await app.request('o1', request);
    await app.engine.stop();
    await app.approve('o1');
    const next = app.start();
    app.carrier.onFind(...Array.from({ length: 5 }, () => cannotBeAsked()));
    await app.live(20 * SECOND, next);
    expect(app.carrier.posts).toEqual([]);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: { why: 'looked-up-first', because: 'Bandwidth cannot be reached.' } },
    });
    await app.live(2 * MINUTE, next);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });
});

describe('Bandwidth is asked before an order is sent', () => {
  const story = (app: ReturnType<typeof startOrdersApp>) =>
    app.journal.filter((each) => each === 'POST' || each === 'looked up');

  test('but not if it was requested and just approved in this process', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.approve('o1');
    expect(story(app)).toEqual(['POST']);
  });

  test('after a restart between approval and sending, and no sooner than it would be listed', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    await app.live(15 * SECOND, app.start(), SECOND);
    expect(story(app)).toEqual(['looked up', 'POST']);
    expect((app.postedAt[0] ?? 0) - approvedAt(app)).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('if it was approved here and requested before a restart', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    const next = app.start();
    await approveAt(next, app);
    await next.engine.settle('o1');
    expect(story(app)).toEqual(['looked up', 'POST']);
  });

  test('once the undo window has ended, and again before what Bandwidth had no time for is sent again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(app.clock.now() + 3 * MINUTE));
    await app.request('o1', disconnect());
    await app.approve('o1');
    await app.live(4 * MINUTE);
    expect(story(app)).toEqual(['looked up', 'POST', 'looked up', 'POST']);
  });

  test('if other instances share the store, even right after its approval', async () => {
    const app = startOrdersApp();
    await app.engine.stop();
    const instance = app.start(undefined, makeMemoryLeases().of('one'));
    await instance.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await approveAt(instance, app);
    await app.live(5 * SECOND, instance, SECOND);
    expect(story(app)).toEqual(['looked up', 'POST']);
  });

  test.each<[string, boolean]>([
    ['another instance takes over', false],
    ['the same process', true],
  ])('before it retries what Bandwidth had no time for, unless it tried it last: %s', async (_, same) => {
    const app = startOrdersApp();
    const retryAt = app.clock.now() + MINUTE;
    app.carrier.onPlace(notTaken(retryAt));
    await app.engine.stop();
    const leases = makeMemoryLeases();
    const one = app.start(undefined, leases.of('one'));
    await one.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await approveAt(one, app);
    await app.live(30 * SECOND, one, SECOND);
    expect(app.order('o1')).toMatchObject({ status: 'approved', asking: { nextAt: retryAt } });
    if (!same) await one.engine.stop();
    await app.live(MINUTE, same ? one : app.start(undefined, leases.of('other')), SECOND);
    const grace = (app.postedAt[1] ?? Number.NaN) - retryAt;
    if (same) expect(grace).toBeLessThanOrEqual(SECOND);
    else expect(grace).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('ten seconds after the undo window, if the previous process may have sent it just before it stopped', async () => {
    const app = startOrdersApp({ undoWindowMs: MINUTE });
    await app.request('o1', disconnect());
    await app.approve('o1');
    const actAt = approvedAt(app) + MINUTE;
    await app.engine.stop();
    await app.clock.advance(MINUTE + SECOND);
    await app.live(2 * MINUTE, app.start(), SECOND);
    expect((app.postedAt[0] ?? 0) - actAt).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('if an approval rule approved it, too', async () => {
    const app = startOrdersApp({ autoApproveUpTo: 5 });
    await app.request('o1');
    expect(story(app)).toEqual(['POST']);
  });
});

test('What was sent twice is not sent a third time by a store that goes back to between the two', async () => {
  const app = startOrdersApp();
  app.carrier.sellsEachNumberOnce();
  app.carrier.onPlace(lostOnTheWay, takenButAnswerLost);
  app.carrier.onFind(...Array.from({ length: 7 }, () => () => []));
  await app.request('o1', purchase());
  await app.approve('o1');
  await app.live(25 * SECOND);
  const goBack = app.snapshot();
  await app.live(8 * SECOND);
  expect(app.carrier.posts).toHaveLength(2);
  goBack();
  await app.live(2 * MINUTE);
  expect(app.carrier.posts).toHaveLength(2);
  expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
});

test('What Bandwidth certainly did not accept is sent, even if the store goes back to before it was tried', async () => {
  const app = startOrdersApp();
  app.carrier.onPlace(notTaken(app.clock.now() + MINUTE));
  await app.request('o1');
  const goBack = app.snapshot();
  await app.approve('o1');
  goBack();
  expect(await approveAt(app, app)).toMatchObject({ status: 'approved' });
  await app.live(MINUTE);
  expect(app.carrier.accepted).toHaveLength(1);
  expect(app.order('o1').status).toBe('placed');
});

test('An order whose card is drawn just when Bandwidth did not accept it is not called sent', async () => {
  const app = startOrdersApp();
  await app.request('o1');
  await app.engine.stop();
  await app.approve('o1');
  const approved = app.order('o1');
  if (approved.status !== 'approved') throw new Error('the order is not approved');
  const sending = placing(approved, app.clock.now());
  if (sending.status !== 'placing') throw new Error('the order is not on its way');
  const unsent = notTakenAfterAll(sending, 'Bandwidth cannot be reached.', 0, 0, 1);
  const drawn = { ...sending, version: sending.version + 1 };
  const errors: string[] = [];
  let drawingIsNoted = (_written: boolean) => {};
  const orders = makeSentOrders({
    alone: true,
    open: { forget: () => {}, doubt: () => {} },
    count: async () => {},
    clock: app.clock,
    log: { debug() {}, info() {}, warn() {}, error: (_, sentence) => errors.push(sentence) },
  }).remembering({
    ...app.store,
    get: async () => unsent,
    replace: (_, next) =>
      next === drawn
        ? new Promise<boolean>((resolve) => {
            drawingIsNoted = resolve;
          })
        : Promise.resolve(true),
  });
  await orders.replace(approved, sending);
  const drawing = orders.replace(sending, drawn);
  await orders.replace(drawn, unsent);
  drawingIsNoted(true);
  await drawing;
  expect(await orders.get('o1')).toBe(unsent);
  expect(errors).toEqual([]);
});

/** How many numbers are counted for each order. */
async function countedIn(app: OrdersApp): Promise<Record<string, number>> {
  const tally = (await app.ledger.months()).get(monthOf(app.clock.now()));
  return Object.fromEntries(
    Object.entries(tally?.counted ?? {}).map(([id, { quantity }]) => [id, quantity] as const),
  );
}

const asksFor = (app: OrdersApp, quantity: number, instance: Instance = app) =>
  instance.requestOrder({ id: 'o2', request: searchAndOrder(quantity), requester: ana, channelId: 'C1' });

/** Ten numbers of ten a month are ordered, and then the store goes back to when they were requested. */
async function forgottenTen(app: OrdersApp, instance: Instance = app) {
  await instance.requestOrder({ id: 'o1', request: searchAndOrder(10), requester: ana, channelId: 'C1' });
  await allQuiet();
  const goBack = app.snapshot();
  await approveAt(instance, app);
  await allQuiet();
  expect(app.order('o1').status).toBe('placed');
  goBack();
}

describe('A restored order counts against the limits', () => {
  test('once it is found, no matter how often, so no more numbers than the limit are ordered', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 10 });
    await forgottenTen(app);
    await app.live(10_000);
    expect(app.order('o1').status).toBe('placed');
    expect(await asksFor(app, 1)).toMatchObject({
      refused: 'too-many',
      over: { limit: 'month', left: 0 },
    });
    expect(await countedIn(app)).toEqual({ o1: 10 });
  });

  test('before an immediate approval is counted, so no more numbers than the limit are ordered', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 10 });
    await app.request('o2', searchAndOrder(10));
    await forgottenTen(app);
    expect(
      await app.reviewOrder('o2', ben, { verdict: 'approve', seen: requestDigest(app.order('o2')) }),
    ).toMatchObject({ refused: 'too-many', over: { limit: 'month', left: 0 } });
    await app.live(MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(await countedIn(app)).toEqual({ o1: 10 });
  });

  test('even if the order written last is still on record, at an earlier step', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 4 });
    for (const id of ['o1', 'o2', 'o3']) await app.request(id, searchAndOrder(2));
    await app.approve('o1');
    const goBack = app.snapshot();
    await app.approve('o2');
    app.carrier.says(report('processing'));
    await app.engine.settle('o1');
    await app.clock.advance(MINUTE);
    await app.engine.settle('o1');
    await allQuiet();
    goBack();
    await app.approve('o3');
    expect(app.order('o3').status).toBe('awaiting-approval');
    expect(await countedIn(app)).toEqual({ o1: 2, o2: 2 });
    expect(app.carrier.posts).toEqual(['o1', 'o2']);
  });

  test('even if another process has used up the limit before it is found: it was already sent', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 10 });
    await forgottenTen(app);
    const other = app.start();
    await asksFor(app, 10, other);
    await other.reviewOrder('o2', ben, { verdict: 'approve', seen: requestDigest(app.order('o2')) });
    await allQuiet();
    await app.live(10_000);
    expect(await countedIn(app)).toEqual({ o1: 10, o2: 10 });
    expect(app.order('o1').status).toBe('placed');
  });

  test('if the limits themselves find it', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 10 });
    let goBack = () => {};
    await app.engine.stop();
    const instance = app.start((call, go) => {
      // Counted already, and not on record yet.
      if (call === 'replace approved') goBack = app.snapshot();
      return go();
    });
    await app.request('o1', searchAndOrder(10));
    await approveAt(instance, app);
    await instance.engine.settle('o1');
    await app.clock.advance(2 * MINUTE);
    goBack();
    const answer = await asksFor(app, 1, instance);
    expect(answer).toMatchObject({ refused: 'too-many', over: { limit: 'month', left: 0 } });
    await allQuiet();
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    expect(await countedIn(app)).toEqual({ o1: 10 });
  });

  test('a little later, if it cannot be counted at once: it is restored all the same', async () => {
    const app = startOrdersApp({ maxNumbersPerMonth: 10 });
    await app.engine.stop();
    let away = false;
    const instance = app.start(async (call, go) => {
      if (away && call === 'read ledger') throw new StoreError('the database did not answer');
      return go();
    });
    await forgottenTen(app, instance);
    away = true;
    await app.live(10_000, instance);
    expect(app.order('o1').status).toBe('placed');
    expect(await countedIn(app)).toEqual({});
    expect(app.errors).toContain('counting a restored order failed, will retry');
    away = false;
    await app.live(10_000, instance);
    expect(await countedIn(app)).toEqual({ o1: 10 });
    expect(app.carrier.posts).toEqual(['o1']);
  });
});

/** How far an order had come when the store lost it. */
const losses: Readonly<Record<string, (app: OrdersApp) => Promise<void>>> = {
  'was sent, and had no answer': async (app) => {
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.onFind(cannotBeAsked());
    await app.approve('o1');
    expect(app.order('o1').status).toBe('placing');
  },
  'was at Bandwidth': async (app) => {
    await app.approve('o1');
    expect(app.order('o1').status).toBe('placed');
  },
  'was over, with everything told': async (app) => {
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.live(20_000);
    expect(await app.store.open()).toEqual([]);
  },
};

describe.each(Object.entries(losses))(
  'An order that %s, and that is missing from the store',
  (_, prepare) => {
    test.each(requests)('is restored without anyone pressing a button: %s', async (_name, request) => {
      const app = startOrdersApp({ undoWindowMs: 0 });
      const goBack = app.snapshot();
      await app.request('o1', request);
      await prepare(app);
      const drawings = app.board.drawings.length;
      goBack();
      app.carrier.says(report('complete'));
      await app.live(2 * MINUTE);
      expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
      expect(app.carrier.posts).toEqual(['o1']);
      expect(app.errors).toContain('database lost a sent order, restored');
      expect(app.board.drawings.length).toBeGreaterThan(drawings);
      expect(await countedIn(app)).toEqual({ o1: 2 });
      await app.expectAllInJournal();
    });

    test('is restored for a person who presses at once', async () => {
      const app = startOrdersApp({ undoWindowMs: 0 });
      const goBack = app.snapshot();
      await app.request('o1');
      await prepare(app);
      goBack();
      expect(await app.cancelOrder('o1', ana)).toMatchObject({ refused: 'already-decided' });
    });
  },
);

test('Once one order is found missing, all that were sent are checked, even finished ones', async () => {
  const app = startOrdersApp();
  const goBack = app.snapshot();
  app.carrier.says(report('complete'));
  for (const id of ['o1', 'o2', 'o3']) {
    await app.request(id, searchAndOrder(2));
    await app.approve(id);
    await app.live(20_000);
  }
  goBack();
  await app.live(MINUTE);
  for (const id of ['o1', 'o2', 'o3']) expect(app.order(id).status).toBe('complete');
  expect(app.carrier.posts).toEqual(['o1', 'o2', 'o3']);
  await app.expectAllInJournal();
});

test('An instance that makes no passes restores what it sent, and the one that makes them follows it', async () => {
  const app = startOrdersApp();
  const leases = makeMemoryLeases();
  await app.engine.stop();
  const [one, other] = [app.start(undefined, leases.of('one')), app.start(undefined, leases.of('other'))];
  const goBack = app.snapshot();
  await other.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
  await approveAt(other, app);
  await allQuiet();
  await app.live(20_000, one);
  goBack();
  await other.restoreLost();
  app.carrier.says(report('complete'));
  await app.live(MINUTE, one);
  expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  expect(app.carrier.posts).toEqual(['o1']);
});

test('What cannot be restored is an error in the log, and is tried again', async () => {
  const app = startOrdersApp();
  const goBack = app.snapshot();
  await app.request('o1');
  await app.approve('o1');
  goBack();
  app.store.failWhen((call) => call === 'insert');
  await app.live(10_000);
  expect(app.errors).toContain('restoring an order failed, will retry');
  app.store.recover();
  await app.live(10_000);
  expect(app.order('o1').status).toBe('placed');
});

test.each([true, false])(
  'A person who presses while an order is restored, and the answer to that is lost, is not told of doubts (written: %s)',
  async (written) => {
    const app = startOrdersApp();
    await app.request('o1');
    const goBack = app.snapshot();
    await app.approve('o1');
    goBack();
    app.store.loseAnswer('replace', { written, away: true });
    const pressed = app.cancelOrder('o1', ana).catch((error: unknown) => error);
    await app.clock.advance(5_000);
    const error = await pressed;
    expect(error).toBeInstanceOf(StoreError);
    expect(error).not.toBeInstanceOf(OutcomeUnknown);
    app.store.recover();
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('placed');
  },
);

describe('An order that was given up stays given up if the store goes back', () => {
  /** Bandwidth can't be asked, so people are, and Ana gives it up. */
  async function givenUp() {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.onFind(...Array.from({ length: 30 }, () => cannotBeAsked()));
    const snapshots = { requested: () => {}, asked: () => {} };
    await app.request('o1', purchase());
    snapshots.requested = app.snapshot();
    await app.approve('o1');
    await app.live(MINUTE);
    snapshots.asked = app.snapshot();
    expect(await app.giveUp('o1', ana)).toMatchObject({ status: 'given-up' });
    await allQuiet();
    return { app, snapshots };
  }

  test.each(['requested', 'asked'] as const)(
    'to when it was %s: it is not sent again by itself',
    async (then) => {
      const { app, snapshots } = await givenUp();
      snapshots[then]();
      await app.live(20 * MINUTE);
      expect(app.carrier.posts).toEqual(['o1']);
      expect(app.order('o1')).toMatchObject({ status: 'given-up', by: ana });
      expect(app.board.announced).toContain('given-up');
      await app.expectAllInJournal();
    },
  );

  test('or is missing from it', async () => {
    const app = startOrdersApp();
    const goBack = app.snapshot();
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.onFind(...Array.from({ length: 30 }, () => cannotBeAsked()));
    await app.request('o1', purchase());
    await app.approve('o1');
    await app.live(MINUTE);
    await app.giveUp('o1', ana);
    await allQuiet();
    goBack();
    await app.live(20 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({ status: 'given-up', by: ana });
  });
});

describe('An order that was stopped stays stopped if the store goes back', () => {
  const toldAgain = (app: OrdersApp) => app.board.announced.filter((kind) => kind === 'cancelled');

  test('an undone disconnect is not sent, and its card and journal say that it was undone', async () => {
    const app = startOrdersApp({ undoWindowMs: MINUTE });
    await app.request('o1', disconnect());
    await app.approve('o1');
    const goBack = app.snapshot();
    await app.clock.advance(5 * SECOND);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    await allQuiet();
    goBack();
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual([]);
    expect(app.order('o1')).toMatchObject({ status: 'cancelled', by: ana, approval: { by: ben } });
    expect(app.errors).toContain('database went back in time, order was over');
    expect(toldAgain(app)).toHaveLength(1);
    await app.expectAllInJournal();
  });

  test.each(['requested', 'approved'] as const)(
    'a canceled purchase that was on hold is not sent: back to when it was %s',
    async (moment) => {
      const app = startOrdersApp();
      app.carrier.onPlace(notTaken());
      await app.request('o1', searchAndOrder(2));
      let goBack = app.snapshot();
      await app.approve('o1');
      if (moment === 'approved') goBack = app.snapshot();
      const { posts } = app.carrier;
      expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
      await allQuiet();
      goBack();
      await approveAt(app, app);
      await app.live(5 * MINUTE);
      expect(app.carrier.posts).toEqual(posts);
      expect(app.order('o1')).toMatchObject({ status: 'cancelled', by: ana });
      await app.expectAllInJournal();
    },
  );

  test('what was read before the store lost the cancellation is not sent either', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    const approved = app.order('o1');
    if (approved.status !== 'approved') throw new Error('the order is not approved');
    const now = app.clock.now();
    const orders = makeSentOrders({
      alone: true,
      open: { forget: () => {}, doubt: () => {} },
      count: async () => {},
      clock: app.clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    }).remembering({ ...app.store, replace: async () => true });
    await orders.replace(approved, cancelled(approved, ana, now));
    expect(await orders.replace(approved, placing(approved, now))).toBe(false);
  });

  test('nobody can approve what was declined', async () => {
    const app = startOrdersApp();
    await app.request('o1', searchAndOrder(2));
    const goBack = app.snapshot();
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'Too many' });
    await allQuiet();
    goBack();
    expect(await approveAt(app, app)).toMatchObject({ refused: 'already-decided' });
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'declined', why: 'Too many' });
    expect(app.carrier.posts).toEqual([]);
  });

  test.each<[string, (app: OrdersApp) => Promise<unknown>, string]>([
    ['canceled', (app) => app.cancelOrder('o1', ana), 'cancelled'],
    ['declined', (app) => app.reviewOrder('o1', ben, { verdict: 'decline', why: 'No' }), 'cancelled'],
  ])(
    'what was %s, and approved by another process that did not know of it, is not sent',
    async (_, end, status) => {
      const app = startOrdersApp({ undoWindowMs: MINUTE });
      await app.request('o1', disconnect());
      const goBack = app.snapshot();
      await end(app);
      await allQuiet();
      goBack();
      await approveAt(app.start(), app);
      await app.live(5 * SECOND);
      expect(app.order('o1').status).toBe(status);
      await app.live(5 * MINUTE);
      expect(app.carrier.posts).toEqual([]);
    },
  );
});

describe('Cancel on an order that may be at Bandwidth', () => {
  /** Sent by a process that died; the store lost that, and the next process cannot ask Bandwidth. */
  async function sentByAnother() {
    const { app, goBack } = await sentOrder(searchAndOrder(2), 'approved');
    await app.engine.stop();
    goBack();
    app.carrier.says(report('complete'));
    const next = app.start();
    app.carrier.onFind(cannotBeAsked(), cannotBeAsked());
    await app.live(15 * SECOND, next);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: { why: 'looked-up-first' } },
    });
    return { app, next };
  }

  test('is refused while Bandwidth cannot be asked, and the order is found later', async () => {
    const { app, next } = await sentByAnother();
    app.carrier.onFind(cannotBeAsked());
    expect(await next.cancelOrder('o1', ana)).toMatchObject({ refused: 'perhaps-sent' });
    await app.live(2 * MINUTE, next);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('finds it at Bandwidth, and it is followed', async () => {
    const { app, next } = await sentByAnother();
    expect(await next.cancelOrder('o1', ana)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'placed', carrierOrder: { id: 'carrier-1' } },
    });
    await app.live(2 * MINUTE, next);
    expect(app.order('o1').status).toBe('complete');
    expect(app.carrier.posts).toEqual(['o1']);
  });

  /** Requested and approved by a process that died before it sent anything. */
  async function unsentByAnother() {
    const app = startOrdersApp({ undoWindowMs: 0 });
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    return { app, next: app.start() };
  }

  test('cancels it if Bandwidth does not have it', async () => {
    const { app, next } = await unsentByAnother();
    app.carrier.onFind(cannotBeAsked(), cannotBeAsked());
    await app.live(15 * SECOND, next);
    expect(app.order('o1').status).toBe('approved');
    expect(await next.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    await app.live(2 * MINUTE, next);
    expect(app.carrier.posts).toEqual([]);
  });

  test('is refused in the seconds in which Bandwidth may not list it yet', async () => {
    const { app, next } = await unsentByAnother();
    expect(await next.cancelOrder('o1', ana)).toMatchObject({ refused: 'perhaps-sent' });
    expect(app.journal).not.toContain('looked up');
  });

  test('asks nobody while it can be undone, or if only this process can have sent it', async () => {
    const app = startOrdersApp({ undoWindowMs: MINUTE });
    await app.request('o1', disconnect());
    await app.approve('o1');
    await app.engine.stop();
    expect(await app.start().cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    const other = startOrdersApp();
    other.carrier.onPlace(notTaken(other.clock.now() + 5 * MINUTE));
    await other.request('o1');
    await other.approve('o1');
    await other.clock.advance(MINUTE);
    expect(await other.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    expect([...app.journal, ...other.journal]).not.toContain('looked up');
  });
});
