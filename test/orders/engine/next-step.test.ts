import { describe, expect, test } from '@jest/globals';
import type { Order, OrderIn } from '../../../src/orders/domain/order.js';
import {
  announced,
  answerUnknown,
  approved,
  cancelled,
  mistrusted,
  newOrder,
  placed,
  placing,
  rendered,
} from '../../../src/orders/domain/transitions.js';
import {
  type BoardTrouble,
  firstAskAt,
  nextAskAt,
  nextBoardStep,
  nextCarrierStep,
  nextFindAt,
  nextTryAt,
} from '../../../src/orders/engine/next-step.js';
import { anna, ben, disconnect, longDisconnect, purchase } from '../../support/orders/people.js';
import { fc } from '../../support/properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WITHIN = 30 * SECOND;

const waiting = newOrder({
  id: 'o1',
  request: purchase(),
  requester: anna,
  channelId: 'C1',
  now: 0,
  expiresAt: 86_400_000,
});
const yes = approved(waiting, ben, 100) as OrderIn<'approved'>;
const sent = placing(yes, 200) as OrderIn<'placing'>;
const asksToDisconnect = newOrder({
  id: 'o2',
  request: disconnect(),
  requester: anna,
  channelId: 'C1',
  now: 0,
  expiresAt: 86_400_000,
});
const undoable = approved(asksToDisconnect, ben, 100, 100 + MINUTE) as OrderIn<'approved'>;
const place = { channelId: 'C1', ts: '1.0' };

describe('What an order needs of Bandwidth next', () => {
  test.each<[string, Order, number, object]>([
    ['patience, while it waits for approval', waiting, 0, { do: 'wait', until: 86_400_000 }],
    ['to expire, when nobody decided in time', waiting, 86_400_000, { do: 'expire' }],
    ['nothing, once it is cancelled', cancelled(waiting, anna, 1), 2, { do: 'nothing' }],
    ['to be placed, once it is approved', yes, 100, { do: 'place' }],
    ['patience, while it can be undone', undoable, 99 + MINUTE, { do: 'wait', until: 100 + MINUTE }],
    ['to be placed, once it cannot be undone any more', undoable, 100 + MINUTE, { do: 'place' }],
    ['nothing, once it is undone', cancelled(undoable, anna, 200), HOUR, { do: 'nothing' }],
    ['patience, while the POST may be under way', sent, 300, { do: 'wait', until: 200 + WITHIN }],
    ['to be looked up, once the POST must be over', sent, 200 + WITHIN, { do: 'find' }],
    [
      'patience, when the answer was lost just now',
      answerUnknown(sent, 900, 900),
      899,
      { do: 'wait', until: 900 },
    ],
    ['to be looked up, when the answer was lost', answerUnknown(sent, 900, 900), 900, { do: 'find' }],
    ['patience, once it is placed', placed(sent, 'c1', 300, 600), 599, { do: 'wait', until: 600 }],
    ['to be asked about, once it is placed', placed(sent, 'c1', 300, 600), 600, { do: 'ask' }],
  ])('%s', (_need, order, now, step) => {
    expect(nextCarrierStep(order, now, WITHIN)).toMatchObject(step);
  });
});

