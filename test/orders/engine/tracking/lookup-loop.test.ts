import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CarrierReport } from '../../../../src/orders/domain/carrier-report.js';
import { scheduleLookup } from '../../../../src/orders/domain/transitions.js';
import type { ListedOrders } from '../../../../src/orders/ports/carrier.js';
import { StoreError } from '../../../../src/orders/ports/store-errors.js';
import { makeMemoryLeases } from '../../../support/orders/memory-leases.js';
import { type Instance, type OrdersApp, startOrdersApp } from '../../../support/orders/orders-app.js';
import { phone, purchase } from '../../../support/orders/people.js';
import { cannotBeAsked, report } from '../../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ids = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6'];

let app: OrdersApp;
/** Six orders at Bandwidth for an hour, all still being worked on. */
beforeEach(async () => {
  app = startOrdersApp();
  for (const id of ids) {
    await app.request(id, purchase());
    await app.approve(id);
  }
  await app.live(HOUR, app, 30 * SECOND);
});

const statuses = () => new Set(ids.map((id) => app.order(id).status));
const carrierStatuses = () => {
  const orders = ids.map((id) => app.order(id));
  return new Set(orders.map((order) => (order.status === 'placed' ? order.carrierOrder.status : undefined)));
};
function listOf(status: CarrierReport['status'], shown = app.carrier.accepted): ListedOrders {
  return { rows: shown.map(({ id }) => ({ id, status })), total: shown.length };
}
const countLooks = async (ms: number) => {
  const [asked, listed] = [app.carrier.reports.length, app.carrier.lists.length];
  await app.live(ms);
  return { asked: app.carrier.reports.length - asked, listed: app.carrier.lists.length - listed };
};

