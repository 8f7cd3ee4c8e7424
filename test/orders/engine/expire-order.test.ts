import { describe, expect, test } from '@jest/globals';
import type { OrderRequest } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { makeMortal } from '../../support/orders/mortal.js';
import { type Office, openOffice } from '../../support/orders/office.js';
import { anna, ben, disconnect, gus, longDisconnect, purchase } from '../../support/orders/people.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';
import { ONE_IN_FEW } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Anna's request, which waits for a day if not told otherwise. */
async function waiting(policy: Parameters<typeof openOffice>[0] = {}, request: OrderRequest = purchase()) {
  const office = openOffice(policy);
  await office.request('o1', request);
  return { office, askedAt: office.clock.now() };
}

const approves = (office: Office, by = ben) =>
  office.reviewOrder('o1', by, { verdict: 'approve', seen: requestDigest(office.order('o1')) });

/** Time goes by with a pass every ten minutes, or as said. */
const pass = (office: Office, ms: number, every = 10 * MINUTE) => office.live(ms, office, every);

describe('A request that nobody decides on', () => {
  test('expires at exactly its time, without waiting for a pass', async () => {
    const { office, askedAt } = await waiting();
    await office.live(DAY - 5 * SECOND, office, HOUR);
    await office.engine.pass();
    await office.clock.advance(5 * SECOND - 1);
    expect(office.order('o1').status).toBe('awaiting-approval');
    await office.clock.advance(1);
    expect(office.order('o1')).toMatchObject({ status: 'expired', at: askedAt + DAY });
    expect(office.board.drawings.at(-1)?.status).toBe('expired');
    expect(office.board.announced.at(-1)).toBe('expired');
    expect(await office.store.open()).toEqual([]);
    expect(office.carrier.posts).toEqual([]);
  });

  test('has ended for a disconnect too, whose numbers can then be requested again', async () => {
    const { office } = await waiting({}, disconnect());
    const numbers = disconnect().inService.map(({ number }) => number);
    await pass(office, DAY);
    await office.engine.pass();
    expect(office.order('o1').status).toBe('expired');
    expect(await office.checkNumbers(numbers, 'o2')).toMatchObject({ inService: [{}, {}] });
  });

  test('waits as long as promised, even if the setting is different after a restart', async () => {
    const { office } = await waiting();
    await office.engine.stop();
    const restarted = openOffice({ approvalTtlMs: 5 * MINUTE });
    await restarted.store.insert(office.order('o1'));
    await pass(restarted, HOUR);
    expect(restarted.order('o1').status).toBe('awaiting-approval');
  });

  test('costs only a look at the record while it waits', async () => {
    const { office } = await waiting();
    const before = office.journal.length;
    office.members = new Error('nobody should ask who is in the group');
    await office.live(HOUR);
    expect(office.journal.slice(before)).toEqual([]);
    expect(office.errors).toEqual([]);
  });

  test('expires once, even if two processes see it at the same moment', async () => {
    const { office } = await waiting();
    const other = office.start();
    await office.clock.advance(DAY);
    await Promise.all([office.engine.pass(), other.engine.pass()]);
    await allQuiet();
    expect(office.order('o1').events.filter(({ what }) => what === 'expired')).toHaveLength(1);
  });
});

describe('A request that has expired', () => {
  test.each([
    ['approved', (office: Office) => approves(office)],
    ['approved by somebody of the group', (office: Office) => approves(office, gus)],
    ['declined', (office: Office) => office.reviewOrder('o1', ben, { verdict: 'decline', why: 'Too late' })],
    ['cancelled', (office: Office) => office.cancelOrder('o1', anna)],
    [
      'edited',
      (office: Office) => office.editOrder('o1', anna, { edition: 1, request: purchase({ name: 'X' }) }),
    ],
    ['declined, so that no form opens', (office: Office) => office.mayReview('o1', ben)],
    ['edited, so that no form opens', (office: Office) => office.mayEdit('o1', anna)],
  ])('cannot be %s, though no pass has noticed yet', async (_what, press) => {
    const { office, askedAt } = await waiting();
    await office.clock.advance(DAY);
    expect(office.order('o1').status).toBe('awaiting-approval');
    expect(await press(office)).toMatchObject({
      refused: 'already-decided',
      order: { status: 'expired', at: askedAt + DAY },
    });
    await allQuiet();
    expect(office.order('o1').status).toBe('expired');
    expect(office.board.drawings.at(-1)?.status).toBe('expired');
    expect(office.carrier.posts).toEqual([]);
  });

  test('can be approved a moment before that, and then does not expire', async () => {
    const { office } = await waiting();
    await office.clock.advance(DAY - 1);
    expect(await approves(office)).toMatchObject({ status: 'approved' });
    await office.clock.advance(1);
    await office.engine.pass();
    expect(office.carrier.posts).toEqual(['o1']);
    expect(office.board.announced).not.toContain('expired');
  });

  test('expires at the next start, if the app was down, without any reminder', async () => {
    const { office, askedAt } = await waiting();
    await office.engine.stop();
    await office.clock.advance(3 * DAY);
    const next = office.start();
    await next.engine.pass();
    await allQuiet();
    expect(office.order('o1')).toMatchObject({ status: 'expired', at: askedAt + DAY });
    expect(office.board.announced).toEqual(['expired']);
  });

  test('can be submitted again, which decides nothing; a waiting or decided one cannot', async () => {
    const { office } = await waiting();
    expect(await office.askAgain('o1', anna)).toMatchObject({ refused: 'already-decided' });
    expect(await office.askAgain('o7', anna)).toEqual({ refused: 'no-such-order' });
    await pass(office, DAY);
    await office.engine.pass();
    await allQuiet();
    const before = office.order('o1');
    expect(await office.askAgain('o1', anna)).toMatchObject({ status: 'expired', request: purchase() });
    await allQuiet();
    expect(office.order('o1')).toEqual(before);
  });
});

