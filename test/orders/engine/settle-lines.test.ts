import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { isSettled } from '../../../src/orders/domain/due-announcements.js';
import { lineIdOf } from '../../../src/orders/domain/line-ids.js';
import { linesOf } from '../../../src/orders/domain/lines.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { requestedQuantity } from '../../../src/orders/domain/request.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, lines, phone, purchase, searched } from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  report,
  saysNo,
  taken,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const three = lines(searched('910', 1), searched('919', 2), searched('704', 3));
const statuses = (order: Order) => linesOf(order).map(({ status }) => status);

async function approved(request = three, app: OrdersApp = startOrdersApp()) {
  await app.request('o1', request);
  await app.approve('o1');
  return app;
}

/** Every line's carrier order delivers what was asked. */
function delivers(app: OrdersApp): void {
  app.carrier.says(report('complete'));
}

describe('An order of several lines', () => {
  test('is one approval, and becomes one carrier order for each line, each with an id of its own', async () => {
    const app = startOrdersApp();
    delivers(app);
    await approved(three, app);
    await app.live(MINUTE);

    const { accepted } = app.carrier;
    expect(accepted.map(({ orderId }) => orderId).sort()).toEqual(
      [1, 2, 3].map((line) => lineIdOf('o1', line)),
    );
    expect(accepted.map(({ request }) => requestedQuantity(request)).sort()).toEqual([1, 2, 3]);
    const order = app.order('o1');
    expect(order).toMatchObject({ status: 'complete', approval: { by: ben } });
    expect(statuses(order)).toEqual(['complete', 'complete', 'complete']);
    expect(isSettled(order)).toBe(true);
    expect(app.board.cards()).toBe(1);
    expect(order.announced).toEqual(['approved', 'outcome', 'delivered']);
  });

  test('is sent within the rate limit, and leaves room for an order of someone else', async () => {
    const app = startOrdersApp({ maxNumbersPerOrder: 100, rules: [] }, 0, 20);
    delivers(app);
    const many = lines(...Array.from({ length: 30 }, (_, index) => searched(String(910 + index), 1)));
    await approved(many, app);
    await app.live(SECOND);
    const sentAt = () => app.carrier.accepted.length;
    expect(sentAt()).toBe(18);
    await app.request('o2', purchase());
    await app.approve('o2');
    await app.live(SECOND);
    expect(app.order('o2').status).not.toBe('approved');
    expect(app.order('o1').lines?.filter(({ status }) => status === 'approved')).toHaveLength(12);

    await app.live(MINUTE);
    expect(sentAt()).toBe(31);
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('complete');
  });

  test('waits as a whole after a 429: no other line is rejected', async () => {
    const app = startOrdersApp({ maxNumbersPerOrder: 100, rules: [] }, 0, 100);
    delivers(app);
    const many = lines(...Array.from({ length: 40 }, (_, index) => searched(String(910 + index), 1)));
    app.carrier.onPlace(notTaken(app.clock.now() + 30 * SECOND));
    await approved(many, app);
    await app.live(10 * SECOND);
    expect(app.carrier.accepted.length).toBeLessThan(10);
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('complete');
    const { events } = app.order('o1');
    expect(events.filter(({ what }) => what === 'not-taken')).toHaveLength(1);
  });

  test('can be rebuilt from its events alone', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(saysNo, takenButAnswerLost, notTaken());
    await approved(three, app);
    await app.live(2 * MINUTE);
    const order = app.order('o1');
    expect(decided(rebuild('o1', order.events))).toEqual(decided(order));
    expect(statuses(order)).toEqual(['refused', 'complete', 'complete']);
    await app.expectAllInJournal();
  });

  test('counts once against the limits: the sum of its lines, minus what was not delivered', async () => {
    const app = startOrdersApp({ maxNumbersPerOrder: 6, rules: [] });
    delivers(app);
    app.carrier.onPlace(saysNo);
    await approved(three, app);
    await app.live(MINUTE);
    const [tally] = [...(await app.ledger.months()).values()];
    expect(tally?.counted).toMatchObject({ o1: { quantity: 5 } });
    expect(app.order('o1').status).toBe('partial');
  });

  test('is partial when some lines were delivered, and says what each of the others lacks', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(taken, saysNo);
    await approved(three, app);
    await app.live(MINUTE);
    const order = app.order('o1');
    expect(order).toMatchObject({ status: 'partial', outcome: { completedQuantity: 4 } });
    expect(statuses(order)).toEqual(['complete', 'refused', 'complete']);
  });

  test('is refused when every line is', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(saysNo, saysNo, saysNo);
    await approved(three, app);
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('refused');
    const [tally] = [...(await app.ledger.months()).values()];
    expect(tally?.counted.o1?.quantity).toBe(0);
  });

  test('waits for a line that is back-ordered, while the others are done', async () => {
    const app = startOrdersApp();
    await approved(three, app);
    const [first] = app.carrier.accepted;
    app.carrier.says(report('backordered'));
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('ordering');
    expect(first).toBeDefined();
    expect(app.order('o1').announced).toEqual(['approved', 'backordered']);
    delivers(app);
    await app.live(10 * MINUTE);
    expect(app.order('o1').status).toBe('complete');
  });
});

