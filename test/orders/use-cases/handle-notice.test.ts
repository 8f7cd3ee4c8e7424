import { beforeEach, expect, test } from '@jest/globals';
import { lineIdOf } from '../../../src/orders/domain/line-ids.js';
import { learnCarrierOrderIds } from '../../../src/orders/engine/tracking/carrier-order-ids.js';
import type { Log } from '../../../src/orders/ports.js';
import { type HandleNotice, makeHandleNotice } from '../../../src/orders/use-cases/handle-notice.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import { lines, searched } from '../../support/orders/people.js';
import { lostOnTheWay, report } from '../../support/orders/scripted-carrier.js';

const ID = '6f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

let office: Office;
let handleNotice: HandleNotice;
let learned: ReturnType<typeof learnCarrierOrderIds>;
let warnings: string[];

/** An approved order that Bandwidth has taken and is asked about every few seconds by now. */
beforeEach(async () => {
  warnings = [];
  office = openOffice();
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (_facts, sentence) => warnings.push(sentence),
    error: () => {},
  };
  learned = learnCarrierOrderIds(office.store);
  const { engine, clock } = office;
  handleNotice = makeHandleNotice({ ...learned, engine, clock, log });
  await office.request(ID);
  await office.approve(ID);
  await office.clock.advance(11_000);
});

const asked = () => office.carrier.reports.length;

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
  const writes = office.order(ID).version;
  for (let i = 0; i < 50; i++) await notice();
  expect(office.order(ID).version).toBe(writes);
  await office.clock.advance(1_000);
  expect(asked()).toBe(before + 2);
  await office.clock.advance(1_000);
  expect(asked()).toBe(before + 2);
});

test('a notice during a lookup causes one more', async () => {
  let answer = () => {};
  office.carrier.onReport(
    () =>
      new Promise((resolve) => {
        answer = () => resolve(report('received'));
      }),
  );
  const before = asked();
  await notice();
  await office.clock.advance(10);
  office.carrier.says(report('complete', { completed: [] }));
  await office.clock.advance(1_100);
  await notice();
  expect(asked()).toBe(before + 1);
  answer();
  await allQuiet();
  await allQuiet();
  expect(asked()).toBe(before + 2);
  expect(office.order(ID).status).toBe('complete');
});

test('a lost order is looked up at once', async () => {
  const other = 'a3d1c7a0-5d3e-4f43-8b88-0d1f0f3f6a11';
  office.carrier.onPlace((accept) => {
    accept();
    return { outcome: 'unknown', advice: 'No answer.' };
  });
  await office.request(other);
  await office.approve(other);
  expect(office.order(other).status).toBe('placing');
  await notice({ orderId: other.toUpperCase() });
  expect(office.order(other).status).toBe('placed');
});

test('a notice that names only the carrier order finds the order, until that has ended', async () => {
  const carrierOrderId = office.carrier.accepted[0]?.id ?? '';
  await learned.orders.get(ID);
  const before = asked();
  await notice({ carrierOrderId, orderId: NOWHERE });
  expect(asked()).toBe(before + 1);
  office.carrier.says(report('failed'));
  await office.clock.advance(5_000);
  await notice({ carrierOrderId });
  await learned.orders.get(ID);
  expect(learned.orderOf(carrierOrderId)).toBeUndefined();
});

test.each([
  ['an order that is not ours', { orderId: NOWHERE }],
  ['a carrier order that is not ours', { carrierOrderId: 'somebody-elses' }],
  ['an id that is none', { orderId: '../../etc/passwd' }],
])('a notice about %s changes nothing', async (_, given) => {
  const before = [asked(), office.order(ID)];
  await notice(given);
  expect([asked(), office.order(ID)]).toEqual(before);
});

test('an order that is waiting for approval, or has ended, is left as it is', async () => {
  const other = 'a3d1c7a0-5d3e-4f43-8b88-0d1f0f3f6a11';
  await office.request(other);
  const before = office.order(other);
  await notice({ orderId: other });
  expect(office.order(other)).toEqual(before);
  office.carrier.says(report('failed'));
  await office.live(10_000);
  const ended = office.order(ID);
  expect(ended.status).toBe('failed');
  await notice();
  expect(office.order(ID)).toEqual(ended);
});

test('if the database is down, the notice is lost, and nothing else', async () => {
  office.store.failWhen((call) => call === 'get');
  await notice();
  office.store.recover();
  expect(warnings).toEqual([expect.stringContaining('relying on polling')]);
  await notice();
  expect(asked()).toBeGreaterThan(0);
});

test('repeated notices do not send an order a second time before half a minute has passed', async () => {
  const lost = '7f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
  office.carrier.onPlace(lostOnTheWay);
  await office.request(lost);
  await office.approve(lost);
  const posts = () => office.carrier.posts.filter((id) => id === lost);
  for (let second = 0; second < 29; second += 1) {
    await notice({ orderId: lost });
    await office.clock.advance(1_000);
  }
  expect(office.carrier.finds.length).toBeGreaterThan(20);
  expect(posts()).toHaveLength(1);
  expect(office.board.announced).not.toContain('untraced');
  await notice({ orderId: lost });
  await office.clock.advance(2_000);
  expect(posts()).toHaveLength(2);
});

test.each(['the id of the line', 'only the carrier order'])(
  'a notice with %s looks that line up, and no other',
  async (named) => {
    const id = '7f1f4c1e-7d0b-4b51-9a0e-3a5f2d1c0b9a';
    await office.request(id, lines(searched('910', 1), searched('919', 1), searched('704', 1)));
    await office.approve(id);
    await office.clock.advance(11_000);
    // Notices are learned from what is read and written.
    await learned.orders.get(id);
    const second = office.carrier.accepted.find(({ orderId }) => orderId === lineIdOf(id, 2));
    const before = asked();
    await notice(
      named === 'the id of the line'
        ? { orderId: lineIdOf(id, 2).toUpperCase() }
        : { carrierOrderId: second?.id ?? '' },
    );
    expect(office.carrier.reports.slice(before)).toEqual([second?.id]);
  },
);
