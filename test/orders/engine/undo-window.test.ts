import { describe, expect, test } from '@jest/globals';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { makeCrashingProcess } from '../../support/orders/crashing-process.js';
import { makeHeldCalls } from '../../support/orders/held-calls.js';
import { allQuiet } from '../../support/orders/manual-clock.js';
import { type Instance, type OrdersApp, startOrdersApp } from '../../support/orders/orders-app.js';
import { ana, bea, ben, disconnect, guest, gus, purchase, sam } from '../../support/orders/people.js';
import { notTaken, report, takenButAnswerLost } from '../../support/orders/scripted-carrier.js';
import { ONE_IN } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Ana asked for a disconnect, Ben approved it just now; it can be undone for a minute. */
async function approvedDisconnect(app = startOrdersApp()) {
  await app.request('o1', disconnect());
  await app.approve('o1');
  return { app, approvedAt: app.clock.now(), undoes: (by: Person) => app.cancelOrder('o1', by) };
}

describe('An approved disconnect', () => {
  test('is not placed before its undo window is over, and then once', async () => {
    const { app, approvedAt } = await approvedDisconnect();
    expect(app.order('o1')).toMatchObject({ status: 'approved', asking: { nextAt: approvedAt + MINUTE } });
    await app.live(MINUTE - 1);
    expect(app.carrier.posts).toEqual([]);
    await app.live(6 * SECOND);
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben } });
  });

  test('does not wait for a pass with a window of a few seconds', async () => {
    const { app } = await approvedDisconnect(startOrdersApp({ undoWindowMs: 8 * SECOND }));
    await app.clock.advance(8 * SECOND - 1);
    expect(app.carrier.posts).toEqual([]);
    await app.clock.advance(1);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('without an undo window goes at once', async () => {
    const { app } = await approvedDisconnect(startOrdersApp({ undoWindowMs: 0 }));
    expect(app.carrier.posts).toEqual(['o1']);
    expect(app.order('o1').status).toBe('placed');
  });

  test('announces the approval in the thread at once, and the card changes when it can no longer be undone', async () => {
    const { app } = await approvedDisconnect();
    expect(app.board.announced).toEqual(['approved']);
    app.carrier.onPlace(() => new Promise(() => {}));
    await app.live(MINUTE);
    expect(app.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'approved',
      'placing',
    ]);
  });

  test('is not drawn over and over while it waits', async () => {
    const { app } = await approvedDisconnect();
    const before = app.journal.length;
    await app.live(MINUTE - SECOND);
    expect(app.journal.slice(before)).toEqual([]);
  });

  test('keeps the window it was approved with, even if the setting is different after a restart', async () => {
    const { app, approvedAt } = await approvedDisconnect();
    await app.engine.stop();
    const restarted = startOrdersApp({ undoWindowMs: 0 });
    await restarted.store.insert(app.order('o1'));
    await restarted.live(MINUTE - 1);
    expect(restarted.carrier.posts).toEqual([]);
    await restarted.live(6 * SECOND);
    expect(restarted.postedAt).toEqual([approvedAt + MINUTE]);
  });
});

test('a purchase is never delayed', async () => {
  const app = startOrdersApp({ undoWindowMs: HOUR });
  await app.request('o1', purchase());
  await app.approve('o1');
  expect(app.postedAt).toEqual([app.clock.now()]);
});

