import { describe, expect, test } from '@jest/globals';
import { holdsOf } from '../../../src/orders/domain/holds.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type Gate, type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, phone, phones, purchase } from '../../support/orders/people.js';
import { cannotBeAsked, type HoldTurn, report } from '../../support/orders/scripted-carrier.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const [one = phone('9102414365'), two = phone('9102414366')] = phones(2);
const picked = (...numbers: readonly PhoneNumber[]) => purchase({ wanted: { by: 'numbers', numbers } });
/** What the card shows. */
const digest = (app: OrdersApp) => requestDigest(app.order('o1'));
const keptUnheard: HoldTurn = (keep) => {
  keep();
  return cannotBeAsked()();
};
const states = (app: OrdersApp) => holdsOf(app.order('o1')).map(({ state }) => state);
const decline = (instance: Pick<OrdersApp, 'reviewOrder'>) =>
  instance.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
const ask = (instance: Pick<OrdersApp, 'requestOrder'>) =>
  instance.requestOrder({ id: 'o1', request: picked(one), requester: ana, channelId: 'C1' });

/** An app where nothing runs but what a test starts. */
async function open(): Promise<OrdersApp> {
  const app = startOrdersApp({ approvalTtlMs: 4 * DAY }, 100);
  await app.engine.stop();
  return app;
}

/** A process whose requests for a hold take their time; everything else is done at once. */
function slowToHold(app: OrdersApp) {
  const slow = makeHeldCalls();
  const quick = makeHeldCalls();
  quick.open();
  const gate: Gate = (call, go) => (call === 'hold' ? slow : quick).gate(call, go);
  const die = () => {
    slow.close();
    quick.close();
  };
  return { instance: app.start(gate), letOn: () => slow.letOn(0), die };
}

async function expectNothingLeft(app: OrdersApp): Promise<void> {
  expect([...app.carrier.reserved]).toEqual([]);
  expect(await app.store.open()).toEqual([]);
  await app.expectAllInJournal();
}

describe('A hold whose answer is lost leaves nothing behind', () => {
  test.each([
    ['as ever', 0],
    ['and the clock is set forward before anybody looks', 90 * SECOND],
    ['and the clock is set back', -90 * SECOND],
    ['and the clock is a day fast from then on', DAY],
    ['and the clock is a day slow from then on', -DAY],
  ])('if the process that sent it dies and Ben declines in another, %s', async (_how, jump) => {
    const app = await open();
    const first = slowToHold(app);
    void ask(first.instance);
    await allQuiet();
    await first.letOn();
    expect(app.carrier.reserved.size).toBe(1);
    first.die();
    app.clock.jump(jump);
    const second = app.start();
    await decline(second);
    await app.live(2 * MINUTE, second);
    await expectNothingLeft(app);
  });

  test('if the request takes effect after Ben declined in another process, which has looked and found nothing by then', async () => {
    const app = await open();
    const first = slowToHold(app);
    void ask(first.instance);
    await allQuiet();
    const second = app.start();
    await decline(second);
    await app.live(5 * SECOND, second);
    await first.letOn();
    expect(app.carrier.reserved.size).toBe(1);
    first.die();
    await app.live(2 * MINUTE, second);
    await expectNothingLeft(app);
  });

  test('if a colleague has the number at first, and releases it while the request is still on its way', async () => {
    const app = await open();
    app.carrier.reservesByHand(one);
    await app.clock.advance(10 * MINUTE);
    const first = slowToHold(app);
    void ask(first.instance);
    await allQuiet();
    const second = app.start();
    await second.engine.settle('o1');
    expect(states(app)).toEqual(['asked']);
    await app.carrier.release('by-hand');
    await first.letOn();
    expect(app.carrier.reserved.size).toBe(1);
    first.die();
    await decline(second);
    await app.live(2 * MINUTE, second);
    await expectNothingLeft(app);
  });

  test('if it was the third request that took effect, and the process that sent it died', async () => {
    const app = await open();
    app.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    const quick = makeHeldCalls();
    quick.open();
    const first = app.start((call, go) =>
      quick.gate(call, async () => {
        const answer = await go();
        if (call === 'hold') quick.close();
        return answer;
      }),
    );
    void ask(first);
    for (let minute = 0; minute < 5; minute += 1) {
      void first.engine.pass();
      await app.clock.advance(MINUTE);
    }
    expect(app.carrier.holdsAsked).toHaveLength(3);
    expect(app.carrier.reserved.size).toBe(1);
    const second = app.start();
    await decline(second);
    await app.live(2 * MINUTE, second);
    await expectNothingLeft(app);
  });

  test('if the order ended long before Bandwidth can be asked again', async () => {
    const app = await open();
    app.carrier.onHold(keptUnheard);
    const instance = app.start();
    await ask(instance);
    await allQuiet();
    app.carrier.onFindHold(...Array(40).fill(cannotBeAsked()));
    await decline(instance);
    await app.live(20 * MINUTE, instance);
    expect(app.carrier.reserved.size).toBe(1);
    expect(await app.store.open()).toEqual(['o1']);
    await app.live(HOUR, instance, 20 * SECOND);
    await expectNothingLeft(app);
  });

  test('if a process slept between recording the request and sending it', async () => {
    const app = await open();
    const held = makeHeldCalls();
    const quick = makeHeldCalls();
    quick.open();
    const asleep = app.start((call, go) =>
      (call === 'replace awaiting-approval' ? held : quick).gate(call, go),
    );
    void ask(asleep);
    await allQuiet();
    while (states(app).length === 0) await held.letOn(0);
    expect(states(app)).toEqual(['asked']);
    const second = app.start();
    await decline(second);
    await app.live(2 * MINUTE, second);
    held.open();
    await allQuiet();
    expect(app.carrier.holdsAsked).toEqual([]);
    await expectNothingLeft(app);
  });
});

