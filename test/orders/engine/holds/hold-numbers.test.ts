import { describe, expect, test } from '@jest/globals';
import { holdsOf } from '../../../../src/orders/domain/holds.js';
import { requestDigest } from '../../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../../support/orders/hand-clock.js';
import { openOffice } from '../../../support/orders/office.js';
import { anna, ben, phone, phones, purchase, sam, twoNumbers } from '../../../support/orders/people.js';
import { cannotBeAsked, report } from '../../../support/orders/scripted-carrier.js';
import { ONE_IN_FEW } from '../../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const open = () => openOffice({ maxNumbersPerOrder: 500 }, 100);
const picked = (count: number, from = 0) =>
  purchase({ wanted: { by: 'numbers', numbers: phones(from + count).slice(from) } });
const states = (office: ReturnType<typeof open>, id = 'o1') =>
  holdsOf(office.order(id)).map(({ state }) => state);

describe('Picked numbers are held while people decide', () => {
  test('a few at a time, each once, and the order names the holds', async () => {
    const office = open();
    await office.request('o1', picked(12));
    expect(office.carrier.holdsAsked).toHaveLength(12);
    expect(states(office)).toEqual(Array(12).fill('held'));
    const kept = [...office.carrier.reserved.keys()];
    office.carrier.says(report('complete'));
    await office.approve('o1');
    expect(office.carrier.named).toEqual([kept]);
    await office.live(MINUTE);
    expect(states(office)).toEqual(Array(12).fill('used'));
    expect(office.carrier.releases).toEqual([]);
    expect(await office.store.open()).toEqual([]);
  });

  test('at most a hundred for one person, across all orders; the rest continues without a hold', async () => {
    const office = open();
    await office.request('o1', picked(60));
    await office.request('o2', picked(60, 100));
    expect(office.carrier.reserved.size).toBe(100);
    expect(states(office, 'o2').filter((state) => state === 'beyond-limit')).toHaveLength(20);
    await office.approve('o2');
    expect(office.order('o2').status).toBe('placed');
  });

  test('if the account can; otherwise one is requested, then none', async () => {
    const office = open();
    office.carrier.onHold(...Array(5).fill(() => ({ outcome: 'unavailable-for-account' })));
    await office.request('o1', picked(12));
    expect(office.carrier.holdsAsked).toHaveLength(5);
    expect(states(office)).toEqual(Array(12).fill('unavailable'));
  });

  test('if Bandwidth can be asked; otherwise it is tried again, with pauses, until it can', async () => {
    const office = open();
    office.carrier.onHold(...Array(6).fill(cannotBeAsked()));
    await office.request('o1');
    expect(states(office)).toEqual(['asked', 'asked']);
    await office.live(5 * MINUTE);
    expect(states(office)).toEqual(['held', 'held']);
    expect(office.carrier.holdsAsked).toHaveLength(8);
  });

  test('if an answer is lost: the reservation is recognized, and released when Ben declines', async () => {
    const office = open();
    office.carrier.onHold((keep) => {
      keep();
      return cannotBeAsked()();
    });
    await office.request('o1');
    await office.live(MINUTE);
    expect(states(office)).toEqual(['held', 'held']);
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await office.live(MINUTE);
    expect([...office.carrier.reserved]).toEqual([]);
    expect(await office.store.open()).toEqual([]);
  });

  test('unless another order of ours holds one: it is gone, and stays with the first', async () => {
    const office = open();
    await office.request('o1');
    await office.request('o2');
    expect(states(office, 'o2')).toEqual(['gone', 'gone']);
    await office.cancelOrder('o2', ben);
    await office.live(MINUTE);
    expect(office.carrier.reserved.size).toBe(2);
    expect(states(office)).toEqual(['held', 'held']);
  });

  test('if the answers to two orders are lost: one of them has the hold, and releases it', async () => {
    const office = open();
    office.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await office.request('o1');
    expect(states(office)).toEqual(['asked', 'asked']);
    const keptUnheard = (keep: () => unknown) => {
      keep();
      return cannotBeAsked()();
    };
    office.carrier.onHold(keptUnheard, keptUnheard);
    await office.request('o2');
    expect(office.carrier.reserved.size).toBe(2);
    await office.live(MINUTE);
    expect([states(office, 'o1'), states(office, 'o2')]).toEqual([
      ['held', 'held'],
      ['gone', 'gone'],
    ]);
    await office.reviewOrder('o2', ben, { verdict: 'decline', why: 'no' });
    await office.live(MINUTE);
    expect(office.carrier.reserved.size).toBe(2);
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await office.live(MINUTE);
    expect(office.carrier.reserved.size).toBe(0);
    expect(await office.store.open()).toEqual([]);
  });

  test.each([
    ['before we asked for it', -10 * MINUTE],
    ['while we were down, after our request was lost', 10 * MINUTE],
    ['between two requests of ours, long after each', 2 * HOUR],
  ])('unless a colleague reserves one by hand, %s: it stays theirs', async (_when, byHandAt) => {
    const [one = phone('9102414365')] = twoNumbers;
    const office = open();
    if (byHandAt < 0) {
      office.carrier.reservesByHand(one);
      await office.clock.advance(-byHandAt);
    }
    office.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await office.request('o1');
    await office.engine.stop();
    if (byHandAt >= 0) {
      await office.clock.advance(byHandAt);
      office.carrier.reservesByHand(one);
      await office.clock.advance(10 * MINUTE);
    }
    const desk = office.start();
    if (byHandAt > HOUR) office.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await office.live(5 * MINUTE, desk);
    expect(states(office)).toEqual(['gone', 'held']);
    await desk.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await office.live(MINUTE, desk);
    expect([...office.carrier.reserved.keys()]).toEqual(['by-hand']);
  });

  test('if an answer is lost after minutes in which Bandwidth could not be asked: recognized all the same', async () => {
    const office = open();
    const keptUnheard = (keep: () => unknown) => {
      keep();
      return cannotBeAsked()();
    };
    office.carrier.onHold(...Array(6).fill(cannotBeAsked()), keptUnheard, keptUnheard);
    await office.request('o1');
    await office.live(3 * MINUTE);
    expect(office.carrier.reserved.size).toBe(0);
    await office.live(10 * MINUTE);
    expect(states(office)).toEqual(['held', 'held']);
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await office.live(MINUTE);
    expect([...office.carrier.reserved]).toEqual([]);
  });

  test('again when Anna edits them out and in again', async () => {
    const office = open();
    await office.request('o1', picked(2));
    await office.editOrder('o1', anna, { edition: 1, request: picked(1) });
    await office.live(MINUTE);
    expect(office.carrier.reserved.size).toBe(1);
    await office.editOrder('o1', anna, { edition: 2, request: picked(2) });
    await office.live(MINUTE);
    expect(states(office)).toEqual(['held', 'held']);
    expect(office.carrier.reserved.size).toBe(2);
  });
});

