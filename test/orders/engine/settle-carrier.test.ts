import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { openOffice, PLACE_WITHIN_MS } from '../../support/orders/office.js';
import { anna, bea, ben, purchase, searchAndOrder, twoNumbers } from '../../support/orders/people.js';
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

/** Anna asked, Ben approved, nothing else happened yet. */
async function approvedOrder(office = openOffice(), request: OrderRequest = purchase()) {
  await office.request('o1', request);
  await office.approve('o1');
  return office;
}

describe('Never ordered twice', () => {
  test('the intent is on record before the order leaves for Bandwidth', async () => {
    const office = await approvedOrder();
    const story = office.journal.filter((entry) => entry.startsWith('saved') || entry === 'POST');
    expect(story.indexOf('saved placing')).toBeLessThan(story.indexOf('POST'));
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('when the intent cannot be saved, nothing is sent; once it can, the order is sent', async () => {
    const office = openOffice();
    await office.request('o1');
    office.store.failWhen((call) => call === 'replace' && office.order('o1').status === 'approved');
    await office.approve('o1');
    expect(office.order('o1').status).toBe('approved');
    expect(office.carrier.posts).toEqual([]);
    office.store.recover();
    await office.engine.settle('o1');
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('an order whose answer was lost is looked up by its id and never sent again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    await approvedOrder(office);
    expect(office.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await office.live(10 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
  });

  test('a carrier that throws may have accepted the order, so it is looked up as well', async () => {
    const office = openOffice();
    office.carrier.onPlace((accept) => {
      accept();
      throw new TypeError('the answer made no sense');
    });
    await approvedOrder(office);
    expect(office.order('o1')).toMatchObject({ status: 'placing', answer: 'unknown' });
    await office.live(MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });

  test('Bandwidth may list the order late: the lookups continue, ever slower, and nothing is sent again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.onFind(...Array.from({ length: 12 }, () => () => []));
    await approvedOrder(office, searchAndOrder(2));
    await office.live(HOUR);
    expect(office.carrier.finds.length).toBe(13);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
    expect(office.board.announced).toEqual(['approved', 'unknown', 'untraced']);
  });

  test('an order that Bandwidth never lists is not sent again, no matter how long', async () => {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay);
    await office.request('o1', searchAndOrder(5));
    await office.approve('o1');
    await office.live(2 * HOUR, office, MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placing');
    expect(office.carrier.finds.length).toBeLessThan(40);
    expect(office.carrier.finds.length).toBeGreaterThan(20);
  });

  test('if Bandwidth has two orders with the same id, the first is followed and the log says so', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.onFind(() => ['first', 'second']);
    await approvedOrder(office);
    await office.live(5 * SECOND);
    expect(office.order('o1')).toMatchObject({ carrierOrder: { id: 'first' } });
    expect(office.errors).toContain('bandwidth has several orders with this CustomerOrderId');
  });

  test('while the POST may be in progress nobody looks it up or repeats it, not even a second process', async () => {
    const office = openOffice();
    let answer = () => {};
    office.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { outcome: 'taken', carrierOrderId: accept() };
    });
    await approvedOrder(office);
    const other = office.start();
    await office.live(PLACE_WITHIN_MS - SECOND, other);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.carrier.finds).toEqual([]);
    answer();
    await allQuiet();
    expect(office.order('o1').status).toBe('placed');
  });

  test('after a crash during the POST the next process waits until it must be over, then looks it up', async () => {
    const office = openOffice();
    office.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await approvedOrder(office);
    const restarted = office.start();
    await office.live(PLACE_WITHIN_MS - 1, restarted);
    expect(office.carrier.finds).toEqual([]);
    await office.live(SECOND, restarted);
    expect(office.carrier.finds).toMatchObject([{ id: 'o1' }]);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });

  test('two processes that see the same approved order send it once', async () => {
    const office = openOffice();
    const other = office.start();
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    await office.clock.advance(10 * SECOND);
    const third = office.start();
    await Promise.all([
      other.engine.settle('o1'),
      third.engine.settle('o1'),
      other.engine.pass(),
      third.engine.pass(),
    ]);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.carrier.accepted).toHaveLength(1);
  });

  test('a late answer changes nothing that a lookup has already found out', async () => {
    const office = openOffice();
    let answer = () => {};
    office.carrier.onPlace(async (accept) => {
      const carrierOrderId = accept();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { outcome: 'taken', carrierOrderId };
    });
    await approvedOrder(office);
    const other = office.start();
    office.carrier.says(report('complete', { completed: twoNumbers }));
    await office.live(PLACE_WITHIN_MS + SECOND, other);
    expect(office.order('o1').status).toBe('complete');
    answer();
    await allQuiet();
    expect(office.order('o1').status).toBe('complete');
    expect(office.board.announced).toEqual(['approved', 'outcome']);
  });
});

