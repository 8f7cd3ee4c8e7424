import { describe, expect, test } from '@jest/globals';
import { dueAnnouncements } from '../../../src/orders/domain/due-announcements.js';
import type { Order } from '../../../src/orders/domain/order.js';
import type { ActivationRequest } from '../../../src/orders/domain/request.js';
import { serviceCheckOf } from '../../../src/orders/domain/service-check.js';
import { makeServiceChecks } from '../../../src/orders/engine/check-services.js';
import { makeManualClock } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
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
  site: { id: '1337', name: 'Main app' },
  reason: 'The line opens on Monday',
};

describe('An activation', () => {
  test('that never arrived is sent once more, when Bandwidth has said often enough that the numbers don’t work', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.says(report('complete'));
    await app.request('a1', activation);
    await app.approve('a1');
    await app.live(20 * SECOND);
    expect(app.carrier.posts).toEqual(['a1']);
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual(['a1', 'a1']);
    expect(app.carrier.finds.length).toBeGreaterThanOrEqual(5);
    expect(app.order('a1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'outcome']);
    expect(await app.store.open()).toEqual([]);
  });

  test('whose answer was lost is never sent twice', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.says(report('complete'));
    await app.request('a1', activation);
    await app.approve('a1');
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual(['a1']);
    expect(app.order('a1').status).toBe('complete');
  });

  test('counts for nothing, even if no number is left under the limits', async () => {
    const app = startOrdersApp({ maxNumbersPerDay: 1, maxNumbersPerOrder: 1 });
    app.carrier.says(report('complete'));
    await app.request('a1', activation);
    await app.approve('a1');
    await app.live(MINUTE);
    expect(app.order('a1').status).toBe('complete');
    expect(await app.ledger.read('2026-01', { orders: ['a1'], days: [] })).toMatchObject({
      totals: { purchase: 0, disconnect: 0 },
    });
  });
});

describe('What works on delivered numbers', () => {
  test('is asked until it is known, four times at most, and announced once it is', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('complete', { completed: twoNumbers }));
    const off = { state: 'off', status: 'NOT_READY' } as const;
    const notYet = () => ({
      groups: [{ numbers: twoNumbers, voice: off, messaging: off, emergency: off }],
      again: true as const,
    });
    app.carrier.onCheckServices(notYet, notYet, notYet, notYet);
    await app.request('o1');
    await app.approve('o1');
    await app.live(MINUTE);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    await app.live(10 * MINUTE);
    expect(app.carrier.serviceChecks).toHaveLength(4);
    expect(app.board.announced).toEqual(['approved', 'outcome', 'services']);
    expect(await app.store.open()).toEqual([]);
  });

  test('waits for a lookup, while the outcome is announced without it', async () => {
    const app = startOrdersApp();
    app.carrier.onReport(() => {
      app.carrier.left(0);
      return report('complete', { completed: twoNumbers });
    });
    await app.request('o1');
    await app.approve('o1');
    await app.live(2 * MINUTE);
    expect(app.carrier.serviceChecks).toHaveLength(0);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    app.carrier.left(100);
    await app.live(MINUTE);
    expect(app.carrier.serviceChecks).toHaveLength(1);
    expect(app.board.announced).toEqual(['approved', 'outcome', 'services']);
  });

  test('keeps nobody waiting for the outcome when Bandwidth doesn’t answer', async () => {
    const clock = makeManualClock();
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
    expect(serviceCheckOf(saved)).toMatchObject({ notKnown: { why: 'no-answer-yet' }, again: true });
    expect(dueAnnouncements(saved)).toContain('outcome');
    expect(dueAnnouncements(order)).not.toContain('outcome');
  });
});
