import { describe, expect, test } from '@jest/globals';
import type { OrderRequest, Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { monthOf } from '../../../src/orders/domain/tally.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { makeMortal } from '../../support/orders/mortal.js';
import { type Desk, type Office, openOffice } from '../../support/orders/office.js';
import {
  anna,
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
async function countedIn(office: Office): Promise<Record<string, number>> {
  const tally = (await office.ledger.months()).get(monthOf(office.clock.now()));
  const counted = Object.entries(tally?.counted ?? {}).filter(([, { quantity }]) => quantity > 0);
  return Object.fromEntries(counted.map(([id, { quantity }]) => [id, quantity]));
}

const asks = (office: Office, id: string, request: OrderRequest, requester: Person = anna) =>
  office.requestOrder({ id, request, requester, channelId: 'C1' });

const approves = (office: Office, id: string, by: Person = ben, desk: Desk = office) =>
  desk.reviewOrder(id, by, { verdict: 'approve', seen: requestDigest(office.order(id)) });

describe('What counts against the limits', () => {
  test('is what was approved, from that moment on', async () => {
    const office = openOffice();
    await office.request('o1', searchAndOrder(5));
    expect(await countedIn(office)).toEqual({});
    await office.approve('o1');
    expect(await countedIn(office)).toEqual({ o1: 5 });
  });

  test('does not include what was declined, canceled, undone or refused', async () => {
    const office = openOffice();
    office.carrier.onPlace(() => ({ outcome: 'refused', advice: 'No.', faults: [] }));
    await office.request('declined');
    await office.reviewOrder('declined', ben, { verdict: 'decline', why: 'no' });
    await office.request('cancelled');
    await office.cancelOrder('cancelled', anna);
    await office.request('undone', disconnect());
    await office.approve('undone');
    expect(await countedIn(office)).toEqual({ undone: 2 });
    await office.cancelOrder('undone', anna);
    await office.request('refused');
    await office.approve('refused');
    await office.live(5_000);
    expect(office.order('refused').status).toBe('refused');
    expect(await countedIn(office)).toEqual({});
  });

  test('is what was delivered, if that was less than requested', async () => {
    const office = openOffice();
    office.carrier.says(report('partial', { completed: [phone('9102414365')], completedQuantity: 1 }));
    await office.request('o1', searchAndOrder(5));
    await office.approve('o1');
    await office.live(5_000);
    expect(office.order('o1').status).toBe('partial');
    expect(await countedIn(office)).toEqual({ o1: 1 });
  });

  test('is what both delivered, if a search was sent again and the first turned up after all', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.onFind(...Array.from({ length: 7 }, () => () => []));
    await office.request('o1', searchAndOrder(5));
    await office.approve('o1');
    await office.live(2 * MINUTE);
    office.carrier.says(report('complete', { completedQuantity: 5 }));
    await office.orderAgain('o1', ben);
    await office.live(MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'complete', duplicates: ['carrier-1'] });
    expect(await countedIn(office)).toEqual({ o1: 10 });
  });

  test('is counted once for named numbers that were sent again: each can be bought once', async () => {
    const office = openOffice();
    office.carrier.sellsEachNumberOnce();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.onFind(...Array.from({ length: 5 }, () => () => []));
    await office.request('o1', purchase());
    await office.approve('o1');
    await office.live(3 * MINUTE);
    expect(office.order('o1')).toMatchObject({ status: 'complete', duplicates: ['carrier-2'] });
    expect(await countedIn(office)).toEqual({ o1: 2 });
  });

  test('is nothing for an order that failed', async () => {
    const office = openOffice();
    office.carrier.says(report('failed', {}));
    await office.request('o1', searchAndOrder(5));
    await office.approve('o1');
    await office.live(5_000);
    expect(office.order('o1').status).toBe('failed');
    expect(await countedIn(office)).toEqual({});
  });
});

describe('The daily limit', () => {
  test('is separate for each requester, ends at midnight UTC, and is shown to anyone who asks', async () => {
    const office = openOffice({ maxNumbersPerDay: 6 });
    await asks(office, 'o1', searchAndOrder(5));
    await approves(office, 'o1');
    expect(await asks(office, 'o2', searchAndOrder(2))).toMatchObject({
      refused: 'too-many',
      over: { limit: 'day', most: 6, left: 1, freshAt: Date.UTC(2026, 0, 6) },
    });
    expect(await asks(office, 'o3', searchAndOrder(1))).toMatchObject({ status: 'awaiting-approval' });
    expect(await asks(office, 'o4', searchAndOrder(6), sam)).toMatchObject({ status: 'awaiting-approval' });
    await office.clock.advance(DAY);
    expect(await asks(office, 'o5', searchAndOrder(6))).toMatchObject({ status: 'awaiting-approval' });
  });

  test('counts disconnects separately', async () => {
    const office = openOffice({ maxNumbersPerDay: 2 });
    await asks(office, 'o1', searchAndOrder(2));
    await approves(office, 'o1');
    await asks(office, 'o2', disconnect());
    expect(await approves(office, 'o2')).toMatchObject({ status: 'approved' });
    expect(await asks(office, 'o3', disconnect())).toMatchObject({ over: { limit: 'day', left: 0 } });
  });
});

