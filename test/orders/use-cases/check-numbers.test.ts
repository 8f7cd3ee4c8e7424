import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../src/orders/domain/order.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { newOrder } from '../../../src/orders/domain/transitions.js';
import type { NumberStanding } from '../../../src/orders/ports/carrier.js';
import { StoreError } from '../../../src/orders/ports/store-errors.js';
import { makeCheckNumbers } from '../../../src/orders/use-cases/check-numbers.js';
import { makeNamespace } from '../../../src/store/namespace.js';
import { makeOrderListing } from '../../../src/store/orders/order-listing.js';
import { makeOrderStore } from '../../../src/store/orders/order-store.js';
import { openSqlite } from '../../../src/store/sqlite/sqlite.js';
import { temporaryFolder } from '../../support/folder.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../support/orders/orders-app.js';
import {
  ana,
  bea,
  ben,
  disconnect,
  phone,
  phones,
  purchase,
  sam,
  twoNumbers,
  waitingOrder,
  working,
} from '../../support/orders/people.js';
import { cannotBeAsked, report } from '../../support/orders/scripted-carrier.js';

const [front = phone('9102414365'), back = phone('9102414366')] = twoNumbers;
const lobby = phone('7034343704');
const kitchen = phone('9195551212');

const works = (number: PhoneNumber): NumberStanding => ({
  standing: 'in-service',
  record: working(number),
});
const notOurs = (number: PhoneNumber): NumberStanding => ({ standing: 'not-ours', number });
const aging = (number: PhoneNumber): NumberStanding => ({
  standing: 'not-in-service',
  number,
  status: 'Aging',
});

describe('Checking the numbers that a person wants to disconnect', () => {
  test('all that work are returned with what Bandwidth says about each, in the order requested', async () => {
    const app = startOrdersApp();
    const byItself = [works(front), works(lobby), works(back)];
    app.carrier.onLookUpNumbers(() => byItself);
    expect(await app.checkNumbers([lobby, back, front], 'o1')).toEqual({
      inService: [working(lobby), working(back), working(front)],
    });
    expect(app.carrier.lookedUp).toEqual([lobby, back, front]);
  });

  test('each that can’t be disconnected is named with its reason, in the order requested, even if others could be', async () => {
    const app = startOrdersApp();
    await app.request('o9', disconnect({ inService: [working(kitchen)] }));
    app.carrier.onLookUpNumbers(() => [works(kitchen), aging(back), notOurs(lobby), works(front)]);
    expect(await app.checkNumbers([lobby, front, back, kitchen], 'o1')).toEqual({
      problems: [
        { number: lobby, why: 'not-ours' },
        { number: back, why: 'not-in-service', status: 'Aging' },
        { number: kitchen, why: 'in-another-order', orderId: 'o9' },
      ],
    });
  });

  test('of one hundred, the one that is not ours makes the request invalid and is named alone', async () => {
    const app = startOrdersApp();
    const hundred = phones(100);
    const stranger = hundred[41] ?? lobby;
    app.carrier.onLookUpNumbers(() =>
      hundred.map((number) => (number === stranger ? notOurs(number) : works(number))),
    );
    expect(await app.checkNumbers(hundred, 'o1')).toEqual({
      problems: [{ number: stranger, why: 'not-ours' }],
    });
  });

  test('a number typed twice is looked up and disconnected once', async () => {
    const app = startOrdersApp();
    expect(await app.checkNumbers([front, back, front], 'o1')).toEqual({
      inService: [working(front), working(back)],
    });
    expect(app.carrier.lookedUp).toEqual([front, back]);
  });

  test('a number that was not requested is never included, whatever Bandwidth answers', async () => {
    const app = startOrdersApp();
    app.carrier.onLookUpNumbers(() => [works(front), works(lobby)]);
    expect(await app.checkNumbers([front], 'o1')).toEqual({ inService: [working(front)] });
  });

  test('an answer that leaves a number out is no answer: nothing is left out silently', async () => {
    const app = startOrdersApp();
    app.carrier.onLookUpNumbers(() => [works(front)]);
    await expect(app.checkNumbers([front, back], 'o1')).rejects.toThrow(`${back} and left it out`);
  });

  test('while Bandwidth or the store cannot be asked, it fails with that error', async () => {
    const app = startOrdersApp();
    app.carrier.onLookUpNumbers(cannotBeAsked({ trouble: 'forbidden' }));
    await expect(app.checkNumbers([front], 'o1')).rejects.toMatchObject({
      name: 'CarrierError',
      trouble: 'forbidden',
      advice: 'Bandwidth cannot be reached.',
    });
    await app.request('o9');
    for (const down of ['open', 'get'] as const) {
      app.store.failWhen((call) => call === down);
      await expect(app.checkNumbers([front], 'o1')).rejects.toBeInstanceOf(StoreError);
    }
  });
});

