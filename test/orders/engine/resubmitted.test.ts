import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { dueAnnouncements } from '../../../src/orders/domain/due-announcements.js';
import { isFinal } from '../../../src/orders/domain/order.js';
import { namedNumbers } from '../../../src/orders/domain/request.js';
import { jointOutcome } from '../../../src/orders/engine/placing/duplicate-orders.js';
import { orderCard } from '../../../src/slack/blocks/card/order-card.js';
import { announcement } from '../../../src/slack/blocks/thread/announcements.js';
import { makeCrashingProcess } from '../../support/orders/crashing-process.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  ben,
  disconnect,
  phone,
  purchase,
  searchAndOrder,
  twoNumbers,
} from '../../support/orders/people.js';
import {
  cannotBeAsked,
  lostOnTheWay,
  notTaken,
  type PlaceTurn,
  report,
  saysNo,
  taken,
  takenButAnswerLost,
} from '../../support/orders/scripted-carrier.js';
import { visible } from '../../support/orders/visible.js';
import { fc, runs } from '../../support/properties.js';

const MINUTE = 60_000;
/** Until an order counts as lost on its way. */
const MAX_FAILED_LOOKUPS = 5;

const unlisted = (looks: number) => Array.from({ length: looks }, () => () => []);

/** An approved purchase of two named numbers; the first POST, and those after it, meet with this. */
async function approvedPurchase(turns: readonly PlaceTurn[], hiddenFor = 0) {
  const app = startOrdersApp();
  app.carrier.sellsEachNumberOnce();
  app.carrier.onPlace(...turns);
  app.carrier.onFind(...unlisted(hiddenFor));
  await app.request('o1', purchase());
  await app.approve('o1');
  return app;
}

describe('A purchase of named numbers that left no trace', () => {
  test('is sent again by itself, once, after five failed lookups; the thread and the record say so', async () => {
    const app = await approvedPurchase([lostOnTheWay]);
    await app.live(20_000);
    expect(app.carrier.posts).toEqual(['o1']);
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1', 'o1']);
    expect(app.carrier.finds).toHaveLength(MAX_FAILED_LOOKUPS + 1);
    const order = app.order('o1');
    expect(order).toMatchObject({
      status: 'complete',
      approval: { by: ben, again: { at: expect.any(Number) } },
      outcome: { completed: twoNumbers },
    });
    expect(order).not.toHaveProperty('approval.again.by');
    expect(order).not.toHaveProperty('duplicates');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'outcome']);
  });

  test('is not sent again as long as Bandwidth cannot be asked about it', async () => {
    const app = await approvedPurchase([lostOnTheWay]);
    app.carrier.onFind(...Array.from({ length: 20 }, () => cannotBeAsked()));
    await app.live(5 * MINUTE);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('that is lost a second time is left to people, who can send it a third time', async () => {
    const app = await approvedPurchase([lostOnTheWay, lostOnTheWay]);
    await app.live(60 * MINUTE);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.order('o1').status).toBe('placing');
    expect(app.board.announced.filter((kind) => kind === 'untraced')).toHaveLength(1);
    await app.orderAgain('o1', ben);
    await app.live(2 * MINUTE);
    expect(app.carrier.posts).toHaveLength(3);
    expect(app.order('o1')).toMatchObject({ status: 'complete', approval: { again: { by: ben } } });
  });

  test('that meets a rate limit the second time is sent once Bandwidth allows it', async () => {
    const app = await approvedPurchase([lostOnTheWay, notTaken(), notTaken()]);
    await app.live(5 * MINUTE);
    expect(app.carrier.accepted).toHaveLength(1);
    expect(app.order('o1').status).toBe('complete');
  });
});

