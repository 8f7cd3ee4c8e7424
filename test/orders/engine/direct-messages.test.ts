import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports/order-board.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, longDisconnect, searchAndOrder } from '../../support/orders/people.js';
import { lostOnTheWay, notTaken, report, saysNo } from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const archived = () => {
  throw new BoardUnreachable('is_archived');
};

/** An order whose card was posted, before its channel was archived. */
async function withoutACard(request = searchAndOrder(2), policy = {}) {
  const app = startOrdersApp({ undoWindowMs: 0, ...policy });
  await app.request('o1', request);
  app.board.trouble = archived;
  return app;
}

describe('While a card cannot be drawn, its requester is told directly, once each,', () => {
  test('the outcome', async () => {
    const app = await withoutACard();
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.live(10 * MINUTE);
    expect(app.board.direct).toEqual(['outcome']);
  });

  test('that Bandwidth refused it', async () => {
    const app = await withoutACard();
    app.carrier.onPlace(saysNo);
    await app.approve('o1');
    await app.live(10 * MINUTE);
    expect(app.board.direct).toEqual(['refused']);
  });

  test('that it was lost, that someone else gave it up, and that it turned up', async () => {
    const app = await withoutACard();
    app.carrier.onPlace(lostOnTheWay);
    await app.approve('o1');
    await app.live(3 * MINUTE);
    expect(app.board.direct).toEqual(['unknown', 'untraced']);
    await app.giveUp('o1', ben);
    await app.live(3 * MINUTE);
    expect(app.board.direct).toEqual(['unknown', 'untraced', 'given-up']);
    app.carrier.onFind(() => ['carrier-1']);
    app.carrier.onReport(() => report('complete'));
    await app.live(HOUR, app, MINUTE);
    expect(app.board.direct).toEqual(['unknown', 'untraced', 'given-up', 'turned-up', 'outcome']);
  });

  test('that it expired, that it was declined, or that someone else canceled it', async () => {
    const expires = await withoutACard();
    await expires.live(25 * HOUR, expires, 5 * MINUTE);
    expect(expires.board.direct).toEqual(['expired']);
    const declines = await withoutACard();
    await declines.reviewOrder('o1', ben, { verdict: 'decline', why: 'No' });
    await declines.live(3 * MINUTE);
    expect(declines.board.direct).toEqual(['declined']);
    const cancels = await withoutACard();
    await cancels.cancelOrder('o1', ben);
    await cancels.live(3 * MINUTE);
    expect(cancels.board.direct).toEqual(['cancelled']);
  });

  test('not what they did themselves', async () => {
    const app = await withoutACard();
    await app.cancelOrder('o1', ana);
    await app.live(3 * MINUTE);
    expect(app.board.direct).toEqual([]);
  });

  test('which numbers a long disconnect is about, and that it is on hold', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    app.board.trouble = archived;
    app.carrier.onPlace(notTaken(app.clock.now() + 10 * MINUTE));
    await app.request('o1', longDisconnect());
    await app.approve('o1');
    await app.live(5 * MINUTE);
    expect(app.board.direct).toEqual(['numbers', 'held-back']);
  });

  test('also after a crash, and where the direct message fails at first, which holds nothing up', async () => {
    const app = await withoutACard();
    app.board.directTrouble = () => {
      throw new Error('messages_tab_disabled');
    };
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.live(2 * MINUTE);
    expect(app.order('o1').status).toBe('complete');
    expect(app.errors).toContain('direct message to the requester failed, will retry');
    await app.engine.stop();
    app.board.directTrouble = undefined;
    const next = app.start();
    await app.live(5 * MINUTE, next);
    await next.engine.stop();
    await app.live(5 * MINUTE, app.start());
    expect(app.board.direct).toEqual(['outcome']);
  });

  test('where only the thread cannot be written to', async () => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    await app.request('o1', disconnect());
    const { tell } = app.board;
    app.board.tell = async () => archived();
    app.carrier.says(report('complete'));
    await app.approve('o1');
    await app.live(3 * MINUTE);
    expect(app.board.direct).toEqual(['outcome']);
    app.board.tell = tell;
    await app.live(3 * MINUTE);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    expect(await app.store.open()).toEqual([]);
  });
});

test('Once the card can be drawn, everything is posted in its thread, and nobody is told twice', async () => {
  const app = await withoutACard();
  app.carrier.says(report('complete'));
  await app.approve('o1');
  await app.live(5 * MINUTE);
  app.board.trouble = undefined;
  await app.live(5 * MINUTE);
  expect(app.board.announced).toEqual(['approved', 'outcome']);
  expect(app.board.direct).toEqual(['outcome']);
  expect(await app.store.open()).toEqual([]);
});
