import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CarrierReport } from '../../../../src/orders/domain/carrier-report.js';
import { scheduleLookup } from '../../../../src/orders/domain/transitions.js';
import { type ListedOrders, StoreError } from '../../../../src/orders/ports.js';
import { makeMemoryLeases } from '../../../support/orders/memory-leases.js';
import { type Desk, type Office, openOffice } from '../../../support/orders/office.js';
import { phone, purchase } from '../../../support/orders/people.js';
import { cannotBeAsked, report } from '../../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ids = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6'];

let office: Office;
/** Six orders at Bandwidth for an hour, all still being worked on. */
beforeEach(async () => {
  office = openOffice();
  for (const id of ids) {
    await office.request(id, purchase());
    await office.approve(id);
  }
  await office.live(HOUR, office, 30 * SECOND);
});

const statuses = () => new Set(ids.map((id) => office.order(id).status));
const carrierStatuses = () => {
  const orders = ids.map((id) => office.order(id));
  return new Set(orders.map((order) => (order.status === 'placed' ? order.carrierOrder.status : undefined)));
};
function listOf(status: CarrierReport['status'], shown = office.carrier.accepted): ListedOrders {
  return { rows: shown.map(({ id }) => ({ id, status })), total: shown.length };
}
const countLooks = async (ms: number) => {
  const [asked, listed] = [office.carrier.reports.length, office.carrier.lists.length];
  await office.live(ms);
  return { asked: office.carrier.reports.length - asked, listed: office.carrier.lists.length - listed };
};