describe('An order that Bandwidth did not accept', () => {
  test('is retried with growing pauses until it is accepted', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken(), notTaken(), notTaken());
    await approvedOrder(office);
    expect(office.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: 'Bandwidth is busy.' },
    });
    await office.clock.advance(1_999);
    expect(office.carrier.posts).toHaveLength(1);
    await office.clock.advance(1);
    expect(office.carrier.posts).toHaveLength(2);
    await office.clock.advance(3_999);
    expect(office.carrier.posts).toHaveLength(2);
    await office.clock.advance(1);
    expect(office.carrier.posts).toHaveLength(3);
    await office.clock.advance(8 * SECOND);
    expect(office.carrier.posts).toHaveLength(4);
    expect(office.carrier.accepted).toHaveLength(1);
    expect(office.order('o1')).toMatchObject({ status: 'placed', asking: { failures: 0 } });
    expect(office.order('o1')).not.toHaveProperty('asking.trouble');
  });

  test('waits for the time Bandwidth named', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken(office.clock.now() + 3 * MINUTE));
    await approvedOrder(office);
    await office.live(3 * MINUTE - SECOND);
    expect(office.carrier.posts).toHaveLength(1);
    await office.live(6 * SECOND);
    expect(office.carrier.posts).toHaveLength(2);
  });

  test('is not sent over and over when the time that Bandwidth named has already passed', async () => {
    const office = openOffice();
    const past = office.clock.now() - MINUTE;
    office.carrier.onPlace(...Array.from({ length: 20 }, () => notTaken(past)));
    await approvedOrder(office);
    expect(office.carrier.posts).toHaveLength(1);
    await office.live(MINUTE);
    expect(office.carrier.posts.length).toBeLessThan(8);
  });

  test('can be canceled in the meantime, and is then never sent', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken());
    await approvedOrder(office);
    expect(await office.cancelOrder('o1', anna)).toMatchObject({ status: 'cancelled' });
    await office.live(HOUR);
    expect(office.carrier.posts).toHaveLength(1);
    expect(office.carrier.accepted).toEqual([]);
    expect(office.board.announced).toEqual(['approved', 'cancelled']);
  });
});

test("an order Bandwidth refuses ends with Bandwidth's own words", async () => {
  const office = openOffice();
  office.carrier.onPlace(saysNo);
  await approvedOrder(office);
  expect(office.order('o1')).toMatchObject({
    status: 'refused',
    advice: 'Bandwidth refused the order.',
    faults: [{ code: '5016', description: 'SiteId 7 was not found.' }],
  });
  await office.live(HOUR);
  expect(office.carrier.posts).toHaveLength(1);
  expect(office.board.announced).toEqual(['approved', 'refused']);
});

