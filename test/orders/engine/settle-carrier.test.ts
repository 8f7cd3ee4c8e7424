import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { LOOK_UP_AFTER_MS, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, bea, ben, purchase, searchAndOrder, twoNumbers } from '../../support/orders/people.js';
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
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ana asked, Ben approved, nothing else happened yet. */
async function approvedOrder(app = startOrdersApp(), request: OrderRequest = purchase()) {
  await app.request('o1', request);
  await app.approve('o1');
  return app;
}

describe('Never ordered twice', () => {
  test('the intent is on record before the order leaves for Bandwidth', async () => {
    const app = await approvedOrder();
    const story = app.journal.filter((entry) => entry.startsWith('saved') || entry === 'POST');
    expect(story.indexOf('saved placing')).toBeLessThan(story.indexOf('POST'));
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('when the intent cannot be saved, nothing is sent; once it can, the order is sent', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.store.failWhen((call) => call === 'replace' && app.order('o1').status === 'approved');
    await app.approve('o1');
    expect(app.order('o1').status).toBe('approved');
    expect(app.carrier.posts).toEqual([]);
    app.store.recover();
    await app.engine.settle('o1');
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('an order whose answer was lost is looked up by its id and never sent again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    await approvedOrder(app);
    expect(app.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('a carrier that throws may have accepted the order, so it is looked up as well', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace((accept) => {
      accept();
      throw new TypeError('the answer made no sense');
    });
    await approvedOrder(app);
    expect(app.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await app.live(MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });

  test('Bandwidth may list the order late: the lookups continue, ever slower, and nothing is sent again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.onFind(...Array.from({ length: 12 }, () => () => []));
    await approvedOrder(app, searchAndOrder(2));
    await app.live(HOUR);
    expect(app.carrier.finds.length).toBe(13);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'untraced']);
  });

  test('an order that Bandwidth never lists is not sent again, no matter how long', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay);
    await app.request('o1', searchAndOrder(5));
    await app.approve('o1');
    await app.live(2 * HOUR, app, MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placing');
    expect(app.carrier.finds.length).toBeLessThan(40);
    expect(app.carrier.finds.length).toBeGreaterThan(20);
  });

  test('if Bandwidth has two orders with the same id, the first is followed and the log says so', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.onFind(() => ['first', 'second']);
    await approvedOrder(app);
    await app.live(5 * SECOND);
    expect(app.order('o1')).toMatchObject({ carrierOrder: { id: 'first' } });
    expect(app.errors).toContain('bandwidth has several orders with this CustomerOrderId');
  });

  test('while the POST may be in progress nobody looks it up or repeats it, not even a second process', async () => {
    const app = startOrdersApp();
    let answer = () => {};
    app.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { outcome: 'taken', carrierOrderId: accept() };
    });
    await approvedOrder(app);
    const other = app.start();
    await app.live(LOOK_UP_AFTER_MS - SECOND, other);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.carrier.finds).toEqual([]);
    answer();
    await allQuiet();
    expect(app.order('o1').status).toBe('placed');
  });

  test('after a crash during the POST the next process waits until it must be over, then looks it up', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await approvedOrder(app);
    const restarted = app.start();
    await app.live(LOOK_UP_AFTER_MS - 1, restarted);
    expect(app.carrier.finds).toEqual([]);
    await app.live(SECOND, restarted);
    expect(app.carrier.finds).toMatchObject([{ id: 'o1' }]);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });

  test('two processes that see the same approved order send it once', async () => {
    const app = startOrdersApp();
    const other = app.start();
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    await app.clock.advance(10 * SECOND);
    const third = app.start();
    await Promise.all([
      other.engine.settle('o1'),
      third.engine.settle('o1'),
      other.engine.pass(),
      third.engine.pass(),
    ]);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.carrier.accepted).toHaveLength(1);
  });

  test('a late answer changes nothing that a lookup has already found out', async () => {
    const app = startOrdersApp();
    let answer = () => {};
    app.carrier.onPlace(async (accept) => {
      const carrierOrderId = accept();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { outcome: 'taken', carrierOrderId };
    });
    await approvedOrder(app);
    const other = app.start();
    app.carrier.says(report('complete', { completed: twoNumbers }));
    await app.live(LOOK_UP_AFTER_MS + SECOND, other);
    expect(app.order('o1').status).toBe('complete');
    answer();
    await allQuiet();
    expect(app.order('o1').status).toBe('complete');
    expect(app.board.announced).toEqual(['approved', 'outcome']);
  });
});

