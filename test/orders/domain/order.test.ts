import { describe, expect, test } from '@jest/globals';
import { decided, rebuild } from '../../../src/orders/domain/apply-event.js';
import { dueAnnouncements, isSettled } from '../../../src/orders/domain/due-announcements.js';
import { ImpossibleHistory } from '../../../src/orders/domain/impossible-history.js';
import {
  isFinal,
  NUMBERS_ON_A_CARD,
  type Order,
  type OrderIn,
  type OrderStatus,
} from '../../../src/orders/domain/order.js';
import type { OrderEvent } from '../../../src/orders/domain/order-event.js';
import { namedNumbers, requestedQuantity } from '../../../src/orders/domain/request.js';
import { requestDigest } from '../../../src/orders/domain/request-digest.js';
import {
  announced,
  answerUnknown,
  approved,
  cancelled,
  cardUnreachable,
  declined,
  journaled,
  notAnswered,
  notFound,
  notTaken,
  placed,
  placing,
  redrawRequested,
  refused,
  rendered,
  reported,
} from '../../../src/orders/domain/transitions.js';
import {
  ana,
  ben,
  disconnect,
  phones,
  purchase,
  searchAndOrder,
  twoNumbers,
  waitingOrder,
  working,
} from '../../support/orders/people.js';
import { report } from '../../support/orders/scripted-carrier.js';
import { visible } from '../../support/orders/visible.js';

function as<S extends OrderStatus>(order: Order, status: S): OrderIn<S> {
  if (order.status !== status) throw new Error(`the order is ${order.status}, not ${status}`);
  return order as OrderIn<S>;
}

const waiting = waitingOrder();
const yes = as(approved(waiting, ben, 1), 'approved');
const sent = as(placing(yes, 2), 'placing');
const lost = as(answerUnknown(sent, 3, 3), 'placing');
const busy = as(notTaken(sent, 'Busy.', 9, 9, 1), 'approved');
const there = as(placed(sent, 'c1', 4, 5), 'placed');
const asksToDisconnect = waitingOrder(disconnect(), 'o2');
const undoable = as(approved(asksToDisconnect, ben, 1, 61), 'approved');
const goes = as(placing(undoable, 61), 'placing');
const busyDisconnect = as(notTaken(goes, 'Busy.', 90, 90, 1), 'approved');
const gone = as(placed(goes, 'd1', 62, 63), 'placed');
const place = { channelId: 'C1', ts: '1.0' };

const unanswered = <S extends 'placing' | 'placed'>(order: OrderIn<S>, times: number) =>
  Array.from({ length: times }).reduce<Order>(
    (worse) => notAnswered(as(worse, order.status), 'No answer.', 9, 9),
    order,
  );
const inTrouble = <S extends 'placing' | 'placed'>(order: OrderIn<S>) => unanswered(order, 3);

