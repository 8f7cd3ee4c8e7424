import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { isSettled } from '../../../src/orders/domain/due-announcements.js';
import { lineIdOf } from '../../../src/orders/domain/line-ids.js';
import { linesOf } from '../../../src/orders/domain/lines.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { askedQuantity } from '../../../src/orders/domain/request.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import { anna, ben, lines, phone, purchase, searched } from '../../support/orders/people.js';
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

async function approved(request = three, office: Office = openOffice()) {
  await office.request('o1', request);
  await office.approve('o1');
  return office;
}

/** Every line's carrier order delivers what was asked. */
function delivers(office: Office): void {
  office.carrier.says(report('complete'));
}

describe('An order of several lines', () => {
  test('is one approval, and becomes one carrier order for each line, each with an id of its own', async () => {
    const office = openOffice();
    delivers(office);
    await approved(three, office);
    await office.live(MINUTE);

    const { accepted } = office.carrier;
    expect(accepted.map(({ orderId }) => orderId).sort()).toEqual(
      [1, 2, 3].map((line) => lineIdOf('o1', line)),
    );
    expect(accepted.map(({ request }) => askedQuantity(request)).sort()).toEqual([1, 2, 3]);
    const order = office.order('o1');
    expect(order).toMatchObject({ status: 'complete', approval: { by: ben } });
    expect(statuses(order)).toEqual(['complete', 'complete', 'complete']);
    expect(isSettled(order)).toBe(true);
    expect(office.board.cards()).toBe(1);
    expect(order.announced).toEqual(['approved', 'outcome', 'delivered']);
  });

  test('is sent within the rate limit, and leaves room for an order of someone else', async () => {
    const office = openOffice({ maxNumbersPerOrder: 100, rules: [] }, 0, 20);
    delivers(office);
    const many = lines(...Array.from({ length: 30 }, (_, index) => searched(String(910 + index), 1)));
    await approved(many, office);
    await office.live(SECOND);
    const sentAt = () => office.carrier.accepted.length;
    expect(sentAt()).toBe(18);
    await office.request('o2', purchase());
    await office.approve('o2');
    await office.live(SECOND);
    expect(office.order('o2').status).not.toBe('approved');
    expect(office.order('o1').lines?.filter(({ status }) => status === 'approved')).toHaveLength(12);

    await office.live(MINUTE);
    expect(sentAt()).toBe(31);
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('complete');
  });

  test('waits as a whole after a 429: no other line is rejected', async () => {
    const office = openOffice({ maxNumbersPerOrder: 100, rules: [] }, 0, 100);
    delivers(office);
    const many = lines(...Array.from({ length: 40 }, (_, index) => searched(String(910 + index), 1)));
    office.carrier.onPlace(notTaken(office.clock.now() + 30 * SECOND));
    await approved(many, office);
    await office.live(10 * SECOND);
    expect(office.carrier.accepted.length).toBeLessThan(10);
    await office.live(2 * MINUTE);
    expect(office.order('o1').status).toBe('complete');
    const { events } = office.order('o1');
    expect(events.filter(({ what }) => what === 'not-taken')).toHaveLength(1);
  });

  test('can be rebuilt from its events alone', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(saysNo, takenButAnswerLost, notTaken());
    await approved(three, office);
    await office.live(2 * MINUTE);
    const order = office.order('o1');
    expect(decided(rebuild('o1', order.events))).toEqual(decided(order));
    expect(statuses(order)).toEqual(['refused', 'complete', 'complete']);
    await office.expectAllInJournal();
  });

  test('counts once against the limits: the sum of its lines, minus what was not delivered', async () => {
    const office = openOffice({ maxNumbersPerOrder: 6, rules: [] });
    delivers(office);
    office.carrier.onPlace(saysNo);
    await approved(three, office);
    await office.live(MINUTE);
    const [tally] = [...(await office.ledger.months()).values()];
    expect(tally?.counted).toMatchObject({ o1: { quantity: 5 } });
    expect(office.order('o1').status).toBe('partial');
  });

  test('is partial when some lines were delivered, and says what each of the others lacks', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(taken, saysNo);
    await approved(three, office);
    await office.live(MINUTE);
    const order = office.order('o1');
    expect(order).toMatchObject({ status: 'partial', outcome: { completedQuantity: 4 } });
    expect(statuses(order)).toEqual(['complete', 'refused', 'complete']);
  });

  test('is refused when every line is', async () => {
    const office = openOffice();
    office.carrier.onPlace(saysNo, saysNo, saysNo);
    await approved(three, office);
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('refused');
    const [tally] = [...(await office.ledger.months()).values()];
    expect(tally?.counted.o1?.quantity).toBe(0);
  });

  test('waits for a line that is back-ordered, while the others are done', async () => {
    const office = openOffice();
    await approved(three, office);
    const [first] = office.carrier.accepted;
    office.carrier.says(report('backordered'));
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('ordering');
    expect(first).toBeDefined();
    expect(office.order('o1').announced).toEqual(['approved', 'backordered']);
    delivers(office);
    await office.live(10 * MINUTE);
    expect(office.order('o1').status).toBe('complete');
  });
});

