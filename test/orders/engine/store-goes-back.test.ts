import { describe, expect, test } from '@jest/globals';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { monthOf } from '../../../src/orders/domain/tally.js';
import { cancelled, notTaken as notTakenAfterAll, placing } from '../../../src/orders/domain/transitions.js';
import { makeSentOrders } from '../../../src/orders/engine/placing/sent-orders.js';
import { OutcomeUnknown, StoreError } from '../../../src/orders/ports.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { makeMemoryLeases } from '../../support/orders/memory-leases.js';
import { type Desk, type Office, openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, purchase, searchAndOrder } from '../../support/orders/people.js';
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
  request: Parameters<ReturnType<typeof openOffice>['request']>[1],
  moment: (typeof moments)[number],
) {
  const office = openOffice({ undoWindowMs: 0 });
  let goBack = () => {};
  await office.request('o1', request);
  if (moment === 'requested') goBack = office.snapshot();
  office.carrier.onPlace((accept) => {
    if (moment === 'placing') goBack = office.snapshot();
    return { outcome: 'taken', carrierOrderId: accept() };
  });
  if (moment === 'approved') {
    office.store.failWhen((call) => call === 'replace' && office.order('o1').status === 'approved');
    await office.approve('o1');
    goBack = office.snapshot();
    office.store.recover();
    await office.engine.settle('o1');
  } else await office.approve('o1');
  expect(office.order('o1').status).toBe('placed');
  return { office, goBack: () => goBack() };
}

const approvedAt = (office: ReturnType<typeof openOffice>) =>
  office.order('o1').events.find(({ what }) => what === 'approved')?.at ?? Number.NaN;

const approveAt = (desk: Desk, office: ReturnType<typeof openOffice>) =>
  desk.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(office.order('o1')) });

describe.each(requests)('A store that goes back in time has %s sent once', (_, request) => {
  test.each(moments)('by the process that sent it: back to when it was %s', async (moment) => {
    const { office, goBack } = await sentOrder(request, moment);
    office.carrier.says(report('complete'));
    goBack();
    if (moment === 'requested') {
      // The card of before stands there again, with its buttons.
      expect(await approveAt(office, office)).toMatchObject({ refused: 'already-decided' });
    } else await office.engine.settle('o1');
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-1',
      approval: { by: ben },
    });
    await office.expectAllInJournal();
  });

  test.each(moments)('by a new process: back to when it was %s', async (moment) => {
    const { office, goBack } = await sentOrder(request, moment);
    await office.engine.stop();
    goBack();
    office.carrier.says(report('complete'));
    const next = office.start();
    if (moment === 'requested') await approveAt(next, office);
    await office.live(2 * MINUTE, next);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    await office.expectAllInJournal();
  });

  test('nobody declines or cancels, in the process that sent it, what is at Bandwidth', async () => {
    const { office, goBack } = await sentOrder(request, 'requested');
    goBack();
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ refused: 'already-decided' });
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('placed');
  });

  test('while Bandwidth cannot be asked about it nothing is sent, and the card says so', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    await office.request('o1', request);
    await office.engine.stop();
    await office.approve('o1');
    const next = office.start();
    office.carrier.onFind(...Array.from({ length: 5 }, () => cannotBeAsked()));
    await office.live(20 * SECOND, next);
    expect(office.carrier.posts).toEqual([]);
    expect(office.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: expect.stringContaining('Bandwidth cannot be reached.') },
    });
    await office.live(2 * MINUTE, next);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });
});