describe('Sent again, but not accepted by Bandwidth, a purchase of named numbers', () => {
  test('is looked up before each further attempt; the thread says so once', async () => {
    const app = await approvedPurchase([lostOnTheWay, notTaken(), notTaken(), notTaken()]);
    await app.live(3 * MINUTE);
    const steps = app.journal.filter((each) => each === 'POST' || each === 'looked up').join(', ');
    expect(steps).toMatch(/POST(, looked up)+, POST, looked up, POST, looked up, POST, looked up, POST/);
    expect(app.order('o1').status).toBe('complete');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'outcome']);
  });

  test('is not sent again if the first turns up', async () => {
    const app = await approvedPurchase([takenButAnswerLost, notTaken()], MAX_FAILED_LOOKUPS);
    await app.live(3 * MINUTE);
    expect(app.carrier.posts).toHaveLength(2);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  });

  test('is searched for from the time of the first, which may have arrived', async () => {
    const app = await approvedPurchase([lostOnTheWay, notTaken()]);
    const sentAt = app.clock.now();
    await app.live(3 * MINUTE);
    expect(app.carrier.finds.every((sought) => sought.sentAt <= sentAt)).toBe(true);
  });

  test('cannot be canceled, and nobody is told that it got no answer', async () => {
    const app = await approvedPurchase([lostOnTheWay, ...Array.from({ length: 99 }, () => notTaken())]);
    await app.live(MINUTE);
    expect(app.order('o1')).toMatchObject({
      status: 'placing',
      asking: { trouble: 'Bandwidth is busy.' },
    });
    expect(await app.cancelOrder('o1', ana)).toMatchObject({ refused: 'already-decided' });
    await app.live(5 * MINUTE);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again']);
  });

  test('and then lost is a lost order of its own', async () => {
    const app = await approvedPurchase([lostOnTheWay, notTaken(), lostOnTheWay]);
    await app.live(10 * MINUTE);
    expect(app.carrier.posts).toHaveLength(3);
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'unknown', 'untraced']);
  });
});

describe('Sent again although the first had arrived unnoticed, a purchase of named numbers', () => {
  test('ends like the first if the second fails because the numbers are taken', async () => {
    const app = await approvedPurchase([takenButAnswerLost], MAX_FAILED_LOOKUPS);
    await app.live(3 * MINUTE);
    expect(app.carrier.accepted).toHaveLength(2);
    expect(app.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-1',
      outcome: { completed: twoNumbers, faults: [] },
      duplicates: ['carrier-2'],
    });
    expect(app.board.announced.at(-1)).toBe('outcome');
  });

  test('also where Bandwidth lists the first only half a minute after the second has failed', async () => {
    const app = await approvedPurchase([takenButAnswerLost], MAX_FAILED_LOOKUPS + 13);
    await app.live(50_000);
    expect(app.order('o1').status).toBe('placed');
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  });

  test('ends like the second if that one got the numbers', async () => {
    const app = await approvedPurchase([takenButAnswerLost], MAX_FAILED_LOOKUPS);
    app.carrier.sellsEachNumberOnce('newer');
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({
      status: 'complete',
      carrierOrderId: 'carrier-2',
      duplicates: ['carrier-1'],
    });
  });

  test('is followed as the first where the second is refused at once', async () => {
    const app = await approvedPurchase([takenButAnswerLost, saysNo], MAX_FAILED_LOOKUPS);
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'outcome']);
  });

  test('also where Bandwidth lists the first only half a minute after the refusal', async () => {
    const app = await approvedPurchase([takenButAnswerLost, saysNo], MAX_FAILED_LOOKUPS + 4);
    await app.live(50_000);
    expect(app.order('o1')).toMatchObject({
      status: 'placing',
      secondRefused: { faults: [{ code: '5016' }] },
    });
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  });

  test('waits for the first while Bandwidth is still working on that one', async () => {
    const app = await approvedPurchase([takenButAnswerLost], MAX_FAILED_LOOKUPS);
    const failed = report('failed', { failed: twoNumbers });
    app.carrier.onReport(() => failed, ...Array.from({ length: 8 }, () => () => report('processing')));
    await app.live(38_000);
    expect(app.order('o1')).toMatchObject({
      status: 'placed',
      carrierOrder: { id: 'carrier-1', status: 'processing' },
    });
    await app.live(3 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
  });

  test('does not end before Bandwidth has said how the first ended', async () => {
    const app = await approvedPurchase([takenButAnswerLost], MAX_FAILED_LOOKUPS);
    app.carrier.onReport(
      () => report('failed'),
      cannotBeAsked(),
      () => report('failed'),
      cannotBeAsked(),
    );
    await app.live(5 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'complete', carrierOrderId: 'carrier-1' });
    expect(app.board.announced.filter((kind) => kind === 'outcome')).toHaveLength(1);
  });
});