describe('No matter how many orders of others are open', () => {
  const many = Math.ceil(50 / ONE_IN_FEW);

  const readsTo = async (others: number, what: (office: ReturnType<typeof open>) => Promise<unknown>) => {
    const office = open();
    for (let each = 0; each < others; each += 1) {
      await office.requestOrder({
        id: `other-${each}`,
        request: picked(1, 100 + each),
        requester: sam,
        channelId: 'C1',
      });
    }
    await allQuiet();
    let reads = 0;
    office.store.before((call) => {
      if (call === 'get') reads += 1;
      return undefined;
    });
    await what(office);
    return reads;
  };

  test('holding a dozen numbers reads none of them', async () => {
    const hold = (office: ReturnType<typeof open>) => office.request('o1', picked(12));
    expect(await readsTo(many, hold)).toBe(await readsTo(1, hold));
  });

  test('finding a hold whose answer was lost reads none of them', async () => {
    const lose = async (office: ReturnType<typeof open>) => {
      office.carrier.onHold((keep) => {
        keep();
        return cannotBeAsked()();
      });
      await office.request('o1');
      await office.clock.advance(MINUTE);
      expect(states(office)).toEqual(['held', 'held']);
    };
    expect(await readsTo(many, lose)).toBe(await readsTo(1, lose));
  });

  test('requesting a disconnect reads only those that name one of the numbers', async () => {
    const ask = (office: ReturnType<typeof open>) => office.checkNumbers(phones(102).slice(99), 'o1');
    expect(await readsTo(2, ask)).toBe(2);
    expect(await readsTo(many, ask)).toBe(2);
  });
});

describe('Holds that have ended', () => {
  test('expire: the card changes, and an approval of the previous card is refused', async () => {
    const office = open();
    await office.request('o1');
    const seen = requestDigest(office.order('o1'));
    await office.live(4 * HOUR + MINUTE, office, 10 * MINUTE);
    expect(states(office)).toEqual(['lapsed', 'lapsed']);
    expect(await office.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    await office.approve('o1');
    expect(office.order('o1').status).toBe('placed');
    expect(office.carrier.named).toEqual([[]]);
  });

  test('expire at the very moment of the press: the card still said “held”, so it is refused', async () => {
    const office = open();
    await office.request('o1');
    const seen = requestDigest(office.order('o1'));
    await office.engine.stop();
    await office.clock.advance(4 * HOUR + 1);
    expect(await office.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(states(office)).toEqual(['lapsed', 'lapsed']);
  });

  test('and whose number is sold: the press says so, and the next one works', async () => {
    const office = open();
    await office.request('o1');
    await office.live(4 * HOUR + MINUTE, office, 10 * MINUTE);
    const [first] = twoNumbers;
    if (first !== undefined) office.carrier.sold(first);
    const seen = requestDigest(office.order('o1'));
    expect(await office.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(states(office)).toEqual(['gone', 'lapsed']);
    await office.approve('o1');
    expect(office.order('o1').status).toBe('placed');
  });

  test('are released when the order expires', async () => {
    const office = openOffice({ approvalTtlMs: HOUR }, 100);
    await office.request('o1');
    await office.live(HOUR + MINUTE, office, MINUTE);
    expect(office.order('o1').status).toBe('expired');
    expect([...office.carrier.reserved]).toEqual([]);
    expect(states(office)).toEqual(['released', 'released']);
  });

  test('and cannot be released are retried until they expire by themselves; then nothing is left to do', async () => {
    const office = open();
    await office.request('o1');
    office.carrier.onRelease(...Array(1_000).fill(cannotBeAsked()));
    await office.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await office.live(HOUR, office, MINUTE);
    expect(await office.store.open()).toEqual(['o1']);
    await office.live(4 * HOUR, office, MINUTE);
    expect(states(office)).toEqual(['lapsed', 'lapsed']);
    expect(await office.store.open()).toEqual([]);
  });
});