describe('Following an order', () => {
  test('looks it up after 0.3, 0.7, 1.2, 1.9 and 2.8 seconds, then less and less often, but four times a minute', async () => {
    const office = await approvedOrder();
    const start = office.clock.now();
    const looks: number[] = [];
    const lookNow = () => {
      looks.push(office.clock.now() - start);
      return report('processing');
    };
    office.carrier.onReport(...Array.from({ length: 60 }, () => lookNow));
    await office.clock.advance(3 * SECOND);
    expect(looks).toEqual([300, 700, 1_200, 1_900, 2_800]);
    await office.live(10 * MINUTE);
    const pauses = looks.slice(1).map((look, index) => look - (looks[index] ?? 0));
    const later = pauses.slice(8);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...later)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...later)).toBeLessThanOrEqual(20_000);
  });

  test.each(['received', 'processing', 'backordered'] as const)(
    '%s never ends it, no matter how long',
    async (status) => {
      const office = openOffice();
      office.carrier.says(report(status));
      await approvedOrder(office);
      for (let day = 0; day < 40; day += 1) {
        await office.clock.advance(DAY);
        await office.engine.pass();
      }
      expect(office.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { status } });
      office.carrier.says(report('complete', { completed: twoNumbers }));
      await office.clock.advance(DAY);
      await office.engine.pass();
      expect(office.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: twoNumbers } });
    },
  );

  test('a back-order is looked up less and less often, down to once an hour', async () => {
    const office = openOffice();
    office.carrier.says(report('backordered'));
    await approvedOrder(office);
    await office.live(DAY, office, 5 * MINUTE);
    const before = office.carrier.reports.length;
    await office.live(6 * HOUR, office, MINUTE);
    expect(office.carrier.reports.length - before).toBeLessThanOrEqual(6);
    expect(office.carrier.reports.length - before).toBeGreaterThanOrEqual(5);
    expect(office.board.announced).toEqual(['approved', 'backordered']);
  });

  test('a back-order that finally moves on is followed closely again', async () => {
    const office = openOffice();
    office.carrier.says(report('backordered'));
    await approvedOrder(office);
    await office.live(2 * DAY, office, 5 * MINUTE);
    office.carrier.says(report('processing'));
    await office.live(HOUR);
    expect(office.order('o1')).toMatchObject({ carrierOrder: { status: 'processing' } });
    office.carrier.says(report('complete', { completed: twoNumbers }));
    await office.live(MINUTE + 5 * SECOND);
    expect(office.order('o1').status).toBe('complete');
  });

  test('after a long silence one lookup is made, not all the missed ones at once', async () => {
    const office = await approvedOrder();
    await office.engine.stop();
    await office.clock.advance(HOUR);
    const restarted = office.start();
    await restarted.engine.pass();
    await allQuiet();
    expect(office.carrier.reports).toHaveLength(1);
  });

  test.each(['complete', 'partial', 'failed'] as const)('%s ends it', async (status) => {
    const office = openOffice();
    office.carrier.says(
      report(status, {
        completed: twoNumbers.slice(0, 1),
        failed: twoNumbers.slice(1),
        faults: [{ code: '5005', description: 'The telephone number is unavailable.', numbers: [] }],
      }),
    );
    await approvedOrder(office);
    await office.live(HOUR);
    expect(office.carrier.reports).toHaveLength(1);
    expect(office.order('o1')).toMatchObject({
      status,
      carrierOrderId: 'carrier-1',
      outcome: { faults: [{ code: '5005', description: 'The telephone number is unavailable.' }] },
    });
    expect(await office.store.open()).toEqual([]);
  });

  test('numbers that arrive one by one are drawn as they come, and nothing is drawn twice', async () => {
    const office = openOffice();
    office.carrier.onReport(
      () => report('processing'),
      () => report('processing'),
      () => report('processing', { completed: twoNumbers.slice(0, 1) }),
      () => report('processing', { completed: twoNumbers.slice(0, 1) }),
      () => report('complete', { completed: twoNumbers }),
    );
    await approvedOrder(office);
    await office.live(MINUTE);
    const drawn = office.board.drawings.map((order) =>
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
  const troubles = (office: ReturnType<typeof openOffice>) =>
    office.board.drawings.map((order) => ('asking' in order ? order.asking.trouble : undefined));

  test('the card says so after the third failure in a row, and no longer once it can be', async () => {
    const office = openOffice();
    office.carrier.onReport(cannotBeAsked(), cannotBeAsked());
    await approvedOrder(office);
    await office.live(MINUTE);
    expect(troubles(office).filter(Boolean)).toEqual([]);

    office.carrier.onReport(cannotBeAsked(), cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    await office.live(3 * MINUTE);
    expect(troubles(office).filter(Boolean)).toEqual(['Bandwidth cannot be reached.']);
    expect(troubles(office).at(-1)).toBeUndefined();
    expect(office.order('o1')).toMatchObject({ status: 'placed', asking: { failures: 0 } });
  });

  test('a lookup that fails three times shows on the card, and no longer once it succeeds', async () => {
    const office = openOffice();
    office.carrier.onPlace(lostOnTheWay);
    office.carrier.onFind(cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    await approvedOrder(office);
    await office.clock.advance(10 * SECOND);
    expect(troubles(office).at(-1)).toBe('Bandwidth cannot be reached.');
    await office.live(MINUTE);
    expect(office.carrier.finds.length).toBeGreaterThan(3);
    expect(troubles(office).at(-1)).toBeUndefined();
  });

  test('after a crash during the POST, too', async () => {
    const office = openOffice();
    office.carrier.onPlace(() => new Promise(() => {}));
    await approvedOrder(office, searchAndOrder(2));
    office.carrier.onFind(cannotBeAsked(), cannotBeAsked(), cannotBeAsked());
    const restarted = office.start();
    await office.live(PLACE_WITHIN_MS + 20 * SECOND, restarted);
    await office.live(MINUTE, restarted);
    expect(troubles(office)).toContain('Bandwidth cannot be reached.');
    expect(troubles(office).at(-1)).toBeUndefined();
    expect(office.order('o1')).toMatchObject({
      status: 'placing',
      answer: 'unknown',
      asking: { failures: 0 },
    });
  });

  test('the time Bandwidth named is waited for', async () => {
    const office = await approvedOrder();
    office.carrier.onReport(
      cannotBeAsked({ trouble: 'throttled', retryAt: office.clock.now() + 2 * MINUTE }),
    );
    await office.live(2 * MINUTE - SECOND);
    expect(office.carrier.reports).toHaveLength(1);
    await office.live(10 * SECOND);
    expect(office.carrier.reports.length).toBeGreaterThan(1);
  });

  test('a named time that has passed already does not make us ask without a pause', async () => {
    const office = await approvedOrder();
    const past = office.clock.now() - MINUTE;
    office.carrier.onReport(
      ...Array.from({ length: 20 }, () => cannotBeAsked({ trouble: 'throttled', retryAt: past })),
    );
    await office.clock.advance(300);
    expect(office.carrier.reports).toHaveLength(1);
  });

  test('an absurdly late time does not block the order', async () => {
    const office = await approvedOrder();
    office.carrier.onReport(
      cannotBeAsked({ trouble: 'throttled', retryAt: office.clock.now() + 1_000 * DAY }),
    );
    office.carrier.says(report('complete', { completed: twoNumbers }));
    await office.live(2 * HOUR, office, MINUTE);
    expect(office.order('o1').status).toBe('complete');
  });

  test('an answer that breaks our own code is treated like any failure: retried slowly, and shown', async () => {
    const office = openOffice();
    const stumble = () => {
      throw new TypeError('cannot read properties of undefined');
    };
    office.carrier.onReport(...Array.from({ length: 200 }, () => stumble));
    await approvedOrder(office);
    await office.live(10 * MINUTE);
    expect(office.carrier.reports.length).toBeLessThan(20);
    expect(troubles(office).at(-1)).toBeDefined();
    expect(office.errors.length).toBeGreaterThan(0);
  });
});

describe('A pass', () => {
  test('continues with the other orders when one of them is broken', async () => {
    const office = openOffice();
    for (const id of ['o1', 'o2', 'o3']) await office.request(id);
    await office.engine.stop();
    for (const id of ['o1', 'o2', 'o3']) await office.approve(id, bea);
    await office.clock.advance(10 * SECOND);
    office.store.failWhen((call, id) => call === 'get' && id === 'o2');
    await office.start().engine.pass();
    expect([...office.carrier.posts].sort()).toEqual(['o1', 'o3']);
    office.store.recover();
    await office.start().engine.pass();
    expect([...office.carrier.posts].sort()).toEqual(['o1', 'o2', 'o3']);
  });

  test('says so when the orders cannot be listed', async () => {
    const office = openOffice();
    office.store.failWhen((call) => call === 'open');
    await expect(office.engine.pass()).rejects.toMatchObject({ name: 'StoreError' });
  });

  test('works on many orders, a few at a time', async () => {
    const office = openOffice();
    const ids = Array.from({ length: 40 }, (_, index) => `o${index}`);
    for (const id of ids) await office.request(id);
    await office.engine.stop();
    for (const id of ids) await office.approve(id);
    await office.clock.advance(10 * SECOND);
    let atOnce = 0;
    let most = 0;
    office.carrier.onPlace(
      ...ids.map(() => async (accept: () => string) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await allQuiet();
        atOnce -= 1;
        return taken(accept);
      }),
    );
    await office.start().engine.pass();
    expect(office.carrier.accepted.map(({ orderId }) => orderId).sort()).toEqual([...ids].sort());
    expect(most).toBe(8);
  });

  test('while Slack does not answer, Bandwidth is still asked about every order', async () => {
    const office = openOffice();
    const ids = Array.from({ length: 20 }, (_, index) => `o${index}`);
    for (const id of ids) await office.request(id);
    await office.engine.stop();
    for (const id of ids) await office.approve(id);
    await office.clock.advance(10 * SECOND);
    office.board.trouble = () => new Promise(() => {});
    const restarted = office.start();
    await restarted.engine.pass();
    expect(office.carrier.posts).toHaveLength(20);
    office.carrier.says(report('complete', { completed: twoNumbers }));
    await office.live(MINUTE, restarted);
    expect(ids.map((id) => office.order(id).status)).toEqual(ids.map(() => 'complete'));
  });
});

describe('stop()', () => {
  test('waits for the POST in progress and keeps its answer', async () => {
    const office = openOffice();
    let answer = () => {};
    office.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return taken(accept);
    });
    await approvedOrder(office);
    let stopped = false;
    const stopping = office.engine.stop().then(() => {
      stopped = true;
    });
    await allQuiet();
    expect(stopped).toBe(false);
    answer();
    await stopping;
    expect(office.order('o1').status).toBe('placed');
  });

  test('waits until Bandwidth’s last answer is in the journal, too', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    let answer: (() => void) | undefined;
    office.carrier.onPlace(async (accept) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return taken(accept);
    });
    let answered = false;
    let write: (() => void) | undefined;
    const slowly = office.start(async (call, go) => {
      if (call === 'journal insert' && answered)
        await new Promise<void>((resolve) => {
          write = resolve;
        });
      return go();
    });
    await slowly.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(office.order('o1')) });
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
    expect(office.order('o1').status).toBe('placed');
    await office.expectAllInJournal();
  });

  test('cancels the timers, and nothing begins afterwards', async () => {
    const office = await approvedOrder();
    expect(office.clock.alarms()).toBe(1);
    await office.engine.stop();
    expect(office.clock.alarms()).toBe(0);
    const before = office.journal.length;
    await office.live(HOUR);
    office.engine.ask('o1');
    await office.engine.settle('o1');
    expect(office.journal.slice(before)).toEqual([]);
  });

  test('cancels a timer that an earlier one replaced, too', async () => {
    const office = openOffice();
    await office.request('o1');
    office.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    office.carrier.onPlace(async (accept) => {
      await allQuiet();
      return taken(accept);
    });
    await office.approve('o1');
    await allQuiet();
    expect(office.order('o1').status).toBe('placed');
    // One for the card, one for the next look at Bandwidth.
    expect(office.clock.alarms()).toBe(2);
    await office.clock.advance(SECOND);
    expect(office.carrier.reports).toHaveLength(2);
    await office.engine.stop();
    expect(office.clock.alarms()).toBe(0);
  });

  test('an order that was just being read is neither sent nor drawn', async () => {
    const office = openOffice();
    await office.request('o1');
    await office.engine.stop();
    await office.approve('o1');
    const waiting: (() => void)[] = [];
    const restarted = office.start();
    office.store.before(() => new Promise((resolve) => waiting.push(resolve)));
    void restarted.engine.settle('o1');
    await allQuiet();
    office.store.before(() => undefined);
    const stopping = restarted.engine.stop();
    for (const goOn of waiting) goOn();
    await stopping;
    await allQuiet();
    expect(office.carrier.posts).toEqual([]);
    expect(office.order('o1').status).toBe('approved');
    expect(office.board.drawings.map(({ status }) => status)).toEqual(['awaiting-approval']);
  });

  test('ends a pass early', async () => {
    const office = openOffice();
    const ids = Array.from({ length: 30 }, (_, index) => `o${index}`);
    for (const id of ids) await office.request(id);
    await office.engine.stop();
    for (const id of ids) await office.approve(id);
    await office.clock.advance(10 * SECOND);
    const restarted = office.start();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    office.carrier.onPlace(
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
    expect(office.carrier.posts).toHaveLength(8);
  });
});

