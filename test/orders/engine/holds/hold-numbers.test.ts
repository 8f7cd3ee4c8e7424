import { describe, expect, test } from '@jest/globals';
import { holdsOf } from '../../../../src/orders/domain/holds.js';
import { requestDigest } from '../../../../src/orders/domain/request-digest.js';
import { allQuiet } from '../../../support/orders/manual-clock.js';
import { startOrdersApp } from '../../../support/orders/orders-app.js';
import { ana, ben, phone, phones, purchase, sam, twoNumbers } from '../../../support/orders/people.js';
import { cannotBeAsked, report } from '../../../support/orders/scripted-carrier.js';
import { ONE_IN_FEW } from '../../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const open = () => startOrdersApp({ maxNumbersPerOrder: 500 }, 100);
const picked = (count: number, from = 0) =>
  purchase({ wanted: { by: 'numbers', numbers: phones(from + count).slice(from) } });
const states = (app: ReturnType<typeof open>, id = 'o1') => holdsOf(app.order(id)).map(({ state }) => state);

describe('Picked numbers are held while people decide', () => {
  test('a few at a time, each once, and the order names the holds', async () => {
    const app = open();
    await app.request('o1', picked(12));
    expect(app.carrier.holdsAsked).toHaveLength(12);
    expect(states(app)).toEqual(Array(12).fill('held'));
    const kept = [...app.carrier.reserved.keys()];
    app.carrier.says(report('complete'));
    await app.approve('o1');
    expect(app.carrier.named).toEqual([kept]);
    await app.live(MINUTE);
    expect(states(app)).toEqual(Array(12).fill('used'));
    expect(app.carrier.releases).toEqual([]);
    expect(await app.store.open()).toEqual([]);
  });

  test('at most a hundred for one person, across all orders; the rest continues without a hold', async () => {
    const app = open();
    await app.request('o1', picked(60));
    await app.request('o2', picked(60, 100));
    expect(app.carrier.reserved.size).toBe(100);
    expect(states(app, 'o2').filter((state) => state === 'beyond-limit')).toHaveLength(20);
    await app.approve('o2');
    expect(app.order('o2').status).toBe('placed');
  });

  test('if the account can; otherwise one is requested, then none', async () => {
    const app = open();
    app.carrier.onHold(...Array(5).fill(() => ({ outcome: 'unavailable-for-account' })));
    await app.request('o1', picked(12));
    expect(app.carrier.holdsAsked).toHaveLength(5);
    expect(states(app)).toEqual(Array(12).fill('unavailable'));
  });

  test('if Bandwidth can be asked; otherwise it is tried again, with pauses, until it can', async () => {
    const app = open();
    app.carrier.onHold(...Array(6).fill(cannotBeAsked()));
    await app.request('o1');
    expect(states(app)).toEqual(['asked', 'asked']);
    await app.live(5 * MINUTE);
    expect(states(app)).toEqual(['held', 'held']);
    expect(app.carrier.holdsAsked).toHaveLength(8);
  });

  test('if an answer is lost: the reservation is recognized, and released when Ben declines', async () => {
    const app = open();
    app.carrier.onHold((keep) => {
      keep();
      return cannotBeAsked()();
    });
    await app.request('o1');
    await app.live(MINUTE);
    expect(states(app)).toEqual(['held', 'held']);
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await app.live(MINUTE);
    expect([...app.carrier.reserved]).toEqual([]);
    expect(await app.store.open()).toEqual([]);
  });

  test('unless another of our orders holds one: it is gone, and stays with the first', async () => {
    const app = open();
    await app.request('o1');
    await app.request('o2');
    expect(states(app, 'o2')).toEqual(['gone', 'gone']);
    await app.cancelOrder('o2', ben);
    await app.live(MINUTE);
    expect(app.carrier.reserved.size).toBe(2);
    expect(states(app)).toEqual(['held', 'held']);
  });

  test('if an answer is lost on an account whose reservations last an hour: the hold is recognized as ours', async () => {
    const app = open();
    app.carrier.reservationsLast(HOUR);
    await app.request('o1', picked(1));
    app.carrier.onHold((keep) => {
      keep();
      return cannotBeAsked()();
    });
    await app.request('o2', picked(1, 50));
    expect(states(app, 'o2')).toEqual(['asked']);
    await app.live(MINUTE);
    expect(states(app, 'o2')).toEqual(['held']);
    expect(app.carrier.reserved.size).toBe(2);
  });

  test('unless the process was suspended before it sent the request, which others may have looked up by then', async () => {
    const app = open();
    let wakeUp: (() => void) | undefined;
    const suspended = app.start(async (call, go) => {
      const answer = await go();
      if (call.startsWith('replace') && wakeUp === undefined && states(app).includes('asked')) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      }
      return answer;
    });
    void suspended.requestOrder({ id: 'o1', request: picked(1), requester: ana, channelId: 'C1' });
    await app.clock.advance(15 * SECOND);
    expect(states(app)).toEqual(['asked']);
    wakeUp?.();
    await app.clock.advance(0);
    expect(app.carrier.holdsAsked).toEqual([]);
    await app.live(MINUTE, suspended);
    expect(states(app)).toEqual(['held']);
    expect(app.carrier.holdsAsked).toHaveLength(1);
  });

  test('if the answers to two orders are lost: one of them has the hold, and releases it', async () => {
    const app = open();
    app.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await app.request('o1');
    expect(states(app)).toEqual(['asked', 'asked']);
    const keptUnheard = (keep: () => unknown) => {
      keep();
      return cannotBeAsked()();
    };
    app.carrier.onHold(keptUnheard, keptUnheard);
    await app.request('o2');
    expect(app.carrier.reserved.size).toBe(2);
    await app.live(MINUTE);
    expect([states(app, 'o1'), states(app, 'o2')]).toEqual([
      ['held', 'held'],
      ['gone', 'gone'],
    ]);
    await app.reviewOrder('o2', ben, { verdict: 'decline', why: 'no' });
    await app.live(MINUTE);
    expect(app.carrier.reserved.size).toBe(2);
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await app.live(MINUTE);
    expect(app.carrier.reserved.size).toBe(0);
    expect(await app.store.open()).toEqual([]);
  });

  test.each([
    ['before we asked for it', -10 * MINUTE],
    ['while we were down, after our request was lost', 10 * MINUTE],
    ['between two of our requests, long after each', 2 * HOUR],
  ])('unless a colleague reserves one by hand, %s: it stays theirs', async (_when, byHandAt) => {
    const [one = phone('9102414365')] = twoNumbers;
    const app = open();
    if (byHandAt < 0) {
      app.carrier.reservesByHand(one);
      await app.clock.advance(-byHandAt);
    }
    app.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await app.request('o1');
    await app.engine.stop();
    if (byHandAt >= 0) {
      await app.clock.advance(byHandAt);
      app.carrier.reservesByHand(one);
      await app.clock.advance(10 * MINUTE);
    }
    const instance = app.start();
    if (byHandAt > HOUR) app.carrier.onHold(cannotBeAsked(), cannotBeAsked());
    await app.live(5 * MINUTE, instance);
    expect(states(app)).toEqual(['gone', 'held']);
    await instance.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await app.live(MINUTE, instance);
    expect([...app.carrier.reserved.keys()]).toEqual(['by-hand']);
  });

  test('if an answer is lost after minutes in which Bandwidth could not be asked: recognized all the same', async () => {
    const app = open();
    const keptUnheard = (keep: () => unknown) => {
      keep();
      return cannotBeAsked()();
    };
    app.carrier.onHold(...Array(6).fill(cannotBeAsked()), keptUnheard, keptUnheard);
    await app.request('o1');
    await app.live(3 * MINUTE);
    expect(app.carrier.reserved.size).toBe(0);
    await app.live(10 * MINUTE);
    expect(states(app)).toEqual(['held', 'held']);
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await app.live(MINUTE);
    expect([...app.carrier.reserved]).toEqual([]);
  });

  test('again when Ana edits them out and in again', async () => {
    const app = open();
    await app.request('o1', picked(2));
    await app.editOrder('o1', ana, { edition: 1, request: picked(1) });
    await app.live(MINUTE);
    expect(app.carrier.reserved.size).toBe(1);
    await app.editOrder('o1', ana, { edition: 2, request: picked(2) });
    await app.live(MINUTE);
    expect(states(app)).toEqual(['held', 'held']);
    expect(app.carrier.reserved.size).toBe(2);
  });
});

