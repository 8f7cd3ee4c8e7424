import { describe, expect, test } from '@jest/globals';
import { makeOpenOrders } from '../../../../src/orders/engine/tracking/open-orders.js';
import { makeOpenTally } from '../../../../src/orders/engine/tracking/open-tally.js';
import { cpuTimeOf } from '../../../support/cpu-time.js';
import {
  afterReport,
  approvedOrder,
  declinedOrder,
  noon,
  orderId,
  placedOrder,
  waiting,
} from '../../../support/sample-orders.js';

const MINUTE = 60_000;

/** A tally of what is noted, as the app wires it. */
function opened(alone = true) {
  let now = noon;
  const tally = makeOpenTally({ now: () => now, alone });
  const open = makeOpenOrders({
    now: () => now,
    carrierNow: () => undefined,
    lookupAfterMs: 20_000,
    maxHeld: 0,
    tally,
  });
  return { tally, open, goesBy: (ms: number) => (now += ms) };
}

describe('The tally of open orders', () => {
  test('is not known before all of them have been read', () => {
    const { tally, open } = opened();
    open.note(waiting());
    expect(tally.counts()).toBeUndefined();
    tally.allNoted(noon);
    expect(tally.counts()).toMatchObject({ waiting: { count: 1, since: noon } });
  });

  test('is not known a minute after the last read, if other instances write too', () => {
    const { tally, goesBy } = opened(false);
    tally.allNoted(noon);
    goesBy(MINUTE);
    expect(tally.counts()).toBeDefined();
    goesBy(1);
    expect(tally.counts()).toBeUndefined();
  });

  test('stays known, if no other instance writes', () => {
    const { tally, goesBy } = opened();
    tally.allNoted(noon);
    goesBy(24 * 60 * MINUTE);
    expect(tally.counts()).toMatchObject({ waiting: { count: 0 }, untraced: 0 });
  });

  test('follows an order from its request to its end, and counts it once', () => {
    const { tally, open } = opened();
    tally.allNoted(noon);
    const stages = () => Object.entries(tally.counts()?.byStage ?? {}).filter(([, count]) => count > 0);
    open.note(waiting());
    expect(stages()).toEqual([['awaiting-approval', 1]]);
    open.note(approvedOrder());
    expect(stages()).toEqual([['approved', 1]]);
    open.note(placedOrder());
    expect(stages()).toEqual([['received', 1]]);
    open.note(afterReport({ status: 'backordered' }));
    expect(stages()).toEqual([['backordered', 1]]);
    open.note(afterReport({ status: 'complete' }));
    expect(stages()).toEqual([]);
    // Its card and the journal don't know yet.
    expect(tally.counts()?.staleCards.count).toBe(1);
    expect(tally.counts()?.unjournaled.count).toBeGreaterThan(0);
    open.forget(orderId);
    expect(tally.counts()).toMatchObject({ staleCards: { count: 0 }, unjournaled: { count: 0 } });
  });

  test('says since when a card has been stale, no matter how often the order changes', () => {
    const { tally, open, goesBy } = opened();
    tally.allNoted(noon);
    open.note(waiting());
    goesBy(MINUTE);
    open.note(declinedOrder('Not now'));
    expect(tally.counts()?.staleCards).toEqual({ count: 1, since: noon });
  });

  test('says how far the journal is behind', () => {
    const { tally, open } = opened();
    tally.allNoted(noon);
    const order = placedOrder();
    open.note(order);
    expect(tally.counts()?.unjournaled).toEqual({ count: order.events.length, since: noon });
    tally.journaled(orderId, order.events.length - 1);
    expect(tally.counts()?.unjournaled.count).toBe(1);
    tally.journaled(orderId, order.events.length);
    expect(tally.counts()?.unjournaled).toEqual({ count: 0 });
    // An order that another instance wrote in between is behind by what is new.
    open.note(afterReport({ status: 'complete' }));
    expect(tally.counts()?.unjournaled.count).toBe(1);
  });

  test('of ten thousand orders costs next to nothing to read, and is right about the oldest', async () => {
    const { tally, open } = opened();
    const order = waiting();
    const idOf = (index: number) => `${orderId}-${index}`;
    const since = (index: number) => {
      const [requested] = order.events;
      if (requested === undefined) throw new Error('an order begins with an event');
      return { ...order, id: idOf(index), events: [{ ...requested, at: noon + index }] };
    };
    for (let index = 0; index < 10_000; index += 1) open.note(since(index));
    tally.allNoted(noon);
    const spent = await cpuTimeOf(() => {
      for (let scrape = 0; scrape < 1_000; scrape += 1) tally.counts();
    });
    // It takes a few milliseconds. Looking at each order would take many seconds.
    expect(spent).toBeLessThan(5_000);
    expect(tally.counts()?.waiting).toEqual({ count: 10_000, since: noon });
    open.forget(idOf(0));
    open.forget(idOf(5));
    expect(tally.counts()?.waiting).toEqual({ count: 9_998, since: noon + 1 });
    open.note({ ...since(3), events: [{ ...since(3).events[0], at: noon - 1 }] } as typeof order);
    expect(tally.counts()?.waiting).toEqual({ count: 9_998, since: noon - 1 });
  });
});