describe('When someone sets the clock back by a day', () => {
  test('an order that Bandwidth is working on is still followed', async () => {
    const office = openOffice();
    office.carrier.says(report('processing'));
    await approvedOrder(office);
    await office.live(30 * SECOND);
    office.carrier.says(report('complete'));
    office.clock.jump(-DAY);
    await office.live(2 * MINUTE);
    expect(office.order('o1').status).toBe('complete');
  });

  test('an order that Bandwidth had no time for is still placed, once', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken());
    office.carrier.says(report('complete'));
    await approvedOrder(office);
    office.clock.jump(-DAY);
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1', 'o1']);
    expect(office.order('o1').status).toBe('complete');
  });

  test('an order whose answer was lost is still looked up, and not sent again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    office.carrier.says(report('complete'));
    await approvedOrder(office);
    office.clock.jump(-DAY);
    await office.live(2 * MINUTE);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('complete');
  });

  test('an order on its way when the app was killed is still looked up', async () => {
    const office = openOffice();
    office.carrier.says(report('complete'));
    office.carrier.onPlace((accept) => {
      accept();
      return new Promise(() => {});
    });
    await approvedOrder(office);
    office.clock.jump(-DAY);
    const next = office.start();
    await office.live(2 * MINUTE, next);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('complete');
  });

  test('a card that Slack did not accept is still drawn', async () => {
    const office = openOffice();
    await office.request('o1');
    office.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    await office.approve('o1');
    office.clock.jump(-DAY);
    office.board.trouble = undefined;
    await office.live(2 * MINUTE);
    const { revision, cards } = office.order('o1');
    expect(cards[0].renderedRevision).toBe(revision);
  });
});