describe('An order that Bandwidth did not accept', () => {
  test('is retried with growing pauses until it is accepted', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(), notTaken(), notTaken());
    await approvedOrder(app);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: 'Bandwidth is busy.' },
    });
    await app.clock.advance(1_999);
    expect(app.carrier.posts).toHaveLength(1);
    await app.clock.advance(1);
    expect(app.carrier.posts).toHaveLength(2);
    await app.clock.advance(3_999);
    expect(app.carrier.posts).toHaveLength(2);
    await app.clock.advance(1);
    expect(app.carrier.posts).toHaveLength(3);
    await app.clock.advance(8 * SECOND);
    expect(app.carrier.posts).toHaveLength(4);
    expect(app.carrier.accepted).toHaveLength(1);
    expect(app.order('o1')).toMatchObject({ status: 'placed', asking: { failures: 0 } });
    expect(app.order('o1')).not.toHaveProperty('asking.trouble');
  });

  test('waits for the time Bandwidth named', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken(app.clock.now() + 3 * MINUTE));
    await approvedOrder(app);
    await app.live(3 * MINUTE - SECOND);
    expect(app.carrier.posts).toHaveLength(1);
    await app.live(6 * SECOND);
    expect(app.carrier.posts).toHaveLength(2);
  });

  test('is not sent over and over when the time that Bandwidth named has already passed', async () => {
    const app = startOrdersApp();
    const past = app.clock.now() - MINUTE;
    app.carrier.onPlace(...Array.from({ length: 20 }, () => notTaken(past)));
    await approvedOrder(app);
    expect(app.carrier.posts).toHaveLength(1);
    await app.live(MINUTE);
    expect(app.carrier.posts.length).toBeLessThan(8);
  });

  test('can be canceled in the meantime, and is then never sent', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken());
    await approvedOrder(app);
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ status: 'cancelled' });
    await app.live(HOUR);
    expect(app.carrier.posts).toHaveLength(1);
    expect(app.carrier.accepted).toEqual([]);
    expect(app.board.announced).toEqual(['approved', 'cancelled']);
  });
});

test("an order Bandwidth refuses ends with Bandwidth's own words", async () => {
  const app = startOrdersApp();
  app.carrier.onPlace(saysNo);
  await approvedOrder(app);
  expect(app.order('o1')).toMatchObject({
    status: 'refused',
    advice: 'Bandwidth refused the order.',
    faults: [{ code: '5016', description: 'SiteId 7 was not found.' }],
  });
  await app.live(HOUR);
  expect(app.carrier.posts).toHaveLength(1);
  expect(app.board.announced).toEqual(['approved', 'refused']);
});