describe('Bandwidth is asked before an order is sent', () => {
  const story = (office: ReturnType<typeof openOffice>) =>
    office.journal.filter((each) => each === 'POST' || each === 'looked up');

  test('but not if it was requested and just approved in this process', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.approve('o1');
    expect(story(office)).toEqual(['POST']);
  });

  test('after a restart between approval and sending, and no sooner than it would be listed', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    await office.live(15 * SECOND, office.start(), SECOND);
    expect(story(office)).toEqual(['looked up', 'POST']);
    expect((office.postedAt[0] ?? 0) - approvedAt(office)).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('if it was approved here and requested before a restart', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    const next = office.start();
    await approveAt(next, office);
    await next.engine.settle('o1');
    expect(story(office)).toEqual(['looked up', 'POST']);
  });

  test('once the undo window has ended, and again before what Bandwidth had no time for is sent again', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken(office.clock.now() + 3 * MINUTE));
    await office.request('o1', disconnect());
    await office.approve('o1');
    await office.live(4 * MINUTE);
    expect(story(office)).toEqual(['looked up', 'POST', 'looked up', 'POST']);
  });

  test('if other instances share the store, even right after its approval', async () => {
    const office = openOffice();
    await office.engine.stop();
    const desk = office.start(undefined, makeMemoryLeases().of('one'));
    await desk.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await approveAt(desk, office);
    await office.live(5 * SECOND, desk, SECOND);
    expect(story(office)).toEqual(['looked up', 'POST']);
  });

  test.each<[string, boolean]>([
    ['another instance takes over', false],
    ['the same process', true],
  ])('before it retries what Bandwidth had no time for, unless it tried it last: %s', async (_, same) => {
    const office = openOffice();
    const retryAt = office.clock.now() + MINUTE;
    office.carrier.onPlace(notTaken(retryAt));
    await office.engine.stop();
    const leases = makeMemoryLeases();
    const one = office.start(undefined, leases.of('one'));
    await one.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await approveAt(one, office);
    await office.live(30 * SECOND, one, SECOND);
    expect(office.order('o1')).toMatchObject({ status: 'approved', asking: { nextAt: retryAt } });
    if (!same) await one.engine.stop();
    await office.live(MINUTE, same ? one : office.start(undefined, leases.of('other')), SECOND);
    const grace = (office.postedAt[1] ?? Number.NaN) - retryAt;
    if (same) expect(grace).toBeLessThanOrEqual(SECOND);
    else expect(grace).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('ten seconds after the undo window, if the previous process may have sent it at its end', async () => {
    const office = openOffice({ undoWindowMs: MINUTE });
    await office.request('o1', disconnect());
    await office.approve('o1');
    const actAt = approvedAt(office) + MINUTE;
    await office.engine.stop();
    await office.clock.advance(MINUTE + SECOND);
    await office.live(2 * MINUTE, office.start(), SECOND);
    expect((office.postedAt[0] ?? 0) - actAt).toBeGreaterThanOrEqual(10 * SECOND);
  });

  test('if an approval rule approved it, too', async () => {
    const office = openOffice({ autoApproveUpTo: 5 });
    await office.request('o1');
    expect(story(office)).toEqual(['POST']);
  });
});

test('What was sent twice is not sent a third time by a store that goes back to between the two', async () => {
  const office = openOffice();
  office.carrier.sellsEachNumberOnce();
  office.carrier.onPlace(lostOnTheWay, takenButAnswerLost);
  office.carrier.onFind(...Array.from({ length: 7 }, () => () => []));
  await office.request('o1', purchase());
  await office.approve('o1');
  await office.live(25 * SECOND);
  const goBack = office.snapshot();
  await office.live(8 * SECOND);
  expect(office.carrier.posts).toHaveLength(2);
  goBack();
  await office.live(2 * MINUTE);
  expect(office.carrier.posts).toHaveLength(2);
  expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
});

test('What Bandwidth certainly did not accept is sent, even if the store goes back to before it was tried', async () => {
  const office = openOffice();
  office.carrier.onPlace(notTaken(office.clock.now() + MINUTE));
  await office.request('o1');
  const goBack = office.snapshot();
  await office.approve('o1');
  goBack();
  expect(await approveAt(office, office)).toMatchObject({ status: 'approved' });
  await office.live(MINUTE);
  expect(office.carrier.accepted).toHaveLength(1);
  expect(office.order('o1').status).toBe('placed');
});