describe('Undo', () => {
  test.each([
    ['the requester', ana],
    ['the approver who approved', ben],
    ['another approver', bea],
    ['a member of the approver group', gus],
  ])('is possible for %s, until the last moment', async (_who, person) => {
    const { app, undoes } = await approvedDisconnect();
    await app.live(MINUTE - 1);
    expect(await undoes(person)).toMatchObject({
      status: 'cancelled',
      by: person,
      approval: { by: ben },
    });
    await app.live(HOUR, app, MINUTE);
    expect(app.carrier.posts).toEqual([]);
    expect(app.board.announced).toEqual(['approved', 'cancelled']);
    expect(await app.store.open()).toEqual([]);
    expect(app.clock.timers()).toBe(0);
  });

  test.each([
    ['a colleague who may approve nothing', sam],
    ['somebody of another company', guest],
  ])('is not possible for %s: the window continues', async (_who, person) => {
    const { app, undoes } = await approvedDisconnect();
    expect(await undoes(person)).toMatchObject({ refused: 'not-yours', order: { status: 'approved' } });
    await app.live(MINUTE + 5 * SECOND);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('works for the requester even if Slack cannot say who is in a group', async () => {
    const { app, undoes } = await approvedDisconnect();
    app.members = new Error('Slack does not answer');
    expect(await undoes(ana)).toMatchObject({ status: 'cancelled' });
  });

  test('by two people at once happens once, and the other is told', async () => {
    const { app, undoes } = await approvedDisconnect();
    const answers = await Promise.all([undoes(ana), undoes(ben)]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([
      { refused: 'already-decided', order: { status: 'cancelled' } },
    ]);
    expect(app.board.announced).toEqual(['approved', 'cancelled']);
  });

  test('comes too late once Bandwidth may have received it; the card is drawn again', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(takenButAnswerLost);
    const { undoes } = await approvedDisconnect(app);
    await app.live(MINUTE);
    expect(app.order('o1').status).toBe('placing');
    const before = app.board.drawings.length;
    expect(await undoes(ana)).toMatchObject({ refused: 'already-decided', order: { status: 'placing' } });
    await allQuiet();
    expect(app.board.drawings.length).toBe(before + 1);
  });

  test('still works while Bandwidth has certainly not accepted it', async () => {
    const app = startOrdersApp();
    app.carrier.onPlace(notTaken());
    const { undoes } = await approvedDisconnect(app);
    await app.live(MINUTE + SECOND);
    expect(app.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: 'Bandwidth is busy.' },
    });
    expect(await undoes(ana)).toMatchObject({ status: 'cancelled', approval: { by: ben } });
    await app.live(HOUR, app, MINUTE);
    expect(app.carrier.posts).toHaveLength(1);
    expect(app.carrier.accepted).toEqual([]);
  });

  test('while the store is down fails with that error, and the disconnect can still be undone', async () => {
    const { app, undoes } = await approvedDisconnect();
    app.store.failWhen((call) => call === 'replace');
    await expect(undoes(ana)).rejects.toMatchObject({ name: 'StoreError' });
    app.store.recover();
    expect(await undoes(ana)).toMatchObject({ status: 'cancelled' });
  });
});

describe('Undoing at the very moment it is placed', () => {
  const HALVES_AFTER_THE_LOOK = 6;

  /** Ana presses Undo in one process while another is about to place; their calls go on in this order. */
  async function race(headStart: number, picks: readonly ('undo' | 'place')[]) {
    const { app } = await approvedDisconnect();
    await app.engine.stop();
    // The window is over, and what the previous process may have sent just before it stopped would be listed.
    await app.clock.advance(MINUTE + 10 * SECOND);
    const undo = makeHeldCalls();
    const place = makeHeldCalls();
    const answer = app.start(undo.gate).cancelOrder('o1', ana);
    void app.start(place.gate).engine.settle('o1');
    await allQuiet();
    // Placing has looked for it at Bandwidth, and is about to write that it sends it.
    while (app.carrier.finds.length === 0) await place.letOn(0);
    for (let half = 0; half < HALVES_AFTER_THE_LOOK + headStart; half += 1) await place.letOn(0);
    for (const pick of picks) await (pick === 'undo' ? undo : place).letOn(0);
    undo.open();
    place.open();
    const result = await answer;
    await allQuiet();
    return { app, undone: !('refused' in result) };
  }

  test('exactly one wins, no matter how their steps interleave', async () => {
    const winners = new Set<boolean>();
    const length = 6;
    for (let bits = 0; bits < 2 * 2 ** length; bits += ONE_IN) {
      const headStart = bits < 2 ** length ? 0 : 4;
      const picks = Array.from({ length }, (_, turn) => ((bits >> turn) % 2 === 0 ? 'undo' : 'place'));
      const { app, undone } = await race(headStart, picks);
      winners.add(undone);
      const { status } = app.order('o1');
      expect({ undone, sent: app.carrier.posts.length, status }).toEqual(
        undone ? { undone, sent: 0, status: 'cancelled' } : { undone, sent: 1, status: 'placed' },
      );
    }
    expect(winners).toEqual(new Set([true, false]));
  });
});