describe('Following an order', () => {
  test('looks it up after 0.3, 0.7, 1.2, 1.9 and 2.8 seconds, then less and less often, but four times a minute', async () => {
    const app = await approvedOrder();
    const start = app.clock.now();
    const looks: number[] = [];
    const lookNow = () => {
      looks.push(app.clock.now() - start);
      return report('processing');
    };
    app.carrier.onReport(...Array.from({ length: 60 }, () => lookNow));
    await app.clock.advance(3 * SECOND);
    expect(looks).toEqual([300, 700, 1_200, 1_900, 2_800]);
    await app.live(10 * MINUTE);
    const pauses = looks.slice(1).map((look, index) => look - (looks[index] ?? 0));
    const later = pauses.slice(8);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...later)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...later)).toBeLessThanOrEqual(20_000);
  });

  test.each(['received', 'processing', 'backordered'] as const)(
    '%s never ends it, no matter how long',
    async (status) => {
      const app = startOrdersApp();
      app.carrier.says(report(status));
      await approvedOrder(app);
      for (let day = 0; day < 40; day += 1) {
        await app.clock.advance(DAY);
        await app.engine.pass();
      }
      expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { status } });
      app.carrier.says(report('complete', { completed: twoNumbers }));
      await app.clock.advance(DAY);
      await app.engine.pass();
      expect(app.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    },
  );

  test('a back-order is looked up less and less often, down to once an hour', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('backordered'));
    await approvedOrder(app);
    await app.live(DAY, app, 5 * MINUTE);
    const before = app.carrier.reports.length;
    await app.live(6 * HOUR, app, MINUTE);
    expect(app.carrier.reports.length - before).toBeLessThanOrEqual(6);
    expect(app.carrier.reports.length - before).toBeGreaterThanOrEqual(5);
    expect(app.board.announced).toEqual(['approved', 'backordered']);
  });

  test('a back-order that finally moves on is followed closely again', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('backordered'));
    await approvedOrder(app);
    await app.live(2 * DAY, app, 5 * MINUTE);
    app.carrier.says(report('processing'));
    await app.live(HOUR);
    expect(app.order('o1')).toMatchObject({ carrierOrder: { status: 'processing' } });
    app.carrier.says(report('complete', { completed: twoNumbers }));
    await app.live(MINUTE + 5 * SECOND);
    expect(app.order('o1').status).toBe('complete');
  });

  test('after a long silence one lookup is made, not all the missed ones at once', async () => {
    const app = await approvedOrder();
    await app.engine.stop();
    await app.clock.advance(HOUR);
    const restarted = app.start();
    await restarted.engine.pass();
    await allQuiet();
    expect(app.carrier.reports).toHaveLength(1);
  });

  test.each(['complete', 'partial', 'failed'] as const)('%s ends it', async (status) => {
    const app = startOrdersApp();
    app.carrier.says(
      report(status, {
        completed: twoNumbers.slice(0, 1),
        failed: twoNumbers.slice(1),
        faults: [{ code: '5005', description: 'The telephone number is unavailable.', numbers: [] }],
      }),
    );
    await approvedOrder(app);
    await app.live(HOUR);
    expect(app.carrier.reports).toHaveLength(1);
    expect(app.order('o1')).toMatchObject({
      status,
      carrierOrderId: 'carrier-1',
      outcome: { faults: [{ code: '5005', description: 'The telephone number is unavailable.' }] },
    });
    expect(await app.store.open()).toEqual([]);
  });

  test('numbers that arrive one by one are drawn as they come, and nothing is drawn twice', async () => {
    const app = startOrdersApp();
    app.carrier.onReport(
      () => report('processing'),
      () => report('processing'),
      () => report('processing', { completed: twoNumbers.slice(0, 1) }),
      () => report('processing', { completed: twoNumbers.slice(0, 1) }),
      () => report('complete', { completed: twoNumbers }),
    );
    await approvedOrder(app);
    await app.live(MINUTE);
    const drawn = app.board.drawings.map((order) =>
      order.status === 'placed'
        ? `${order.carrierOrder.status} ${order.carrierOrder.completed.length}`
        : order.status,
    );
    // The end is drawn again with what works on the numbers.
    expect(drawn.slice(-5)).toEqual(['received 0', 'processing 0', 'processing 1', 'complete', 'complete']);
    expect([...new Set(drawn)]).toEqual(drawn.slice(0, -1));
  });
});