describe('The monthly limit', () => {
  test('is shared: of two requests of which only one fits, the second is refused at its approval', async () => {
    const office = openOffice({ maxNumbersPerMonth: 8 });
    await asks(office, 'o1', searchAndOrder(5));
    await asks(office, 'o2', searchAndOrder(5), sam);
    expect(await approves(office, 'o1')).toMatchObject({ status: 'approved' });
    expect(await approves(office, 'o2')).toMatchObject({
      refused: 'too-many',
      over: { limit: 'month', left: 3, most: 8, freshAt: Date.UTC(2026, 1, 1) },
      order: { status: 'awaiting-approval' },
    });
    await allQuiet();
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('holds for two approvals at the same moment, in two processes', async () => {
    const office = openOffice({ maxNumbersPerMonth: 8 });
    const other = office.start();
    await asks(office, 'o1', searchAndOrder(5));
    await asks(office, 'o2', searchAndOrder(5), sam);
    const answers = await Promise.all([approves(office, 'o1', ben), approves(office, 'o2', bea, other)]);
    await office.live(MINUTE);
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([{ refused: 'too-many' }]);
    expect(office.carrier.posts).toHaveLength(1);
  });

  test('is on the card of a request, with what the request would bring it to', async () => {
    const office = openOffice({ maxNumbersPerMonth: 8 });
    await asks(office, 'o1', searchAndOrder(5));
    await approves(office, 'o1');
    await asks(office, 'o2', searchAndOrder(2), sam);
    expect(office.order('o2')).toMatchObject({ needs: { standing: { month: { after: 7, most: 8 } } } });
  });
});

describe('A limit that is exceeded after the approval', () => {
  async function approvedInAnUndoWindow(lowered: number) {
    const office = openOffice();
    await asks(office, 'o1', disconnect());
    await approves(office, 'o1');
    const stricter = openOffice({ maxNumbersPerMonth: lowered });
    await stricter.store.insert(office.order('o1'));
    return stricter;
  }

  test('keeps the order from being sent; its card says why, and it can be canceled', async () => {
    const office = await approvedInAnUndoWindow(1);
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual([]);
    expect(office.order('o1')).toMatchObject({
      status: 'approved',
      asking: {
        trouble: expect.stringContaining(
          'This order is on hold: it has 2 numbers, and the limit is 1 a month for everyone, with 1 left.',
        ),
      },
    });
    expect(office.order('o1').events.filter(({ what }) => what === 'held-back')).toHaveLength(1);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    await office.live(5_000);
    expect(await countedIn(office)).toEqual({});
  });

  test('does not keep it from being sent if there is room after all', async () => {
    const office = await approvedInAnUndoWindow(2);
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
  });
});

describe('Killed at any step of an approval', () => {
  /** An office in which Ben approved o1 in a process that died at its n-th step; undefined once it survives. */
  async function killedAt(step: number): Promise<Office | undefined> {
    const office = openOffice({ maxNumbersPerMonth: 8, maxNumbersPerDay: 8 });
    await asks(office, 'o1', searchAndOrder(5));
    await allQuiet();
    const mortal = makeMortal(step);
    void approves(office, 'o1', ben, office.start(mortal.gate));
    await allQuiet();
    return mortal.isDead() ? office : undefined;
  }

  test('the numbers count once in the end, and are ordered at most once', async () => {
    let step = 1;
    for (let office = await killedAt(step); office !== undefined; office = await killedAt(step)) {
      const again = office.start();
      if (office.order('o1').status === 'awaiting-approval') await approves(office, 'o1', bea, again);
      await office.live(MINUTE, again);
      expect(await countedIn(office)).toEqual({ o1: 5 });
      expect(office.carrier.accepted.length).toBeLessThanOrEqual(1);
      step += ONE_IN_FEW;
    }
    expect(step).toBeGreaterThan(10);
  });

  test('nothing stays counted once it is declined instead', async () => {
    let seen = 0;
    for (let step = 1; ; step += 1) {
      const office = await killedAt(step);
      if (office === undefined || office.order('o1').status !== 'awaiting-approval') break;
      seen += Object.keys(await countedIn(office)).length;
      const again = office.start();
      await again.reviewOrder('o1', bea, { verdict: 'decline', why: 'no' });
      await office.live(5_000, again);
      expect(await countedIn(office)).toEqual({});
    }
    expect(seen).toBeGreaterThan(0);
  });

  test('nobody else is refused for numbers that were never approved', async () => {
    let seen = 0;
    for (let step = 1; ; step += 1) {
      const office = await killedAt(step);
      if (office === undefined || office.order('o1').status !== 'awaiting-approval') break;
      seen += Object.keys(await countedIn(office)).length;
      const again = office.start();
      await office.clock.advance(2 * MINUTE);
      await again.requestOrder({ id: 'o2', request: searchAndOrder(8), requester: sam, channelId: 'C1' });
      expect(await approves(office, 'o2', bea, again)).toMatchObject({ status: 'approved' });
      expect(await countedIn(office)).toEqual({ o2: 8 });
    }
    expect(seen).toBeGreaterThan(0);
  });
});

test('After an approval and a decline at once, nothing that was declined stays counted', async () => {
  for (const declineFirst of [true, false]) {
    const office = openOffice();
    const other = office.start();
    await office.request('o1', searchAndOrder(5));
    const decline = () => other.reviewOrder('o1', bea, { verdict: 'decline', why: 'no' });
    await (declineFirst
      ? Promise.all([decline(), approves(office, 'o1')])
      : Promise.all([approves(office, 'o1'), decline()]));
    await office.live(10_000);
    expect(await countedIn(office)).toEqual(office.order('o1').status === 'declined' ? {} : { o1: 5 });
  }
});

test('The same numbers, requested as they are picked', async () => {
  const office = openOffice({ maxNumbersPerMonth: 1 });
  expect(await asks(office, 'o1', purchase())).toMatchObject({ over: { limit: 'month', left: 1 } });
});