describe('An answer that comes too late', () => {
  test('names a reservation that no lookup had shown yet: it is released', async () => {
    const app = await open();
    const first = slowToHold(app);
    void ask(first.instance);
    await allQuiet();
    await first.letOn();
    const second = app.start();
    app.carrier.onFindHold(
      () => 'unseen',
      () => 'unseen',
    );
    await decline(second);
    await app.live(2 * MINUTE, second);
    expect(app.order('o1').holds).toMatchObject([{ state: 'released' }]);
    expect(app.carrier.reserved.size).toBe(1);
    await first.letOn();
    await app.live(MINUTE, second);
    await expectNothingLeft(app);
  });
});

describe('A wrong clock', () => {
  test.each([DAY, -DAY])('that is off by %d ms ends no hold: the order names it', async (jump) => {
    const app = await open();
    const instance = app.start();
    await ask(instance);
    app.clock.jump(jump);
    app.carrier.says(report('complete'));
    await app.live(MINUTE, instance);
    const kept = [...app.carrier.reserved.keys()];
    expect(kept).toHaveLength(1);
    await instance.reviewOrder('o1', ben, { verdict: 'approve', seen: digest(app) });
    await app.live(MINUTE, instance);
    expect(app.carrier.named).toEqual([kept]);
    expect(app.order('o1').status).toBe('complete');
  });
});

test('what an edit left out is released even if the order is complete without a list of its numbers', async () => {
  const app = await open();
  const instance = app.start();
  await instance.requestOrder({ id: 'o1', request: picked(one, two), requester: ana, channelId: 'C1' });
  await allQuiet();
  app.carrier.onRelease(cannotBeAsked());
  await instance.editOrder('o1', ana, { edition: 1, request: picked(one) });
  await allQuiet();
  app.carrier.says(report('complete'));
  await instance.reviewOrder('o1', ben, { verdict: 'approve', seen: digest(app) });
  await app.live(2 * MINUTE, instance);
  expect(app.order('o1').status).toBe('complete');
  await expectNothingLeft(app);
});