describe('What an order needs of Slack next', () => {
  const current = rendered(yes, place, yes.revision);
  test.each<[string, Order, object]>([
    ['a card', waiting, { do: 'draw', card: expect.anything() }],
    [
      'a new drawing before anything is told',
      rendered(yes, place, 1),
      { do: 'draw', card: expect.anything() },
    ],
    [
      'a new drawing, when the card is mistrusted',
      mistrusted(announced(current, 'approved')),
      { do: 'draw', card: expect.anything() },
    ],
    ['to be told, once the card shows it', current, { do: 'tell', kind: 'approved' }],
    ['nothing, when all is drawn and told', announced(current, 'approved'), { do: 'nothing' }],
  ])('%s', (_need, order, step) => {
    expect(nextBoardStep(order, 0)).toEqual(step);
  });

  test('the list of a long disconnect first; but one that cannot be uploaded just now holds nothing else up', () => {
    const long = newOrder({
      id: 'o3',
      request: longDisconnect(),
      requester: anna,
      channelId: 'C1',
      now: 0,
      expiresAt: 86_400_000,
    });
    const undone = cancelled(approved(long, ben, 1, 61) as OrderIn<'approved'>, anna, 2);
    const shown = rendered(undone, place, undone.revision);
    const noList = (what: BoardTrouble) => what !== 'numbers';
    expect(nextBoardStep(undone, 0, noList)).toMatchObject({ do: 'draw' });
    expect(nextBoardStep(shown, 0)).toEqual({ do: 'tell', kind: 'numbers' });
    expect(nextBoardStep(shown, 0, noList)).toEqual({ do: 'tell', kind: 'cancelled' });
    expect(nextBoardStep(announced(shown, 'cancelled'), 0, noList)).toEqual({ do: 'nothing' });
    expect(nextBoardStep(announced(shown, 'cancelled'), 0)).toEqual({ do: 'tell', kind: 'numbers' });
  });
});

describe('When to look next', () => {
  test('so often in the first seconds after placing that the card is half a second late at most, on the average', () => {
    expect(firstAskAt(0)).toBe(300);
    expect(nextAskAt(0, 'received', 300)).toBe(700);
    expect(nextAskAt(0, 'received', 700)).toBe(1_200);
    expect(nextAskAt(0, 'processing', 3_000)).toBe(3_900);
    const lateness = Array.from({ length: 4_000 }, (_, endsAt) => {
      let look = firstAskAt(0);
      while (look < endsAt) look = nextAskAt(0, 'received', look);
      return look - endsAt;
    });
    expect(lateness.reduce((sum, each) => sum + each) / lateness.length).toBeLessThan(500);
  });

  test('looks that were missed are not made up for', () => {
    expect(nextAskAt(0, 'received', 1_000)).toBe(1_200);
    expect(nextAskAt(0, 'received', HOUR)).toBe(HOUR + 15 * SECOND);
  });

  test('later after a quarter of its age, at most 15 seconds; a back-order after a tenth, at most an hour', () => {
    expect(nextAskAt(0, 'processing', 10 * SECOND)).toBe(15 * SECOND);
    expect(nextAskAt(0, 'processing', 40 * SECOND)).toBe(50 * SECOND);
    expect(nextAskAt(0, 'processing', 2 * MINUTE)).toBe(2 * MINUTE + 15 * SECOND);
    expect(nextAskAt(0, 'backordered', 10 * SECOND)).toBe(10 * SECOND + MINUTE);
    expect(nextAskAt(0, 'backordered', 48 * HOUR)).toBe(49 * HOUR);
  });

  test('never without a pause, and never so late that an order is forgotten', () => {
    // Less than nothing where somebody has set the clock back meanwhile.
    const clockRun = fc.integer({ min: -1e10, max: 1e10 });
    const status = fc.constantFrom('received' as const, 'processing' as const, 'backordered' as const);
    fc.assert(
      fc.property(fc.nat(1e12), clockRun, status, fc.nat(5_000), (placedAt, age, status, count) => {
        const now = placedAt + age;
        const waits = [nextAskAt(placedAt, status, now), nextFindAt(count, now), nextTryAt(count, now)];
        for (const at of waits) {
          expect(at).toBeGreaterThan(now);
          expect(at).toBeLessThanOrEqual(now + HOUR);
        }
      }),
    );
  });

  test('after failures with doubled pauses up to a minute, and not before the time Bandwidth named', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => nextTryAt(failures, 0))).toEqual(
      [2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND),
    );
    expect(nextTryAt(1, 0, 10 * MINUTE)).toBe(10 * MINUTE);
    expect(nextTryAt(1, 5 * MINUTE, MINUTE)).toBe(5 * MINUTE + 2 * SECOND);
    expect(nextTryAt(1, 0, 1e12)).toBe(HOUR);
  });
});