describe('When lines are lost one after the other', () => {
  const told = (app: OrdersApp) => app.board.announced.filter((kind) => kind === 'untraced').length;
  const heard = (app: OrdersApp) =>
    app
      .order('o1')
      .announcedLines?.find(({ kind }) => kind === 'untraced')
      ?.lines.toSorted();

  test('the thread announces the first at once, and the others once more, together', async () => {
    const app = startOrdersApp();
    const later = notTaken(app.clock.now() + 5 * MINUTE);
    app.carrier.onPlace(lostOnTheWay, later, later, lostOnTheWay, lostOnTheWay);
    await approved(three, app);
    await app.live(2 * MINUTE);
    expect(told(app)).toBe(1);
    expect(heard(app)).toEqual([1]);

    await app.live(10 * MINUTE);
    expect(told(app)).toBe(2);
    expect(heard(app)).toEqual([1, 2, 3]);
    await app.live(10 * MINUTE);
    expect(told(app)).toBe(2);
  });

  test('and one is lost again, only that one is announced', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay, lostOnTheWay, taken, lostOnTheWay, taken);
    delivers(app);
    await approved(three, app);
    await app.live(5 * MINUTE);
    const before = told(app);
    expect(heard(app)).toEqual([1, 2]);
    await app.orderAgain('o1', ben);
    await app.live(5 * MINUTE);
    expect(told(app)).toBe(before + 1);
    expect(statuses(app.order('o1')).toSorted()).toEqual(['complete', 'complete', 'placing']);
  });
});

describe('One line', () => {
  test('with a lost answer disturbs no other: it is looked up by its id, and found', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(taken, takenButAnswerLost, taken);
    await approved(three, app);
    await app.live(MINUTE);
    expect(statuses(app.order('o1'))).toEqual(['complete', 'complete', 'complete']);
    expect(app.carrier.posts).toHaveLength(3);
    expect(new Set(app.carrier.finds.map(({ id }) => id)).size).toBe(1);
  });

  test('that is lost on the way waits for people, and they resubmit it', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(taken, lostOnTheWay, taken);
    await approved(three, app);
    await app.live(2 * MINUTE);
    const order = app.order('o1');
    expect(order.status).toBe('ordering');
    expect(statuses(order)).toEqual(['complete', 'placing', 'complete']);
    expect(order.announced).toContain('untraced');

    expect(await app.orderAgain('o1', ben)).not.toHaveProperty('refused');
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('complete');
    expect(app.carrier.posts).toHaveLength(4);
    expect(app.carrier.accepted).toHaveLength(3);
  });

  test('that is given up ends the order as partial, once it is no longer looked up', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(taken, lostOnTheWay, taken);
    await approved(three, app);
    await app.live(2 * MINUTE);
    expect(await app.giveUp('o1', ana)).not.toHaveProperty('refused');
    await app.live(MINUTE);
    expect(statuses(app.order('o1'))).toEqual(['complete', 'given-up', 'complete']);
    await app.live(25 * 60 * MINUTE, app, MINUTE);
    expect(app.order('o1').status).toBe('partial');
  });

  test('that meets a rate limit holds up none of the others, and is sent later', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(notTaken(app.clock.now() + 30 * SECOND), taken, taken);
    await approved(three, app);
    await app.live(10 * SECOND);
    expect(statuses(app.order('o1'))).toEqual(['approved', 'complete', 'complete']);
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('complete');
    expect(app.carrier.accepted).toHaveLength(3);
  });

  test('that was not sent yet can be canceled; the others continue', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(notTaken(app.clock.now() + 10 * MINUTE), taken, taken);
    await approved(three, app);
    await app.live(10 * SECOND);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'partial' });
    await app.live(20 * MINUTE);
    expect(statuses(app.order('o1'))).toEqual(['cancelled', 'complete', 'complete']);
    expect(app.carrier.accepted).toHaveLength(2);
  });

  test('has the holds of its numbers in its own request, and a refused line releases them', async () => {
    const app = startOrdersApp({}, 100);
    delivers(app);
    const picked = (digits: string) => ({ by: 'numbers', numbers: [phone(digits)] }) as const;
    await app.request('o1', lines(picked('9102414365'), picked('9192414365')));
    await app.live(10 * SECOND);
    expect([...app.carrier.reserved]).toHaveLength(2);
    app.carrier.onPlace(saysNo);
    await app.approve('o1');
    await app.live(MINUTE);
    expect(app.carrier.named).toEqual([expect.arrayContaining([expect.any(String)]), [expect.any(String)]]);
    expect(statuses(app.order('o1'))).toEqual(['refused', 'complete']);
    expect([...app.carrier.reserved]).toEqual([]);
  });

  test('is looked up sooner after a notice about its carrier order', async () => {
    const app = startOrdersApp();
    await approved(three, app);
    app.carrier.onReport(cannotBeAsked());
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('ordering');
    delivers(app);
    await app.engine.settle(lineIdOf('o1', 2));
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('complete');
  });
});