describe('A number in another of our open orders', () => {
  const problem = { problems: [{ number: front, why: 'in-another-order', orderId: 'o9' }] };
  const fine = { inService: [working(front)] };

  test.each([
    ['to buy it', purchase()],
    ['to disconnect it', disconnect()],
  ])('is taken while an order %s waits, is on its way, or is followed', async (_what, request) => {
    const app = startOrdersApp({ undoWindowMs: 0 });
    const seen: Order['status'][] = [];
    const check = async () => {
      seen.push(app.order('o9').status);
      expect(await app.checkNumbers([front], 'o1')).toEqual(problem);
    };
    await app.request('o9', request);
    await check();
    app.carrier.onPlace(async (accept) => {
      await check();
      return { outcome: 'taken', carrierOrderId: accept() };
    });
    await app.approve('o9');
    await check();
    expect(seen).toEqual(['awaiting-approval', 'placing', 'placed']);
  });

  test('is taken while a disconnect can still be undone, and free once it is undone', async () => {
    const app = startOrdersApp();
    await app.request('o9', disconnect());
    await app.approve('o9');
    expect(await app.checkNumbers([front], 'o1')).toEqual(problem);
    await app.cancelOrder('o9', ana);
    expect(await app.checkNumbers([front], 'o1')).toEqual(fine);
  });

  test('is free once that order has ended, even if its card is stale', async () => {
    const app = startOrdersApp();
    await app.request('o9');
    app.board.trouble = () => {
      throw new Error('Slack does not answer');
    };
    await app.cancelOrder('o9', ana);
    await allQuiet();
    expect(await app.store.open()).toEqual(['o9']);
    expect(await app.checkNumbers([front], 'o1')).toEqual(fine);
  });

  test('does not conflict with an order that buys whatever it finds, nor with one that names others', async () => {
    const app = startOrdersApp();
    await app.request('o9', disconnect({ inService: [working(back)] }));
    expect(await app.checkNumbers([front], 'o1')).toEqual(fine);
  });

  test('does not conflict with its own order: a form that Slack sends twice isn’t refused', async () => {
    const app = startOrdersApp();
    await app.request('o1', disconnect());
    expect(await app.checkNumbers(twoNumbers, 'o1')).toEqual({ inService: twoNumbers.map(working) });
  });

  test('is noticed even if it was requested while Bandwidth was looking the numbers up', async () => {
    const app = startOrdersApp();
    app.carrier.onLookUpNumbers(async () => {
      await allQuiet();
      await app.request('o9', disconnect());
      return [works(front)];
    });
    expect(await app.checkNumbers([front], 'o1')).toEqual(problem);
  });

  test('an order that vanished between listing and reading takes nothing', async () => {
    const app = startOrdersApp();
    const { openAbout } = app.store;
    app.store.openAbout = async (question) => [...(await openAbout(question)), 'gone'];
    expect(await app.start().checkNumbers([front], 'o1')).toEqual(fine);
  });
});

