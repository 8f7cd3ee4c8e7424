import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dueAnnouncements, isSettled } from '../../../src/orders/domain/due-announcements.js';
import type { Order } from '../../../src/orders/domain/order.js';
import { announced, journaled, rendered } from '../../../src/orders/domain/transitions.js';
import { makeRemoveOldOrders } from '../../../src/orders/use-cases/remove-old-orders.js';
import { openStore, type Store } from '../../../src/store/open-store.js';
import { listeningLog } from '../../store/store-fixtures.js';
import { temporaryFolder } from '../../support/folder.js';
import {
  afterReport,
  cancelledOrder,
  declinedOrder,
  disconnectAfterReport,
  expiredOrder,
  noon,
  numbers,
  placedOrder,
  placingOrder,
  waiting,
} from '../../support/sample-orders.js';

const DAY = 24 * 60 * 60_000;
const KEEP = 400 * DAY;
const both = numbers('9102414365', '9102414366');

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(async () => {
  folder = temporaryFolder();
  store = await openStore(`sqlite:${folder.path}/numbers.db`, listeningLog());
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

/** Its cards are drawn, its thread is told, and the journal has its events. */
function settled(order: Order): Order {
  const drawn = rendered(order, { channelId: order.channelId, ts: '1.2' }, order.revision);
  // An earlier version told the outcome without asking what works on the numbers.
  const kinds = new Set([...dueAnnouncements(drawn), ...('outcome' in drawn ? ['outcome' as const] : [])]);
  const told = [...kinds].reduce<Order>((so, kind) => announced(so, kind), drawn);
  return journaled(told, told.events.length);
}

async function keep(id: string, order: Order): Promise<Order> {
  const kept = { ...order, id };
  expect(await store.orders.insert(kept)).toBe(true);
  return kept;
}

function opened(deps: Partial<Parameters<typeof makeRemoveOldOrders>[0]> = {}) {
  let now = noon + KEEP + 2 * DAY;
  const log = listeningLog();
  const pages: number[] = [];
  const removal = makeRemoveOldOrders({
    ...store,
    keepMs: KEEP,
    clock: { now: () => now },
    carrierNow: () => now,
    log,
    ...deps,
    oldOrders: {
      ...store.oldOrders,
      async requestedBefore(at, size, after) {
        const page = await store.oldOrders.requestedBefore(at, size, after);
        pages.push(page.ids.length);
        return page;
      },
      ...deps.oldOrders,
    },
  });
  return {
    log,
    pages,
    goesBy: (ms: number) => {
      now += ms;
    },
    pass: () => removal.pass(),
    stop: () => removal.stop(),
    /** Passes until a walk is over: a pass then reads nothing. */
    async walk() {
      for (let before = -1; pages.length !== before; ) {
        before = pages.length;
        await removal.pass();
      }
    },
  };
}

const left = async () => {
  const ids: string[] = [];
  for await (const { id } of store.orders.all()) ids.push(id);
  return ids.sort();
};

const areLeft = async (...ids: string[]) => expect(await left()).toEqual(ids);

describe('Of orders that ended long ago,', () => {
  test('declined, canceled and expired orders are removed', async () => {
    await keep('declined', settled(declinedOrder('Not now')));
    await keep('cancelled', settled(cancelledOrder()));
    await keep('expired', settled(expiredOrder()));
    await keep('failed', settled(afterReport({ status: 'failed' })));
    const { pass, log } = opened();
    await pass();
    await areLeft();
    expect(log.heard[0]).toEqual({ facts: { removed: 4 }, sentence: 'old orders removed' });
  });

  test('those that are open, lost, or have a stale card or journal are never removed', async () => {
    const order = settled(declinedOrder('Not now'));
    const orders: Readonly<Record<string, Order>> = {
      'card behind': { ...order, revision: order.revision + 1 },
      'journal behind': { ...order, journaled: 0 },
      placed: settled(placedOrder()),
      'thread behind': { ...order, announced: [] },
      untraced: settled({ ...placingOrder(), answer: 'unknown', failedLookups: 5 } as Order),
      waiting: settled(waiting()),
    };
    for (const [id, each] of Object.entries(orders)) {
      expect(isSettled(each)).toBe(false);
      await keep(id, each);
    }
    await keep('declined', order);
    const { walk } = opened();
    await walk();
    await areLeft(...Object.keys(orders).sort());
  });

  test('a purchase stays while one of its numbers is in service, and its disconnects as long as it does', async () => {
    const purchase = settled(afterReport({ status: 'complete', completed: both, completedQuantity: 2 }));
    const later = (order: Order): Order => ({ ...order, requestedAt: noon + DAY });
    const half = settled(
      disconnectAfterReport({ status: 'partial', completed: both.slice(0, 1), failed: both.slice(1) }),
    );
    await keep('bought', purchase);
    await keep('half given back', later(half));
    const { walk, goesBy } = opened();
    await walk();
    await areLeft('bought', 'half given back');

    await keep('given back', later(settled(disconnectAfterReport({ status: 'complete', completed: both }))));
    goesBy(DAY + 1);
    await walk();
    await areLeft('given back', 'half given back');
    goesBy(DAY + 1);
    await walk();
    await areLeft();
  });

  test('an order whose outcome isn’t fully known stays', async () => {
    await keep('lists fewer', settled(afterReport({ status: 'complete', completedQuantity: 2 })));
    await keep('says nothing', settled(afterReport({ status: 'complete' })));
    const failed = settled(afterReport({ status: 'failed' }));
    await keep('ordered twice', { ...failed, duplicates: ['dc0008ec'] } as Order);
    const { walk } = opened();
    await walk();
    await areLeft('lists fewer', 'ordered twice', 'says nothing');
  });
});

test('What ended recently stays, to the millisecond', async () => {
  await keep('declined', settled(declinedOrder('Not now')));
  const { walk, goesBy } = opened();
  goesBy(-2 * DAY - 1);
  await walk();
  await areLeft('declined');
  goesBy(DAY);
  goesBy(1);
  await walk();
  await areLeft();
});

describe('Nothing is removed', () => {
  test('by a clock that runs ahead of Bandwidth’s, or while Bandwidth’s isn’t known', async () => {
    await keep('declined', settled(declinedOrder('Not now')));
    const ahead = opened({ carrierNow: () => noon });
    await ahead.walk();
    const unknown = opened({ carrierNow: () => undefined });
    await unknown.walk();
    await areLeft('declined');
    expect(unknown.pages).toEqual([]);
  });

  test('after it was stopped', async () => {
    await keep('declined', settled(declinedOrder('Not now')));
    const { pass, stop, pages } = opened();
    await stop();
    await pass();
    expect(pages).toEqual([]);
    await areLeft('declined');
  });
});

test('A pass reads a few orders at most, and a walk reads all of them once a day', async () => {
  for (let index = 0; index < 60; index += 1) await keep(`order-${index}`, settled(waiting()));
  const { walk, pages, goesBy } = opened();
  await walk();
  expect(pages).toEqual([25, 25, 10]);
  goesBy(DAY - 1);
  await walk();
  expect(pages).toHaveLength(3);
  goesBy(1);
  await walk();
  expect(pages).toHaveLength(6);
});
