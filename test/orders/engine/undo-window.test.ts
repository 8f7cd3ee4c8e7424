import { describe, expect, test } from '@jest/globals';
import type { Person } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { makeMortal } from '../../support/orders/mortal.js';
import { type Desk, type Office, openOffice } from '../../support/orders/office.js';
import { anna, bea, ben, disconnect, guest, gus, purchase, sam } from '../../support/orders/people.js';
import { notTaken, report, takenButAnswerLost } from '../../support/orders/scripted-carrier.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';
import { ONE_IN } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Anna asked for a disconnect, Ben approved it just now; it can be undone for a minute. */
async function approvedDisconnect(office = openOffice()) {
  await office.request('o1', disconnect());
  await office.approve('o1');
  return { office, approvedAt: office.clock.now(), undoes: (by: Person) => office.cancelOrder('o1', by) };
}

describe('An approved disconnect', () => {
  test('is not placed before its undo window is over, and then once', async () => {
    const { office, approvedAt } = await approvedDisconnect();
    expect(office.order('o1')).toMatchObject({ status: 'approved', asking: { nextAt: approvedAt + MINUTE } });
    await office.live(MINUTE - 1);
    expect(office.carrier.posts).toEqual([]);
    await office.live(6 * SECOND);
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1')).toMatchObject({ status: 'placed', approval: { by: ben } });
  });

  test('does not wait for a pass with a window of a few seconds', async () => {
    const { office } = await approvedDisconnect(openOffice({ undoWindowMs: 8 * SECOND }));
    await office.clock.advance(8 * SECOND - 1);
    expect(office.carrier.posts).toEqual([]);
    await office.clock.advance(1);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('without an undo window goes at once', async () => {
    const { office } = await approvedDisconnect(openOffice({ undoWindowMs: 0 }));
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.order('o1').status).toBe('placed');
  });

  test('announces the approval in the thread at once, and the card changes when it can no longer be undone', async () => {
    const { office } = await approvedDisconnect();
    expect(office.board.announced).toEqual(['approved']);
    office.carrier.onPlace(() => new Promise(() => {}));
    await office.live(MINUTE);
    expect(office.board.drawings.map(({ status }) => status)).toEqual([
      'awaiting-approval',
      'approved',
      'placing',
    ]);
  });

  test('is not drawn over and over while it waits', async () => {
    const { office } = await approvedDisconnect();
    const before = office.journal.length;
    await office.live(MINUTE - SECOND);
    expect(office.journal.slice(before)).toEqual([]);
  });

  test('keeps the window it was approved with, even if the setting is different after a restart', async () => {
    const { office, approvedAt } = await approvedDisconnect();
    await office.engine.stop();
    const restarted = openOffice({ undoWindowMs: 0 });
    await restarted.store.insert(office.order('o1'));
    await restarted.live(MINUTE - 1);
    expect(restarted.carrier.posts).toEqual([]);
    await restarted.live(6 * SECOND);
    expect(restarted.postedAt).toEqual([approvedAt + MINUTE]);
  });
});

test('a purchase is never delayed', async () => {
  const office = openOffice({ undoWindowMs: HOUR });
  await office.request('o1', purchase());
  await office.approve('o1');
  expect(office.postedAt).toEqual([office.clock.now()]);
});

describe('Undo', () => {
  test.each([
    ['the requester', anna],
    ['the approver who approved', ben],
    ['another approver', bea],
    ['a member of the approver group', gus],
  ])('is possible for %s, until the last moment', async (_who, person) => {
    const { office, undoes } = await approvedDisconnect();
    await office.live(MINUTE - 1);
    expect(await undoes(person)).toMatchObject({
      status: 'cancelled',
      by: person,
      approval: { by: ben },
    });
    await office.live(HOUR, office, MINUTE);
    expect(office.carrier.posts).toEqual([]);
    expect(office.board.announced).toEqual(['approved', 'cancelled']);
    expect(await office.store.open()).toEqual([]);
    expect(office.clock.alarms()).toBe(0);
  });

  test.each([
    ['a colleague who may approve nothing', sam],
    ['somebody of another company', guest],
  ])('is not possible for %s: the window continues', async (_who, person) => {
    const { office, undoes } = await approvedDisconnect();
    expect(await undoes(person)).toMatchObject({ refused: 'not-yours', order: { status: 'approved' } });
    await office.live(MINUTE + 5 * SECOND);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('works for the requester even if Slack cannot say who is in a group', async () => {
    const { office, undoes } = await approvedDisconnect();
    office.members = new Error('Slack does not answer');
    expect(await undoes(anna)).toMatchObject({ status: 'cancelled' });
  });

  test('by two people at once happens once, and the other is told', async () => {
    const { office, undoes } = await approvedDisconnect();
    const answers = await Promise.all([undoes(anna), undoes(ben)]);
    await allQuiet();
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([
      { refused: 'already-decided', order: { status: 'cancelled' } },
    ]);
    expect(office.board.announced).toEqual(['approved', 'cancelled']);
  });

  test('comes too late once Bandwidth may have received it; the card is drawn again', async () => {
    const office = openOffice();
    office.carrier.onPlace(takenButAnswerLost);
    const { undoes } = await approvedDisconnect(office);
    await office.live(MINUTE);
    expect(office.order('o1').status).toBe('placing');
    const before = office.board.drawings.length;
    expect(await undoes(anna)).toMatchObject({ refused: 'already-decided', order: { status: 'placing' } });
    await allQuiet();
    expect(office.board.drawings.length).toBe(before + 1);
  });

  test('still works while Bandwidth has certainly not accepted it', async () => {
    const office = openOffice();
    office.carrier.onPlace(notTaken());
    const { undoes } = await approvedDisconnect(office);
    await office.live(MINUTE + SECOND);
    expect(office.order('o1')).toMatchObject({
      status: 'approved',
      asking: { trouble: 'Bandwidth is busy.' },
    });
    expect(await undoes(anna)).toMatchObject({ status: 'cancelled', approval: { by: ben } });
    await office.live(HOUR, office, MINUTE);
    expect(office.carrier.posts).toHaveLength(1);
    expect(office.carrier.accepted).toEqual([]);
  });

  test('while the store is down fails with that error, and the disconnect can still be undone', async () => {
    const { office, undoes } = await approvedDisconnect();
    office.store.failWhen((call) => call === 'replace');
    await expect(undoes(anna)).rejects.toMatchObject({ name: 'StoreError' });
    office.store.recover();
    expect(await undoes(anna)).toMatchObject({ status: 'cancelled' });
  });
});

describe('Undoing at the very moment it is placed', () => {
  const HALVES_AFTER_THE_LOOK = 6;

  /** Anna presses Undo in one process while another is about to place; their calls go on in this order. */
  async function race(headStart: number, picks: readonly ('undo' | 'place')[]) {
    const { office } = await approvedDisconnect();
    await office.engine.stop();
    // The window is over, and what the process before may have sent at its end would be listed.
    await office.clock.advance(MINUTE + 10 * SECOND);
    const undo = makeTurnstile();
    const place = makeTurnstile();
    const answer = office.start(undo.gate).cancelOrder('o1', anna);
    void office.start(place.gate).engine.settle('o1');
    await allQuiet();
    // Placing has looked for it at Bandwidth, and is about to write that it sends it.
    while (office.carrier.finds.length === 0) await place.letOn(0);
    for (let half = 0; half < HALVES_AFTER_THE_LOOK + headStart; half += 1) await place.letOn(0);
    for (const pick of picks) await (pick === 'undo' ? undo : place).letOn(0);
    undo.open();
    place.open();
    const result = await answer;
    await allQuiet();
    return { office, undone: !('refused' in result) };
  }

  test('exactly one wins, no matter how their steps interleave', async () => {
    const winners = new Set<boolean>();
    const length = 6;
    for (let bits = 0; bits < 2 * 2 ** length; bits += ONE_IN) {
      const headStart = bits < 2 ** length ? 0 : 4;
      const picks = Array.from({ length }, (_, turn) => ((bits >> turn) % 2 === 0 ? 'undo' : 'place'));
      const { office, undone } = await race(headStart, picks);
      winners.add(undone);
      const { status } = office.order('o1');
      expect({ undone, sent: office.carrier.posts.length, status }).toEqual(
        undone ? { undone, sent: 0, status: 'cancelled' } : { undone, sent: 1, status: 'placed' },
      );
    }
    expect(winners).toEqual(new Set([true, false]));
  });
});

describe('A restart within the window', () => {
  test('keeps it: nothing is placed before its time, and then it is', async () => {
    const { office, approvedAt } = await approvedDisconnect();
    await office.engine.stop();
    await office.clock.advance(20 * SECOND);
    const restarted = office.start();
    await office.live(40 * SECOND - 1, restarted);
    expect(office.carrier.posts).toEqual([]);
    await office.live(6 * SECOND, restarted);
    expect(office.postedAt).toEqual([approvedAt + MINUTE]);
  });

  test('leaves Undo as it was', async () => {
    const { office } = await approvedDisconnect();
    await office.engine.stop();
    const restarted = office.start();
    expect(await restarted.cancelOrder('o1', ben)).toMatchObject({ status: 'cancelled' });
    await office.live(HOUR, restarted, MINUTE);
    expect(office.carrier.posts).toEqual([]);
  });

  /** Ben approves in a process that dies at that step; a second one takes over five seconds later. */
  async function crashAt(diesAtStep?: number) {
    const office = openOffice();
    office.carrier.says(report('complete'));
    await office.request('o1', disconnect());
    await office.engine.stop();
    const mortal = makeMortal(diesAtStep);
    const desk = office.start(mortal.gate);
    const approvedAt = office.clock.now();
    const seen = requestDigest(office.order('o1'));
    let acknowledged = false;
    void desk.reviewOrder('o1', ben, { verdict: 'approve', seen }).then(() => {
      acknowledged = true;
    });
    await untilDead(office, desk, mortal);
    return { office, approvedAt, acknowledged, steps: mortal.steps() };
  }

  async function untilDead(office: Office, desk: Desk, mortal: { isDead(): boolean }) {
    for (let pass = 0; pass < 14 && !mortal.isDead(); pass += 1) {
      void desk.engine.pass();
      await office.clock.advance(5 * SECOND);
    }
  }

  test('and kill -9 at any step neither shorten it nor lose the disconnect', async () => {
    const { steps } = await crashAt();
    expect(steps).toBeGreaterThan(20);
    for (let diesAtStep = 1; diesAtStep <= steps; diesAtStep += ONE_IN) {
      const { office, approvedAt, acknowledged } = await crashAt(diesAtStep);
      await office.live(3 * MINUTE, office.start());
      for (const at of office.postedAt) expect(at).toBeGreaterThanOrEqual(approvedAt + MINUTE);
      expect(office.carrier.posts.length).toBeLessThanOrEqual(1);
      const { status } = office.order('o1');
      if (acknowledged) expect(status).not.toBe('awaiting-approval');
      if (status === 'complete') expect(office.carrier.accepted).toHaveLength(1);
      if (status === 'awaiting-approval') expect(office.carrier.posts).toEqual([]);
    }
  });

  test('and kill -9 at any step of an Undo that was acknowledged disconnect nothing', async () => {
    const undoneIn = async (diesAtStep?: number) => {
      const { office } = await approvedDisconnect();
      await office.engine.stop();
      const mortal = makeMortal(diesAtStep);
      let acknowledged = false;
      void office
        .start(mortal.gate)
        .cancelOrder('o1', anna)
        .then(() => {
          acknowledged = true;
        });
      await office.clock.advance(5 * SECOND);
      return { office, acknowledged, steps: mortal.steps() };
    };
    const { steps } = await undoneIn();
    expect(steps).toBeGreaterThan(5);
    for (let diesAtStep = 1; diesAtStep <= steps; diesAtStep += ONE_IN) {
      const { office, acknowledged } = await undoneIn(diesAtStep);
      const undone = office.order('o1').status === 'cancelled';
      if (acknowledged) expect(undone).toBe(true);
      await office.live(3 * MINUTE, office.start());
      expect(office.carrier.posts).toEqual(undone ? [] : ['o1']);
      expect(office.board.announced).toContain(undone ? 'cancelled' : 'approved');
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
      const { office, approvedAt } = await approvedDisconnect();
      await office.live(30 * SECOND);
      office.clock.jump(-ms);
      await office.live(30 * SECOND + ms - 1);
      expect(office.carrier.posts).toEqual([]);
      await office.live(6 * SECOND);
      expect(office.carrier.posts).toEqual(['o1']);
      expect(Math.min(...office.postedAt)).toBeGreaterThanOrEqual(approvedAt + MINUTE);
    },
  );

  test('back, Undo still works', async () => {
    const { office, undoes } = await approvedDisconnect();
    office.clock.jump(-HOUR);
    await office.live(30 * MINUTE, office, MINUTE);
    expect(await undoes(anna)).toMatchObject({ status: 'cancelled' });
  });

  test('back while a short window has its timer set, the timer alone places nothing', async () => {
    const { office } = await approvedDisconnect(openOffice({ undoWindowMs: 8 * SECOND }));
    office.clock.jump(-5 * SECOND);
    await office.clock.advance(12 * SECOND);
    expect(office.carrier.posts).toEqual([]);
    await office.clock.advance(SECOND);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('forward by a few seconds, the window is that much shorter', async () => {
    const { office } = await approvedDisconnect();
    office.clock.jump(10 * SECOND);
    await office.live(49 * SECOND);
    expect(office.carrier.posts).toEqual([]);
    await office.live(6 * SECOND);
    expect(office.carrier.posts).toEqual(['o1']);
  });

  test('forward beyond its end, the disconnect goes with the next pass, once', async () => {
    const { office } = await approvedDisconnect();
    office.clock.jump(HOUR);
    await office.live(10 * SECOND);
    expect(office.carrier.posts).toEqual(['o1']);
  });
});