test('An order whose card is drawn just when Bandwidth did not accept it is not called sent', async () => {
  const office = openOffice();
  await office.request('o1');
  await office.engine.stop();
  await office.approve('o1');
  const approved = office.order('o1');
  if (approved.status !== 'approved') throw new Error('the order is not approved');
  const sending = placing(approved, office.clock.now());
  if (sending.status !== 'placing') throw new Error('the order is not on its way');
  const unsent = notTakenAfterAll(sending, 'Bandwidth cannot be reached.', 0, 0, 1);
  const drawn = { ...sending, version: sending.version + 1 };
  const errors: string[] = [];
  let drawingIsNoted = (_written: boolean) => {};
  const orders = makeSentOrders({
    alone: true,
    open: { forget: () => {}, doubt: () => {} },
    count: async () => {},
    clock: office.clock,
    log: { debug() {}, info() {}, warn() {}, error: (_, sentence) => errors.push(sentence) },
  }).remembering({
    ...office.store,
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
async function countedIn(office: Office): Promise<Record<string, number>> {
  const tally = (await office.ledger.months()).get(monthOf(office.clock.now()));
  return Object.fromEntries(
    Object.entries(tally?.counted ?? {}).map(([id, { quantity }]) => [id, quantity] as const),
  );
}

const asksFor = (office: Office, quantity: number, desk: Desk = office) =>
  desk.requestOrder({ id: 'o2', request: searchAndOrder(quantity), requester: anna, channelId: 'C1' });

/** Ten numbers of ten a month are ordered, and then the store goes back to when they were requested. */
async function forgottenTen(office: Office, desk: Desk = office) {
  await desk.requestOrder({ id: 'o1', request: searchAndOrder(10), requester: anna, channelId: 'C1' });
  await allQuiet();
  const goBack = office.snapshot();
  await approveAt(desk, office);
  await allQuiet();
  expect(office.order('o1').status).toBe('placed');
  goBack();
}

describe('A restored order counts against the limits', () => {
  test('once it is found, no matter how often, so no more numbers than the limit are ordered', async () => {
    const office = openOffice({ maxNumbersPerMonth: 10 });
    await forgottenTen(office);
    await office.live(10_000);
    expect(office.order('o1').status).toBe('placed');
    expect(await asksFor(office, 1)).toMatchObject({
      refused: 'too-many',
      over: { limit: 'month', left: 0 },
    });
    expect(await countedIn(office)).toEqual({ o1: 10 });
  });

  test('before an immediate approval is counted, so no more numbers than the limit are ordered', async () => {
    const office = openOffice({ maxNumbersPerMonth: 10 });
    await office.request('o2', searchAndOrder(10));
    await forgottenTen(office);
    expect(
      await office.reviewOrder('o2', ben, { verdict: 'approve', seen: requestDigest(office.order('o2')) }),
    ).toMatchObject({ refused: 'too-many', over: { limit: 'month', left: 0 } });
    await office.live(MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(await countedIn(office)).toEqual({ o1: 10 });
  });

  test('even if the order written last is still on record, at an earlier step', async () => {
    const office = openOffice({ maxNumbersPerMonth: 4 });
    for (const id of ['o1', 'o2', 'o3']) await office.request(id, searchAndOrder(2));
    await office.approve('o1');
    const goBack = office.snapshot();
    await office.approve('o2');
    office.carrier.says(report('processing'));
    await office.engine.settle('o1');
    await office.clock.advance(MINUTE);
    await office.engine.settle('o1');
    await allQuiet();
    goBack();
    await office.approve('o3');
    expect(office.order('o3').status).toBe('awaiting-approval');
    expect(await countedIn(office)).toEqual({ o1: 2, o2: 2 });
    expect(office.carrier.posts).toEqual(['o1', 'o2']);
  });

  test('even if another process has used up the limit before it is found: it was already sent', async () => {
    const office = openOffice({ maxNumbersPerMonth: 10 });
    await forgottenTen(office);
    const other = office.start();
    await asksFor(office, 10, other);
    await other.reviewOrder('o2', ben, { verdict: 'approve', seen: requestDigest(office.order('o2')) });
    await allQuiet();
    await office.live(10_000);
    expect(await countedIn(office)).toEqual({ o1: 10, o2: 10 });
    expect(office.order('o1').status).toBe('placed');
  });

  test('if the limits themselves find it', async () => {
    const office = openOffice({ maxNumbersPerMonth: 10 });
    let goBack = () => {};
    await office.engine.stop();
    const desk = office.start((call, go) => {
      // Counted already, and not on record yet.
      if (call === 'replace approved') goBack = office.snapshot();
      return go();
    });
    await office.request('o1', searchAndOrder(10));
    await approveAt(desk, office);
    await desk.engine.settle('o1');
    await office.clock.advance(2 * MINUTE);
    goBack();
    const answer = await asksFor(office, 1, desk);
    expect(answer).toMatchObject({ refused: 'too-many', over: { limit: 'month', left: 0 } });
    await allQuiet();
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    expect(await countedIn(office)).toEqual({ o1: 10 });
  });

  test('a little later, if it cannot be counted at once: it is restored all the same', async () => {
    const office = openOffice({ maxNumbersPerMonth: 10 });
    await office.engine.stop();
    let away = false;
    const desk = office.start(async (call, go) => {
      if (away && call === 'read ledger') throw new StoreError('the database did not answer');
      return go();
    });
    await forgottenTen(office, desk);
    away = true;
    await office.live(10_000, desk);
    expect(office.order('o1').status).toBe('placed');
    expect(await countedIn(office)).toEqual({});
    expect(office.errors).toContain('counting a restored order failed, will retry');
    away = false;
    await office.live(10_000, desk);
    expect(await countedIn(office)).toEqual({ o1: 10 });
    expect(office.carrier.posts).toEqual(['o1']);
  });
});

/** How far an order had come when the store lost it. */
const losses: Readonly<Record<string, (office: Office) => Promise<void>>> = {
  'was sent, and had no answer': async (office) => {
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.onFind(cannotBeAsked());
    await office.approve('o1');
    expect(office.order('o1').status).toBe('placing');
  },
  'was at Bandwidth': async (office) => {
    await office.approve('o1');
    expect(office.order('o1').status).toBe('placed');
  },
  'was over, with everything told': async (office) => {
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.live(20_000);
    expect(await office.store.open()).toEqual([]);
  },
};

describe.each(Object.entries(losses))(
  'An order that %s, and that is missing from the store',
  (_, prepare) => {
    test.each(requests)('is restored without anyone pressing a button: %s', async (_name, request) => {
      const office = openOffice({ undoWindowMs: 0 });
      const goBack = office.snapshot();
      await office.request('o1', request);
      await prepare(office);
      const drawings = office.board.drawings.length;
      goBack();
      office.carrier.says(report('complete'));
      await office.live(2 * MINUTE);
      expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
      expect(office.carrier.posts).toEqual(['o1']);
      expect(office.errors).toContain('database lost a sent order, restored');
      expect(office.board.drawings.length).toBeGreaterThan(drawings);
      expect(await countedIn(office)).toEqual({ o1: 2 });
      await office.expectAllInJournal();
    });

    test('is restored for a person who presses at once', async () => {
      const office = openOffice({ undoWindowMs: 0 });
      const goBack = office.snapshot();
      await office.request('o1');
      await prepare(office);
      goBack();
      expect(await office.cancelOrder('o1', anna)).toMatchObject({ refused: 'already-decided' });
    });
  },
);

test('Once one order is found missing, all that were sent are checked, even finished ones', async () => {
  const office = openOffice();
  const goBack = office.snapshot();
  office.carrier.says(report('complete'));
  for (const id of ['o1', 'o2', 'o3']) {
    await office.request(id, searchAndOrder(2));
    await office.approve(id);
    await office.live(20_000);
  }
  goBack();
  await office.live(MINUTE);
  for (const id of ['o1', 'o2', 'o3']) expect(office.order(id).status).toBe('complete');
  expect(office.carrier.posts).toEqual(['o1', 'o2', 'o3']);
  await office.expectAllInJournal();
});

test('An instance that makes no passes restores what it sent, and the one that makes them follows it', async () => {
  const office = openOffice();
  const leases = makeMemoryLeases();
  await office.engine.stop();
  const [one, other] = [
    office.start(undefined, leases.of('one')),
    office.start(undefined, leases.of('other')),
  ];
  const goBack = office.snapshot();
  await other.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
  await approveAt(other, office);
  await allQuiet();
  await office.live(20_000, one);
  goBack();
  await other.restoreLost();
  office.carrier.says(report('complete'));
  await office.live(MINUTE, one);
  expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  expect(office.carrier.posts).toEqual(['o1']);
});

test('What cannot be restored is an error in the log, and is tried again', async () => {
  const office = openOffice();
  const goBack = office.snapshot();
  await office.request('o1');
  await office.approve('o1');
  goBack();
  office.store.failWhen((call) => call === 'insert');
  await office.live(10_000);
  expect(office.errors).toContain('restoring an order failed, will retry');
  office.store.recover();
  await office.live(10_000);
  expect(office.order('o1').status).toBe('placed');
});

test.each([true, false])(
  'A person who presses while an order is restored, and the answer to that is lost, is not told of doubts (written: %s)',
  async (written) => {
    const office = openOffice();
    await office.request('o1');
    const goBack = office.snapshot();
    await office.approve('o1');
    goBack();
    office.store.loseAnswer('replace', { written, away: true });
    const pressed = office.cancelOrder('o1', anna).catch((error: unknown) => error);
    await office.clock.advance(5_000);
    const error = await pressed;
    expect(error).toBeInstanceOf(StoreError);
    expect(error).not.toBeInstanceOf(OutcomeUnknown);
    office.store.recover();
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('placed');
  },
);

describe('An order that was given up stays given up if the store goes back', () => {
  /** Bandwidth can't be asked, so people are, and Anna gives it up. */
  async function givenUp() {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.onFind(...Array.from({ length: 30 }, () => cannotBeAsked()));
    const snapshots = { requested: () => {}, asked: () => {} };
    await office.request('o1', purchase());
    snapshots.requested = office.snapshot();
    await office.approve('o1');
    await office.live(MINUTE);
    snapshots.asked = office.snapshot();
    expect(await office.giveUp('o1', anna)).toMatchObject({ status: 'given-up' });
    await allQuiet();
    return { office, snapshots };
  }

  test.each(['requested', 'asked'] as const)(
    'to when it was %s: it is not sent again by itself',
    async (then) => {
      const { office, snapshots } = await givenUp();
      snapshots[then]();
      await office.live(20 * MINUTE);
      expect(office.carrier.posts).toEqual(['o1']);
      expect(office.order('o1')).toMatchObject({ status: 'given-up', by: anna });
      expect(office.board.announced).toContain('given-up');
      await office.expectAllInJournal();
    },
  );

  test('or is missing from it', async () => {
    const office = openOffice();
    const goBack = office.snapshot();
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.onFind(...Array.from({ length: 30 }, () => cannotBeAsked()));
    await office.request('o1', purchase());
    await office.approve('o1');
    await office.live(MINUTE);
    await office.giveUp('o1', anna);
    await allQuiet();
    goBack();
    await office.live(20 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({ status: 'given-up', by: anna });
  });
});

describe('An order that was stopped stays stopped if the store goes back', () => {
  const toldAgain = (office: Office) => office.board.announced.filter((kind) => kind === 'cancelled');

  test('an undone disconnect is not sent, and its card and journal say that it was undone', async () => {
    const office = openOffice({ undoWindowMs: MINUTE });
    await office.request('o1', disconnect());
    await office.approve('o1');
    const goBack = office.snapshot();
    await office.clock.advance(5 * SECOND);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    await allQuiet();
    goBack();
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual([]);
    expect(office.order('o1')).toMatchObject({ status: 'cancelled', by: anna, approval: { by: ben } });
    expect(office.errors).toContain('database went back in time, order was over');
    expect(toldAgain(office)).toHaveLength(1);
    await office.expectAllInJournal();
  });

  test.each(['requested', 'approved'] as const)(
    'a canceled purchase that was on hold is not sent: back to when it was %s',
    async (moment) => {
      const office = openOffice();
      office.carrier.onPlace(notTaken());
      await office.request('o1', searchAndOrder(2));
      let goBack = office.snapshot();
      await office.approve('o1');
      if (moment === 'approved') goBack = office.snapshot();
      const { posts } = office.carrier;
      expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
      await allQuiet();
      goBack();
      await approveAt(office, office);
      await office.live(5 * MINUTE);
      expect(office.carrier.posts).toEqual(posts);
      expect(office.order('o1')).toMatchObject({ status: 'cancelled', by: anna });
      await office.expectAllInJournal();
    },
  );

  test('what was read before the store lost the cancellation is not sent either', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    const approved = office.order('o1');
    if (approved.status !== 'approved') throw new Error('the order is not approved');
    const now = office.clock.now();
    const orders = makeSentOrders({
      alone: true,
      open: { forget: () => {}, doubt: () => {} },
      count: async () => {},
      clock: office.clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    }).remembering({ ...office.store, replace: async () => true });
    await orders.replace(approved, cancelled(approved, anna, now));
    expect(await orders.replace(approved, placing(approved, now))).toBe(false);
  });

  test('nobody can approve what was declined', async () => {
    const office = openOffice();
    await office.request('o1', searchAndOrder(2));
    const goBack = office.snapshot();
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'Too many' });
    await allQuiet();
    goBack();
    expect(await approveAt(office, office)).toMatchObject({ refused: 'already-decided' });
    await office.live(MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'declined', why: 'Too many' });
    expect(office.carrier.posts).toEqual([]);
  });

  test.each<[string, (office: Office) => Promise<unknown>, string]>([
    ['canceled', (office) => office.cancelOrder('o1', anna), 'cancelled'],
    ['declined', (office) => office.reviewOrder('o1', ben, { verdict: 'decline', why: 'No' }), 'cancelled'],
  ])(
    'what was %s, and approved by another process that did not know of it, is not sent',
    async (_, end, status) => {
      const office = openOffice({ undoWindowMs: MINUTE });
      await office.request('o1', disconnect());
      const goBack = office.snapshot();
      await end(office);
      await allQuiet();
      goBack();
      await approveAt(office.start(), office);
      await office.live(5 * SECOND);
      expect(office.order('o1').status).toBe(status);
      await office.live(5 * MINUTE);
      expect(office.carrier.posts).toEqual([]);
    },
  );
});

describe('Cancel on an order that may be at Bandwidth', () => {
  /** Sent by a process that died; the store lost that, and the next process cannot ask Bandwidth. */
  async function sentByAnother() {
    const { office, goBack } = await sentOrder(searchAndOrder(2), 'approved');
    await office.engine.stop();
    goBack();
    office.carrier.says(report('complete'));
    const next = office.start();
    office.carrier.onFind(cannotBeAsked(), cannotBeAsked());
    await office.live(15 * SECOND, next);
    expect(office.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: expect.stringContaining("I check that Bandwidth doesn't have it already") },
    });
    return { office, next };
  }

  test('is refused while Bandwidth cannot be asked, and the order is found later', async () => {
    const { office, next } = await sentByAnother();
    office.carrier.onFind(cannotBeAsked());
    expect(await next.cancelOrder('o1', anna)).toMatchObject({ refused: 'perhaps-sent' });
    await office.live(2 * MINUTE, next);
    expect(office.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('finds it at Bandwidth, and it is followed', async () => {
    const { office, next } = await sentByAnother();
    expect(await next.cancelOrder('o1', anna)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'placed', carrierOrder: { id: 'carrier-1' } },
    });
    await office.live(2 * MINUTE, next);
    expect(office.order('o1').status).toBe('complete');
    expect(office.carrier.posts).toEqual(['o1']);
  });

  /** Requested and approved by a process that died before it sent anything. */
  async function unsentByAnother() {
    const office = openOffice({ undoWindowMs: 0 });
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    return { office, next: office.start() };
  }

  test('cancels it if Bandwidth does not have it', async () => {
    const { office, next } = await unsentByAnother();
    office.carrier.onFind(cannotBeAsked(), cannotBeAsked());
    await office.live(15 * SECOND, next);
    expect(office.order('o1').status).toBe('approved');
    expect(await next.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    await office.live(2 * MINUTE, next);
    expect(office.carrier.posts).toEqual([]);
  });

  test('is refused in the seconds in which Bandwidth may not list it yet', async () => {
    const { office, next } = await unsentByAnother();
    expect(await next.cancelOrder('o1', anna)).toMatchObject({ refused: 'perhaps-sent' });
    expect(office.journal).not.toContain('looked up');
  });

  test('asks nobody while it can be undone, or if only this process can have sent it', async () => {
    const office = openOffice({ undoWindowMs: MINUTE });
    await office.request('o1', disconnect());
    await office.approve('o1');
    await office.engine.stop();
    expect(await office.start().cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    const other = openOffice();
    other.carrier.onPlace(notTaken(other.clock.now() + 5 * MINUTE));
    await other.request('o1');
    await other.approve('o1');
    await other.clock.advance(MINUTE);
    expect(await other.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    expect([...office.journal, ...other.journal]).not.toContain('looked up');
  });
});
