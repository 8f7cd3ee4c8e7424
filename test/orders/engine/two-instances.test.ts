import { describe, expect, test } from '@jest/globals';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeLeader } from '../../../src/orders/engine/lease-guard.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { makeMemoryLeases } from '../../support/orders/memory-leases.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, purchase, searchAndOrder } from '../../support/orders/people.js';
import { report } from '../../support/orders/scripted-carrier.js';

const MINUTE = 60_000;

/** One app, two instances of the app that share its orders. */
function twoInstances() {
  const app = startOrdersApp();
  const leases = makeMemoryLeases();
  const one = app.start(undefined, leases.of('one'));
  const other = app.start(undefined, leases.of('other'));
  const both = async (ms: number) => {
    for (let left = ms; left > 0; left -= 5_000) {
      await Promise.all([one.engine.pass(), other.engine.pass()]);
      await app.clock.advance(5_000);
    }
  };
  return { app, leases, one, other, both };
}

describe('Two instances that share their orders', () => {
  test('post one card, no matter how many of them want to draw it', async () => {
    const { app, one, other, both } = twoInstances();
    let goOn = () => {};
    app.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await one.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await allQuiet();
    app.board.trouble = undefined;
    await other.engine.pass();
    await allQuiet();
    expect(app.board.cards()).toBe(0);
    goOn();
    await both(MINUTE);
    expect(app.board.cards()).toBe(1);
  });

  test('draw what one of them decided even if the other was just drawing, without waiting for a pass', async () => {
    const { app, one, other } = twoInstances();
    let goOn = () => {};
    app.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await one.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await allQuiet();
    app.board.trouble = undefined;
    await other.cancelOrder('o1', ana);
    await allQuiet();
    expect(app.board.drawings).toEqual([]);
    goOn();
    await app.clock.advance(1_000);
    expect(app.board.drawings.at(-1)?.status).toBe('cancelled');
    expect(app.board.announced).toEqual(['cancelled']);
    expect(app.board.cards()).toBe(1);
  });

  test('place an order once and announce its end once', async () => {
    const { app, one, other, both } = twoInstances();
    app.carrier.onReport(
      () => report('processing'),
      () => report('complete'),
    );
    await one.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await allQuiet();
    await other.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(app.order('o1')) });
    await both(MINUTE);
    expect(app.order('o1').status).toBe('complete');
    expect(app.postedAt).toHaveLength(1);
    expect(app.board.announced).toEqual(['approved', 'outcome']);
    expect(app.board.cards()).toBe(1);
  });

  test('look up an old order no more often because the other, which once placed it, places a new one', async () => {
    const { app, one, other } = twoInstances();
    const places = async (id: string) => {
      await other.requestOrder({ id, request: purchase(), requester: ana, channelId: 'C1' });
      await allQuiet();
      await other.reviewOrder(id, ben, { verdict: 'approve', seen: requestDigest(app.order(id)) });
      await allQuiet();
    };
    app.carrier.says(report('backordered'));
    await places('old');
    await app.live(180 * MINUTE, one, MINUTE);
    const asked = app.carrier.reports.length;
    const [old] = app.carrier.reports;
    await places('new');
    await app.clock.advance(MINUTE / 3);
    expect(app.carrier.reports.length).toBeGreaterThan(asked);
    expect(app.carrier.reports.slice(asked)).not.toContain(old);
  });

  test('take over from each other: one dies between drawing a card and recording it, the other continues', async () => {
    const { app, leases, other } = twoInstances();
    const held = makeHeldCalls();
    held.open();
    const first = app.start(held.gate, leases.of('first'));
    await first.requestOrder({ id: 'o1', request: purchase(), requester: ana, channelId: 'C1' });
    await allQuiet();
    app.board.trouble = () => {
      held.close();
    };
    await first.cancelOrder('o1', ana);
    await allQuiet();
    app.board.trouble = undefined;
    await other.engine.pass();
    await allQuiet();
    expect(app.board.announced).toEqual([]);
    leases.expire('first');
    await app.clock.advance(1_000);
    expect(app.board.announced).toEqual(['cancelled']);
    expect(app.board.drawings.at(-1)?.status).toBe('cancelled');
  });

  test.each([
    ['the other has sent it again for an approver', 2 * MINUTE],
    ['the other has not looked for it yet', MINUTE / 4],
  ])(
    'send an order once, if one falls asleep just before sending it and wakes when %s',
    async (_, asleepMs) => {
      const { app, leases, other } = twoInstances();
      let wakeUp: (() => void) | undefined;
      const sleeper = app.start(async (call, go) => {
        const answer = await go();
        const isWritten: unknown = answer;
        if (call === 'replace placing' && isWritten === true && wakeUp === undefined) {
          await new Promise<void>((resolve) => {
            wakeUp = resolve;
          });
        }
        return answer;
      }, leases.of('sleeper'));
      const request = searchAndOrder(2);
      await sleeper.requestOrder({ id: 'o1', request, requester: ana, channelId: 'C1' });
      await allQuiet();
      app.carrier.says(report('complete'));
      await sleeper.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(app.order('o1')) });
      await allQuiet();
      expect(app.order('o1').status).toBe('placing');
      leases.expire('sleeper');
      await app.live(asleepMs, other);
      await other.orderAgain('o1', ben);
      await app.live(MINUTE / 6, other);
      wakeUp?.();
      await app.live(3 * MINUTE, other);
      expect(app.order('o1').status).toBe('complete');
      expect(app.postedAt).toHaveLength(1);
    },
  );
});

describe('The passes of several instances', () => {
  test('are made by one of them, until it stops or dies', async () => {
    const leases = makeMemoryLeases();
    const made: string[] = [];
    const [one, other] = ['one', 'other'].map((instance) => {
      const only = makeLeader(leases.of(instance), 'passes');
      return { pass: () => only.run(async () => void made.push(instance)), end: only.end };
    });
    if (one === undefined || other === undefined) throw new Error('two were started');
    await one.pass();
    await other.pass();
    await one.pass();
    expect(made).toEqual(['one', 'one']);
    await one.end();
    await other.pass();
    await one.pass();
    expect(made).toEqual(['one', 'one', 'other']);
    leases.expire('other');
    await one.pass();
    await other.pass();
    expect(made).toEqual(['one', 'one', 'other', 'one']);
  });
});