describe('When Bandwidth cannot be asked', () => {
  const troubles = (app: ReturnType<typeof startOrdersApp>) =>
    app.board.drawings.map((order) => ('asking' in order ? order.asking.trouble : undefined));

  test('the card says so after the third failure in a row, and no longer once it can be', async () => {
    const app = startOrdersApp();
    app.carrier.onReport(cannotBeAsked(), cannotBeAsked());
    await approvedOrder(app);
    await app.live(MINUTE);
    expect(troubles(app).filter(Boolean)).toEqual([]);

    app.carrier.onReport(cannotBeAsked(), cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    await app.live(3 * MINUTE);
    expect(troubles(app).filter(Boolean)).toEqual(['Bandwidth cannot be reached.']);
    expect(troubles(app).at(-1)).toBeUndefined();
    expect(app.order('o1')).toMatchObject({ status: 'placed', asking: { failures: 0 } });
  });

  test('a lookup that fails three times shows on the card, and no longer once it succeeds', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(lostOnTheWay);
    app.carrier.onFind(cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    await approvedOrder(app);
    await app.clock.advance(10 * SECOND);
    expect(troubles(app).at(-1)).toBe('Bandwidth cannot be reached.');
    await app.live(MINUTE);
    expect(app.carrier.finds.length).toBeGreaterThan(3);
    expect(troubles(app).at(-1)).toBeUndefined();
  });

  test('after a crash during the POST, too', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(() => new Promise(() => {}));
    await approvedOrder(app, searchAndOrder(2));
    app.carrier.onFind(cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    const restarted = app.start();
    await app.live(LOOK_UP_AFTER_MS + 20 * SECOND, restarted);
    await app.live(MINUTE, restarted);
    expect(troubles(app)).toContain('Bandwidth cannot be reached.');
    expect(troubles(app).at(-1)).toBeUndefined();
    expect(app.order('o1')).toMatchObject({
      status: 'placing',
      answer: 'unknown',
      asking: { failures: 0 },
    });
  });

  test('the time Bandwidth named is waited for', async () => {
    const app = await approvedOrder();
    app.carrier.onReport(cannotBeAsked({ trouble: 'throttled', retryAt: app.clock.now() + 2 * MINUTE }));
    await app.live(2 * MINUTE - SECOND);
    expect(app.carrier.reports).toHaveLength(1);
    await app.live(10 * SECOND);
    expect(app.carrier.reports.length).toBeGreaterThan(1);
  });

  test('a named time that has passed already does not make us ask without a pause', async () => {
    const app = await approvedOrder();
    const past = app.clock.now() - MINUTE;
    app.carrier.onReport(
      ...Array.from({ length: 20 }, () => cannotBeAsked({ trouble: 'throttled', retryAt: past })),
    );
    await app.clock.advance(300);
    expect(app.carrier.reports).toHaveLength(1);
  });

  test('an absurdly late time does not block the order', async () => {
    const app = await approvedOrder();
    app.carrier.onReport(cannotBeAsked({ trouble: 'throttled', retryAt: app.clock.now() + 1_000 * DAY }));
    app.carrier.says(report('complete', { completed: twoNumbers }));
    await app.live(2 * HOUR, app, MINUTE);
    expect(app.order('o1').status).toBe('complete');
  });

  test('an answer that breaks our own code is treated like any failure: retried slowly, and shown', async () => {
    const app = startOrdersApp();
    const stumble = () => {
      throw new TypeError('cannot read properties of undefined');
    };
    app.carrier.onReport(...Array.from({ length: 200 }, () => stumble));
    await approvedOrder(app);
    await app.live(10 * MINUTE);
    expect(app.carrier.reports.length).toBeLessThan(20);
    expect(troubles(app).at(-1)).toBeDefined();
    expect(app.errors.length).toBeGreaterThan(0);
  });
});

describe('A pass', () => {
  test('continues with the other orders when one of them is broken', async () => {
    const app = startOrdersApp();
    for (const id of ['o1', 'o2', 'o3']) await app.request(id);
    await app.engine.stop();
    for (const id of ['o1', 'o2', 'o3']) await app.approve(id, bea);
    await app.clock.advance(10 * SECOND);
    app.store.failWhen((call, id) => call === 'get' && id === 'o2');
    await app.start().engine.pass();
    expect([...app.carrier.posts].sort()).toEqual(['o1', 'o3']);
    app.store.recover();
    await app.start().engine.pass();
    expect([...app.carrier.posts].sort()).toEqual(['o1', 'o2', 'o3']);
  });

  test('says so when the orders cannot be listed', async () => {
    const app = startOrdersApp();
    app.store.failWhen((call) => call === 'open');
    await expect(app.engine.pass()).rejects.toMatchObject({ name: 'StoreError' });
  });

  test('works on many orders, a few at a time', async () => {
    const app = startOrdersApp();
    const ids = Array.from({ length: 40 }, (_, index) => `o${index}`);
    for (const id of ids) await app.request(id);
    await app.engine.stop();
    for (const id of ids) await app.approve(id);
    await app.clock.advance(10 * SECOND);
    let atOnce = 0;
    let most = 0;
    app.carrier.onPlace(
      ...ids.map(() => async (accept: () => string) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await allQuiet();
        atOnce -= 1;
        return taken(accept);
      }),
    );
    await app.start().engine.pass();
    expect(app.carrier.accepted.map(({ orderId }) => orderId).sort()).toEqual([...ids].sort());
    expect(most).toBe(8);
  });

  test('while Slack does not answer, Bandwidth is still asked about every order', async () => {
    const app = startOrdersApp();
    const ids = Array.from({ length: 20 }, (_, index) => `o${index}`);
    for (const id of ids) await app.request(id);
    await app.engine.stop();
    for (const id of ids) await app.approve(id);
    await app.clock.advance(10 * SECOND);
    app.board.trouble = () => new Promise(() => {});
    const restarted = app.start();
    await restarted.engine.pass();
    expect(app.carrier.posts).toHaveLength(20);
    app.carrier.says(report('complete', { completed: twoNumbers }));
    await app.live(MINUTE, restarted);
    expect(ids.map((id) => app.order(id).status)).toEqual(ids.map(() => 'complete'));
  });
});

