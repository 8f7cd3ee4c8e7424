import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeCrashingProcess } from '../../support/orders/crashing-process.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, ben, disconnect, gus, longDisconnect, purchase } from '../../support/orders/people.js';
import { ONE_IN_FEW } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ana's request, which waits for a day if not told otherwise. */
async function waiting(
  policy: Parameters<typeof startOrdersApp>[0] = {},
  request: OrderRequest = purchase(),
) {
  const app = startOrdersApp(policy);
  await app.request('o1', request);
  return { app, askedAt: app.clock.now() };
}

const approves = (app: OrdersApp, by = ben) =>
  app.reviewOrder('o1', by, { verdict: 'approve', seen: requestDigest(app.order('o1')) });

/** Time goes by with a pass every ten minutes, or as said. */
const pass = (app: OrdersApp, ms: number, every = 10 * MINUTE) => app.live(ms, app, every);

describe('A request that nobody decides on', () => {
  test('expires at exactly its time, without waiting for a pass', async () => {
    const { app, askedAt } = await waiting();
    await app.live(DAY - 5 * SECOND, app, HOUR);
    await app.engine.pass();
    await app.clock.advance(5 * SECOND - 1);
    expect(app.order('o1').status).toBe('awaiting-approval');
    await app.clock.advance(1);
    expect(app.order('o1')).toMatchObject({ status: 'expired', at: askedAt + DAY });
    expect(app.board.drawings.at(-1)?.status).toBe('expired');
    expect(app.board.announced.at(-1)).toBe('expired');
    expect(await app.store.open()).toEqual([]);
    expect(app.carrier.posts).toEqual([]);
  });

  test('has ended for a disconnect too, whose numbers can then be requested again', async () => {
    const { app } = await waiting({}, disconnect());
    const numbers = disconnect().inService.map(({ number }) => number);
    await pass(app, DAY);
    await app.engine.pass();
    expect(app.order('o1').status).toBe('expired');
    expect(await app.checkNumbers(numbers, 'o2')).toMatchObject({ inService: [{}, {}] });
  });

  test('waits as long as promised, even if the setting is different after a restart', async () => {
    const { app } = await waiting();
    await app.engine.stop();
    const restarted = startOrdersApp({ approvalTtlMs: 5 * MINUTE });
    await restarted.store.insert(app.order('o1'));
    await pass(restarted, HOUR);
    expect(restarted.order('o1').status).toBe('awaiting-approval');
  });

  test('costs only a look at the record while it waits', async () => {
    const { app } = await waiting();
    const before = app.journal.length;
    app.members = new Error('nobody should ask who is in the group');
    await app.live(HOUR);
    expect(app.journal.slice(before)).toEqual([]);
    expect(app.errors).toEqual([]);
  });

  test('expires once, even if two processes see it at the same moment', async () => {
    const { app } = await waiting();
    const other = app.start();
    await app.clock.advance(DAY);
    await Promise.all([app.engine.pass(), other.engine.pass()]);
    await allQuiet();
    expect(app.order('o1').events.filter(({ what }) => what === 'expired')).toHaveLength(1);
  });
});

describe('A request that has expired', () => {
  test.each([
    ['approved', (app: OrdersApp) => approves(app)],
    ['approved by somebody of the group', (app: OrdersApp) => approves(app, gus)],
    ['declined', (app: OrdersApp) => app.reviewOrder('o1', ben, { verdict: 'decline', why: 'Too late' })],
    ['cancelled', (app: OrdersApp) => app.cancelOrder('o1', ana)],
    [
      'edited',
      (app: OrdersApp) => app.editOrder('o1', ana, { edition: 1, request: purchase({ name: 'X' }) }),
    ],
    ['declined, so that no form opens', (app: OrdersApp) => app.mayReview('o1', ben)],
    ['edited, so that no form opens', (app: OrdersApp) => app.mayEdit('o1', ana)],
  ])('cannot be %s, though no pass has noticed yet', async (_what, press) => {
    const { app, askedAt } = await waiting();
    await app.clock.advance(DAY);
    expect(app.order('o1').status).toBe('awaiting-approval');
    expect(await press(app)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'expired', at: askedAt + DAY },
    });
    await allQuiet();
    expect(app.order('o1').status).toBe('expired');
    expect(app.board.drawings.at(-1)?.status).toBe('expired');
    expect(app.carrier.posts).toEqual([]);
  });

  test('can be approved a moment before that, and then does not expire', async () => {
    const { app } = await waiting();
    await app.clock.advance(DAY - 1);
    expect(await approves(app)).toMatchObject({ status: 'approved' });
    await app.clock.advance(1);
    await app.engine.pass();
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.board.announced).not.toContain('expired');
  });

  test('expires at the next start, if the app was down, without any reminder', async () => {
    const { app, askedAt } = await waiting();
    await app.engine.stop();
    await app.clock.advance(3 * DAY);
    const next = app.start();
    await next.engine.pass();
    await allQuiet();
    expect(app.order('o1')).toMatchObject({ status: 'expired', at: askedAt + DAY });
    expect(app.board.announced).toEqual(['expired']);
  });

  test('can be submitted again, which decides nothing; a waiting or decided one cannot', async () => {
    const { app } = await waiting();
    expect(await app.askAgain('o1', ana)).toMatchObject({ refused: 'already-decided' });
    expect(await app.askAgain('o7', ana)).toEqual({ refused: 'no-such-order' });
    await pass(app, DAY);
    await app.engine.pass();
    await allQuiet();
    const before = app.order('o1');
    expect(await app.askAgain('o1', ana)).toMatchObject({ status: 'expired', request: purchase() });
    await allQuiet();
    expect(app.order('o1')).toEqual(before);
  });
});