describe('When the store goes back in time', () => {
  test('no line is sent twice: each is found by its own id', async () => {
    const app = startOrdersApp();
    await app.request('o1', three);
    const goBack = app.snapshot();
    await app.approve('o1');
    await app.live(10 * SECOND);
    expect(app.carrier.accepted).toHaveLength(3);
    goBack();
    delivers(app);
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toHaveLength(3);
    expect(statuses(app.order('o1'))).toEqual(['complete', 'complete', 'complete']);
  });

  test('to before there was an order: it is restored, with all of its lines', async () => {
    const app = startOrdersApp();
    const goBack = app.snapshot();
    await approved(three, app);
    await app.live(10 * SECOND);
    goBack();
    delivers(app);
    await app.restoreLost();
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toHaveLength(3);
    expect(app.order('o1').status).toBe('complete');
  });

  test('and another process makes the passes: each line is looked up before anything is sent', async () => {
    const app = startOrdersApp();
    await app.request('o1', three);
    await app.approve('o1');
    await app.live(SECOND);
    const goBack = app.snapshot();
    goBack();
    await app.engine.stop();
    delivers(app);
    const other = app.start();
    await app.live(2 * MINUTE, other);
    expect(app.carrier.accepted).toHaveLength(3);
    expect(app.order('o1').status).toBe('complete');
  });
});

describe('Before the first line is sent', () => {
  test('an approval that is no longer enough makes the whole order wait again, and no line is sent', async () => {
    const app = startOrdersApp();
    await app.request('o1', three);
    app.carrier.onPlace(...threeTimes(notTaken(app.clock.now() + 5 * MINUTE)));
    await app.approve('o1');
    await app.live(10 * SECOND);
    expect(statuses(app.order('o1'))).toEqual(['approved', 'approved', 'approved']);
    await app.engine.stop();
    const stricter = app.start(undefined, undefined, { approvalsRequired: 2 });
    delivers(app);
    await app.live(10 * MINUTE, stricter);
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', needs: { required: 2 } });
    expect(app.carrier.accepted).toEqual([]);
  });

  test('the whole order can be canceled', async () => {
    const app = startOrdersApp();
    await app.request('o1', three);
    app.carrier.onPlace(...threeTimes(notTaken(app.clock.now() + 5 * MINUTE)));
    await app.approve('o1');
    await app.live(10 * SECOND);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled', by: ana });
    await app.live(10 * MINUTE);
    expect(app.carrier.accepted).toEqual([]);
    expect(isSettled(app.order('o1'))).toBe(true);
  });
});

describe('When other lines were sent already', () => {
  test('a line whose approval is no longer enough is on hold, and the card says why', async () => {
    const app = startOrdersApp();
    delivers(app);
    app.carrier.onPlace(notTaken(app.clock.now() + 5 * MINUTE), taken, taken);
    await approved(three, app);
    await app.live(10 * SECOND);
    await app.engine.stop();
    const stricter = app.start(undefined, undefined, { approvalsRequired: 2 });
    await app.live(10 * MINUTE, stricter);
    expect(statuses(app.order('o1'))).toEqual(['approved', 'complete', 'complete']);
    expect(linesOf(app.order('o1'))[0]).toMatchObject({
      asking: { trouble: { why: 'lines-lack-approval' } },
    });
    expect(await stricter.cancelOrder('o1', ana)).toMatchObject({ status: 'partial' });
    await app.live(MINUTE, stricter);
    expect(isSettled(app.order('o1'))).toBe(true);
  });
});

const threeTimes = (turn: ReturnType<typeof notTaken>) => [turn, turn, turn];
