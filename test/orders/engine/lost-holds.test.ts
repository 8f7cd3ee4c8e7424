import { describe, expect, test } from '@jest/globals';
import { holdsOf } from '../../../src/orders/domain/holds.js';
import type { PhoneNumber } from '../../../src/orders/domain/phone-number.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../support/orders/hand-clock.js';
import { type Gate, type Office, openOffice } from '../../support/orders/office.js';
import { anna, ben, phone, phones, purchase } from '../../support/orders/people.js';
import { cannotBeAsked, type HoldTurn, report } from '../../support/orders/scripted-carrier.js';
import { makeTurnstile } from '../../support/orders/turnstile.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const [one = phone('9102414365'), two = phone('9102414366')] = phones(2);
const picked = (...numbers: readonly PhoneNumber[]) => purchase({ wanted: { by: 'numbers', numbers } });
/** What the card shows. */
const digest = (office: Office) => requestDigest(office.order('o1'));
const keptUnheard: HoldTurn = (keep) => {
  keep();
  return cannotBeAsked()();
};
const states = (office: Office) => holdsOf(office.order('o1')).map(({ state }) => state);
const decline = (desk: Pick<Office, 'reviewOrder'>) =>
  desk.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
const ask = (desk: Pick<Office, 'requestOrder'>) =>
  desk.requestOrder({ id: 'o1', request: picked(one), requester: anna, channelId: 'C1' });

/** An office where nothing runs but what a test starts. */
async function open(): Promise<Office> {
  const office = openOffice({ approvalTtlMs: 4 * DAY }, 100);
  await office.engine.stop();
  return office;
}

/** A process whose requests for a hold take their time; everything else is done at once. */
function slowToHold(office: Office) {
  const slow = makeTurnstile();
  const quick = makeTurnstile();
  quick.open();
  const gate: Gate = (call, go) => (call === 'hold' ? slow : quick).gate(call, go);
  const die = () => {
    slow.close();
    quick.close();
  };
  return { desk: office.start(gate), letOn: () => slow.letOn(0), die };
}

async function expectNothingLeft(office: Office): Promise<void> {
  expect([...office.carrier.reserved]).toEqual([]);
  expect(await office.store.open()).toEqual([]);
  await office.expectAllInJournal();
}

