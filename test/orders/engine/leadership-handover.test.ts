import { describe, expect, test } from '@jest/globals';
import { makeLeader } from '../../../src/orders/engine/lease-guard.js';
import {
  makeLeadershipHandover,
  makeReachability,
  observeBoard,
  observeCarrier,
  type Reachability,
} from '../../../src/orders/engine/reachability.js';
import { type Carrier, CarrierError, type CarrierTrouble } from '../../../src/orders/ports/carrier.js';
import { BoardUnreachable, type OrderBoard } from '../../../src/orders/ports/order-board.js';
import { makeManualClock } from '../../support/orders/manual-clock.js';
import { makeMemoryLeases } from '../../support/orders/memory-leases.js';
import { waiting } from '../../support/sample-orders.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TICK_MS = 5 * SECOND;

/** Instances that make passes, each with a network of its own. */
function startInstances(...names: readonly string[]) {
  const clock = makeManualClock();
  const leases = makeMemoryLeases();
  const passes: { by: string; at: number }[] = [];
  const warned: object[] = [];
  const instances = names.map((name) => {
    const reachability = { Slack: makeReachability(clock), Bandwidth: makeReachability(clock) };
    const log = { warn: (facts: object) => void warned.push(facts) };
    const only = makeLeader(
      leases.of(name),
      'passes',
      makeLeadershipHandover({ dependencies: reachability, clock, log }),
    );
    const lost = new Set<'Slack' | 'Bandwidth'>();
    const note = (each: Reachability, isLost: boolean) => (isLost ? each.missed() : each.reached());
    const tick = () =>
      only.run(async () => {
        passes.push({ by: name, at: clock.now() });
        note(reachability.Slack, lost.has('Slack'));
        note(reachability.Bandwidth, lost.has('Bandwidth'));
      });
    return { tick, lost };
  });
  const forSoLong = async (ms: number) => {
    for (let left = ms; left > 0; left -= TICK_MS) {
      for (const { tick } of instances) await tick();
      await clock.advance(TICK_MS);
    }
  };
  return {
    clock,
    passes,
    warned,
    instances,
    forSoLong,
    /** How often another took over. */
    changes: () => passes.filter(({ by }, index) => index > 0 && by !== passes[index - 1]?.by).length,
    longestGap: () => Math.max(...passes.map(({ at }, index) => at - (passes[index - 1]?.at ?? at))),
  };
}

describe('The passes', () => {
  test.each(['Slack', 'Bandwidth'] as const)(
    'move to another instance when the one that makes them has lost contact with %s, and stay there',
    async (neighbour) => {
      const { instances, passes, warned, forSoLong, changes } = startInstances('one', 'other');
      await forSoLong(MINUTE);
      instances[0]?.lost.add(neighbour);
      await forSoLong(90 * SECOND);
      expect(passes.at(-1)?.by).toBe('other');
      await forSoLong(60 * MINUTE);
      expect(changes()).toBe(1);
      expect(warned).toEqual([{ lost: [neighbour] }]);
    },
  );

  test('stay where they are over a single failure, or a short one', async () => {
    const { instances, forSoLong, changes } = startInstances('one', 'other');
    for (let outage = 0; outage < 20; outage++) {
      instances[0]?.lost.add('Bandwidth');
      await forSoLong(45 * SECOND);
      instances[0]?.lost.clear();
      await forSoLong(TICK_MS);
    }
    expect(changes()).toBe(0);
  });

  test('move ever more rarely while Bandwidth is down for everyone, and are always made', async () => {
    const { instances, passes, forSoLong, changes, longestGap } = startInstances('one', 'other', 'third');
    for (const { lost } of instances) lost.add('Bandwidth');
    await forSoLong(3 * 60 * MINUTE);
    expect(changes()).toBeLessThan(25);
    expect(longestGap()).toBeLessThanOrEqual(2 * TICK_MS);
    const before = changes();
    for (const { lost } of instances) lost.clear();
    await forSoLong(60 * MINUTE);
    expect(changes() - before).toBeLessThanOrEqual(1);
    expect(passes.length).toBeGreaterThan(2_000);
  });

  test('are resumed after a moment if there is no other instance', async () => {
    const { instances, forSoLong, longestGap } = startInstances('one');
    instances[0]?.lost.add('Slack');
    await forSoLong(30 * MINUTE);
    expect(longestGap()).toBeLessThanOrEqual(30 * SECOND);
  });
});

describe('An instance has contact', () => {
  const clock = makeManualClock();
  const lostAfter = async (act: (reachability: Reachability) => Promise<unknown>) => {
    const reachability = makeReachability(clock);
    for (let attempt = 0; attempt < 5; attempt++) await act(reachability).catch(() => {});
    return reachability.lostSince() !== undefined;
  };

  test.each<[CarrierTrouble, boolean]>([
    ['unreachable', true],
    ['broken', false],
    ['throttled', false],
    ['missing', false],
    ['refused', false],
  ])('with Bandwidth unless no answer comes back (%s: lost %s)', async (trouble, isLost) => {
    const carrier: Pick<Carrier, 'report' | 'listOrders'> = {
      async report() {
        throw new CarrierError(trouble, 'no', { advice: 'no' });
      },
      listOrders: async () => ({ rows: [] }),
    };
    const ask = (reachability: Reachability) =>
      observeCarrier(carrier, reachability).report('purchase', 'b1');
    expect(await lostAfter(ask)).toBe(isLost);
  });

  test('with Slack if a person has to fix the problem', async () => {
    const boardThat = (error: Error): OrderBoard => {
      const fails = async () => {
        throw error;
      };
      return {
        show: fails,
        tell: fails,
        isAnnounced: fails,
        findCard: fails,
        isNotified: fails,
        peopleToNotify: fails,
        notify: fails,
        tellDirectly: fails,
        tellUnreachable: fails,
      };
    };
    const tell = (error: Error) =>
      lostAfter((reachability) => observeBoard(boardThat(error), reachability).tell(waiting(), 'approved'));
    expect(await tell(new BoardUnreachable('not_in_channel'))).toBe(false);
    expect(await tell(new Error('ECONNRESET'))).toBe(true);
  });
});