/** Every step an order can take, from before to after. */
const steps: readonly [string, Order, Order][] = [
  ['approved', waiting, yes],
  ['declined', waiting, declined(waiting, ben, 'no', 1)],
  ['cancelled while it waits', waiting, cancelled(waiting, ana, 1)],
  ['cancelled after approval', yes, cancelled(yes, ana, 1)],
  ['approved, to be undone for a minute', asksToDisconnect, undoable],
  ['undone', undoable, cancelled(undoable, ana, 2)],
  ['past undoing', undoable, goes],
  ['a disconnect not taken', goes, busyDisconnect],
  ['a disconnect sent again', busyDisconnect, placing(busyDisconnect, 90)],
  ['disconnected', gone, reported(gone, report('complete'), 64, 65)],
  ['about to be sent', yes, sent],
  ['about to be sent again', busy, placing(busy, 10)],
  ['not taken', sent, busy],
  ['answer unknown', sent, lost],
  [
    'answer unknown after failed look-ups',
    inTrouble(sent),
    answerUnknown(as(inTrouble(sent), 'placing'), 9, 9),
  ],
  ['refused', sent, refused(sent, { advice: 'No.', faults: [] }, 3)],
  ['placed', sent, there],
  ['found', lost, placed(lost, 'c1', 4, 5)],
  ['not found', lost, notFound(lost, 9, 9)],
  ['not found after failed look-ups', inTrouble(lost), notFound(as(inTrouble(lost), 'placing'), 9, 9)],
  ['one failed question', there, notAnswered(there, 'No answer.', 9, 9)],
  ['two failed questions', unanswered(there, 1), unanswered(there, 2)],
  ['three failed questions', unanswered(there, 2), unanswered(there, 3)],
  [
    'a fourth failed question',
    inTrouble(there),
    notAnswered(as(inTrouble(there), 'placed'), 'No answer.', 9, 9),
  ],
  ['another trouble', inTrouble(there), notAnswered(as(inTrouble(there), 'placed'), 'Wrong password.', 9, 9)],
  ['the same report again', there, reported(there, report('received'), 6, 7)],
  [
    'the same report after trouble',
    inTrouble(there),
    reported(as(inTrouble(there), 'placed'), report('received'), 6, 7),
  ],
  ['another status', there, reported(there, report('backordered'), 6, 7)],
  ['a first number', there, reported(there, report('received', { completed: twoNumbers.slice(1) }), 6, 7)],
  ['complete', there, reported(there, report('complete', { completed: twoNumbers }), 6, 7)],
  ['partial', there, reported(there, report('partial'), 6, 7)],
  ['failed', there, reported(there, report('failed'), 6, 7)],
  ['drawn', yes, rendered(yes, place, 2)],
  ['told', yes, announced(yes, 'approved')],
  ['card unreachable', yes, cardUnreachable(yes, 'not_in_channel')],
  ['redrawRequested', yes, redrawRequested(yes)],
  ['in the journal', yes, journaled(yes, 2)],
];

describe('A step of an order', () => {
  test.each(steps)('%s: is one write', (_step, before, after) => {
    expect(after.version).toBe(before.version + 1);
  });

  test.each(steps.filter(([step]) => step !== 'redrawRequested'))(
    '%s: redraws the card exactly when people would see a difference',
    (_step, before, after) => {
      const looksDifferent = JSON.stringify(visible(before)) !== JSON.stringify(visible(after));
      expect(after.revision - before.revision).toBe(looksDifferent ? 1 : 0);
    },
  );

  test.each(steps)('%s: does not change what was requested, or by whom', (_step, before, after) => {
    const { id, request, requester, requestedAt } = before;
    expect(after).toMatchObject({ id, request, requester, requestedAt });
  });

  test.each(steps)('%s: is the same after being stored and read', (_step, _before, after) => {
    expect(JSON.parse(JSON.stringify(after))).toEqual(after);
  });
});

describe('The events of an order', () => {
  test.each(steps)('%s: replaying them gives the order as it is', (_step, _before, after) => {
    const written = JSON.parse(JSON.stringify(after)) as Order;
    expect(decided(rebuild(written.id, written.events))).toEqual(decided(after));
  });

  test.each(steps)('%s: what was on record stays there, and at most one is added', (_step, before, after) => {
    expect(after.events.slice(0, before.events.length)).toEqual(before.events);
    expect(after.events.length - before.events.length).toBeLessThanOrEqual(1);
    if (after.status !== before.status) expect(after.events.length).toBe(before.events.length + 1);
  });

  test('say who approved, when, and the digest of what the card showed', () => {
    expect(yes.events.at(-1)).toEqual({
      what: 'approved',
      at: 1,
      by: ben,
      seen: requestDigest(waiting),
      actAt: 1,
    });
  });

  test('record Bandwidth’s answer, word for word', () => {
    const said = report('complete', { completed: twoNumbers });
    expect(reported(there, said, 6, 7).events.at(-1)).toEqual({ what: 'reported', at: 6, report: said });
  });

  test('the same numbers in another order are no event', () => {
    const both = as(reported(there, report('received', { completed: twoNumbers }), 6, 7), 'placed');
    const turned = reported(both, report('received', { completed: [...twoNumbers].reverse() }), 8, 9);
    expect(turned.events).toEqual(both.events);
    expect(turned.revision).toBe(both.revision);
  });

  test.each<[string, readonly OrderEvent[]]>([
    ['nothing', []],
    ['no request', yes.events.slice(1)],
    ['placing without an approval', [...waiting.events, { what: 'placing', at: 1 }]],
    ['a second request', [...waiting.events, ...waiting.events]],
    ['a decision after the end', [...declined(waiting, ben, 'no', 1).events, ...yes.events.slice(1)]],
  ])('cannot be %s', (_what, events) => {
    expect(() => rebuild('o1', events)).toThrow(ImpossibleHistory);
  });
});

