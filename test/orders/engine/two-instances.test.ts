import { describe, expect, test } from '@jest/globals';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeLeader } from '../../../src/orders/engine/lease-guard.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { makeMemoryLeases } from '../../support/orders/memory-leases.js';
import { openOffice } from '../../support/orders/office.js';
import { anna, ben, purchase, searchAndOrder } from '../../support/orders/people.js';
import { report } from '../../support/orders/scripted-carrier.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';

const MINUTE = 60_000;

/** One office, two instances of the app that share its orders. */
function twoInstances() {
  const office = openOffice();
  const leases = makeMemoryLeases();
  const one = office.start(undefined, leases.of('one'));
  const other = office.start(undefined, leases.of('other'));
  const both = async (ms: number) => {
    for (let left = ms; left > 0; left -= 5_000) {
      await Promise.all([one.engine.pass(), other.engine.pass()]);
      await office.clock.advance(5_000);
    }
  };
  return { office, leases, one, other, both };
}

describe('Two instances that share their orders', () => {
  test('post one card, no matter how many of them want to draw it', async () => {
    const { office, one, other, both } = twoInstances();
    let goOn = () => {};
    office.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await one.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await allQuiet();
    office.board.trouble = undefined;
    await other.engine.pass();
    await allQuiet();
    expect(office.board.cards()).toBe(0);
    goOn();
    await both(MINUTE);
    expect(office.board.cards()).toBe(1);
  });

  test('draw what one of them decided even if the other was just drawing, without waiting for a pass', async () => {
    const { office, one, other } = twoInstances();
    let goOn = () => {};
    office.board.trouble = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    await one.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await allQuiet();
    office.board.trouble = undefined;
    await other.cancelOrder('o1', anna);
    await allQuiet();
    expect(office.board.drawings).toEqual([]);
    goOn();
    await office.clock.advance(1_000);
    expect(office.board.drawings.at(-1)?.status).toBe('cancelled');
    expect(office.board.announced).toEqual(['cancelled']);
    expect(office.board.cards()).toBe(1);
  });

  test('place an order once and announce its end once', async () => {
    const { office, one, other, both } = twoInstances();
    office.carrier.onReport(
      () => report('processing'),
      () => report('complete'),
    );
    await one.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await allQuiet();
    await other.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(office.order('o1')) });
    await both(MINUTE);
    expect(office.order('o1').status).toBe('complete');
    expect(office.postedAt).toHaveLength(1);
    expect(office.board.announced).toEqual(['approved', 'outcome']);
    expect(office.board.cards()).toBe(1);
  });

  test('look up an old order no more often because the other, which once placed it, places a new one', async () => {
    const { office, one, other } = twoInstances();
    const places = async (id: string) => {
      await other.requestOrder({ id, request: purchase(), requester: anna, channelId: 'C1' });
      await allQuiet();
      await other.reviewOrder(id, ben, { verdict: 'approve', seen: requestDigest(office.order(id)) });
      await allQuiet();
    };
    office.carrier.says(report('backordered'));
    await places('old');
    await office.live(180 * MINUTE, one, MINUTE);
    const asked = office.carrier.reports.length;
    const [old] = office.carrier.reports;
    await places('new');
    await office.clock.advance(MINUTE / 3);
    expect(office.carrier.reports.length).toBeGreaterThan(asked);
    expect(office.carrier.reports.slice(asked)).not.toContain(old);
  });

  test('take over from each other: one dies between drawing a card and recording it, the other continues', async () => {
    const { office, leases, other } = twoInstances();
    const turnstile = makeTurnstile();
    turnstile.open();
    const doomed = office.start(turnstile.gate, leases.of('doomed'));
    await doomed.requestOrder({ id: 'o1', request: purchase(), requester: anna, channelId: 'C1' });
    await allQuiet();
    office.board.trouble = () => {
      turnstile.close();
    };
    await doomed.cancelOrder('o1', anna);
    await allQuiet();
    office.board.trouble = undefined;
    await other.engine.pass();
    await allQuiet();
    expect(office.board.announced).toEqual([]);
    leases.expire('doomed');
    await office.clock.advance(1_000);
    expect(office.board.announced).toEqual(['cancelled']);
    expect(office.board.drawings.at(-1)?.status).toBe('cancelled');
  });

  test.each([
    ['the other has sent it on the word of an approver', 2 * MINUTE],
    ['the other has not looked for it yet', MINUTE / 4],
  ])(
    'send an order once, if one falls asleep just before sending it and wakes when %s',
    async (_, asleepMs) => {
      const { office, leases, other } = twoInstances();
      let wakeUp: (() => void) | undefined;
      const sleeper = office.start(async (call, go) => {
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
      await sleeper.requestOrder({ id: 'o1', request, requester: anna, channelId: 'C1' });
      await allQuiet();
      office.carrier.says(report('complete'));
      await sleeper.reviewOrder('o1', ben, { verdict: 'approve', seen: requestDigest(office.order('o1')) });
      await allQuiet();
      expect(office.order('o1').status).toBe('placing');
      leases.expire('sleeper');
      await office.live(asleepMs, other);
      await other.orderAgain('o1', ben);
      await office.live(MINUTE / 6, other);
      wakeUp?.();
      await office.live(3 * MINUTE, other);
      expect(office.order('o1').status).toBe('complete');
      expect(office.postedAt).toHaveLength(1);
    },
  );
});

describe('The passes of several instances', () => {
  test('are made by one of them, until it stops or dies', async () => {
    const leases = makeMemoryLeases();
    const made: string[] = [];
    const [one, other] = ['one', 'other'].map((desk) => {
      const only = makeLeader(leases.of(desk), 'passes');
      return { pass: () => only.run(async () => void made.push(desk)), end: only.end };
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
