import { beforeEach, expect, test } from '@jest/globals';
import { lineIdOf } from '../../../src/orders/domain/line-ids.js';
import { learnCarrierOrderIds } from '../../../src/orders/engine/tracking/carrier-order-ids.js';
import type { Log } from '../../../src/orders/ports/log.js';
import { type HandleNotice, makeHandleNotice } from '../../../src/orders/use-cases/handle-notice.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { lines, searched } from '../../support/orders/people.js';
import { lostOnTheWay, report } from '../../support/orders/scripted-carrier.js';

const ID = '6f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

let app: OrdersApp;
let handleNotice: HandleNotice;
let learned: ReturnType<typeof learnCarrierOrderIds>;
let warnings: string[];

/** An approved order that Bandwidth has taken and is asked about every few seconds by now. */
beforeEach(async () => {
  warnings = [];
  app = startOrdersApp();
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (_facts, sentence) => warnings.push(sentence),
    error: () => {},
  };
  learned = learnCarrierOrderIds(app.store);
  const { engine, clock } = app;
  handleNotice = makeHandleNotice({ ...learned, engine, clock, log });
  await app.request(ID);
  await app.approve(ID);
  await app.clock.advance(11_000);
});

const asked = () => app.carrier.reports.length;

async function notice(given: Parameters<HandleNotice>[0] = { orderId: ID }): Promise<void> {
  await handleNotice(given);
  await allQuiet();
}

test('a notice causes a lookup at once', async () => {
  const before = asked();
  await notice();
  expect(asked()).toBe(before + 1);
});

test('many notices cause one lookup, and one more a second later', async () => {
  const before = asked();
  for (let i = 0; i < 50; i++) await notice();
  expect(asked()).toBe(before + 1);
  const writes = app.order(ID).version;
  for (let i = 0; i < 50; i++) await notice();
  expect(app.order(ID).version).toBe(writes);
  await app.clock.advance(1_000);
  expect(asked()).toBe(before + 2);
  await app.clock.advance(1_000);
  expect(asked()).toBe(before + 2);
});

test('a notice during a lookup causes one more', async () => {
  let answer = () => {};
  app.carrier.onReport(
    () =>
      new Promise((resolve) => {
        answer = () => resolve(report('received'));
      }),
  );
  const before = asked();
  await notice();
  await app.clock.advance(10);
  app.carrier.says(report('complete', { completed: [] }));
  await app.clock.advance(1_100);
  await notice();
  expect(asked()).toBe(before + 1);
  answer();
  await allQuiet();
  await allQuiet();
  expect(asked()).toBe(before + 2);
  expect(app.order(ID).status).toBe('complete');
});

test('a lost order is looked up at once', async () => {
  const other = 'a3d1c7a0-5d3e-4f43-8b88-0d1f0f3f6a11';
  app.carrier.onPlace((accept) => {
    accept();
    return { outcome: 'unknown', advice: 'No answer.' };
  });
  await app.request(other);
  await app.approve(other);
  expect(app.order(other).status).toBe('placing');
  await notice({ orderId: other.toUpperCase() });
  expect(app.order(other).status).toBe('placed');
});

test('a notice that names only the carrier order finds the order, until that has ended', async () => {
  const carrierOrderId = app.carrier.accepted[0]?.id ?? '';
  await learned.orders.get(ID);
  const before = asked();
  await notice({ carrierOrderId, orderId: NOWHERE });
  expect(asked()).toBe(before + 1);
  app.carrier.says(report('failed'));
  await app.clock.advance(5_000);
  await notice({ carrierOrderId });
  await learned.orders.get(ID);
  expect(learned.orderOf(carrierOrderId)).toBeUndefined();
});

test.each([
  ['an order that is not ours', { orderId: NOWHERE }],
  ['a carrier order that is not ours', { carrierOrderId: 'somebody-elses' }],
  ['an id that is none', { orderId: '../../etc/passwd' }],
])('a notice about %s changes nothing', async (_, given) => {
  const before = [asked(), app.order(ID)];
  await notice(given);
  expect([asked(), app.order(ID)]).toEqual(before);
});

test('an order that is waiting for approval, or has ended, is left as it is', async () => {
  const other = 'a3d1c7a0-5d3e-4f43-8b88-0d1f0f3f6a11';
  await app.request(other);
  const before = app.order(other);
  await notice({ orderId: other });
  expect(app.order(other)).toEqual(before);
  app.carrier.says(report('failed'));
  await app.live(10_000);
  const ended = app.order(ID);
  expect(ended.status).toBe('failed');
  await notice();
  expect(app.order(ID)).toEqual(ended);
});

test('if the database is down, the notice is lost, and nothing else', async () => {
  app.store.failWhen((call) => call === 'get');
  await notice();
  app.store.recover();
  expect(warnings).toEqual([expect.stringContaining('relying on polling')]);
  await notice();
  expect(asked()).toBeGreaterThan(0);
});

test('repeated notices do not send an order a second time before half a minute has passed', async () => {
  const lost = '7f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
  app.carrier.onPlace(lostOnTheWay);
  await app.request(lost);
  await app.approve(lost);
  const posts = () => app.carrier.posts.filter((id) => id === lost);
  for (let second = 0; second < 29; second += 1) {
    await notice({ orderId: lost });
    await app.clock.advance(1_000);
  }
  expect(app.carrier.finds.length).toBeGreaterThan(20);
  expect(posts()).toHaveLength(1);
  expect(app.board.announced).not.toContain('untraced');
  await notice({ orderId: lost });
  await app.clock.advance(2_000);
  expect(posts()).toHaveLength(2);
});

test.each(['the id of the line', 'only the carrier order'])(
  'a notice with %s looks that line up, and no other',
  async (named) => {
    const id = '7f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
    await app.request(id, lines(searched('910', 1), searched('919', 1), searched('704', 1)));
    await app.approve(id);
    await app.clock.advance(11_000);
    // Notices are learned from what is read and written.
    await learned.orders.get(id);
    const second = app.carrier.accepted.find(({ orderId }) => orderId === lineIdOf(id, 2));
    const before = asked();
    await notice(
      named === 'the id of the line'
        ? { orderId: lineIdOf(id, 2).toUpperCase() }
        : { carrierOrderId: second?.id ?? '' },
    );
    expect(app.carrier.reports.slice(before)).toEqual([second?.id]);
  },
);