test('Whether the clock or Ben is first, there is one decision', async () => {
  const seen = new Set<string>();
  for (let order = 0; order < 24; order += 1) {
    const { app } = await waiting();
    const [clock, press] = [makeHeldCalls(), makeHeldCalls()];
    const [instance, bens] = [app.start(clock.gate), app.start(press.gate)];
    await app.clock.advance(DAY - 1);
    const answer = bens.reviewOrder('o1', ben, {
      verdict: 'approve',
      seen: requestDigest(app.order('o1')),
    });
    for (let step = 0; step < order % 8; step += 1) await press.letOn(0);
    await app.clock.advance(1);
    const passed = instance.engine.pass();
    await allQuiet();
    for (let step = 0; step < 12; step += 1) await ((order >> (step % 5)) & 1 ? clock : press).letOn(0);
    clock.open();
    press.open();
    const result = await answer;
    await passed;
    await allQuiet();
    const decided = app.order('o1').events.filter(({ what }) => what === 'approved' || what === 'expired');
    expect(decided).toHaveLength(1);
    expect('refused' in result).toBe(decided[0]?.what === 'expired');
    seen.add(String(decided[0]?.what));
  }
  expect([...seen].sort()).toEqual(['approved', 'expired']);
});

describe('The approvers', () => {
  test('are reminded at half time and an hour before, once each', async () => {
    const { app } = await waiting();
    await pass(app, DAY / 2 - MINUTE);
    expect(app.board.announced).toEqual([]);
    await pass(app, 2 * MINUTE, MINUTE);
    expect(app.board.announced).toEqual(['reminder-half']);
    await pass(app, 11 * HOUR - 2 * MINUTE);
    expect(app.board.announced).toEqual(['reminder-half']);
    await pass(app, 2 * MINUTE, MINUTE);
    expect(app.board.announced).toEqual(['reminder-half', 'reminder-hour']);
    await pass(app, 2 * HOUR);
    expect(app.board.announced).toEqual(['reminder-half', 'reminder-hour', 'expired']);
  });

  test('are not reminded of what has been decided', async () => {
    const { app } = await waiting({}, disconnect());
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'Still in use' });
    await pass(app, 2 * DAY);
    expect(app.board.announced).toEqual(['declined']);
  });

  test('get only the latest reminder if the app was down at half time', async () => {
    const { app } = await waiting();
    await app.engine.stop();
    await app.clock.advance(DAY - 30 * MINUTE);
    const next = app.start();
    await next.engine.pass();
    await allQuiet();
    expect(app.board.announced).toEqual(['reminder-hour']);
  });

  test('get each reminder after a crash at any step, and twice only if the crash came right after it was sent', async () => {
    const story = async (diesAtStep?: number) => {
      const { app } = await waiting();
      await app.engine.stop();
      await app.clock.advance(DAY / 2);
      const crashing = makeCrashingProcess(diesAtStep);
      const first = app.start(crashing.gate);
      void first.engine.pass();
      await allQuiet();
      const second = app.start();
      await app.live(10 * MINUTE, second, MINUTE);
      return { told: app.board.announced, steps: crashing.steps() };
    };
    const { steps } = await story();
    for (let step = 1; step <= steps; step += ONE_IN_FEW) {
      const { told } = await story(step);
      expect(told.filter((kind) => kind === 'reminder-half').length).toBeGreaterThanOrEqual(1);
      expect(told.length).toBeLessThanOrEqual(2);
    }
    expect((await story(steps)).told).toEqual(['reminder-half']);
  });

  test('get the whole list of a long disconnect before any reminder', async () => {
    const { app } = await waiting({}, longDisconnect());
    await pass(app, DAY - HOUR + MINUTE);
    expect(app.board.announced).toEqual(['numbers', 'reminder-half', 'reminder-hour']);
  });
});

describe('A clock that is set back', () => {
  test('a little makes a request wait a little longer', async () => {
    const { app } = await waiting();
    app.clock.jump(-2 * HOUR);
    await pass(app, DAY + HOUR);
    expect(app.order('o1').status).toBe('awaiting-approval');
    await pass(app, HOUR + MINUTE);
    expect(app.order('o1').status).toBe('expired');
  });

  test('by a year blocks nothing: the request expires now and can be submitted again', async () => {
    const { app, askedAt } = await waiting();
    app.clock.jump(-365 * DAY);
    await app.engine.pass();
    await allQuiet();
    expect(app.order('o1')).toMatchObject({ status: 'expired', at: askedAt - 365 * DAY });
    expect(app.board.announced).toEqual(['expired']);
    expect(await app.store.open()).toEqual([]);
  });
});