test('Whether the clock or Ben is first, there is one decision', async () => {
  const seen = new Set<string>();
  for (let order = 0; order < 24; order += 1) {
    const { office } = await waiting();
    const [clock, press] = [makeTurnstile(), makeTurnstile()];
    const [desk, bens] = [office.start(clock.gate), office.start(press.gate)];
    await office.clock.advance(DAY - 1);
    const answer = bens.reviewOrder('o1', ben, {
      verdict: 'approve',
      seen: requestDigest(office.order('o1')),
    });
    for (let step = 0; step < order % 8; step += 1) await press.letOn(0);
    await office.clock.advance(1);
    const passed = desk.engine.pass();
    await allQuiet();
    for (let step = 0; step < 12; step += 1) await ((order >> (step % 5)) & 1 ? clock : press).letOn(0);
    clock.open();
    press.open();
    const result = await answer;
    await passed;
    await allQuiet();
    const decided = office.order('o1').events.filter(({ what }) => what === 'approved' || what === 'expired');
    expect(decided).toHaveLength(1);
    expect('refused' in result).toBe(decided[0]?.what === 'expired');
    seen.add(String(decided[0]?.what));
  }
  expect([...seen].sort()).toEqual(['approved', 'expired']);
});

describe('The approvers', () => {
  test('are reminded at half time and an hour before, once each', async () => {
    const { office } = await waiting();
    await pass(office, DAY / 2 - MINUTE);
    expect(office.board.announced).toEqual([]);
    await pass(office, 2 * MINUTE, MINUTE);
    expect(office.board.announced).toEqual(['reminder-half']);
    await pass(office, 11 * HOUR - 2 * MINUTE);
    expect(office.board.announced).toEqual(['reminder-half']);
    await pass(office, 2 * MINUTE, MINUTE);
    expect(office.board.announced).toEqual(['reminder-half', 'reminder-hour']);
    await pass(office, 2 * HOUR);
    expect(office.board.announced).toEqual(['reminder-half', 'reminder-hour', 'expired']);
  });

  test('are not reminded of what has been decided', async () => {
    const { office } = await waiting({}, disconnect());
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'Still in use' });
    await pass(office, 2 * DAY);
    expect(office.board.announced).toEqual(['declined']);
  });

  test('get only the latest reminder if the app was down at half time', async () => {
    const { office } = await waiting();
    await office.engine.stop();
    await office.clock.advance(DAY - 30 * MINUTE);
    const next = office.start();
    await next.engine.pass();
    await allQuiet();
    expect(office.board.announced).toEqual(['reminder-hour']);
  });

  test('get each reminder after a crash at any step, and twice only if the crash came right after it was sent', async () => {
    const story = async (diesAtStep?: number) => {
      const { office } = await waiting();
      await office.engine.stop();
      await office.clock.advance(DAY / 2);
      const mortal = makeMortal(diesAtStep);
      const first = office.start(mortal.gate);
      void first.engine.pass();
      await allQuiet();
      const second = office.start();
      await office.live(10 * MINUTE, second, MINUTE);
      return { told: office.board.announced, steps: mortal.steps() };
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
    const { office } = await waiting({}, longDisconnect());
    await pass(office, DAY - HOUR + MINUTE);
    expect(office.board.announced).toEqual(['numbers', 'reminder-half', 'reminder-hour']);
  });
});

describe('A clock that is set back', () => {
  test('a little makes a request wait a little longer', async () => {
    const { office } = await waiting();
    office.clock.jump(-2 * HOUR);
    await pass(office, DAY + HOUR);
    expect(office.order('o1').status).toBe('awaiting-approval');
    await pass(office, HOUR + MINUTE);
    expect(office.order('o1').status).toBe('expired');
  });

  test('by a year blocks nothing: the request expires now and can be submitted again', async () => {
    const { office, askedAt } = await waiting();
    office.clock.jump(-365 * DAY);
    await office.engine.pass();
    await allQuiet();
    expect(office.order('o1')).toMatchObject({ status: 'expired', at: askedAt - 365 * DAY });
    expect(office.board.announced).toEqual(['expired']);
    expect(await office.store.open()).toEqual([]);
  });
});