describe('A hold whose answer is lost leaves nothing behind', () => {
  test.each([
    ['as ever', 0],
    ['and the clock is set forward before anybody looks', 90 * SECOND],
    ['and the clock is set back', -90 * SECOND],
    ['and the clock is a day fast from then on', DAY],
    ['and the clock is a day slow from then on', -DAY],
  ])('if the process that sent it dies and Ben declines in another, %s', async (_how, jump) => {
    const office = await open();
    const first = slowToHold(office);
    void ask(first.desk);
    await allQuiet();
    await first.letOn();
    expect(office.carrier.reserved.size).toBe(1);
    first.die();
    office.clock.jump(jump);
    const second = office.start();
    await decline(second);
    await office.live(2 * MINUTE, second);
    await expectNothingLeft(office);
  });

  test('if the request takes effect after Ben declined in another process, which has looked and found nothing by then', async () => {
    const office = await open();
    const first = slowToHold(office);
    void ask(first.desk);
    await allQuiet();
    const second = office.start();
    await decline(second);
    await office.live(5 * SECOND, second);
    await first.letOn();
    expect(office.carrier.reserved.size).toBe(1);
    first.die();
    await office.live(2 * MINUTE, second);
    await expectNothingLeft(office);
  });

  test('if a colleague has the number at first, and releases it while the request is still on its way', async () => {
    const office = await open();
    office.carrier.reservesByHand(one);
    await office.clock.advance(10 * MINUTE);
    const first = slowToHold(office);
    void ask(first.desk);
    await allQuiet();
    const second = office.start();
    await second.engine.settle('o1');
    expect(states(office)).toEqual(['asked']);
    await office.carrier.release('by-hand');
    await first.letOn();
    expect(office.carrier.reserved.size).toBe(1);
    first.die();
    await decline(second);
    await office.live(2 * MINUTE, second);
    await expectNothingLeft(office);
  });

  test('if it was the third request that took effect, and the process that sent it died', async () => {
    const office = await open();
    office.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    const quick = makeTurnstile();
    quick.open();
    const first = office.start((call, go) =>
      quick.gate(call, async () => {
        const answer = await go();
        if (call === 'hold') quick.close();
        return answer;
      }),
    );
    void ask(first);
    for (let minute = 0; minute < 5; minute += 1) {
      void first.engine.pass();
      await office.clock.advance(MINUTE);
    }
    expect(office.carrier.holdsAsked).toHaveLength(3);
    expect(office.carrier.reserved.size).toBe(1);
    const second = office.start();
    await decline(second);
    await office.live(2 * MINUTE, second);
    await expectNothingLeft(office);
  });

  test('if the order ended long before Bandwidth can be asked again', async () => {
    const office = await open();
    office.carrier.onHold(keptUnheard);
    const desk = office.start();
    await ask(desk);
    await allQuiet();
    office.carrier.onFindHold(...Array(40).fill(cannotBeAsked()));
    await decline(desk);
    await office.live(20 * MINUTE, desk);
    expect(office.carrier.reserved.size).toBe(1);
    expect(await office.store.open()).toEqual(['o1']);
    await office.live(HOUR, desk, 20 * SECOND);
    await expectNothingLeft(office);
  });

  test('if a process slept between recording the request and sending it', async () => {
    const office = await open();
    const turnstile = makeTurnstile();
    const quick = makeTurnstile();
    quick.open();
    const asleep = office.start((call, go) =>
      (call === 'replace awaiting-approval' ? turnstile : quick).gate(call, go),
    );
    void ask(asleep);
    await allQuiet();
    while (states(office).length === 0) await turnstile.letOn(0);
    expect(states(office)).toEqual(['asked']);
    const second = office.start();
    await decline(second);
    await office.live(2 * MINUTE, second);
    turnstile.open();
    await allQuiet();
    expect(office.carrier.holdsAsked).toEqual([]);
    await expectNothingLeft(office);
  });
});

describe('An answer that comes too late', () => {
  test('names a reservation that no lookup had shown yet: it is released', async () => {
    const office = await open();
    const first = slowToHold(office);
    void ask(first.desk);
    await allQuiet();
    await first.letOn();
    const second = office.start();
    office.carrier.onFindHold(
      () => 'unseen',
      () => 'unseen',
    );
    await decline(second);
    await office.live(2 * MINUTE, second);
    expect(office.order('o1').holds).toMatchObject([{ state: 'released' }]);
    expect(office.carrier.reserved.size).toBe(1);
    await first.letOn();
    await office.live(MINUTE, second);
    await expectNothingLeft(office);
  });
});

describe('A wrong clock', () => {
  test.each([DAY, -DAY])('that is off by %d ms ends no hold: the order names it', async (jump) => {
    const office = await open();
    const desk = office.start();
    await ask(desk);
    office.clock.jump(jump);
    office.carrier.says(report('complete'));
    await office.live(MINUTE, desk);
    const kept = [...office.carrier.reserved.keys()];
    expect(kept).toHaveLength(1);
    await desk.reviewOrder('o1', ben, { verdict: 'approve', seen: digest(office) });
    await office.live(MINUTE, desk);
    expect(office.carrier.named).toEqual([kept]);
    expect(office.order('o1').status).toBe('complete');
  });
});

test('what an edit left out is released even if the order is complete without a list of its numbers', async () => {
  const office = await open();
  const desk = office.start();
  await desk.requestOrder({ id: 'o1', request: picked(one, two), requester: anna, channelId: 'C1' });
  await allQuiet();
  office.carrier.onRelease(cannotBeAsked());
  await desk.editOrder('o1', anna, { edition: 1, request: picked(one) });
  await allQuiet();
  office.carrier.says(report('complete'));
  await desk.reviewOrder('o1', ben, { verdict: 'approve', seen: digest(office) });
  await office.live(2 * MINUTE, desk);
  expect(office.order('o1').status).toBe('complete');
  await expectNothingLeft(office);
});