describe('No matter how many orders of others are open', () => {
  const many = Math.ceil(50 / ONE_IN_FEW);

  const readsTo = async (others: number, what: (app: ReturnType<typeof open>) => Promise<unknown>) => {
    const app = open();
    for (let each = 0; each < others; each += 1) {
      await app.requestOrder({
        id: `other-${each}`,
        request: picked(1, 100 + each),
        requester: sam,
        channelId: 'C1',
      });
    }
    await allQuiet();
    let reads = 0;
    app.store.before((call) => {
      if (call === 'get') reads += 1;
      return undefined;
    });
    await what(app);
    return reads;
  };

  test('holding a dozen numbers reads none of them', async () => {
    const hold = (app: ReturnType<typeof open>) => app.request('o1', picked(12));
    expect(await readsTo(many, hold)).toBe(await readsTo(1, hold));
  });

  test('finding a hold whose answer was lost reads none of them', async () => {
    const lose = async (app: ReturnType<typeof open>) => {
      app.carrier.onHold((keep) => {
        keep();
        return cannotBeAsked()();
      });
      await app.request('o1');
      await app.clock.advance(MINUTE);
      expect(states(app)).toEqual(['held', 'held']);
    };
    expect(await readsTo(many, lose)).toBe(await readsTo(1, lose));
  });

  test('requesting a disconnect reads only those that name one of the numbers', async () => {
    const ask = (app: ReturnType<typeof open>) => app.checkNumbers(phones(102).slice(99), 'o1');
    expect(await readsTo(2, ask)).toBe(2);
    expect(await readsTo(many, ask)).toBe(2);
  });
});

