import { describe, expect, test } from '@jest/globals';
import { BoardUnreachable } from '../../../src/orders/ports.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, longDisconnect, searchAndOrder } from '../../support/orders/people.js';
import { lostOnTheWay, notTaken, report, saysNo } from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const archived = () => {
  throw new BoardUnreachable('is_archived');
};

/** An order whose card was posted, before its channel was archived. */
async function withoutACard(request = searchAndOrder(2), policy = {}) {
  const office = openOffice({ undoWindowMs: 0, ...policy });
  await office.request('o1', request);
  office.board.trouble = archived;
  return office;
}

describe('While a card cannot be drawn, its requester is told directly, once each,', () => {
  test('the outcome', async () => {
    const office = await withoutACard();
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.live(10 * MINUTE);
    expect(office.board.direct).toEqual(['outcome']);
  });

  test('that Bandwidth refused it', async () => {
    const office = await withoutACard();
    office.carrier.onPlace(saysNo);
    await office.approve('o1');
    await office.live(10 * MINUTE);
    expect(office.board.direct).toEqual(['refused']);
  });

  test('that it was lost, that someone else gave it up, and that it turned up', async () => {
    const office = await withoutACard();
    office.carrier.onPlace(lostOnTheWay);
    await office.approve('o1');
    await office.live(3 * MINUTE);
    expect(office.board.direct).toEqual(['unknown', 'untraced']);
    await office.giveUp('o1', ben);
    await office.live(3 * MINUTE);
    expect(office.board.direct).toEqual(['unknown', 'untraced', 'given-up']);
    office.carrier.onFind(() => ['carrier-1']);
    office.carrier.onReport(() => report('complete'));
    await office.live(HOUR, office, MINUTE);
    expect(office.board.direct).toEqual(['unknown', 'untraced', 'given-up', 'turned-up', 'outcome']);
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
    const office = await withoutACard();
    await office.cancelOrder('o1', anna);
    await office.live(3 * MINUTE);
    expect(office.board.direct).toEqual([]);
  });

  test('which numbers a long disconnect is about, and that it is on hold', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    office.board.trouble = archived;
    office.carrier.onPlace(notTaken(office.clock.now() + 10 * MINUTE));
    await office.request('o1', longDisconnect());
    await office.approve('o1');
    await office.live(5 * MINUTE);
    expect(office.board.direct).toEqual(['numbers', 'held-back']);
  });

  test('also after a crash, and where the direct message fails at first, which holds nothing up', async () => {
    const office = await withoutACard();
    office.board.directTrouble = () => {
      throw new Error('messages_tab_disabled');
    };
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.live(2 * MINUTE);
    expect(office.order('o1').status).toBe('complete');
    expect(office.errors).toContain('direct message to the requester failed, will retry');
    await office.engine.stop();
    office.board.directTrouble = undefined;
    const next = office.start();
    await office.live(5 * MINUTE, next);
    await next.engine.stop();
    await office.live(5 * MINUTE, office.start());
    expect(office.board.direct).toEqual(['outcome']);
  });

  test('where only the thread cannot be written to', async () => {
    const office = openOffice({ undoWindowMs: 0 });
    await office.request('o1', disconnect());
    const { tell } = office.board;
    office.board.tell = async () => archived();
    office.carrier.says(report('complete'));
    await office.approve('o1');
    await office.live(3 * MINUTE);
    expect(office.board.direct).toEqual(['outcome']);
    office.board.tell = tell;
    await office.live(3 * MINUTE);
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    expect(await office.store.open()).toEqual([]);
  });
});

test('Once the card can be drawn, everything is posted in its thread, and nobody is told twice', async () => {
  const office = await withoutACard();
  office.carrier.says(report('complete'));
  await office.approve('o1');
  await office.live(5 * MINUTE);
  office.board.trouble = undefined;
  await office.live(5 * MINUTE);
  expect(office.board.announced).toEqual(['approved', 'outcome']);
  expect(office.board.direct).toEqual(['outcome']);
  expect(await office.store.open()).toEqual([]);
});