describe('When lines are lost one after the other', () => {
  const told = (office: Office) => office.board.announced.filter((kind) => kind === 'untraced').length;
  const heard = (office: Office) =>
    office
      .order('o1')
      .announcedLines?.find(({ kind }) => kind === 'untraced')
      ?.lines.toSorted();

  test('the thread announces the first at once, and the others once more, together', async () => {
    const office = openOffice();
    const later = notTaken(office.clock.now() + 5 * MINUTE);
    office.carrier.onPlace(lostOnTheWay, later, later, lostOnTheWay, lostOnTheWay);
    await approved(three, office);
    await office.live(2 * MINUTE);
    expect(told(office)).toBe(1);
    expect(heard(office)).toEqual([1]);

    await office.live(10 * MINUTE);
    expect(told(office)).toBe(2);
    expect(heard(office)).toEqual([1, 2, 3]);
    await office.live(10 * MINUTE);
    expect(told(office)).toBe(2);
  });

  test('and one is lost again, only that one is announced', async () => {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay, lostOnTheWay, taken, lostOnTheWay, taken);
    delivers(office);
    await approved(three, office);
    await office.live(5 * MINUTE);
    const before = told(office);
    expect(heard(office)).toEqual([1, 2]);
    await office.orderAgain('o1', ben);
    await office.live(5 * MINUTE);
    expect(told(office)).toBe(before + 1);
    expect(statuses(office.order('o1')).toSorted()).toEqual(['complete', 'complete', 'placing']);
  });
});

describe('One line', () => {
  test('with a lost answer disturbs no other: it is looked up by its id, and found', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(taken, takenButAnswerLost, taken);
    await approved(three, office);
    await office.live(MINUTE);
    expect(statuses(office.order('o1'))).toEqual(['complete', 'complete', 'complete']);
    expect(office.carrier.posts).toHaveLength(3);
    expect(new Set(office.carrier.finds.map(({ id }) => id)).size).toBe(1);
  });

  test('that is lost on the way waits for people, and they have it sent again', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(taken, lostOnTheWay, taken);
    await approved(three, office);
    await office.live(2 * MINUTE);
    const order = office.order('o1');
    expect(order.status).toBe('ordering');
    expect(statuses(order)).toEqual(['complete', 'placing', 'complete']);
    expect(order.announced).toContain('untraced');

    expect(await office.orderAgain('o1', ben)).not.toHaveProperty('refused');
    await office.live(2 * MINUTE);
    expect(office.order('o1').status).toBe('complete');
    expect(office.carrier.posts).toHaveLength(4);
    expect(office.carrier.accepted).toHaveLength(3);
  });

  test('that is given up ends the order as partial, once it is no longer looked up', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(taken, lostOnTheWay, taken);
    await approved(three, office);
    await office.live(2 * MINUTE);
    expect(await office.giveUp('o1', anna)).not.toHaveProperty('refused');
    await office.live(MINUTE);
    expect(statuses(office.order('o1'))).toEqual(['complete', 'given-up', 'complete']);
    await office.live(25 * 60 * MINUTE, office, MINUTE);
    expect(office.order('o1').status).toBe('partial');
  });

  test('that meets a rate limit holds up none of the others, and is sent later', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(notTaken(office.clock.now() + 30 * SECOND), taken, taken);
    await approved(three, office);
    await office.live(10 * SECOND);
    expect(statuses(office.order('o1'))).toEqual(['approved', 'complete', 'complete']);
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('complete');
    expect(office.carrier.accepted).toHaveLength(3);
  });

  test('that was not sent yet can be canceled; the others continue', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(notTaken(office.clock.now() + 10 * MINUTE), taken, taken);
    await approved(three, office);
    await office.live(10 * SECOND);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'partial' });
    await office.live(20 * MINUTE);
    expect(statuses(office.order('o1'))).toEqual(['cancelled', 'complete', 'complete']);
    expect(office.carrier.accepted).toHaveLength(2);
  });

  test('has the holds of its numbers in its own request, and a refused line releases them', async () => {
    const office = openOffice({}, 100);
    delivers(office);
    const picked = (digits: string) => ({ by: 'numbers', numbers: [phone(digits)] }) as const;
    await office.request('o1', lines(picked('9102414365'), picked('9192414365')));
    await office.live(10 * SECOND);
    expect([...office.carrier.reserved]).toHaveLength(2);
    office.carrier.onPlace(saysNo);
    await office.approve('o1');
    await office.live(MINUTE);
    expect(office.carrier.named).toEqual([
      expect.arrayContaining([expect.any(String)]),
      [expect.any(String)],
    ]);
    expect(statuses(office.order('o1'))).toEqual(['refused', 'complete']);
    expect([...office.carrier.reserved]).toEqual([]);
  });

  test('is looked up sooner after a notice about its carrier order', async () => {
    const office = openOffice();
    await approved(three, office);
    office.carrier.onReport(cannotBeAsked());
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('ordering');
    delivers(office);
    await office.engine.settle(lineIdOf('o1', 2));
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('complete');
  });
});