describe('Many orders at Bandwidth', () => {
  test('are followed with one list, four times a minute, and nothing is written while nothing happens', async () => {
    const before = office.journal.length;
    const looks = await countLooks(10 * MINUTE);
    expect(looks.asked).toBe(0);
    expect(looks.listed).toBeGreaterThanOrEqual(30);
    expect(looks.listed).toBeLessThanOrEqual(45);
    expect(office.journal.slice(before).filter((each) => each.startsWith('saved'))).toEqual([]);
  });

  test('follow the list', async () => {
    office.carrier.says(report('processing'));
    const looks = await countLooks(30 * SECOND);
    expect(carrierStatuses()).toEqual(new Set(['processing']));
    expect(looks.asked).toBe(0);
    office.carrier.onList(() => listOf('received'));
    await office.live(MINUTE);
    expect(carrierStatuses()).toEqual(new Set(['processing']));
  });

  test('only move forward with the list: one that lags behind their own reports takes nothing back', async () => {
    office.carrier.says(report('backordered'));
    await office.live(30 * SECOND);
    expect(carrierStatuses()).toEqual(new Set(['backordered']));
    office.carrier.onList(...Array.from({ length: 99 }, () => () => listOf('processing')));
    for (const id of ['o7', 'o8']) {
      await office.request(id, purchase());
      await office.approve(id);
    }
    const looks = await countLooks(2 * MINUTE);
    expect(looks.listed).toBeGreaterThan(0);
    expect(carrierStatuses()).toEqual(new Set(['backordered']));
  });

  test('that are back-ordered show what was delivered, less and less often, even if lists are read for others all the time', async () => {
    office.carrier.says(report('backordered'));
    await office.live(30 * SECOND);
    office.carrier.says(report('received'));
    for (const id of ['o7', 'o8']) {
      await office.request(id, purchase());
      await office.approve(id);
    }
    await office.live(30 * SECOND);
    const mixed = () =>
      office.carrier.accepted.map(({ orderId, id }) => ({
        id,
        status: ids.includes(orderId) ? ('backordered' as const) : ('received' as const),
      }));
    office.carrier.onList(...Array.from({ length: 999 }, () => () => ({ rows: mixed(), total: 8 })));
    const completed = [phone('9102414365')];
    office.carrier.says(report('backordered', { completed }));
    const looks = await countLooks(30 * MINUTE);
    for (const id of ids)
      expect(office.order(id)).toMatchObject({ carrierOrder: { status: 'backordered', completed } });
    expect(looks.asked / ids.length).toBeGreaterThanOrEqual(3);
    expect(looks.asked / ids.length).toBeLessThanOrEqual(6);
    expect(looks.listed).toBeGreaterThan(50);
  });

  test('are each looked up once when the list says that they have ended, because only they have their numbers', async () => {
    office.carrier.says(report('complete'));
    const looks = await countLooks(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
    expect(looks.asked).toBe(ids.length);
  });

  test('have ended only when their own report says so, whatever the list says', async () => {
    office.carrier.onList(...Array.from({ length: 10 }, () => () => listOf('complete')));
    await office.live(MINUTE);
    expect(statuses()).toEqual(new Set(['placed']));
    office.carrier.says(report('partial'));
    await office.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['partial']));
  });

  test('that the list leaves out are looked up one by one, less and less often, and still end', async () => {
    const some = office.carrier.accepted.slice(0, 2);
    office.carrier.onList(...Array.from({ length: 400 }, () => () => listOf('received', some)));
    await office.live(MINUTE);
    const looks = await countLooks(10 * MINUTE);
    expect(looks.asked).toBeGreaterThanOrEqual(2 * 4);
    expect(looks.asked).toBeLessThanOrEqual(3 * 4);
    office.carrier.says(report('complete'));
    await office.live(6 * MINUTE);
    expect(office.order('o6').status).toBe('complete');
  });

  test('say that Bandwidth cannot be asked only as long as needed, even if the list has them', async () => {
    office.carrier.says(report('backordered'));
    await office.live(MINUTE);
    office.carrier.onReport(...Array.from({ length: 3 }, () => cannotBeAsked()));
    for (let count = 0; count < 3; count += 1) {
      const order = office.order('o1');
      if (order.status !== 'placed') throw new Error(order.status);
      await office.store.replace(order, scheduleLookup(order, office.clock.now()));
      await office.engine.settle('o1');
    }
    expect(office.order('o1')).toMatchObject({
      asking: { failures: 3, trouble: 'Bandwidth cannot be reached.' },
    });
    office.carrier.onList(...Array.from({ length: 999 }, () => () => listOf('backordered')));
    await office.request('o7', purchase());
    await office.approve('o7');
    await office.request('o8', purchase());
    await office.approve('o8');
    await office.live(30 * MINUTE);
    expect(office.order('o1')).toMatchObject({ asking: { failures: 0 } });
  });

  test('are looked up one by one while the list cannot be read, and the list is tried again later', async () => {
    office.carrier.onList(...Array.from({ length: 4 }, () => cannotBeAsked()));
    office.carrier.says(report('complete'));
    await office.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are not called missing if the list is not complete', async () => {
    office.carrier.onList(...Array.from({ length: 3 }, () => () => ({ rows: [], total: 6 })));
    office.carrier.says(report('complete'));
    await office.live(MINUTE);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are on several pages, read over several passes if not all can be read at once', async () => {
    const [first = [], second = []] = [office.carrier.accepted.slice(0, 3), office.carrier.accepted.slice(3)];
    office.carrier.onList(
      () => ({ ...listOf('complete', first), total: 6, nextPage: 'next' }),
      () => ({ ...listOf('complete', second), total: 6 }),
    );
    office.carrier.says(report('complete'));
    office.carrier.left(2);
    await office.live(MINUTE);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are left alone while no lookup is left', async () => {
    office.carrier.left(0);
    office.carrier.says(report('complete'));
    expect(await countLooks(10 * MINUTE)).toEqual({ asked: 0, listed: 0 });
    expect(statuses()).toEqual(new Set(['placed']));
    office.carrier.left(100);
    await office.live(30 * SECOND);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  test('are followed by a new process like by the old one: everything it needs is on record', async () => {
    await office.engine.stop();
    const restarted = office.start();
    office.carrier.says(report('complete'));
    await office.live(10 * SECOND, restarted);
    expect(statuses()).toEqual(new Set(['complete']));
  });

  describe('are read from the store, all of them,', () => {
    const comparisons = async (ms: number, desk?: Desk, failing: (call: string) => boolean = () => false) => {
      let count = 0;
      office.store.before((call) => {
        if (call === 'open') count += 1;
        return failing(call) ? Promise.reject(new StoreError('no answer')) : undefined;
      });
      await office.live(ms, desk);
      return count;
    };

    test('once in ten minutes, if nobody else writes there', async () => {
      expect(await comparisons(HOUR)).toBe(6);
    });

    test('within half a minute, if one of them could not be written', async () => {
      await comparisons(2 * MINUTE);
      office.carrier.says(report('processing'));
      let tries = 0;
      expect(await comparisons(30 * SECOND, undefined, (call) => call === 'replace' && tries++ < 1)).toBe(1);
      expect(tries).toBeGreaterThan(1);
      expect(await comparisons(2 * MINUTE)).toBe(0);
    });

    test('three times a minute beside other instances, not with every pass', async () => {
      await office.engine.stop();
      const beside = office.start(undefined, makeMemoryLeases().of('beside'));
      const count = await comparisons(10 * MINUTE, beside);
      expect(count).toBeGreaterThanOrEqual(20);
      expect(count).toBeLessThanOrEqual(40);
    });
  });
});