describe('Sent again because the first never arrived', () => {
  test('and refused, people are told a minute later what is known, and can give it up', async () => {
    const app = await approvedPurchase([lostOnTheWay, saysNo]);
    await app.live(3 * MINUTE);
    const order = app.order('o1');
    expect(order.status).toBe('placing');
    const card = JSON.stringify(orderCard(order));
    for (const words of [card, announcement(order, 'untraced').text]) {
      expect(words).toContain('Bandwidth refused the second request. It has no record of the first so far');
      expect(words).toContain('5016: SiteId 7 was not found.');
      expect(words).not.toContain('Nothing was ordered');
    }
    expect(card).toContain('Give up');
    expect(app.board.announced).toEqual(['approved', 'unknown', 'again', 'untraced']);
    expect(app.carrier.posts).toHaveLength(2);
    expect(await app.giveUp('o1', ben)).toMatchObject({ status: 'given-up' });
  });

  test.each([
    ['numbers somebody picked', purchase()],
    ['a search', searchAndOrder(2)],
  ])(
    'and refused, the first is followed though Bandwidth lists it many minutes late: %s',
    async (_, request) => {
      const app = startOrdersApp();
      app.carrier.onPlace(takenButAnswerLost, saysNo);
      app.carrier.onFind(...unlisted(20));
      await app.request('o1', request);
      await app.approve('o1');
      await app.live(50_000);
      if (app.carrier.posts.length < 2) await app.orderAgain('o1', ben);
      await app.live(5 * MINUTE);
      expect(app.order('o1').status).toBe('placing');
      await app.live(60 * MINUTE);
      expect(app.carrier.posts).toHaveLength(2);
      expect(app.order('o1')).toMatchObject({ status: 'placed', carrierOrder: { id: 'carrier-1' } });
    },
  );

  test('and failed, because someone else bought the numbers, it says so', async () => {
    const app = await approvedPurchase([lostOnTheWay]);
    app.carrier.onReport(...Array.from({ length: 40 }, () => () => report('failed', { failed: twoNumbers })));
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('placed');
    await app.live(2 * MINUTE);
    expect(app.order('o1')).toMatchObject({ status: 'failed', outcome: { failed: twoNumbers } });
  });
});