describe('An order is settled', () => {
  const complete = reported(there, report('complete'), 6, 7);
  const unkept = announced(announced(complete, 'approved'), 'outcome');
  const known = journaled(unkept, unkept.events.length);

  test('when it has ended, is drawn and journaled, and everything is announced', () => {
    expect(isSettled(rendered(known, place, known.revision))).toBe(true);
  });

  test.each<[string, Order]>([
    ['its card is behind', rendered(known, place, known.revision - 1)],
    ['its card was never drawn', known],
    ['its card is redrawRequested', redrawRequested(rendered(known, place, known.revision))],
    ['the outcome was not told', rendered({ ...known, announced: ['approved'] }, place, known.revision)],
    ['the journal lacks its last event', journaled(rendered(known, place, known.revision), 4)],
    ['it is not over', announced(rendered(there, place, there.revision), 'approved')],
  ])('but not while %s', (_why, order) => {
    expect(isSettled(order)).toBe(false);
  });

  test.each(steps)('%s: has ended or not, as its status says', (_step, _before, after) => {
    const over = ['declined', 'cancelled', 'refused', 'complete', 'partial', 'failed'];
    expect(isFinal(after)).toBe(over.includes(after.status));
  });
});

test('the thread gets what it hasn’t had yet, oldest first', () => {
  const backordered = reported(there, report('backordered'), 6, 7);
  expect(dueAnnouncements(waiting)).toEqual([]);
  expect(dueAnnouncements(backordered)).toEqual(['approved', 'backordered']);
  expect(dueAnnouncements(announced(backordered, 'approved'))).toEqual(['backordered']);
  expect(dueAnnouncements(lost)).toEqual(['approved', 'unknown']);
});

test('a card that could be posted after all is no longer unreachable', () => {
  expect(rendered(cardUnreachable(yes, 'not_in_channel'), place, 2).cards[0]).toEqual({
    channelId: 'C1',
    place,
    renderedRevision: 2,
  });
});

test('how many numbers are requested: the named ones, or as many as the search should buy', () => {
  expect(requestedQuantity(purchase())).toBe(2);
  expect(requestedQuantity(searchAndOrder(7))).toBe(7);
  expect(requestedQuantity(disconnect())).toBe(2);
});

test('which numbers are named: those picked or to be disconnected; a search names none', () => {
  expect(namedNumbers(purchase())).toEqual(twoNumbers);
  expect(namedNumbers(searchAndOrder(7))).toEqual([]);
  expect(namedNumbers(disconnect())).toEqual(twoNumbers);
});