describe('Holds that have ended', () => {
  test('expire: the card changes, and an approval of the previous card is refused', async () => {
    const app = open();
    await app.request('o1');
    const seen = requestDigest(app.order('o1'));
    await app.live(4 * HOUR + MINUTE, app, 10 * MINUTE);
    expect(states(app)).toEqual(['lapsed', 'lapsed']);
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    await app.approve('o1');
    expect(app.order('o1').status).toBe('placed');
    expect(app.carrier.named).toEqual([[]]);
  });

  test('expire at the very moment of the press: the card still said “held”, so it is refused', async () => {
    const app = open();
    await app.request('o1');
    const seen = requestDigest(app.order('o1'));
    await app.engine.stop();
    await app.clock.advance(4 * HOUR + 1);
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(states(app)).toEqual(['lapsed', 'lapsed']);
  });

  test('and whose number is sold: the press says so, and the next one works', async () => {
    const app = open();
    await app.request('o1');
    await app.live(4 * HOUR + MINUTE, app, 10 * MINUTE);
    const [first] = twoNumbers;
    if (first !== undefined) app.carrier.sold(first);
    const seen = requestDigest(app.order('o1'));
    expect(await app.reviewOrder('o1', ben, { verdict: 'approve', seen })).toMatchObject({
      refused: 'changed-since',
    });
    expect(states(app)).toEqual(['gone', 'lapsed']);
    await app.approve('o1');
    expect(app.order('o1').status).toBe('placed');
  });

  test('are released when the order expires', async () => {
    const app = startOrdersApp({ approvalTtlMs: HOUR }, 100);
    await app.request('o1');
    await app.live(HOUR + MINUTE, app, MINUTE);
    expect(app.order('o1').status).toBe('expired');
    expect([...app.carrier.reserved]).toEqual([]);
    expect(states(app)).toEqual(['released', 'released']);
  });

  test('and cannot be released are retried until they expire by themselves; then nothing is left to do', async () => {
    const app = open();
    await app.request('o1');
    app.carrier.onRelease(...Array(1_000).fill(cannotBeAsked()));
    await app.reviewOrder('o1', ben, { verdict: 'decline', why: 'no' });
    await app.live(HOUR, app, MINUTE);
    expect(await app.store.open()).toEqual(['o1']);
    await app.live(4 * HOUR, app, MINUTE);
    expect(states(app)).toEqual(['lapsed', 'lapsed']);
    expect(await app.store.open()).toEqual([]);
  });
});