describe('Many orders at Bandwidth', () => {
  test('are followed with one list, four times a minute, and nothing is written while nothing happens', async () => {
    const before = app.journal.length;
    const looks = await countLooks(10 * MINUTE);
    expect(looks.asked).toBe(0);
    expect(looks.listed).toBeGreaterThanOrEqual(30);
    expect(looks.listed).toBeLessThanOrEqual(45);
    expect(app.journal.slice(before).filter((each) => each.startsWith('saved'))).toEqual([]);
  });

  test('follow the list', async () => {
    app.carrier.says(report('processing'));
    const looks = await countLooks(30 * SECOND);
    expect(carrierStatuses()).toEqual(new Set(['processing']));
    expect(looks.asked).toBe(0);
    app.carrier.onList(() => listOf('received'));
    await app.live(MINUTE);
    expect(carrierStatuses()).toEqual(new Set(['processing']));
  });

  test('only move forward with the list: one that lags behind their own reports takes nothing back', async () => {
    app.carrier.says(report('backordered'));
    await app.live(30 * SECOND);
    expect(carrierStatuses()).toEqual(new Set(['backordered']));
    app.carrier.onList(...Array.from({ length: 99 }, () => () => listOf('processing')));
    for (const id of ['o7', 'o8']) {
      await app.request(id, purchase());
      await app.approve(id);
    }
    const looks = await countLooks(2 * MINUTE);
    expect(looks.listed).toBeGreaterThan(0);
    expect(carrierStatuses()).toEqual(new Set(['backordered']));
  });

  test('that are back-ordered show what was delivered, less and less often, even if lists are read for others all the time', async () => {
    app.carrier.says(report('backordered'));
    await app.live(30 * SECOND);
    app.carrier.says(report('received'));
    for (const id of ['o7', 'o8']) {
      await app.request(id, purchase());
      await app.approve(id);
    }
    await app.live(30 * SECOND);
    const mixed = () =>
      app.carrier.accepted.map(({ orderId, id }) => ({
        id,
        status: ids.includes(orderId) ? ('backordered' as const) : ('received' as const),
      }));
    app.carrier.onList(...Array.from({ length: 999 }, () => () => ({ rows: mixed(), total: 8 })));
    const completed = [phone('9102414365')];
    app.carrier.says(report('backordered', { completed }));
    const looks = await countLooks(30 * MINUTE);
    for (const id of ids)
      expect(app.order(id)).toMatchObject({ carrierOrder: { status: 'backordered', completed } });
    expect(looks.asked / ids.length).toBeGreaterThanOrEqual(3);
    expect(looks.asked / ids.length).toBeLessThanOrEqual(6);
    expect(looks.listed).toBeGreaterThan(50);
  });

  test('are each looked up once when the list says that they have ended, because only they have their numbers', async () => {
    app.carrier.says(report('complete'));
    const looks = await countLooks(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
    expect(looks.asked).toBe(ids.length);
  });

  test('have ended only when their own report says so, whatever the list says', async () => {
    app.carrier.onList(...Array.from({ length: 10 }, () => () => listOf('complete')));
    await app.live(MINUTE);
    expect(statuses()).toEqual(new Set(['placed']));
    app.carrier.says(report('partial'));
    await app.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['partial']));
  });

  test('that the list leaves out are looked up one by one, less and less often, and still end', async () => {
    const some = app.carrier.accepted.slice(0, 2);
    app.carrier.onList(...Array.from({ length: 400 }, () => () => listOf('received', some)));
    await app.live(MINUTE);
    const looks = await countLooks(10 * MINUTE);
    expect(looks.asked).toBeGreaterThanOrEqual(2 * 4);
    expect(looks.asked).toBeLessThanOrEqual(3 * 4);
    app.carrier.says(report('complete'));
    await app.live(6 * MINUTE);
    expect(app.order('o6').status).toBe('complete');
  });

  test('say that Bandwidth cannot be asked only as long as needed, even if the list has them', async () => {
    app.carrier.says(report('backordered'));
    await app.live(MINUTE);
    app.carrier.onReport(...Array.from({ length: 3 }, () => cannotBeAsked()));
    for (let count = 0; count < 3; count += 1) {
      const order = app.order('o1');
      if (order.status !== 'placed') throw new Error(order.status);
      await app.store.replace(order, scheduleLookup(order, app.clock.now()));
      await app.engine.settle('o1');
    }
    expect(app.order('o1')).toMatchObject({
      asking: { failures: 3, trouble: 'Bandwidth cannot be reached.' },
    });
    app.carrier.onList(...Array.from({ length: 999 }, () => () => listOf('backordered')));
    await app.request('o7', purchase());
    await app.approve('o7');
    await app.request('o8', purchase());
    await app.approve('o8');
    await app.live(30 * MINUTE);
    expect(app.order('o1')).toMatchObject({ asking: { failures: 0 } });
  });

  test('are looked up one by one while the list cannot be read, and the list is tried again later', async () => {
    app.carrier.onList(...Array.from({ length: 4 }, () => cannotBeAsked()));
    app.carrier.says(report('complete'));
    await app.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are not called missing if the list is not complete', async () => {
    app.carrier.onList(...Array.from({ length: 3 }, () => () => ({ rows: [], total: 6 })));
    app.carrier.says(report('complete'));
    await app.live(MINUTE);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are on several pages, read over several passes if not all can be read at once', async () => {
    const [first = [], second = []] = [app.carrier.accepted.slice(0, 3), app.carrier.accepted.slice(3)];
    app.carrier.onList(
      () => ({ ...listOf('complete', first), total: 6, nextPage: 'next' }),
      () => ({ ...listOf('complete', second), total: 6 }),
    );
    app.carrier.says(report('complete'));
    app.carrier.left(2);
    await app.live(MINUTE);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are left alone while no lookup is left', async () => {
    app.carrier.left(0);
    app.carrier.says(report('complete'));
    expect(await countLooks(10 * MINUTE)).toEqual({ asked: 0, listed: 0 });
    expect(statuses()).toEqual(new Set(['placed']));
    app.carrier.left(100);
    await app.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are followed by a new process like by the old one: everything it needs is on record', async () => {
    await app.engine.stop();
    const restarted = app.start();
    app.carrier.says(report('complete'));
    await app.live(10 * SECOND, restarted);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  describe('are read from the store, all of them,', () => {
    const comparisons = async (
      ms: number,
      instance?: Instance,
      failing: (call: string) => boolean = () => false,
    ) => {
      let count = 0;
      app.store.before((call) => {
        if (call === 'open') count += 1;
        return failing(call) ? Promise.reject(new StoreError('no answer')) : undefined;
      });
      await app.live(ms, instance);
      return count;
    };

    test('once in ten minutes, if nobody else writes there', async () => {
      expect(await comparisons(HOUR)).toBe(6);
    });

    test('within half a minute, if one of them could not be written', async () => {
      await comparisons(2 * MINUTE);
      app.carrier.says(report('processing'));
      let tries = 0;
      expect(await comparisons(30 * SECOND, undefined, (call) => call === 'replace' && tries++ < 1)).toBe(1);
      expect(tries).toBeGreaterThan(1);
      expect(await comparisons(2 * MINUTE)).toBe(0);
    });

    test('three times a minute beside other instances, not with every pass', async () => {
      await app.engine.stop();
      const beside = app.start(undefined, makeMemoryLeases().of('beside'));
      const count = await comparisons(10 * MINUTE, beside);
      expect(count).toBeGreaterThanOrEqual(20);
      expect(count).toBeLessThanOrEqual(40);
    });
  });
});