test('approving a disconnect approves each number, its services, the mode and the protection', () => {
  const digest = (changes: Parameters<typeof disconnect>[0]) =>
    requestDigest({ request: disconnect(changes), requester: ana, edition: 1, holds: [] });
  const [one, two] = twoNumbers.map(working);
  if (one === undefined || two === undefined) throw new Error('two numbers are needed');
  const digests = [
    digest({}),
    digest({ inService: [one] }),
    digest({ inService: [two, one] }),
    digest({ inService: [{ ...one, hanging: { e911: true, messaging: true } }, two] }),
    digest({ mode: 'purge' }),
    digest({ protected: 'FALSE' }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

describe('When Bandwidth says that all is done, and lists no numbers', () => {
  const [first, second] = twoNumbers;
  if (first === undefined || second === undefined) throw new Error('two numbers are needed');
  const outcomeOf = (order: OrderIn<'placed'>, said: Parameters<typeof reported>[1]) => {
    const after = reported(order, said, 64, 65);
    return 'outcome' in after ? after.outcome : undefined;
  };

  test('a disconnect has released every number it named', () => {
    expect(outcomeOf(gone, report('complete'))?.completed).toEqual(twoNumbers);
  });

  test('but not of those that Bandwidth says could not be disconnected', () => {
    const notOurs = {
      code: '5006',
      description: 'It is not associated with your account.',
      numbers: [first],
    };
    expect(outcomeOf(gone, report('complete', { faults: [notOurs] }))?.completed).toEqual([second]);
    expect(outcomeOf(gone, report('complete', { failed: [second] }))?.completed).toEqual([first]);
  });

  test('a list that it does send is taken as it is', () => {
    expect(outcomeOf(gone, report('complete', { completed: [first] }))?.completed).toEqual([first]);
  });

  test('a purchase gets no invented numbers, whether they were picked or searched for', () => {
    const search = waitingOrder(searchAndOrder(2), 'o3');
    const bought = as(
      placed(as(placing(as(approved(search, ben, 1), 'approved'), 2), 'placing'), 'c1', 3, 4),
      'placed',
    );
    expect(outcomeOf(bought, report('complete', { completedQuantity: 2 }))).toMatchObject({
      completed: [],
      completedQuantity: 2,
    });
    expect(outcomeOf(there, report('complete'))?.completed).toEqual([]);
  });

  test.each(['partial', 'failed', 'received', 'processing'] as const)(
    'nothing is concluded from %s',
    (status) => {
      const after = reported(gone, report(status), 64, 65);
      const completed =
        after.status === 'placed' ? after.carrierOrder.completed : outcomeOf(gone, report(status))?.completed;
      expect(completed).toEqual([]);
    },
  );
});

describe('The list of numbers', () => {
  const ask = (count: number) => waitingOrder(disconnect({ inService: phones(count).map(working) }), 'o4');
  const long = ask(NUMBERS_ON_A_CARD + 1);

  test('is a file where a card would be too long, and only there', () => {
    expect(dueAnnouncements(ask(NUMBERS_ON_A_CARD))).toEqual([]);
    expect(dueAnnouncements(long)).toEqual(['numbers']);
    const bought = { ...long, request: purchase({ wanted: { by: 'numbers', numbers: phones(11) } }) };
    expect(dueAnnouncements(bought)).toEqual([]);
  });

  test('is posted before everything else, and an order is not settled without it', () => {
    const no = declined(long, ben, 'no', 1);
    expect(dueAnnouncements(no)).toEqual(['numbers', 'declined']);
    const unlisted = journaled(announced(rendered(no, place, no.revision), 'declined'), no.events.length);
    expect(isSettled(unlisted)).toBe(false);
    expect(isSettled(announced(unlisted, 'numbers'))).toBe(true);
    const undone = cancelled(as(approved(long, ben, 1, 61), 'approved'), ana, 2);
    expect(dueAnnouncements(undone)).toEqual(['numbers', 'cancelled']);
  });
});

test('a disconnect that was undone still says who had approved it; one that was never approved does not', () => {
  expect(cancelled(undoable, ana, 2)).toMatchObject({ by: ana, approval: { by: ben, at: 1 } });
  expect(cancelled(asksToDisconnect, ana, 2)).not.toHaveProperty('approval');
});