describe('A restart within the window', () => {
  test('keeps it: nothing is placed before its time, and then it is', async () => {
    const { app, approvedAt } = await approvedDisconnect();
    await app.engine.stop();
    await app.clock.advance(20 * SECOND);
    const restarted = app.start();
    await app.live(40 * SECOND - 1, restarted);
    expect(app.carrier.posts).toEqual([]);
    await app.live(6 * SECOND, restarted);
    expect(app.postedAt).toEqual([approvedAt + MINUTE]);
  });

  test('leaves Undo as it was', async () => {
    const { app } = await approvedDisconnect();
    await app.engine.stop();
    const restarted = app.start();
    expect(await restarted.cancelOrder('o1', ben)).toMatchObject({ status: 'cancelled' });
    await app.live(HOUR, restarted, MINUTE);
    expect(app.carrier.posts).toEqual([]);
  });

  /** Ben approves in a process that dies at that step; a second one takes over five seconds later. */
  async function crashAt(diesAtStep?: number) {
    const app = startOrdersApp();
    app.carrier.says(report('complete'));
    await app.request('o1', disconnect());
    await app.engine.stop();
    const crashing = makeCrashingProcess(diesAtStep);
    const instance = app.start(crashing.gate);
    const approvedAt = app.clock.now();
    const seen = requestDigest(app.order('o1'));
    let acknowledged = false;
    void instance.reviewOrder('o1', ben, { verdict: 'approve', seen }).then(() => {
      acknowledged = true;
    });
    await untilDead(app, instance, crashing);
    return { app, approvedAt, acknowledged, steps: crashing.steps() };
  }

  async function untilDead(app: OrdersApp, instance: Instance, crashing: { isDead(): boolean }) {
    for (let pass = 0; pass < 14 && !crashing.isDead(); pass += 1) {
      void instance.engine.pass();
      await app.clock.advance(5 * SECOND);
    }
  }

  test('and kill -9 at any step neither shorten it nor lose the disconnect', async () => {
    const { steps } = await crashAt();
    expect(steps).toBeGreaterThan(20);
    for (let diesAtStep = 1; diesAtStep <= steps; diesAtStep += ONE_IN) {
      const { app, approvedAt, acknowledged } = await crashAt(diesAtStep);
      await app.live(3 * MINUTE, app.start());
      for (const at of app.postedAt) expect(at).toBeGreaterThanOrEqual(approvedAt + MINUTE);
      expect(app.carrier.posts.length).toBeLessThanOrEqual(1);
      const { status } = app.order('o1');
      if (acknowledged) expect(status).not.toBe('awaiting-approval');
      if (status === 'complete') expect(app.carrier.accepted).toHaveLength(1);
      if (status === 'awaiting-approval') expect(app.carrier.posts).toEqual([]);
    }
  });

  test('and kill -9 at any step of an Undo that was acknowledged disconnect nothing', async () => {
    const undoneIn = async (diesAtStep?: number) => {
      const { app } = await approvedDisconnect();
      await app.engine.stop();
      const crashing = makeCrashingProcess(diesAtStep);
      let acknowledged = false;
      void app
        .start(crashing.gate)
        .cancelOrder('o1', ana)
        .then(() => {
          acknowledged = true;
        });
      await app.clock.advance(5 * SECOND);
      return { app, acknowledged, steps: crashing.steps() };
    };
    const { steps } = await undoneIn();
    expect(steps).toBeGreaterThan(5);
    for (let diesAtStep = 1; diesAtStep <= steps; diesAtStep += ONE_IN) {
      const { app, acknowledged } = await undoneIn(diesAtStep);
      const undone = app.order('o1').status === 'cancelled';
      if (acknowledged) expect(undone).toBe(true);
      await app.live(3 * MINUTE, app.start());
      expect(app.carrier.posts).toEqual(undone ? [] : ['o1']);
      expect(app.board.announced).toContain(undone ? 'cancelled' : 'approved');
    }
  });
});

describe('When someone sets the clock within the window', () => {
  test.each([
    ['a second', SECOND],
    ['an hour', HOUR],
  ])(
    'back by %s, the disconnect waits that much longer, can be undone until then, and goes once',
    async (_far, ms) => {
      const { app, approvedAt } = await approvedDisconnect();
      await app.live(30 * SECOND);
      app.clock.jump(-ms);
      await app.live(30 * SECOND + ms - 1);
      expect(app.carrier.posts).toEqual([]);
      await app.live(6 * SECOND);
      expect(app.carrier.posts).toEqual(['o1']);
      expect(Math.min(...app.postedAt)).toBeGreaterThanOrEqual(approvedAt + MINUTE);
    },
  );

  test('back, Undo still works', async () => {
    const { app, undoes } = await approvedDisconnect();
    app.clock.jump(-HOUR);
    await app.live(30 * MINUTE, app, MINUTE);
    expect(await undoes(ana)).toMatchObject({ status: 'cancelled' });
  });

  test('back while a short window has its timer set, the timer alone places nothing', async () => {
    const { app } = await approvedDisconnect(startOrdersApp({ undoWindowMs: 8 * SECOND }));
    app.clock.jump(-5 * SECOND);
    await app.clock.advance(12 * SECOND);
    expect(app.carrier.posts).toEqual([]);
    await app.clock.advance(SECOND);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('forward by a few seconds, the window is that much shorter', async () => {
    const { app } = await approvedDisconnect();
    app.clock.jump(10 * SECOND);
    await app.live(49 * SECOND);
    expect(app.carrier.posts).toEqual([]);
    await app.live(6 * SECOND);
    expect(app.carrier.posts).toEqual(['o1']);
  });

  test('forward beyond its end, the disconnect goes with the next pass, once', async () => {
    const { app } = await approvedDisconnect();
    app.clock.jump(HOUR);
    await app.live(10 * SECOND);
    expect(app.carrier.posts).toEqual(['o1']);
  });
});
