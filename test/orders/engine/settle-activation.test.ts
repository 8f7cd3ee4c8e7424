import { describe, expect, test } from '@jest/globals';
import { dueAnnouncements } from '../../../src/orders/domain/due-announcements.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { ActivationRequest } from '../../../src/orders/domain/request.js';
import { serviceCheckOf } from '../../../src/orders/domain/service-check.js';
import { makeServiceChecks } from '../../../src/orders/engine/check-services.js';
import { makeHandClock } from '../../support/orders/hand-clock.js';
import { openOffice } from '../../support/orders/office.js';
import { twoNumbers } from '../../support/orders/people.js';
import { lostOnTheWay, report, takenButAnswerLost } from '../../support/orders/scripted-carrier.js';
import { afterReport, numbers } from '../../support/sample-orders.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const activation: ActivationRequest = {
  kind: 'activation',
  name: 'Activate 2 numbers',
  numbers: twoNumbers,
  services: ['voice'],
  purchaseId: 'o1',
  site: { id: '1337', name: 'Main office' },
  reason: 'The line opens on Monday',
};

describe('An activation', () => {
  test('that never arrived is sent once more, when Bandwidth has said often enough that the numbers don’t work', async () => {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.says(report('complete'));
    await office.request('a1', activation);
    await office.approve('a1');
    await office.live(20 * SECOND);
    expect(office.carrier.posts).toEqual(['a1']);
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual(['a1', 'a1']);
    expect(office.carrier.finds.length).toBeGreaterThanOrEqual(5);
    expect(office.order('a1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(office.board.announced).toEqual(['approved', 'unknown', 'again', 'outcome']);
    expect(await office.store.open()).toEqual([]);
  });

  test('whose answer was lost is never sent twice', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.says(report('complete'));
    await office.request('a1', activation);
    await office.approve('a1');
    await office.live(5 * MINUTE);
    expect(office.carrier.posts).toEqual(['a1']);
    expect(office.order('a1').status).toBe('complete');
  });

  test('counts for nothing, even if no number is left under the limits', async () => {
    const office = openOffice({ maxNumbersPerDay: 1, maxNumbersPerOrder: 1 });
    office.carrier.says(report('complete'));
    await office.request('a1', activation);
    await office.approve('a1');
    await office.live(MINUTE);
    expect(office.order('a1').status).toBe('complete');
    expect(await office.ledger.read('2026-01', { orders: ['a1'], days: [] })).toMatchObject({
      totals: { purchase: 0, disconnect: 0 },
    });
  });
});

describe('What works on delivered numbers', () => {
  test('is asked until it is known, four times at most, and announced once it is', async () => {
    const office = openOffice();
    office.carrier.says(report('complete', { completed: twoNumbers }));
    const off = { state: 'off', status: 'NOT_READY' } as const;
    const notYet = () => ({
      groups: [{ numbers: twoNumbers, voice: off, messaging: off, emergency: off }],
      again: true as const,
    });
    office.carrier.onCheckServices(notYet, notYet, notYet, notYet);
    await office.request('o1');
    await office.approve('o1');
    await office.live(MINUTE);
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    await office.live(10 * MINUTE);
    expect(office.carrier.serviceChecks).toHaveLength(4);
    expect(office.board.announced).toEqual(['approved', 'outcome', 'services']);
    expect(await office.store.open()).toEqual([]);
  });

  test('waits for a lookup, while the outcome is announced without it', async () => {
    const office = openOffice();
    office.carrier.onReport(() => {
      office.carrier.left(0);
      return report('complete', { completed: twoNumbers });
    });
    await office.request('o1');
    await office.approve('o1');
    await office.live(2 * MINUTE);
    expect(office.carrier.serviceChecks).toHaveLength(0);
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    office.carrier.left(100);
    await office.live(MINUTE);
    expect(office.carrier.serviceChecks).toHaveLength(1);
    expect(office.board.announced).toEqual(['approved', 'outcome', 'services']);
  });

  test('keeps nobody waiting for the outcome when Bandwidth doesn’t answer', async () => {
    const clock = makeHandClock();
    const order = afterReport({ status: 'complete', completed: numbers('9102414365') });
    let saved: Order = order;
    const { check } = makeServiceChecks({
      carrier: {
        checkServices: () => new Promise(() => {}),
        lookups: () => ({ left: 9, perMinute: 9 }),
      },
      changes: {
        async change(_id, next) {
          saved = next(order);
          return saved;
        },
      },
      clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const asking = check(order);
    await clock.advance(8 * SECOND);
    expect(await asking).toBe(true);
    expect(serviceCheckOf(saved)).toMatchObject({ notKnown: "Bandwidth hasn't answered yet.", again: true });
    expect(dueAnnouncements(saved)).toContain('outcome');
    expect(dueAnnouncements(order)).not.toContain('outcome');
  });
});