describe('When the store goes back in time', () => {
  test('no line is sent twice: each is found by its own id', async () => {
    const office = openOffice();
    await office.request('o1', three);
    const goBack = office.snapshot();
    await office.approve('o1');
    await office.live(10 * SECOND);
    expect(office.carrier.accepted).toHaveLength(3);
    goBack();
    delivers(office);
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toHaveLength(3);
    expect(statuses(office.order('o1'))).toEqual(['complete', 'complete', 'complete']);
  });

  test('to before there was an order: it is restored, with all of its lines', async () => {
    const office = openOffice();
    const goBack = office.snapshot();
    await approved(three, office);
    await office.live(10 * SECOND);
    goBack();
    delivers(office);
    await office.restoreLost();
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toHaveLength(3);
    expect(office.order('o1').status).toBe('complete');
  });

  test('and another process makes the passes: each line is looked up before anything is sent', async () => {
    const office = openOffice();
    await office.request('o1', three);
    await office.approve('o1');
    await office.live(SECOND);
    const goBack = office.snapshot();
    goBack();
    await office.engine.stop();
    delivers(office);
    const other = office.start();
    await office.live(2 * MINUTE, other);
    expect(office.carrier.accepted).toHaveLength(3);
    expect(office.order('o1').status).toBe('complete');
  });
});

describe('Before the first line is sent', () => {
  test('an approval that is no longer enough makes the whole order wait again, and no line is sent', async () => {
    const office = openOffice();
    await office.request('o1', three);
    office.carrier.onPlace(...threeTimes(notTaken(office.clock.now() + 5 * MINUTE)));
    await office.approve('o1');
    await office.live(10 * SECOND);
    expect(statuses(office.order('o1'))).toEqual(['approved', 'approved', 'approved']);
    await office.engine.stop();
    const stricter = office.start(undefined, undefined, { approvalsRequired: 2 });
    delivers(office);
    await office.live(10 * MINUTE, stricter);
    expect(office.order('o1')).toMatchObject({ status: 'awaiting-approval', needs: { required: 2 } });
    expect(office.carrier.accepted).toEqual([]);
  });

  test('the whole order can be canceled', async () => {
    const office = openOffice();
    await office.request('o1', three);
    office.carrier.onPlace(...threeTimes(notTaken(office.clock.now() + 5 * MINUTE)));
    await office.approve('o1');
    await office.live(10 * SECOND);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled', by: anna });
    await office.live(10 * MINUTE);
    expect(office.carrier.accepted).toEqual([]);
    expect(isSettled(office.order('o1'))).toBe(true);
  });
});

describe('When other lines were sent already', () => {
  test('a line whose approval is no longer enough is on hold, and the card says why', async () => {
    const office = openOffice();
    delivers(office);
    office.carrier.onPlace(notTaken(office.clock.now() + 5 * MINUTE), taken, taken);
    await approved(three, office);
    await office.live(10 * SECOND);
    await office.engine.stop();
    const stricter = office.start(undefined, undefined, { approvalsRequired: 2 });
    await office.live(10 * MINUTE, stricter);
    expect(statuses(office.order('o1'))).toEqual(['approved', 'complete', 'complete']);
    expect(linesOf(office.order('o1'))[0]).toMatchObject({
      asking: { trouble: expect.stringContaining("doesn't have enough approvals anymore") },
    });
    expect(await stricter.cancelOrder('o1', anna)).toMatchObject({ status: 'partial' });
    await office.live(MINUTE, stricter);
    expect(isSettled(office.order('o1'))).toBe(true);
  });
});

const threeTimes = (turn: ReturnType<typeof notTaken>) => [turn, turn, turn];