test('a stored order that cannot be read keeps no one from disconnecting; the others are still seen', async () => {
  const folder = temporaryFolder();
  const file = await openSqlite(`${folder.path}/numbers.db`);
  try {
    const entries = makeNamespace('orders', file.adapter('orders'));
    const index = makeNamespace('open-orders', file.adapter('open-orders'));
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const listing = makeOrderListing({ keys: file.sortedKeys('order-index'), log: quiet });
    const orders = makeOrderStore({ orders: entries, index, listing, clock: { now: () => 0 }, log: quiet });
    const ask = (id: string, number: PhoneNumber) =>
      orders.insert(
        newOrder({
          id,
          request: disconnect({ inService: [working(number)] }),
          requester: sam,
          channelId: 'C1',
          now: 0,
          expiresAt: 86_400_000,
        }),
      );
    await ask('damaged', front);
    await ask('whole', back);
    await entries.set('damaged', { v: 1, order: 'scribbled over' });
    const { carrier } = startOrdersApp();
    const checkNumbers = makeCheckNumbers({ carrier, orders, log: quiet });
    expect(await checkNumbers([front, lobby], 'o1')).toEqual({ inService: [working(front), working(lobby)] });
    expect(await checkNumbers([back], 'o1')).toEqual({
      problems: [{ number: back, why: 'in-another-order', orderId: 'whole' }],
    });
  } finally {
    await file.close();
    folder.remove();
  }
});

test('two people who request the same number at the same moment both can; Bandwidth disconnects it once and says so', async () => {
  const app = startOrdersApp({ undoWindowMs: 0 });
  const asks = async (id: string) => {
    const checked = await app.checkNumbers([front], id);
    if (!('inService' in checked)) throw new Error('the check found a problem');
    const request = disconnect({ inService: checked.inService });
    const requester = id === 'o1' ? ana : sam;
    await app.requestOrder({ id, request, requester, channelId: 'C1' });
  };
  await Promise.all([asks('o1'), asks('o2')]);
  await allQuiet();

  const gone = {
    code: '5006',
    description: 'Telephone number could not be disconnected since it is not associated with your account',
    numbers: [front],
  };
  app.carrier.onReport(
    () => report('complete', { completed: [front] }),
    () => report('failed', { failed: [front], faults: [gone] }),
  );
  await app.approve('o1', ben);
  await app.clock.advance(10_000);
  await app.approve('o2', bea);
  await app.clock.advance(10_000);
  expect(app.order('o1')).toMatchObject({ status: 'complete', outcome: { completed: [front] } });
  expect(app.order('o2')).toMatchObject({ status: 'failed', outcome: { completed: [], faults: [gone] } });
});

describe('A requested disconnect', () => {
  test('is on record with every number as it was looked up, and its card is posted', async () => {
    const app = startOrdersApp();
    await app.request('o1', disconnect());
    expect(app.order('o1')).toMatchObject({ status: 'awaiting-approval', request: disconnect() });
    expect(app.board.drawings).toHaveLength(1);
    expect(app.carrier.posts).toEqual([]);
  });

  test('of more numbers than allowed is refused', async () => {
    const app = startOrdersApp({ maxNumbersPerOrder: 10 });
    const request = disconnect({ inService: phones(11).map(working) });
    const asked = { id: 'o1', request, requester: ana, channelId: 'C1' };
    expect(await app.requestOrder(asked)).toEqual({
      refused: 'too-many',
      over: { limit: 'order', most: 10, left: 10 },
    });
    expect(app.store.onRecord('o1')).toBeUndefined();
  });

  test('cannot be approved by its requester, even if they can approve their own purchases', async () => {
    const app = startOrdersApp({
      allowSelfApproval: true,
      approvers: { anyone: true, users: [ana.userId], groups: [] },
    });
    await app.request('o1', disconnect());
    const seen = requestDigest(app.order('o1'));
    expect(await app.reviewOrder('o1', ana, { verdict: 'approve', seen })).toMatchObject({
      refused: 'own-request',
      order: { status: 'awaiting-approval' },
    });
    await app.live(120_000);
    expect(app.carrier.posts).toEqual([]);
    expect(await app.reviewOrder('o1', sam, { verdict: 'approve', seen })).toMatchObject({
      status: 'approved',
    });
  });

  test('is what Bandwidth gets, exactly as it was approved', async () => {
    const app = startOrdersApp();
    const request = disconnect({ mode: 'purge', protected: 'FALSE' });
    await app.request('o1', request);
    await app.approve('o1');
    await app.live(120_000);
    expect(app.carrier.accepted).toEqual([{ orderId: 'o1', id: 'carrier-1', request, keptFrom: [] }]);
  });

  test('cannot be approved as something other than what is on record', async () => {
    const app = startOrdersApp();
    await app.request('o1', disconnect());
    const seen = requestDigest(waitingOrder(disconnect({ inService: [working(front)] }), 'o1'));
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
  });
});