describe('stop()', () => {
  test('waits for the POST in progress and keeps its answer', async () => {
    const app = startOrdersApp();
    let answer = () => {};
    app.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return taken(accept);
    });
    await approvedOrder(app);
    let stopped = false;
    const stopping = app.engine.stop().then(() => {
      stopped = true;
    });
    await allQuiet();
    expect(stopped).toBe(false);
    answer();
    await stopping;
    expect(app.order('o1').status).toBe('placed');
  });

  test('waits until Bandwidth’s last answer is in the journal, too', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    let answer: (() => void) | undefined;
    app.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return taken(accept);
    });
    let answered = false;
    let write: (() => void) | undefined;
    const slowly = app.start(async (call, go) => {
      if (call === 'journal insert' && answered)
        await new Promise<void>((resolve) => {
          write = resolve;
        });
      return go();
    });
    await slowly.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(app.order('o1')) });
    await allQuiet();
    let stopped = false;
    const stopping = slowly.engine.stop().then(() => {
      stopped = true;
    });
    answered = true;
    answer?.();
    await allQuiet();
    expect({ writing: write !== undefined, stopped }).toEqual({ writing: true, stopped: false });
    answered = false;
    write?.();
    await stopping;
    expect(app.order('o1').status).toBe('placed');
    await app.expectAllInJournal();
  });

  test('cancels the timers, and nothing begins afterwards', async () => {
    const app = await approvedOrder();
    expect(app.clock.timers()).toBe(1);
    await app.engine.stop();
    expect(app.clock.timers()).toBe(0);
    const before = app.journal.length;
    await app.live(HOUR);
    app.engine.settleSoon('o1');
    await app.engine.settle('o1');
    expect(app.journal.slice(before)).toEqual([]);
  });

  test('cancels a timer that an earlier one replaced, too', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    app.carrier.onPlace(async (accept) => {
      await allQuiet();
      return taken(accept);
    });
    await app.approve('o1');
    await allQuiet();
    expect(app.order('o1').status).toBe('placed');
    // One for the card, one for the next look at Bandwidth.
    expect(app.clock.timers()).toBe(2);
    await app.clock.advance(SECOND);
    expect(app.carrier.reports).toHaveLength(2);
    await app.engine.stop();
    expect(app.clock.timers()).toBe(0);
  });

  test('an order that was just being read is neither sent nor drawn', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    await app.engine.stop();
    await app.approve('o1');
    const waiting: (() => void)[] = [];
    const restarted = app.start();
    app.store.before(() => new Promise((resolve) => waiting.push(resolve)));
    void restarted.engine.settle('o1');
    await allQuiet();
    app.store.before(() => undefined);
    const stopping = restarted.engine.stop();
    for (const goOn of waiting) goOn();
    await stopping;
    await allQuiet();
    expect(app.carrier.posts).toEqual([]);
    expect(app.order('o1').status).toBe('approved');
    expect(app.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval']);
  });

  test('ends a pass early', async () => {
    const app = startOrdersApp();
    const ids = Array.from({ length: 30 }, (_, index) => `o${index}`);
    for (const id of ids) await app.request(id);
    await app.engine.stop();
    for (const id of ids) await app.approve(id);
    await app.clock.advance(10 * SECOND);
    const restarted = app.start();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    app.carrier.onPlace(
      ...ids.map(() => async (accept: () => string) => {
        await answered;
        return taken(accept);
      }),
    );
    const passing = restarted.engine.pass();
    // A pass lets others have a turn now and then.
    for (let turn = 0; turn < 20; turn += 1) await allQuiet();
    const stopping = restarted.engine.stop();
    answer();
    await Promise.all([passing, stopping]);
    expect(app.carrier.posts).toHaveLength(8);
  });
});

describe('When someone sets the clock back by a day', () => {
  test('an order that Bandwidth is working on is still followed', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('processing'));
    await approvedOrder(app);
    await app.live(30 * SECOND);
    app.carrier.says(report('complete'));
    app.clock.jump(-DAY);
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('complete');
  });

  test('an order that Bandwidth had no time for is still placed, once', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken());
    app.carrier.says(report('complete'));
    await approvedOrder(app);
    app.clock.jump(-DAY);
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1', 'o1']);
    expect(app.order('o1').status).toBe('complete');
  });

  test('an order whose answer was lost is still looked up, and not sent again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    app.carrier.says(report('complete'));
    await approvedOrder(app);
    app.clock.jump(-DAY);
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('complete');
  });

  test('an order on its way when the app was killed is still looked up', async () => {
    const app = startOrdersApp();
    app.carrier.says(report('complete'));
    app.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await approvedOrder(app);
    app.clock.jump(-DAY);
    const next = app.start();
    await app.live(2 * MINUTE, next);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('complete');
  });

  test('a card that Slack did not accept is still drawn', async () => {
    const app = startOrdersApp();
    await app.request('o1');
    app.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    await app.approve('o1');
    app.clock.jump(-DAY);
    app.board.trouble = undefined;
    await app.live(2 * MINUTE);
    const { revision, cards } = app.order('o1');
    expect(cards[0].renderedRevision).toBe(revision);
  });
});