describe('The outcome of two carrier orders for one request', () => {
  const [one = phone('1'), two = phone('2')] = twoNumbers;
  const fault = (...numbers: typeof twoNumbers) => ({ code: '5005', description: 'Not available.', numbers });
  const together = (
    request: Parameters<typeof jointOutcome>[0],
    first: ReturnType<typeof report>,
    second: ReturnType<typeof report>,
  ) =>
    jointOutcome(request, { carrierOrderId: 'c1', report: first }, [
      { carrierOrderId: 'c2', report: second },
    ]);

  test('each delivered one of two numbers: together they are complete', () => {
    const first = report('partial', { completed: [one], failed: [two], faults: [fault(two)] });
    const second = report('partial', { completed: [two], failed: [one], faults: [fault(one)] });
    expect(together(purchase(), first, second)).toEqual({
      carrierOrderId: 'c1',
      duplicates: ['c2'],
      report: { status: 'complete', completed: [one, two], failed: [], faults: [] },
    });
  });

  test('one delivered one number, the other none: partial, with the error about the missing number', () => {
    const first = report('failed', { failed: [one, two], faults: [fault(one, two)] });
    const second = report('partial', { completed: [one], failed: [two], faults: [fault(two)] });
    expect(together(purchase(), first, second)).toMatchObject({
      carrierOrderId: 'c2',
      report: { status: 'partial', completed: [one], failed: [two], faults: [fault(two), fault(two)] },
    });
  });

  test('one that is complete is the outcome, though it lists no numbers', () => {
    expect(together(purchase(), report('failed'), report('complete'))).toMatchObject({
      carrierOrderId: 'c2',
      report: report('complete'),
    });
  });

  test('quantities without lists are added, because no number counts twice', () => {
    const some = report('partial', { completedQuantity: 1 });
    expect(together(purchase(), some, some).report).toMatchObject({
      status: 'complete',
      completedQuantity: 2,
    });
  });

  test('none delivered anything: failed', () => {
    expect(together(disconnect(), report('failed'), report('failed')).report.status).toBe('failed');
  });

  test('searches find different numbers each time: nothing is added, the better one counts', () => {
    const better = report('partial', { completed: twoNumbers });
    expect(together(searchAndOrder(4), report('partial', { completed: [one] }), better)).toEqual({
      carrierOrderId: 'c2',
      duplicates: ['c1'],
      report: better,
    });
  });
});

test('whatever is lost, late or crashes: no number is bought twice, and the card says which were bought', async () => {
  const placing = fc.constantFrom(taken, takenButAnswerLost, lostOnTheWay, notTaken(), saysNo);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        turns: fc.array(placing, { maxLength: 4 }),
        hiddenFor: fc.nat(9),
        first: fc.constantFrom('older' as const, 'newer' as const),
        diesAtStep: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
        unasked: fc.nat(2),
      }),
      async ({ turns, hiddenFor, first, diesAtStep, unasked }) => {
        const app = startOrdersApp();
        await app.engine.stop();
        const { carrier } = app;
        carrier.sellsEachNumberOnce(first);
        carrier.onPlace(...turns);
        carrier.onFind(...unlisted(hiddenFor), ...Array.from({ length: unasked }, () => cannotBeAsked()));
        const crashing = makeCrashingProcess(diesAtStep);
        const instance = app.start(crashing.gate);
        await app.request('o1', purchase());
        await app.approve('o1');
        for (let pass = 0; pass < 24 && !crashing.isDead(); pass += 1) {
          void instance.engine.pass();
          await app.clock.advance(5_000);
        }
        await app.live(10 * MINUTE, app.start(), 15_000);

        // One POST, one more of its own accord, and one for each that Bandwidth certainly did not take.
        const held = turns.slice(0, carrier.posts.length).filter((turn) => !isLast(turn)).length;
        expect(carrier.posts.length).toBeLessThanOrEqual(2 + held);
        expect(carrier.accepted.length).toBeLessThanOrEqual(2);

        const order = app.order('o1');
        const bought = carrier.accepted.length > 0;
        if (bought) {
          expect(order).toMatchObject({
            status: 'complete',
            outcome: { completed: namedNumbers(order.request) },
          });
        } else expect(['refused', 'placing']).toContain(order.status);
        if (order.status === 'complete') {
          const winner = first === 'older' ? carrier.accepted[0] : carrier.accepted.at(-1);
          expect(order.carrierOrderId).toBe(winner?.id);
        }
        if ('approval' in order && order.approval?.again !== undefined)
          expect(app.board.announced).toContain('again');
        expect(dueAnnouncements(order)).toEqual([]);
        expect(decided(rebuild(order.id, order.events))).toEqual(decided(order));
        const shown = app.board.drawings.at(-1);
        expect(shown && visible(shown)).toEqual(visible(order));
        if (isFinal(order)) expect(app.clock.timers()).toBe(0);
      },
    ),
    { numRuns: runs(300) },
  );

  function isLast(turn: PlaceTurn): boolean {
    return [taken, takenButAnswerLost, lostOnTheWay, saysNo].includes(turn);
  }
});
